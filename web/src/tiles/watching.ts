/** One camera's view from asking to ending: decides when to ask again and when it is over for good. */
import { ApiError, api, request } from "../wire/http";
import type { Text, View, ViewEnded } from "../wire/types";
import { serverNow } from "../words/time";
import { playHls, type Stoppable } from "./hls";
import { LivePlayer, type PictureState, type PlayerEvent } from "./player";
import { Seen } from "./seen";

export type Look = {
  state: "asking" | PictureState | "ended" | "refused";
  text: Text | null;
  since: string | null;
  delayMs: number | null;
  /** How much of the delay is the link's to this browser. */
  behindMs: number;
  /** How often it could not take the pictures in time, and some were left out. */
  overruns: number;
  note: Text | null;
  watermark: string;
  viewId: string | null;
  still: string | null;
  endedAt: number | null;
  frames: number;
  fallback: boolean;
};
/** `quality` low asks for the camera's small stream; `stills` false where the page has its own. */
export type Asked = {
  cameraId: string;
  incidentId: string | null;
  wanted: boolean;
  quality?: "full" | "low";
  stills?: boolean;
};

export const start: Look = {
  state: "asking",
  text: null,
  since: null,
  delayMs: null,
  behindMs: 0,
  overruns: 0,
  note: null,
  watermark: "",
  viewId: null,
  still: null,
  endedAt: null,
  frames: 0,
  fallback: false,
};
type Told = { state: PictureState; since: string | null; text: Text | null; delayMs: number };
const unsaid: Told = { state: "live", since: null, text: null, delayMs: 0 };
/** Ends that took no right away: the picture was lost, and asking again is what the person would do. */
const MAY_ASK_AGAIN: ReadonlySet<string> = new Set(["media_restarted", "restart", "shutdown", "heartbeat", "left"]);
const FROZEN_MS = 3000;
const BEHIND_MS = 3000;
const STILL_AFTER_MS = 500;

export function mediaAddress(
  view: Pick<View, "media_port" | "path">,
  at: { protocol: string; hostname: string },
): string {
  return `${at.protocol === "https:" ? "wss" : "ws"}://${at.hostname}:${view.media_port}${view.path}`;
}

/** Waits before asking again: 0.3 s doubling to 5 s. */
export const retryDelay = (attempt: number): number => Math.min(5000, 300 * 2 ** attempt);

