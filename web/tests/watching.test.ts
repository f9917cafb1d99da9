import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Look, Watching } from "../src/tiles/watching";

const text = { ko: "끝", en: "over" };
let asked: string[] = [];
let look: Partial<Look> = {};
let number = 0;

class SilentSocket {
  readyState = 1;
  close() {}
  send() {}
}

function watching(): Watching {
  const video = { requestVideoFrameCallback: () => 0, pause() {}, removeAttribute() {}, load() {} };
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
