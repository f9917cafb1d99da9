import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BEAT_MS, catchUp, LivePlayer, type PlayerEvent } from "../src/tiles/player";
import { mediaAddress, retryDelay } from "../src/tiles/watching";

class FakeSocket {
  static last: FakeSocket;
  sent: string[] = [];
  readyState = 1;
  closed = false;
  binaryType = "";
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor(readonly address: string) {
    FakeSocket.last = this;
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  say(message: unknown) {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }
}

class FakeBuffer {
  updating = false;
  timestampOffset = 0;
  appended: number[] = [];
  removed: [number, number][] = [];
  ranges: [number, number][] = [];
  onupdateend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  get buffered() {
    return {
      length: this.ranges.length,
      start: (at: number) => this.ranges[at]?.[0] ?? 0,
      end: (at: number) => this.ranges[at]?.[1] ?? 0,
    };
  }
  appendBuffer(piece: ArrayBuffer) {
    this.appended.push(piece.byteLength);
  }
  remove(from: number, to: number) {
    this.removed.push([from, to]);
  }
}

class FakeSource {
  static last: FakeSource;
  static isTypeSupported = (kind: string) => kind.includes("avc1");
  readyState = "open";
  buffer = new FakeBuffer();
  kind = "";
  onsourceopen: (() => void) | null = null;
  constructor() {
    FakeSource.last = this;
  }
  addSourceBuffer(kind: string) {
    this.kind = kind;
    return this.buffer;
  }
}

class FakeVideo {
  src = "";
  currentTime = 0;
  playbackRate = 1;
  paused = true;
  loads = 0;
  onerror: (() => void) | null = null;
  disableRemotePlayback = false;
  get buffered() {
    return FakeSource.last.buffer.buffered;
  }
  play() {
    this.paused = false;
    return Promise.resolve();
  }
  pause() {
    this.paused = true;
  }
  load() {
    this.loads += 1;
  }
  removeAttribute() {
    this.src = "";
  }
}

let video: FakeVideo;
let told: PlayerEvent[];
let player: LivePlayer;

function open() {
  player.play("ws://127.0.0.1:9000/live", "secret-ticket");
  FakeSocket.last.onopen?.();
}

function begin() {
  open();
  FakeSocket.last.say({ type: "init", codec: "avc1.64001f", start: 120.5, note: null });
  FakeSource.last.onsourceopen?.();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("MediaSource", FakeSource);
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => {};
  video = new FakeVideo();
  told = [];
  player = new LivePlayer(video as unknown as HTMLVideoElement, (event) => told.push(event));
});
afterEach(() => {
  player.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the ticket is the first message and never part of the address", () => {
  open();
  expect(FakeSocket.last.address).not.toContain("secret");
  expect(FakeSocket.last.sent[0]).toBe('{"ticket":"secret-ticket"}');
});

test("a heartbeat goes out at once and then every two seconds, each with its number", () => {
  open();
  vi.advanceTimersByTime(BEAT_MS * 2);
  expect(FakeSocket.last.sent.slice(1)).toEqual(['{"beat":1}', '{"beat":2}', '{"beat":3}']);
});

test("how late the link is, is what an answer took, or for how long one is awaited", () => {
  open();
  vi.advanceTimersByTime(300);
  FakeSocket.last.say({ type: "beat", beat: 1 });
  expect(player.behind()).toBe(300);
  vi.advanceTimersByTime(BEAT_MS * 2 - 300); // 2 and 3 are on their way, the second for two seconds
  expect(player.behind()).toBe(BEAT_MS);
  vi.advanceTimersByTime(1000);
  FakeSocket.last.say({ type: "beat", beat: 3 }); // 2 was left out while nothing could be sent
  expect(player.behind()).toBe(1000);
  FakeSocket.last.say({ type: "beat", beat: 99 });
  expect(player.behind()).toBe(1000);
});

