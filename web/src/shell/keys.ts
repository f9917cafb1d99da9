/** The operator's keys, as a table. */
import type { IncidentActs } from "../incidents/Incident";
import { pressed, type Shortcut } from "./keyboard";

type Does = {
  move: (by: number) => void;
  dock: () => void;
  go: () => void;
  acts: Pick<IncidentActs, "acknowledge" | "take" | "release" | "widen" | "share" | "close">;
  ask: (what: "help" | "history" | "sighting") => void;
  big: (index: number) => void;
  join: () => void;
  partner: () => void;
  stopDuty: () => void;
  escape: () => void;
  owned: boolean;
};

const focus = (id: string) => () => document.getElementById(id)?.focus();

export function operatorKeys(does: Does): Shortcut[] {
  return [
    { code: "KeyJ", shown: "J", word: "key.next", run: () => does.move(1) },
    { code: "KeyK", shown: "K", word: "key.previous", run: () => does.move(-1) },
    { code: "Enter", shown: "Enter", word: "key.dock", run: does.dock },
    { code: "NumpadEnter", shown: "Enter", word: "key.dock", run: does.dock, hidden: true },
    { code: "KeyG", shown: "G", word: "key.go", run: does.go },
    { code: "KeyA", shown: "A", word: "key.acknowledge", run: does.acts.acknowledge },
    { code: "KeyT", shown: "T", word: "key.take", run: does.owned ? does.acts.release : does.acts.take },
    { code: "BracketRight", shown: "]", word: "key.widen", run: does.acts.widen },
    { code: "KeyS", shown: "S", word: "key.share", run: does.acts.share },
    { code: "KeyV", shown: "V", word: "key.sighting", run: () => does.ask("sighting") },
    { code: "KeyC", shown: "C", word: "key.close", run: does.acts.close },
    { code: "KeyM", shown: "M", word: "key.join", run: does.join },
    { code: "Period", shown: ".", word: "key.partner", run: does.partner },
    { code: "KeyD", shown: "D", word: "key.orderUnits", run: pressed("order-suggested") },
    { code: "KeyU", shown: "U", word: "key.undoOrder", run: pressed("undo-order") },
    { code: "KeyN", shown: "N", word: "key.note", run: focus("note-field") },
    { code: "Slash", shown: "/", word: "key.search", run: focus("command") },
    { code: "KeyH", shown: "H", word: "key.history", run: () => does.ask("history") },
    { code: "KeyX", shown: "X", word: "key.stopDuty", run: does.stopDuty },
    ...[1, 2, 3, 4].map((number) => ({
      code: `Digit${number}`,
      shown: "1 – 4",
      word: "key.enlarge" as const,
      run: () => does.big(number - 1),
      hidden: number > 1,
    })),
    { code: "Escape", shown: "Esc", word: "key.escape", run: does.escape },
    { code: "Slash", shift: true, shown: "?", word: "key.help", run: () => does.ask("help") },
  ];
}
