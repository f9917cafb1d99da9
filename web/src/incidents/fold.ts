/** How a long record is read: the same step taken several times at once is one line with its count. */
import type { TimelineEntry } from "../wire/types";

export type Folded = TimelineEntry & { times: number };
const TOGETHER_MS = 3000;
const ko = (actor: TimelineEntry["actor"]) => (actor !== null && typeof actor === "object" ? actor.ko : actor);

/** Newest first by the time that is shown, which a crew may have told late; neighbours of the same words and person within three seconds become one. */
export function fold(timeline: readonly TimelineEntry[]): Folded[] {
  const folded: Folded[] = [];
  for (const entry of [...timeline].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.position - a.position)) {
    const last = folded.at(-1);
    const same =
      last && last.text.ko === entry.text.ko && ko(last.actor) === ko(entry.actor) && last.kind === entry.kind;
    if (last && same && Date.parse(last.at) - Date.parse(entry.at) <= TOGETHER_MS) last.times += 1;
    else folded.push({ ...entry, times: 1 });
  }
  return folded;
}
