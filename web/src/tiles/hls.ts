/** The fallback where WebSocket or Media Source is missing; hls.js is fetched from our own server only then. */
import { credentials } from "../wire/http";
import type { PlayerEvent } from "./player";

export type Stoppable = { stop: () => void };

/** Plays the playlist until stopped; a refused segment drops the buffer and says the view is lost. */
export function playHls(video: HTMLVideoElement, address: string, tell: (event: PlayerEvent) => void): Stoppable {
  let over = false;
  let destroy = () => {};
  const stop = () => {
    over = true;
    destroy();
    video.pause();
    video.removeAttribute("src");
    video.load();
  };
  const start = async () => {
    const { default: Hls } = await import("hls.js");
    if (over) return;
    if (!Hls.isSupported()) {
      video.src = address; // Apple's own player, by cookie
      await video.play();
      tell({ type: "init", note: null });
      return;
    }
    const hls = new Hls({
      liveSyncDurationCount: 1,
      maxBufferLength: 6,
      backBufferLength: 4,
      xhrSetup: (xhr) => {
        for (const [name, value] of Object.entries(credentials())) xhr.setRequestHeader(name, value);
      },
    });
    destroy = () => hls.destroy();
    hls.on(Hls.Events.ERROR, (_, problem) => {
      if (!problem.fatal || over) return;
      stop();
      const refused = problem.response?.code === 403;
      tell(refused ? { type: "ended", reason: "closed", text: null } : { type: "lost", why: "decode" });
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => tell({ type: "init", note: null }));
    hls.loadSource(address);
    hls.attachMedia(video);
    await video.play();
  };
  start().catch(() => {
    if (over) return;
    stop();
    tell({ type: "lost", why: "unsupported" });
  });
  return { stop };
}
