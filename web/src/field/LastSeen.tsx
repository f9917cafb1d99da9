/** What an operator saw last: the still when the scene's own picture is there, the plate and where to, each with its age. */
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { Sighting } from "./brief";
import { usePicture } from "./usePicture";

const WIDTH = 480; // pixels: the scene's own stills are no larger, and a plate is told in words beside it

export function LastSeen({ sighting, wanted }: { sighting: Sighting; wanted: boolean }) {
  const { t, language } = useWords();
  const now = useNow();
  const ago = (at: string) => age((now - Date.parse(at)) / 1000, language);
  const picture = usePicture(`${sighting.still}?width=${WIDTH}`, wanted);
  /** A word of an earlier sighting says how old it is by itself. */
  const dated = (word: string, at: string | null) =>
    at === null || at === sighting.at ? word : `${word} (${ago(at)})`;
  const told = [
    sighting.plate && dated(sighting.plate, sighting.plate_at),
    sighting.direction && dated(sighting.direction, sighting.direction_at),
    sighting.place_words,
    sighting.camera,
  ];
  return (
    <section className="field-seen" data-testid="field-seen">
      {picture ? <img src={picture} alt={t("field.sighting")} /> : null}
      <div>
        <strong>
          {t("field.sighting")} {ago(sighting.at)}
        </strong>
        <p>{sighting.words}</p>
        <p>{told.filter((one) => one !== "").join(" · ")}</p>
      </div>
    </section>
  );
}
