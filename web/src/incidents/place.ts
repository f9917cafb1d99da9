/** How the place of an incident is said, whatever is known of it. */
import type { IncidentSummary } from "../wire/types";
import type { Word } from "../words/words";

type Say = (key: Word, parts?: Record<string, string | number>) => string;

/** The words of the report; else the point set on the map; else that the place is not known yet. */
export function placeWords(item: Pick<IncidentSummary, "place" | "place_words">, t: Say): string {
  if (item.place_words) return item.place_words;
  if (!item.place) return t("incident.noPlace");
  return t("incident.pointOnMap", { lat: item.place.lat.toFixed(5), lon: item.place.lon.toFixed(5) });
}