export class Watching {
  private playing: Stoppable | null = null;
  private view: View | null = null;
  private timer: number | undefined;
  private attempt = 0;
  private socketLosses = 0;
  private over = false;
  private lastFrame = 0;
  private frames = 0;
  private stillUrl: string | null = null;
  private readonly seen = new Seen();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly asked: Asked,
    private readonly show: (part: Partial<Look>) => void,
  ) {}

  async open(): Promise<void> {
    const body = { camera_id: this.asked.cameraId, incident_id: this.asked.incidentId };
    try {
      const more = this.asked.quality === "low" ? { quality: "low" } : {};
      const purpose = body.incident_id ? "incident" : "duty";
      const view = await api.post<View>("/api/views", { ...body, purpose, ...more });
      if (this.over) {
        this.giveBack(view);
        return;
      }
      this.view = view;
      this.show({ state: "connecting", viewId: view.view_id, watermark: view.watermark, note: view.note, text: null });
      if (this.asked.stills !== false) void this.showStill(view);
      this.start(view);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.over) return;
      const final = error.status === 403 || error.status === 404 || error.status === 409;
      this.show({ state: final ? "refused" : "waiting", text: error.text, viewId: null });
      if (!final) this.again();
    }
  }

  /** The server said over the event stream that a view has ended; covers HLS, which has no channel of its own. */
  hearEnded(ended: ViewEnded): void {
    if (this.over || this.view?.view_id !== ended.view_id) return;
    if (MAY_ASK_AGAIN.has(ended.reason)) this.lost("socket");
    else this.finish(ended.text);
  }

  close(): void {
    this.over = true;
    this.halt();
    if (this.view) this.giveBack(this.view);
  }

  tick(): void {
    if (!this.playing || this.lastFrame === 0) return;
    const player = this.playing instanceof LivePlayer ? this.playing : null;
    const behindMs = player?.behind() ?? 0;
    const delayMs = Math.round(this.told.delayMs + behindMs + (player?.lag() ?? 0) * 1000);
    const overruns = player?.overruns() ?? 0;
    this.show({ frames: this.frames, behindMs, overruns, ...(player ? { delayMs } : {}) });
    this.settle(performance.now() - this.lastFrame, behindMs);
  }

  private told: Told = unsaid;
  private shown: Look["state"] = "asking";

  /** The server's word of the camera, unless it plays and only this browser's picture stands still or comes late. */
  private settle(still: number, behindMs: number): void {
    const { state: told, since, text } = this.told;
    const plays = told === "live" || told === "late";
    const state = plays && still > FROZEN_MS ? "frozen" : plays && behindMs > BEHIND_MS ? "late" : told;
    if (state === this.shown) return;
    this.shown = state;
    const stood = state === "frozen" && plays ? new Date(serverNow() - still).toISOString() : null;
    this.show(state === told ? { state, since, text } : { state, since: stood, text: null });
  }

  private start(view: View): void {
    const useHls = this.socketLosses >= 3;
    this.show({ fallback: useHls });
    if (useHls) this.playing = playHls(this.video, view.hls, (event) => this.hear(event));
    else {
      const player = new LivePlayer(this.video, (event) => this.hear(event));
      this.playing = player;
      player.play(mediaAddress(view, window.location), view.ticket);
    }
    this.countFrames();
  }

  private hear(event: PlayerEvent): void {
    if (this.over) return;
    if (event.type === "init") this.show(event.note ? { note: event.note } : {});
    else if (event.type === "state") {
      this.told = { state: event.state, since: event.since, text: event.text, delayMs: event.delayMs ?? 0 };
      const seen = this.lastFrame > 0 || event.state !== "live";
      this.shown = seen ? event.state : "connecting";
      this.show({ state: this.shown, since: event.since, text: event.text });
    } else if (event.type === "ended") {
      if (MAY_ASK_AGAIN.has(event.reason)) this.lost("socket");
      else this.finish(event.text);
    } else this.lost(event.why);
  }

  private lost(why: "socket" | "decode" | "unsupported"): void {
    if (why === "unsupported") this.socketLosses = 3;
    else if (why === "socket" && this.lastFrame === 0) this.socketLosses += 1;
    this.halt();
    if (this.view) this.giveBack(this.view);
    this.view = null;
    this.show({ state: "waiting", viewId: null, text: null });
    this.again();
  }

  private again(): void {
    this.timer = window.setTimeout(() => void this.open(), retryDelay(this.attempt));
    this.attempt += 1;
  }

  private finish(text: Text | null): void {
    this.halt();
    this.view = null;
    this.over = true;
    this.show({ state: "ended", text, endedAt: serverNow(), viewId: null, still: null, frames: this.frames });
  }

  private halt(): void {
    window.clearTimeout(this.timer);
    this.playing?.stop();
    this.playing = null;
    this.lastFrame = 0;
    if (this.stillUrl) URL.revokeObjectURL(this.stillUrl);
    this.stillUrl = null;
    this.told = unsaid;
    this.show({ still: null, behindMs: 0, overruns: 0, delayMs: null });
  }

  private giveBack(view: View): void {
    api.remove(`/api/views/${view.view_id}`).catch(() => {
      // the server ends it by its missing heartbeat
    });
  }

  /** A still only where the picture itself keeps one waiting. */
  private async showStill(view: View): Promise<void> {
    await new Promise((resolve) => window.setTimeout(resolve, STILL_AFTER_MS));
    if (this.over || this.view !== view || this.lastFrame > 0) return;
    try {
      const picture = await (await request(view.still)).blob();
      if (this.over || this.view !== view || this.lastFrame > 0) return;
      this.stillUrl = URL.createObjectURL(picture);
      this.show({ still: this.stillUrl });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // no still yet: the tile says "connecting"
    }
  }

  /** A picture is on screen, the film's or a still that has loaded. */
  tellSeen(): void {
    if (this.view) this.seen.tell(this.view.view_id);
  }

  private countFrames(): void {
    const playing = this.playing;
    const seen = () => {
      if (this.over || this.playing !== playing) return;
      this.frames += 1;
      if (this.lastFrame === 0) {
        this.attempt = 0;
        this.socketLosses = 0;
        this.shown = "live";
        this.show({ state: "live", text: null, since: null, frames: this.frames });
        this.tellSeen();
      }
      this.lastFrame = performance.now();
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }
}
