/** Which question is open over the operator's screen, and where its answer goes. */
import * as step from "../incidents/actions";
import { type Agency, CloseDialog, type OpenAt, OpenDialog, ShareDialog } from "../incidents/dialogs";
import { History } from "../incidents/History";
import { type Seen, SightingDialog } from "../incidents/SightingDialog";
import type { IncidentDetail, LngLat } from "../wire/types";
import { Help } from "./Help";
import type { Shortcut } from "./keyboard";

export type Asking = "close" | "share" | "sighting" | "help" | "history" | null;
type Props = {
  asking: Asking;
  detail: IncidentDetail | null;
  agencies: readonly Agency[];
  keys: readonly Shortcut[];
  openAt: OpenAt | null;
  /** The point chosen on the map, when there is one. */
  spot: LngLat | null;
  /** The docked cameras that show a picture, as of now. */
  seen: () => Seen[];
  done: () => void;
  run: (work: Promise<IncidentDetail>) => void;
  choose: (id: string) => void;
  opened: (fresh: IncidentDetail | null) => void;
};

export function Asked({ asking, detail, done, run, ...props }: Props) {
  if (props.openAt) return <OpenDialog place={props.openAt} cancel={() => props.opened(null)} opened={props.opened} />;
  if (asking === "help") return <Help shortcuts={props.keys} cancel={done} />;
  if (asking === "history")
    return (
      <History
        cancel={done}
        choose={(id) => {
          done();
          props.choose(id);
        }}
      />
    );
  if (!detail) return null;
  if (asking === "close")
    return (
      <CloseDialog
        detail={detail}
        cancel={done}
        close={(how, note) => {
          done();
          run(step.close(detail.id, how, note));
        }}
      />
    );
  if (asking === "share")
    return (
      <ShareDialog
        detail={detail}
        agencies={props.agencies}
        cancel={done}
        share={(agency) => {
          done();
          run(step.share(detail.id, agency));
        }}
      />
    );
  if (asking === "sighting")
    return (
      <SightingDialog
        detail={detail}
        seen={props.seen()}
        agencies={props.agencies}
        spot={props.spot}
        cancel={done}
        done={done}
      />
    );
  return null;
}
