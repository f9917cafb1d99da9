/** When to sound and which new critical incident to offer; never moves anything by itself. */
import { useEffect, useRef, useState } from "react";
import type { Known } from "../wire/store";
import { Alarm, loudest } from "./sound";

export function useAlarm(known: Known, chosen: string | null) {
  const [alarm] = useState(() => new Alarm());
  const [blocked, setBlocked] = useState(false);
  const [offered, setOffered] = useState<string | null>(null);
  const seen = useRef<Set<string> | null>(null);
  useEffect(() => {
    alarm.sound(loudest(known.incidents.values()));
    setBlocked(alarm.blocked);
    if (!known.loaded) return;
    const before = seen.current;
    seen.current = new Set(known.incidents.keys());
    if (before === null) return;
    for (const item of known.incidents.values())
      if (item.severity === "critical" && item.acknowledged_at === null && !before.has(item.id)) setOffered(item.id);
  }, [alarm, known]);
  useEffect(() => {
    const touch = () => void alarm.unblock().then(() => setBlocked(alarm.blocked));
    window.addEventListener("pointerdown", touch, { once: true });
    window.addEventListener("keydown", touch, { once: true });
    return () => {
      alarm.sound(null);
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [alarm]);
  const item = offered ? (known.incidents.get(offered) ?? null) : null;
  const fresh = item && item.acknowledged_at === null && item.id !== chosen ? item : null;
  return {
    fresh,
    blocked,
    dismiss: () => setOffered(null),
    unblock: () => void alarm.unblock().then(() => setBlocked(alarm.blocked)),
  };
}
