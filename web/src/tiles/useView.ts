/** How a tile watches its camera: only while it is on screen, and again when the person asks. */
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { live } from "../wire/store";
import { type Asked, type Look, start, Watching } from "./watching";

/** Is this element on screen in a visible page; off-screen tiles do not stream. */
function useOnScreen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    let inside = true;
    let timer: number | undefined;
    const settle = () => {
      window.clearTimeout(timer);
      const visible = inside && document.visibilityState === "visible";
      // a glance at another tab does not cost the picture; coming back is at once
      timer = window.setTimeout(() => setSeen(visible), visible ? 0 : 4000);
    };
    const observer = new IntersectionObserver((entries) => {
      inside = entries.some((entry) => entry.isIntersecting);
      settle();
    });
    if (element.current) observer.observe(element.current);
    document.addEventListener("visibilitychange", settle);
    return () => {
      observer.disconnect();
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", settle);
    };
  }, [element]);
  return seen;
}

export function useView(asked: Asked, frame: RefObject<Element | null>, video: RefObject<HTMLVideoElement | null>) {
  const [look, setLook] = useState<Look>(start);
  const [round, setRound] = useState(0);
  const playing = useRef<Watching | null>(null);
  const onScreen = useOnScreen(frame);
  const lookRef = useRef(look);
  lookRef.current = look;
  const { cameraId, incidentId, wanted, quality = "full", stills = true } = asked;
  const over = look.state === "ended";
  useEffect(() => {
    if (!wanted || !onScreen || !video.current) return;
    if (lookRef.current.state === "ended" && round === 0) return;
    setLook(start);
    const watching = new Watching(video.current, { cameraId, incidentId, wanted, quality, stills }, (part) =>
      setLook((before) => ({ ...before, ...part })),
    );
    playing.current = watching;
    void watching.open();
    const forget = live.onViewEnded((ended) => watching.hearEnded(ended));
    const timer = window.setInterval(() => watching.tick(), 500);
    return () => {
      forget();
      window.clearInterval(timer);
      watching.close();
    };
  }, [cameraId, incidentId, wanted, quality, stills, onScreen, round, video]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const stillShown = useCallback(() => playing.current?.tellSeen(), []);
  return { look, over, again, stillShown };
}
