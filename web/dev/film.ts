/** Plays a fragmented MP4 in an endless loop over a WebSocket, as the media process would; never shipped. */
import { readFileSync } from "node:fs";
import { type WebSocket, WebSocketServer } from "ws";

type Box = { kind: string; data: Buffer };

function boxes(file: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= file.length; ) {
    const size = file.readUInt32BE(at);
    found.push({ kind: file.toString("latin1", at + 4, at + 8), data: file.subarray(at, at + size) });
    at += size;
  }
  return found;
}

type Film = { init: Buffer; pieces: Buffer[]; codec: string };

function readFilm(path: string): Film {
  const parts = boxes(readFileSync(path));
  const init = Buffer.concat(parts.filter((box) => box.kind === "ftyp" || box.kind === "moov").map((box) => box.data));
  const pieces: Buffer[] = [];
  parts.forEach((box, index) => {
    const next = parts[index + 1];
    if (box.kind === "moof" && next?.kind === "mdat") pieces.push(Buffer.concat([box.data, next.data]));
  });
  const avcc = init.indexOf("avcC");
  return { init, pieces, codec: `avc1.${init.subarray(avcc + 5, avcc + 8).toString("hex")}` };
}

/** A piece with its decode time moved on by whole loops. */
function shifted(piece: Buffer, by: bigint): Buffer {
  const copy = Buffer.from(piece);
  const at = copy.indexOf("tfdt");
  if (copy[at + 4] === 1) copy.writeBigUInt64BE(copy.readBigUInt64BE(at + 8) + by, at + 8);
  else copy.writeUInt32BE(copy.readUInt32BE(at + 8) + Number(by), at + 8);
  return copy;
}

export class FilmServer {
  port = 0;
  private readonly sockets = new Map<string, WebSocket>();
  private readonly server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/live" });
  private readonly film: Film;

  constructor(path: string, loop: bigint, everyMs: number) {
    this.film = readFilm(path);
    this.server.on("listening", () => {
      const address = this.server.address();
      if (typeof address === "object" && address) this.port = address.port;
    });
    this.server.on("connection", (socket) => {
      socket.once("message", (data) => {
        const { ticket } = JSON.parse(String(data)) as { ticket: string };
        this.sockets.set(ticket.slice(2), socket);
        const state = { type: "state", state: "live", since: null, delay_ms: 120, text: null };
        socket.send(JSON.stringify(state));
        socket.send(JSON.stringify({ type: "init", codec: this.film.codec, start: 0, note: null }));
        socket.send(this.film.init);
        let index = 0;
        let turn = 0n;
        const timer = setInterval(() => {
          const piece = this.film.pieces[index];
          if (piece) socket.send(shifted(piece, turn * loop));
          index += 1;
          if (index === this.film.pieces.length) {
            index = 0;
            turn += 1n;
          }
        }, everyMs);
        socket.on("close", () => clearInterval(timer));
      });
    });
  }

  end(viewId: string, text: unknown): void {
    const socket = this.sockets.get(viewId);
    socket?.send(JSON.stringify({ type: "ended", reason: "closed", text }));
    socket?.close(4403);
    this.sockets.delete(viewId);
  }
}
