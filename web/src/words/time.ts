/** How moments and spans are written; always Seoul time, whatever the machine is set to. */
import { useSyncExternalStore } from "react";
import { live } from "../wire/store";
import type { Language } from "../wire/types";
import { type Word, word } from "./words";

const zone = "Asia/Seoul";
const clockFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const dayFormats: Record<Language, Intl.DateTimeFormat> = {
  ko: new Intl.DateTimeFormat("ko-KR", { timeZone: zone, month: "long", day: "numeric", weekday: "long" }),
  en: new Intl.DateTimeFormat("en-GB", { timeZone: zone, month: "short", day: "numeric", weekday: "long" }),
};
const shortDay = new Intl.DateTimeFormat("en-CA", { timeZone: zone, month: "2-digit", day: "2-digit" });

export const clockTime = (at: number | string): string => clockFormat.format(new Date(at));
export const dayWords = (at: number, language: Language): string => dayFormats[language].format(new Date(at));
export const shortDate = (at: number): string => shortDay.format(new Date(at));

/** A span in seconds as 0:38, 12:41 or 3:04:05. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  const tail = `${hours > 0 ? String(parts[0]).padStart(2, "0") : parts[0]}:${String(parts[1]).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** An age in words, as a person reads it beside a datum. */
export function age(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const [key, value]: [Word, number] =
    whole < 100
      ? ["age.seconds", whole]
      : whole < 5400
        ? ["age.minutes", Math.round(whole / 60)]
        : whole < 129_600
          ? ["age.hours", Math.round(whole / 3600)]
          : ["age.days", Math.round(whole / 86_400)];
  return word(language, key, { value });
}

let now = Date.now();
const watchers = new Set<() => void>();
let timer: number | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in milliseconds, ticking once a second. */
export const useNow = (): number => useSyncExternalStore(watch, () => now) + live.offset;
export const serverNow = (): number => Date.now() + live.offset;
