/** A small server with invented data for developing the console alone (`npm run dev`); never shipped. */
import { createReadStream, existsSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { CENTER, camerasGeojson, detailOf, type Json, newIncident, sites, sitesGeojson, summaryOf } from "./city.ts";
import { FilmServer } from "./film.ts";

const text = (ko: string, en: string) => ({ ko, en });
const iso = () => new Date().toISOString();

class Mock {
  private readonly incidents = new Map<string, Json>();
  private readonly listeners = new Set<ServerResponse>();
  private readonly views = new Map<string, { incident: string | null }>();
  private groups: Json[] = [];
  private role: string | null = null;
  private position = 1;
  private count = 0;
  private readonly film = process.env.GOLDENTIME_MOCK_FILM
    ? new FilmServer(process.env.GOLDENTIME_MOCK_FILM, BigInt(process.env.GOLDENTIME_MOCK_LOOP ?? "0"), 66)
    : null;

  constructor() {
    for (let index = 0; index < 5; index += 1) {
      const incident = newIncident(index);
      this.incidents.set(String(incident.id), incident);
    }
    setInterval(() => this.tell("beat", { now: iso() }), 10_000).unref();
  }

  private tell(name: string, data: unknown): void {
    for (const listener of this.listeners) listener.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private change(incident: Json, ended: Json[] = []): void {
    this.position += 1;
    incident.version = (incident.version as number) + 1;
    incident.updated_at = iso();
    this.tell("change", { position: this.position, incidents: [summaryOf(incident)], views_ended: ended });
  }

  private note(incident: Json, ko: string, en: string): void {
    const timeline = incident.timeline as Json[];
    timeline.push({ position: timeline.length + 1, at: iso(), kind: "Note", text: text(ko, en), actor: "김도현" });
  }

  private session() {
    const agency = this.role === "agency" ? { id: "a112", name: text("경기남부청 112", "Gyeonggi Nambu 112") } : null;
    return {
      account: {
        id: "me",
        name: agency ? "정OO" : "김도현",
        role: this.role,
        agency,
        language: "ko",
        must_change_password: false,
      },
      city: {
        name: text("수원시", "Suwon"),
        center: CENTER,
        bounds: [CENTER[0] - 0.05, CENTER[1] - 0.04, CENTER[0] + 0.05, CENTER[1] + 0.04],
        drill: false,
      },
      media_port: this.film?.port ?? 1,
      duty: { until: new Date(Date.now() + 3600_000 * 2.2).toISOString() },
      version: "0.1.0",
      expires_at: new Date(Date.now() + 3600_000).toISOString(),
    };
  }

  private step(incident: Json, name: string, body: Json): unknown {
    if (name === "acknowledge") Object.assign(incident, { acknowledged_at: iso(), acknowledged_by: "김도현" });
    else if (name === "take") incident.owner = { id: "me", name: "김도현" };
    else if (name === "release") incident.owner = null;
    else if (name === "widen") Object.assign(incident, { radius: 800, wanted: (incident.wanted as number) + 4 });
    else if (name === "confirm-place") Object.assign(incident, { place: body, place_estimated: false });
    else if (name === "note") this.note(incident, String(body.text), String(body.text));
    else if (name === "close") return this.close(incident, body);
    if (name !== "note") this.note(incident, name, name);
    this.change(incident);
    return detailOf(incident);
  }

  private close(incident: Json, body: Json): unknown {
    Object.assign(incident, { state: "closed", closed_at: iso(), disposition: body.disposition });
    const why = text("상황 종결 · 김도현", "Incident closed by Kim");
    for (const grant of incident.grants as Json[])
      Object.assign(grant, { state: "ended", ended_at: iso(), ended_text: why });
    const ended: Json[] = [];
    for (const [id, view] of this.views)
      if (view.incident === incident.id) {
        this.film?.end(id, why);
        ended.push({ view_id: id, reason: "closed", text: why });
        this.views.delete(id);
      }
    this.change(incident, ended);
    return detailOf(incident);
  }

  private list(state: string) {
    const items = [...this.incidents.values()].filter((item) => item.state === state).map(summaryOf);
    return { items, checked_at: iso(), open: items.length, closed_today: 41, ack_median_s: 9 };
  }

  answer(method: string, url: URL, body: Json): [number, unknown] | null {
    const path = url.pathname;
    if (path === "/api/session") {
      if (method === "POST")
        this.role =
          body.name === "agency"
            ? "agency"
            : String(body.name) === "privacy"
              ? "privacy_officer"
              : body.name === "admin"
                ? "admin"
                : "operator";
      if (method === "DELETE") this.role = null;
      return this.role
        ? [200, this.session()]
        : [401, { error: { code: "unauthenticated", text: text("로그인이 필요합니다", "Sign in") } }];
    }
    if (path === "/api/viewer/exchange") {
      this.role = "agency";
      return [200, { token: "t", expires_at: iso(), incident_id: "inc-1", session: this.session() }];
    }
    if (path === "/api/incidents" && method === "GET") return [200, this.list(url.searchParams.get("state") ?? "open")];
    if (path === "/api/incidents") {
      const incident: Json = { ...newIncident(), ...body, place: { lon: body.lon, lat: body.lat } };
      this.incidents.set(String(incident.id), incident);
      this.change(incident);
      return [200, detailOf(incident)];
    }
    if (path === "/api/mock/report") {
      const incident = newIncident(Number(url.searchParams.get("index") ?? 0));
      this.incidents.set(String(incident.id), incident);
      this.change(incident);
      return [200, summaryOf(incident)];
    }
    const named = /^\/api\/incidents\/([^/]+)(?:\/(.+))?$/.exec(path);
    const incident = named ? this.incidents.get(named[1] ?? "") : undefined;
    if (incident)
      return named?.[2]?.includes("still")
        ? [404, {}]
        : [200, named?.[2] ? this.step(incident, named[2], body) : detailOf(incident)];
    if (path === "/api/views") {
      this.count += 1;
      const id = `v${this.count}`;
      this.views.set(id, { incident: (body.incident_id as string | null) ?? null });
      return [
        200,
        {
          view_id: id,
          ticket: `t-${id}`,
          media_port: this.film?.port ?? 1,
          path: "/live",
          expires_at: iso(),
          watermark: this.role === "agency" ? "경기남부청 112 정OO" : "김도현 관제3석",
          hls: `/api/views/${id}/hls/index.m3u8`,
          still: `/api/views/${id}/still.jpg`,
          note: null,
        },
      ];
    }
    const site = sites.find((each) => path === `/api/sites/${each.id}`);
    if (site)
      return [
        200,
        {
          ...site,
          address: "팔달구 인계동 1038-4",
          purpose_words: "생활방범",
          operator: "수원시",
          phone: "031-000-0000",
          cameras: Array.from({ length: site.cameras }, (_, index) => ({
            id: `${site.id}-${index + 1}`,
            number: index + 1,
            bearing: index === 0 ? 40 : null,
            field: 60,
            reach: 80,
            status: site.status,
            aimed_by_hand: false,
            policy: "on_demand",
          })),
        },
      ];
    return this.small(method, path, body);
  }

  private small(method: string, path: string, body: Json): [number, unknown] | null {
    if (path === "/api/links")
      return [
        200,
        {
          items: [
            ["112", "healthy", 1],
            ["119", "healthy", 3],
            ["재난", "quiet", 400],
            ["기상", "failed", 360],
          ].map(([name, state, ago]) => ({
            id: name,
            name: text(String(name), String(name)),
            state,
            last_at: new Date(Date.now() - Number(ago) * 1000).toISOString(),
            detail: text("", ""),
          })),
        },
      ];
    if (path === "/api/agencies")
      return [
        200,
        {
          items: [
            { id: "a119", name: text("경기소방 119", "Gyeonggi Fire 119") },
            { id: "a112", name: text("경기남부청 112", "Gyeonggi Nambu 112") },
          ],
        },
      ];
    if (path === "/api/sites.geojson") return [200, sitesGeojson];
    if (path === "/api/cameras.geojson") return [200, camerasGeojson];
    if (path === "/api/search")
      return [
        200,
        {
          items: sites.slice(0, 5).map((site) => ({
            type: "site",
            id: site.id,
            label: site.name,
            detail: "팔달구",
            lon: site.lon,
            lat: site.lat,
          })),
        },
      ];
    if (path.startsWith("/api/groups")) {
      if (method === "POST") this.groups.push({ id: `g${this.groups.length}`, ...body });
      return [200, { items: this.groups }];
    }
    if (path === "/api/audit")
      return [
        200,
        {
          items: Array.from({ length: 20 }, (_, index) => ({
            position: 100 - index,
            at: iso(),
            actor: "정OO",
            agency: text("경기남부청 112", "Police"),
            action: "view.opened",
            text: text("영상 열람을 시작함", "opened a view"),
            incident_id: "inc-1",
            camera_id: "S1-1",
            hash: "9f2c".repeat(8),
          })),
          next: null,
        },
      ];
    if (path === "/api/audit/verify")
      return [200, { ok: true, checked: 100, first_broken: null, text: text("이상 없음", "intact") }];
    if (path === "/api/privacy/views") return [200, { items: [] }];
    if (path === "/api/accounts")
      return [
        200,
        method === "GET"
          ? { items: [{ id: "u1", name: "kim", role: "operator", agency: null, disabled: false }] }
          : { id: "u2", one_time_password: "invented-once" },
      ];
    if (path === "/api/keys")
      return [
        200,
        method === "GET"
          ? {
              items: [
                {
                  id: "k1",
                  agency: { id: "a112", name: text("경기남부청 112", "Police") },
                  sandbox: true,
                  created_at: iso(),
                  state: "active",
                },
              ],
            }
          : { id: "k2", key: "invented-key" },
      ];
    if (path.startsWith("/api/"))
      return method === "GET" ? [404, { error: { code: "not_found", text: text("없습니다", "Not here") } }] : [200, {}];
    return null;
  }

  live(answer: ServerResponse): void {
    answer.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    this.listeners.add(answer);
    answer.write(`event: hello\ndata: ${JSON.stringify({ position: this.position, now: iso() })}\n\n`);
    answer.on("close", () => this.listeners.delete(answer));
  }
}

function sendMap(request: IncomingMessage, answer: ServerResponse): void {
  const path = process.env.GOLDENTIME_MOCK_MAP ?? "";
  if (!existsSync(path)) {
    answer.writeHead(404).end();
    return;
  }
  const size = statSync(path).size;
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "");
  const from = Number(range?.[1] ?? 0);
  const to = Math.min(size - 1, range?.[2] ? Number(range[2]) : size - 1);
  answer.writeHead(range ? 206 : 200, {
    "Content-Range": `bytes ${from}-${to}/${size}`,
    "Content-Length": to - from + 1,
    ETag: '"1"',
  });
  createReadStream(path, { start: from, end: to }).pipe(answer);
}

export function mockServer(): Plugin {
  const install = (
    use: (act: (request: IncomingMessage, answer: ServerResponse, next: () => void) => void) => void,
  ) => {
    const mock = new Mock();
    use((request, answer, next) => {
      const url = new URL(request.url ?? "/", "http://mock");
      if (url.pathname === "/map/city.pmtiles") return sendMap(request, answer);
      if (url.pathname === "/api/live") return mock.live(answer);
      if (!url.pathname.startsWith("/api/")) return next();
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const raw = Buffer.concat(parts).toString();
        const [status, body] = mock.answer(
          request.method ?? "GET",
          url,
          raw.startsWith("{") ? JSON.parse(raw) : {},
        ) ?? [404, {}];
        answer.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      });
    });
  };
  return {
    name: "goldentime-mock",
    configureServer: (server) => install((act) => server.middlewares.use(act)),
    configurePreviewServer: (server) => install((act) => server.middlewares.use(act)),
  };
}
