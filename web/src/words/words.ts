/** Which language is spoken and how a word is found in it. */
import { useMemo, useSyncExternalStore } from "react";
import type { Language, Text } from "../wire/types";
import en from "./en.json";
import ko from "./ko.json";

export type Word = keyof typeof ko;
const books: Record<Language, Record<string, string>> = { ko, en };
const KEY = "goldentime.language";
const watchers = new Set<() => void>();
let language: Language = stored();
let picked = false; // by hand on this page, before anyone signed in
if (typeof document !== "undefined") document.documentElement.lang = language;

function stored(): Language {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "ko";
  } catch {
    return "ko"; // storage may be closed to an embedded page
  }
}

/** The person's own choice, which signing in does not undo. */
export function pick(next: Language): void {
  picked = true;
  speak(next);
}

/** The account's language, unless one was picked on this page. */
export function speakAs(account: Language): Language {
  if (!picked) speak(account);
  picked = false;
  return language;
}

export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // not remembered then
  }
  for (const watcher of watchers) watcher();
}

/** The word in a given language, `{name}` filled from `parts`; `{name|one|many}` is the word that fits the number. */
export function word(spoken: Language, key: Word, parts: Record<string, string | number> = {}): string {
  const found = books[spoken][key] ?? key;
  return found
    .replace(/\{(\w+)\|(\w+)\|(\w+)\}/g, (_, name: string, one: string, many: string) =>
      Number(parts[name]) === 1 ? one : many,
    )
    .replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole));
}

/** A word in both languages, where an error needs a Text. */
export const both = (key: Word, parts?: Record<string, string | number>): Text => ({
  ko: word("ko", key, parts),
  en: word("en", key, parts),
});

export function said(spoken: Language, text: Text | string | null | undefined): string {
  if (text === null || text === undefined) return "";
  return typeof text === "string" ? text : text[spoken] || text.ko || text.en;
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function useWords() {
  const spoken = useSyncExternalStore(subscribe, () => language);
  return useMemo(
    () => ({
      language: spoken,
      t: (key: Word, parts?: Record<string, string | number>) => word(spoken, key, parts),
      say: (text: Text | string | null | undefined) => said(spoken, text),
    }),
    [spoken],
  );
}