test("pictures are appended from the camera's own time moved to zero", () => {
  begin();
  FakeSocket.last.say(new ArrayBuffer(100));
  expect(FakeSource.last.kind).toBe('video/mp4; codecs="avc1.64001f"');
  expect(FakeSource.last.buffer.timestampOffset).toBe(-120.5);
  expect(FakeSource.last.buffer.appended).toEqual([100]);
});

test("what arrives while the buffer works is joined into one append", () => {
  begin();
  FakeSource.last.buffer.updating = true;
  FakeSocket.last.say(new ArrayBuffer(10));
  FakeSocket.last.say(new ArrayBuffer(20));
  FakeSource.last.buffer.updating = false;
  FakeSource.last.buffer.onupdateend?.();
  expect(FakeSource.last.buffer.appended).toEqual([30]);
});

test("the picture starts at the live edge and jumps there when it falls behind", () => {
  begin();
  FakeSource.last.buffer.ranges = [[0, 1]];
  FakeSocket.last.say(new ArrayBuffer(1));
  expect(video.currentTime).toBeCloseTo(0.8);
  FakeSource.last.buffer.ranges = [[0, 9]];
  FakeSocket.last.say(new ArrayBuffer(1));
  expect(video.currentTime).toBeCloseTo(8.8);
});

test("a little behind it hurries, far behind it jumps, else it plays on", () => {
  expect(catchUp(0.3)).toEqual({ seek: false, rate: 1 });
  expect(catchUp(0.9).rate).toBeGreaterThan(1);
  expect(catchUp(1.6).seek).toBe(true);
});

test("old pictures are dropped so that hours do not fill the memory", () => {
  begin();
  FakeSource.last.buffer.ranges = [[0, 40]];
  video.currentTime = 39.9;
  FakeSocket.last.say(new ArrayBuffer(1));
  FakeSource.last.buffer.onupdateend?.();
  expect(FakeSource.last.buffer.removed[0]?.[0]).toBe(0);
});

test("at the end the picture and its buffer are gone at once and the words are passed on", () => {
  begin();
  const text = { ko: "상황 종결", en: "closed" };
  FakeSocket.last.say({ type: "ended", reason: "closed", text });
  expect(video.src).toBe("");
  expect(video.loads).toBe(1);
  expect(FakeSocket.last.closed).toBe(true);
  expect(told.at(-1)).toEqual({ type: "ended", reason: "closed", text });
});

test("nothing that comes after the end is played", () => {
  begin();
  const { buffer } = FakeSource.last;
  player.stop();
  FakeSocket.last.say(new ArrayBuffer(5));
  expect(buffer.appended).toEqual([]);
});

test("a lost connection is told once, to be asked for anew", () => {
  begin();
  FakeSocket.last.onclose?.();
  FakeSocket.last.onclose?.();
  expect(told.filter((event) => event.type === "lost")).toEqual([{ type: "lost", why: "socket" }]);
});

test("a codec that this browser lacks falls back instead of showing nothing", () => {
  open();
  FakeSocket.last.say({ type: "init", codec: "hev1.1", start: 0, note: null });
  expect(told.at(-1)).toEqual({ type: "lost", why: "unsupported" });
});

test("a flood of pictures that cannot be appended never grows without bound", () => {
  open();
  FakeSocket.last.say({ type: "init", codec: "avc1.64001f", start: 0, note: null });
  const megabyte = 1024 * 1024;
  for (let index = 0; index < 20; index += 1) FakeSocket.last.say(new ArrayBuffer(megabyte));
  expect(told.at(-1)).toEqual({ type: "lost", why: "decode" });
});

test("the media address follows the page's host and its encryption", () => {
  const view = { media_port: 9443, path: "/live" };
  expect(mediaAddress(view, { protocol: "https:", hostname: "city.example" })).toBe("wss://city.example:9443/live");
  expect(mediaAddress(view, { protocol: "http:", hostname: "127.0.0.1" })).toBe("ws://127.0.0.1:9443/live");
});

test("asking again waits longer each time, five seconds at most", () => {
  expect([0, 1, 2, 9].map(retryDelay)).toEqual([300, 600, 1200, 5000]);
});
