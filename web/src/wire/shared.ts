/** One live stream for all windows of a browser: one of them holds it, the others hear what it hears. */
import { type LiveEvent, type LiveListener, listen } from "./live";

const PREFIX = "goldentime-live";
type Told = { kind: "event"; event: LiveEvent } | { kind: "connected"; yes: boolean } | { kind: "ask" };

/**
 * Like `listen`; a window that closes hands the stream to the next. Without locks every window has its own.
 * `whose` names one sign-in of one account: a window in which somebody else has signed in shares nothing with it.
 */
export function listenTogether(whose: string, listener: LiveListener, open: typeof listen = listen): () => void {
  const name = `${PREFIX}/${whose}`;
  if (typeof BroadcastChannel === "undefined" || !("locks" in navigator)) return open(listener);
  const channel = new BroadcastChannel(name);
  const giveUp = new AbortController();
  let connected: boolean | null = null; // null: somebody else holds the stream
  let release = () => {};
  const tell = (told: Told) => channel.postMessage(told);
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if (data.kind === "event") listener.event(data.event);
    else if (data.kind === "connected") listener.connected(data.yes);
    else if (connected !== null) tell({ kind: "connected", yes: connected });
  };
  const hold = () =>
    new Promise<void>((resolve) => {
      connected = false;
      const stop = open({
        event: (event) => {
          listener.event(event);
          tell({ kind: "event", event });
        },
        connected: (yes) => {
          connected = yes;
          listener.connected(yes);
          tell({ kind: "connected", yes });
        },
      });
      release = () => {
        stop();
        resolve();
      };
    });
  navigator.locks.request(name, { signal: giveUp.signal }, hold).catch((error: unknown) => {
    if (!(error instanceof DOMException)) throw error; // left before its turn came
  });
  tell({ kind: "ask" });
  return () => {
    giveUp.abort();
    release();
    channel.close();
  };
}
