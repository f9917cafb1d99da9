/** What waits at the scene, each in a few words: its dangers, the side to come from, water, the wind, who else comes. */
import { Icon } from "../shell/icons";
import { span } from "../words/time";
import { useWords } from "../words/words";
import type { FieldScene, Water } from "./brief";
import { Beds, Outside } from "./Outside";
import { metresWords } from "./parts";

/** The one that comes soonest; while none is on its way, the first there is. */
function soonest(mates: FieldScene["mates"]): FieldScene["mates"][number] | undefined {
  const driving = mates.filter((one) => one.seconds !== null);
  return driving.sort((a, b) => (a.seconds ?? 0) - (b.seconds ?? 0))[0] ?? mates[0];
}

function Hydrant({ one }: { one: Water }) {
  const { say } = useWords();
  return (
    <>
      {one.kind === "" ? "" : `${one.kind} `}
      <b>{metresWords(one.metres)}</b> {say(one.direction)}
    </>
  );
}

/** Every hydrant within reach; with none the nearest beyond, or that the city's list is not there. */
function Hydrants({ scene }: { scene: FieldScene }) {
  const { t } = useWords();
  const { hydrants, water } = scene;
  if (!hydrants) return null; // told to who fights fires
  if (water.length > 0)
    return (
      <span className="field-chip" data-testid="field-water">
        {t("field.water")}{" "}
        {water.map((one, index) => (
          <span key={`${one.name} ${one.lon} ${one.lat}`}>
            {index > 0 ? " · " : ""}
            <Hydrant one={one} />
          </span>
        ))}
      </span>
    );
  return (
    <span className="field-chip warn-words" data-testid="field-water">
      <Icon name="triangle" />{" "}
      {hydrants.listed ? t("field.noWater", { metres: hydrants.within_m }) : t("field.waterUnlisted")}
      {hydrants.beyond ? (
        <>
          {" "}
          · {t("field.waterBeyond")} <Hydrant one={hydrants.beyond} />
        </>
      ) : null}
    </span>
  );
}

function Access({ access }: { access: NonNullable<FieldScene["access"]> }) {
  const { t, say } = useWords();
  const road = access.road || t("field.unnamed");
  return (
    <span className="field-chip" data-testid="field-access">
      {access.side ? t("field.access", { side: say(access.side), road }) : t("field.accessRoad", { road })}
    </span>
  );
}

export function Chips({ scene }: { scene: FieldScene }) {
  const { t, say } = useWords();
  const mate = soonest(scene.mates);
  const room = scene.hospitals[0];
  return (
    <div className="field-chips" data-testid="field-chips">
      {scene.hazards.map((hazard) => (
        <span key={say(hazard)} className="field-chip field-hazard">
          <Icon name="triangle" /> {say(hazard)}
        </span>
      ))}
      {scene.access ? <Access access={scene.access} /> : null}
      {scene.plate ? <span className="field-chip">{t("field.plate", { plate: scene.plate })}</span> : null}
      <Hydrants scene={scene} />
      <Outside scene={scene} />
      {mate ? (
        <span className="field-chip" data-testid="field-mate">
          <Icon name="person" /> {mate.call_sign}{" "}
          <b>{mate.seconds === null ? say(mate.state_name) : span(mate.seconds)}</b>
        </span>
      ) : null}
      {room ? (
        <span className="field-chip">
          {room.name} <b>{room.seconds === null ? metresWords(room.metres) : span(room.seconds)}</b>{" "}
          <Beds room={room} />
        </span>
      ) : null}
    </div>
  );
}
