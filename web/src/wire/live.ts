/** How changes arrive: one stream of server-sent events, read by fetch so that it can carry headers, reopened with back-off. */
import { request } from "./http";

export type LiveEvent = { name: string; data: unknown };

/** Cuts whole events off the text; returns them and what is left over. */
export function cutEvents(text: string): { events: LiveEvent[]; rest: string } {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const events: LiveEvent[] = [];
  for (const block of blocks) {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
    }
    if (data.length > 0) events.push({ name, data: JSON.parse(data.join("\n")) });
  }
  return { events, rest };
}

export type LiveListener = { event: (event: LiveEvent) => void; connected: (yes: boolean) => void };

const SILENCE_MS = 25_000; // the server beats every 10 s

async function readOnce(listener: LiveListener, signal: AbortSignal): Promise<void> {
  const answer = await request("/api/live", { headers: { Accept: "text/event-stream" }, signal });
  const reader = answer.body?.getReader();
  if (!reader) return;
  listener.connected(true);
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    let timer: number | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = window.setTimeout(() => reject(new Error("silent")), SILENCE_MS);
    });
    const { done, value } = await Promise.race([reader.read(), silence]).finally(() => window.clearTimeout(timer));
    if (done) return;
    const cut = cutEvents(rest + decoder.decode(value, { stream: true }));
    rest = cut.rest;
    for (const event of cut.events) listener.event(event);
  }
}

/** Listens until the returned function is called; says `connected(false)` at every loss. */
export function listen(listener: LiveListener): () => void {
  let stopped = false;
  let attempt = 0;
  let current = new AbortController();
  const run = async () => {
    while (!stopped) {
      current = new AbortController();
      const began = Date.now();
      try {
        await readOnce(listener, current.signal);
      } catch {
        current.abort(); // a silent or broken stream is closed before the next try
      }
      listener.connected(false);
      attempt = Date.now() - began > 30_000 ? 0 : Math.min(attempt + 1, 5);
      await new Promise((resolve) => window.setTimeout(resolve, 2 ** attempt * 250 + Math.random() * 250));
    }
  };
  void run();
  return () => {
    stopped = true;
    current.abort();
  };
}
