/** How a camera plays: fragmented MP4 over the media WebSocket into Media Source, kept at the live edge. */
import type { Text } from "../wire/types";

export type PictureState = "connecting" | "live" | "late" | "frozen" | "dead" | "waiting";
export type PlayerEvent =
  | { type: "init"; note: Text | null }
  | { type: "state"; state: PictureState; since: string | null; delayMs: number | null; text: Text | null }
  | { type: "ended"; reason: string; text: Text | null }
  | { type: "lost"; why: "socket" | "decode" | "unsupported" };

export const BEAT_MS = 2000;
export const LATE_SECONDS = 1.5;
const KEEP_SECONDS = 10;
const AIM_SECONDS = 0.2;
const MOST_QUEUED_BYTES = 16 * 1024 * 1024;

type MediaSourceKind = typeof MediaSource;
type WithManaged = { ManagedMediaSource?: MediaSourceKind; MediaSource?: MediaSourceKind };

export function findMediaSource(): MediaSourceKind | null {
  const scope = globalThis as WithManaged;
  return scope.ManagedMediaSource ?? scope.MediaSource ?? null;
}

/** What to do about the distance to the live edge: seek there, hurry, or play on. */
export function catchUp(lag: number): { seek: boolean; rate: number } {
  if (lag > LATE_SECONDS) return { seek: true, rate: 1 };
  return { seek: false, rate: lag > 0.6 ? 1.08 : 1 };
}

/** How late the link is: an answer to a beat stands in line behind the pictures that wait for this browser. */
export class Beats {
  private readonly sent = new Map<number, number>();
  private last = 0;
  private took = 0;
  /** How often the server has left pictures out, since this link could not take them in time. */
  overruns = 0;

  /** The number of a beat that is sent now. */
  next(): number {
    this.last += 1;
    this.sent.set(this.last, performance.now());
    return this.last;
  }

  /** The answer to a beat has come; those before it will have none. */
  answered(beat: number, overruns = 0): void {
    this.overruns = overruns;
    const at = this.sent.get(beat);
    if (at === undefined) return;
    this.took = performance.now() - at;
    for (const number of this.sent.keys()) if (number <= beat) this.sent.delete(number);
  }

  /** Milliseconds the newest answer took, or for how long one has been awaited, whichever is longer. */
  behind(): number {
    const [waits] = this.sent.values();
    return Math.max(this.took, waits === undefined ? 0 : performance.now() - waits);
  }
}

