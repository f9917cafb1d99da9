import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Look, Watching } from "../src/tiles/watching";

const text = { ko: "끝", en: "over" };
let asked: string[] = [];
let look: Partial<Look> = {};
let number = 0;

class SilentSocket {
  static last: SilentSocket;
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor() {
    SilentSocket.last = this;
  }
  close() {}
  send() {}
}

let drawn: () => void = () => {};

function watching(): Watching {
  const requestVideoFrameCallback = (draw: () => void) => {
    drawn = draw;
    return 0;
  };
  const buffered = { length: 0 };
  const video = { requestVideoFrameCallback, buffered, pause() {}, removeAttribute() {}, load() {} };
  return new Watching(
    video as unknown as HTMLVideoElement,
    { cameraId: "cam-1", incidentId: "inc-1", wanted: true },
    (part) => {
      look = { ...look, ...part };
    },
  );
}

beforeEach(() => {
  asked = [];
  look = {};
  number = 0;
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", SilentSocket);
  vi.stubGlobal("MediaSource", class {});
  vi.stubGlobal("fetch", (path: string, init?: { method?: string }) => {
    if (init?.method === "POST") {
      asked.push(path);
      number += 1;
      const view = {
        view_id: `vue-${number}`,
        ticket: "t",
        media_port: 1,
        path: "/live",
        hls: "",
        still: "/s",
        note: null,
      };
      return Promise.resolve(new Response(JSON.stringify({ ...view, watermark: "" }), { status: 201 }));
    }
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a view that ended because video restarted is asked for again", async () => {
  const tile = watching();
  await tile.open();
  tile.hearEnded({ view_id: "vue-1", reason: "media_restarted", text });
  expect(look.state).toBe("waiting");
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(2);
  expect(look.viewId).toBe("vue-2");
  tile.close();
});

test("a view that was revoked or closed is over for good, in words", async () => {
  for (const reason of ["revoked", "closed", "expired", "signed_out"]) {
    const tile = watching();
    await tile.open();
    tile.hearEnded({ view_id: `vue-${number}`, reason, text });
    expect(look.state).toBe("ended");
    expect(look.text).toEqual(text);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(before);
    tile.close();
  }
});

test("an end of the view before this one changes nothing", async () => {
  const tile = watching();
  await tile.open();
  tile.hearEnded({ view_id: "vue-0", reason: "media_restarted", text });
  expect(look.state).toBe("connecting");
  tile.close();
});

test("a picture that moves but shows what was is called late, and live again when the link has caught up", async () => {
  const tile = watching();
  await tile.open();
  const socket = SilentSocket.last;
  const say = (message: object) => socket.onmessage?.({ data: JSON.stringify(message) });
  const playFor = async (seconds: number) => {
    for (let at = 0; at < seconds * 2; at += 1) {
      await vi.advanceTimersByTimeAsync(500);
      drawn();
      tile.tick();
    }
  };
  socket.onopen?.();
  say({ type: "state", state: "live", delay_ms: 40 });
  drawn();
  say({ type: "beat", beat: 1 });
  await playFor(1);
  expect(look.state).toBe("live");
  await playFor(5); // the beat of the second second stays without an answer
  expect(look.state).toBe("late");
  expect(look.delayMs).toBe(4040);
  say({ type: "beat", beat: 4, overruns: 2 });
  await playFor(1);
  expect(look.state).toBe("live");
  expect(look.behindMs).toBeLessThan(1500);
  expect(look.overruns, "how often pictures were left out meanwhile").toBe(2);
  tile.close();
});

test("a picture that stands still here is called frozen though the camera plays, since when it stands", async () => {
  const tile = watching();
  await tile.open();
  SilentSocket.last.onmessage?.({ data: JSON.stringify({ type: "state", state: "live", delay_ms: 0 }) });
  await vi.advanceTimersByTimeAsync(10);
  drawn();
  await vi.advanceTimersByTimeAsync(3500);
  tile.tick();
  expect(look.state).toBe("frozen");
  expect(look.since).not.toBeNull();
  drawn();
  tile.tick();
  expect(look.state).toBe("live");
  expect(look.since).toBeNull();
  tile.close();
});
