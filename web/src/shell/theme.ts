/** Dark or light; remembered on this machine. */
import { useSyncExternalStore } from "react";
import type { Theme } from "../map/style";

const KEY = "goldentime.theme";
const watchers = new Set<() => void>();
let theme: Theme = stored();
document.documentElement.dataset.theme = theme;

function stored(): Theme {
  try {
    return localStorage.getItem(KEY) === "light" ? "light" : "dark";
  } catch {
    return "dark"; // storage may be closed to an embedded page
  }
}

export function switchTheme(): void {
  theme = theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // not remembered then
  }
  for (const watcher of watchers) watcher();
}

export const useTheme = (): Theme =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => theme,
  );