export class LivePlayer {
  private socket: WebSocket | null = null;
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private queue: ArrayBuffer[] = [];
  private queuedBytes = 0;
  private beat: number | undefined;
  private readonly beats = new Beats();
  private url: string | null = null;
  private over = false;
  private started = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly tell: (event: PlayerEvent) => void,
  ) {}

  /** Opens the socket; the ticket is its first message and never part of an address. */
  play(address: string, ticket: string): void {
    if (!findMediaSource()) {
      this.lose("unsupported");
      return;
    }
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      socket.send(JSON.stringify({ ticket }));
      const beat = () => socket.readyState === 1 && socket.send(JSON.stringify({ beat: this.beats.next() }));
      beat();
      this.beat = window.setInterval(beat, BEAT_MS);
    };
    socket.onmessage = (message) => {
      if (typeof message.data === "string") this.hear(JSON.parse(message.data) as Record<string, unknown>);
      else this.take(message.data as ArrayBuffer);
    };
    socket.onclose = () => this.lose("socket");
    this.video.onerror = () => this.source && this.lose("decode");
  }

  /** Seconds between the newest picture received and the one on screen. */
  lag(): number {
    const ranges = this.video.buffered;
    return ranges.length === 0 ? 0 : ranges.end(ranges.length - 1) - this.video.currentTime;
  }

  /** Milliseconds the link keeps a picture waiting, at most. */
  behind(): number {
    return this.beats.behind();
  }

  /** How often pictures of this connection have been left out for a link that was behind. */
  overruns(): number {
    return this.beats.overruns;
  }

  /** Stops at once and leaves no picture behind. */
  stop(): void {
    this.over = true;
    window.clearInterval(this.beat);
    if (this.socket) {
      this.socket.onclose = null;
      this.socket.onmessage = null;
      this.socket.close();
    }
    this.socket = null;
    this.queue = [];
    this.buffer = null;
    this.source = null;
    this.video.onerror = null;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }

  private lose(why: "socket" | "decode" | "unsupported"): void {
    if (this.over) return;
    this.stop();
    this.tell({ type: "lost", why });
  }

  private hear(message: Record<string, unknown>): void {
    if (message.type === "init")
      this.begin(String(message.codec), Number(message.start ?? 0), (message.note as Text | null) ?? null);
    else if (message.type === "state")
      this.tell({
        type: "state",
        state: message.state as PictureState,
        since: (message.since as string | null) ?? null,
        delayMs: (message.delay_ms as number | null) ?? null,
        text: (message.text as Text | null) ?? null,
      });
    else if (message.type === "beat") this.beats.answered(Number(message.beat), Number(message.overruns ?? 0));
    else if (message.type === "ended") {
      this.stop();
      this.tell({ type: "ended", reason: String(message.reason), text: (message.text as Text | null) ?? null });
    }
  }

  /** A new init (first, or after the camera changed its picture) starts a new source. */
  private begin(codec: string, start: number, note: Text | null): void {
    const Source = findMediaSource();
    const kind = `video/mp4; codecs="${codec}"`;
    if (!Source?.isTypeSupported(kind)) {
      this.lose("unsupported");
      return;
    }
    if (this.url) URL.revokeObjectURL(this.url);
    this.queue = [];
    this.queuedBytes = 0;
    this.buffer = null;
    this.started = false;
    const source = new Source();
    this.source = source;
    this.url = URL.createObjectURL(source);
    this.video.disableRemotePlayback = true; // a managed source asks for it
    this.video.src = this.url;
    source.onsourceopen = () => {
      if (this.source !== source) return;
      this.buffer = source.addSourceBuffer(kind);
      this.buffer.timestampOffset = -start; // the camera's clock began long ago; the video begins at 0
      this.buffer.onupdateend = () => this.pump();
      this.buffer.onerror = () => this.lose("decode");
      this.pump();
    };
    this.tell({ type: "init", note });
  }

  private take(piece: ArrayBuffer): void {
    if (!this.source) return;
    this.queue.push(piece);
    this.queuedBytes += piece.byteLength;
    if (this.queuedBytes > MOST_QUEUED_BYTES) this.lose("decode");
    else this.pump();
  }

  private pump(): void {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.source?.readyState !== "open") return;
    try {
      this.follow();
      if (this.trim(buffer)) return;
      const pieces = this.queue;
      if (pieces.length === 0) return;
      this.queue = [];
      this.queuedBytes = 0;
      buffer.appendBuffer(pieces.length === 1 ? (pieces[0] as ArrayBuffer) : joined(pieces));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.lose("decode"); // quota or a removed buffer: begin anew
    }
  }

  private trim(buffer: SourceBuffer): boolean {
    const ranges = buffer.buffered;
    if (ranges.length === 0) return false;
    const first = ranges.start(0);
    const until = this.video.currentTime - KEEP_SECONDS / 2;
    if (this.video.currentTime - first < KEEP_SECONDS || until <= first) return false;
    buffer.remove(first, until);
    return true;
  }

  private follow(): void {
    const ranges = this.video.buffered;
    if (ranges.length === 0) return;
    const end = ranges.end(ranges.length - 1);
    const start = ranges.start(ranges.length - 1);
    const { seek, rate } = catchUp(end - this.video.currentTime);
    if (!this.started || seek || this.video.currentTime < start)
      this.video.currentTime = Math.max(start, end - AIM_SECONDS);
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
    if (!this.started || this.video.paused) {
      this.started = true;
      this.video.play().catch((error: unknown) => {
        // a seek or a new source interrupts the promise; anything else is said by the error event
        if (!(error instanceof DOMException)) throw error;
      });
    }
  }
}

function joined(pieces: ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return whole.buffer;
}
