/** Which key does what: by the key's place on the board, off while a person types or composes. */
import { useEffect, useRef } from "react";
import type { Word } from "../words/words";

export type Shortcut = { code: string; shift?: boolean; shown: string; word: Word; run: () => void; hidden?: boolean };

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** The shortcut that a key press means, or none. */
export function findShortcut(event: KeyboardEvent, shortcuts: readonly Shortcut[]): Shortcut | null {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return null;
  if (isTyping(event.target)) return null;
  const onButton = event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
  if (onButton && (event.code === "Enter" || event.code === "Space")) return null;
  return shortcuts.find((each) => each.code === event.code && (each.shift ?? false) === event.shiftKey) ?? null;
}

/** Presses the button of that id, where there is one that can be pressed. */
export const pressed = (id: string) => () => document.getElementById(id)?.click();

/** A button pressed by the mouse gives the keys back, so that Enter means the queue again and not that button. */
export function useKeysAfterClicks(): void {
  useEffect(() => {
    const release = (event: MouseEvent) => {
      const { activeElement } = document;
      const pressed = event.detail > 0 && activeElement instanceof HTMLButtonElement;
      if (pressed && !activeElement.closest("dialog, form")) activeElement.blur();
    };
    window.addEventListener("click", release);
    return () => window.removeEventListener("click", release);
  }, []);
}

export function useShortcuts(shortcuts: readonly Shortcut[], on = true): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return; // what is asked is answered first: no order goes out behind it
      const found = findShortcut(event, current.current);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on]);
}
