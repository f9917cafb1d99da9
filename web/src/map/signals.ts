/** Signals asked to let units through: a small traffic light at each crossing, its lamp and rim by state, its word beside it. */
import type { Feature, FeatureCollection, Point } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { SignalRequest, SignalState } from "../units/signals_ahead";
import { canvas } from "./canvas";
import type { Theme } from "./style";

const SIZE = 26; // pixels
const SHOWN: readonly SignalState[] = ["planned", "requested", "confirmed", "active", "releasing", "refused"];
const COLOURS = {
  dark: { ink: "#EAF0F6", quiet: "#8DA2B6", face: "#161E27", lit: "#8cc8f0", wrong: "#FF9D00", halo: "#0c131a" },
  light: { ink: "#131C26", quiet: "#566577", face: "#FFFFFF", lit: "#134f86", wrong: "#B85C00", halo: "#ffffff" },
} as const;

/** One feature for each crossing, of the request that matters most there; `words` in the reader's language. */
export function signalFeatures(
  requests: readonly SignalRequest[],
  words: (request: SignalRequest) => string,
): FeatureCollection<Point> {
  const at = new Map<string, SignalRequest>();
  for (const each of requests) {
    if (!each.junction || !SHOWN.includes(each.state)) continue;
    const before = at.get(each.junction_id);
    if (!before || weight(each.state) > weight(before.state)) at.set(each.junction_id, each);
  }
  const features = [...at.values()].flatMap((each): Feature<Point>[] =>
    each.junction
      ? [
          {
            type: "Feature",
            geometry: { type: "Point", coordinates: [each.junction.lon, each.junction.lat] },
            properties: {
              id: each.id,
              icon: `signal/${each.state}`,
              state: each.state,
              label: words(each),
              rank: weight(each.state),
            },
          },
        ]
      : [],
  );
  return { type: "FeatureCollection", features };
}

const ORDER: readonly SignalState[] = ["releasing", "planned", "refused", "requested", "confirmed", "active"];
const weight = (state: SignalState): number => ORDER.indexOf(state);

export function signalLayer(theme: Theme): LayerSpecification {
  const c = COLOURS[theme];
  return {
    id: "signals",
    type: "symbol",
    source: "signals",
    layout: {
      "icon-image": ["get", "icon"],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 14, 0.85, 17, 1],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "symbol-sort-key": ["get", "rank"],
      "text-field": ["step", ["zoom"], "", 14, ["get", "label"]],
      "text-font": ["Pretendard"],
      "text-size": 12,
      "text-anchor": "left",
      "text-offset": [1, 0],
      "text-optional": true,
    },
    paint: {
      "text-color": ["match", ["get", "state"], "refused", c.wrong, "active", c.ink, c.quiet],
      "text-halo-color": c.halo,
      "text-halo-width": 1.4,
    },
  } as unknown as LayerSpecification;
}

/** Asked: the upper lamp; confirmed: the middle one; green: the lower, the whole light filled; refused: crossed out. */
export function drawSignal(state: string, theme: Theme): ImageData | null {
  const pen = canvas(SIZE);
  if (!pen) return null;
  const c = COLOURS[theme];
  const middle = SIZE / 2;
  const quiet = state === "planned" || state === "releasing";
  const ink = state === "refused" ? c.wrong : quiet ? c.quiet : c.ink;
  pen.beginPath();
  pen.roundRect(middle - 6, 2, 12, SIZE - 4, 4);
  pen.fillStyle = state === "active" ? c.lit : c.face;
  pen.fill();
  pen.strokeStyle = state === "active" ? c.lit : ink;
  pen.lineWidth = state === "confirmed" ? 2 : 1.5;
  if (quiet) pen.setLineDash([3, 2]);
  pen.stroke();
  pen.setLineDash([]);
  const lit = { requested: 0, confirmed: 1, active: 2 }[state];
  for (const lamp of [0, 1, 2]) {
    pen.beginPath();
    pen.arc(middle, 6.5 + lamp * 6.5, 2.4, 0, 2 * Math.PI);
    pen.fillStyle = pen.strokeStyle = state === "active" ? c.face : ink;
    pen.lineWidth = 1;
    if (lamp === lit) pen.fill();
    else if (state !== "active") pen.stroke();
  }
  if (state === "refused") {
    pen.strokeStyle = c.wrong;
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.moveTo(4, 4);
    pen.lineTo(SIZE - 4, SIZE - 4);
    pen.stroke();
  }
  return pen.getImageData(0, 0, SIZE * 2, SIZE * 2);
}
