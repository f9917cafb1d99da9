/** Invented sites and incidents for developing without a server; never shipped. */

export type Json = Record<string, unknown>;
const text = (ko: string, en: string) => ({ ko, en });
export const CENTER: [number, number] = [127.0286, 37.2636];

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const random = seeded(7);
export const sites = Array.from({ length: 1500 }, (_, index) => ({
  id: `S${index}`,
  name: `인계-${1000 + index}`,
  lon: CENTER[0] + (random() - 0.5) * 0.09,
  lat: CENTER[1] + (random() - 0.5) * 0.07,
  cameras: 1 + Math.floor(random() * 4),
  status: random() < 0.03 ? "failed" : "working",
}));

export const sitesGeojson = {
  type: "FeatureCollection",
  features: sites.map((site) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [site.lon, site.lat] },
    properties: {
      id: site.id,
      name: site.name,
      purpose: "crime",
      cameras: site.cameras,
      status: site.status,
      flagged: false,
      watchable: true,
    },
  })),
};
export const camerasGeojson = {
  type: "FeatureCollection",
  features: sites
    .filter((_, index) => index % 3 === 0)
    .map((site, index) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [site.lon, site.lat] },
      properties: { id: `${site.id}-1`, site_id: site.id, bearing: (index * 47) % 360, field: 60, reach: 40 },
    })),
};

const metres = (a: [number, number], b: { lon: number; lat: number }) =>
  Math.hypot((a[0] - b.lon) * 88_500, (a[1] - b.lat) * 111_195);

export function picksNear(at: [number, number], radius: number, count: number): Json[] {
  return sites
    .map((site) => ({ site, distance: metres(at, site) }))
    .filter(({ site, distance }) => distance <= radius && site.status === "working")
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ site, distance }, index) => ({
      camera_id: `${site.id}-1`,
      site_id: site.id,
      site_name: site.name,
      rank: index + 1,
      lon: site.lon,
      lat: site.lat,
      bearing: index % 4 === 3 ? null : (index * 97) % 360,
      field: 60,
      reach: 80,
      distance_m: distance,
      direction: text("남서쪽", "south-west"),
      facing: ["facing", "side", "facing", "unknown"][index % 4],
      status: "working",
      reasons: [
        text(`거리 ${Math.round(distance)} m · 정면`, `${Math.round(distance)} m, facing`),
        text("남동쪽 접근로를 보완", "covers the approach from the south-east"),
      ],
      score: 0.9 - index * 0.05,
      ring: 500,
    }));
}

const CASES: [string, string, string, string, string][] = [
  ["강도 신고 · 용의자 도주", "Robbery, suspect fleeing", "critical", "112_video", "112 긴급영상"],
  ["주택 화재 신고", "House fire", "warning", "119_dispatch", "119 긴급출동"],
  ["실종 어르신 위치 확인", "Missing elder", "caution", "vulnerable", "사회적 약자"],
  ["침수 수위 경고 42cm", "Flood level 42 cm", "warning", "disaster", "재난상황"],
  ["정기 점검 · 카메라 영상 중지", "Maintenance, video off", "notice", "facility", "시설물"],
];

let made = 0;
export function newIncident(index = made): Json {
  made += 1;
  const [ko, en, severity, service, name] = CASES[index % CASES.length] as (typeof CASES)[number];
  const at: [number, number] = [CENTER[0] + (random() - 0.5) * 0.03, CENTER[1] + (random() - 0.5) * 0.02];
  const now = new Date().toISOString();
  const id = `inc-${made}`;
  return {
    id,
    number: `GO-1122-${String(made).padStart(4, "0")}`,
    kind: "112UC001",
    service,
    service_name: text(name, `${name} `),
    title: text(ko, en),
    severity,
    state: "open",
    place: { lon: at[0], lat: at[1] },
    place_words: `팔달구 인계동 ${1000 + made} 편의점 앞`,
    place_estimated: index % 3 === 2,
    estimate_note: index % 3 === 2 ? text("지번 주소로 추정", "estimated from the lot number") : null,
    agency: { id: "a112", name: text("경기남부청 112", "Gyeonggi Nambu Police 112") },
    owner: null,
    acknowledged_at: null,
    acknowledged_by: null,
    opened_at: now,
    occurred_at: now,
    closed_at: null,
    disposition: null,
    updated_at: now,
    version: 1,
    sender_state: "occurred",
    drill: index % 7 === 6,
    reports: 1,
    sandbox: false,
    content: "흉기 든 남성이 현금을 빼앗아 권광로 남쪽으로 뛰어감",
    reporter: "010-****-1234",
    radius: 500,
    wanted: 4,
    timeline: [
      { position: 1, at: now, kind: "IncidentOpened", text: text("112 신고 접수", "112 report received"), actor: null },
    ],
    grants: [
      {
        id: `g-${id}`,
        agency: { id: "a112", name: text("경기남부청 112", "Gyeonggi Nambu Police 112") },
        person: "정OO",
        purpose: text(`${ko} 대응`, en),
        legal_basis: text("112신고처리법", "the 112 Reports Act"),
        expires_at: new Date(Date.now() + 15 * 60_000).toISOString(),
        state: "active",
        ended_at: null,
        ended_text: null,
      },
    ],
    views: [],
  };
}

export function detailOf(incident: Json): Json {
  const place = incident.place as { lon: number; lat: number } | null;
  const at: [number, number] | null = place ? [place.lon, place.lat] : null;
  const radius = incident.radius as number;
  const open = incident.state === "open";
  const cameras = at ? picksNear(at, radius, incident.wanted as number) : [];
  return {
    ...incident,
    cameras,
    choice: {
      radius,
      next_radius:
        radius < 3000 ? ({ 500: 800, 800: 1200, 1200: 2000, 2000: 3000 } as Record<number, number>)[radius] : null,
      text: text(
        `반경 ${radius}m 안 61개소 · 거리, 방향, 시야 순`,
        `61 sites within ${radius} m, by distance, direction and view`,
      ),
      eligible: 61,
      sites_in_ring: 61,
      next_nearest: null,
    },
    may: { acknowledge: open, take: open, close: open, widen: open, share: open, confirm_place: open },
  };
}

export function summaryOf(incident: Json): Json {
  const { content, reporter, timeline, grants, views, radius, wanted, ...summary } = incident;
  return summary;
}
