"""When a locked camera is free again: unlocked by its agency, by a person with a reason, or with its incident."""

from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.video_control import CameraLock
from goldentime.city.incidents.incident import Incident
from goldentime.city.people.account import Act, must
from goldentime.core.errors import NotFound, Refused
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, CameraId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident, keep_note
from goldentime.flows.ports import Change
from goldentime.flows.world import World

NOT_LOCKED = Text("잠긴 카메라가 아닙니다.", "The camera is not locked.")


async def unlock_camera(world: World, caller: Caller, camera: CameraId, *, reason: str) -> CameraLock:
    """Free the camera by hand; raises NotFound when it is not locked, Refused for who may not or gives no reason.

    The reason stays with the incident's notes, for it may name people.
    """
    must(caller.account.role, Act.UNLOCK)
    if not reason.strip():
        raise Refused(Text("잠금을 푸는 까닭을 적으십시오.", "Say why it is unlocked."), code="no_reason")

    def decide(tx: Change) -> CameraLock:
        lock = tx.find_camera_lock(camera)
        if lock is None:
            raise NotFound(NOT_LOCKED)
        end_lock(tx, lock, world.clock.now(), actor=str(caller.account.id), by=caller.account.id)
        keep_note(world, tx, get_incident(tx, lock.incident), caller, reason.strip())
        return lock

    return await world.store.change(decide)


def end_locks_of(tx: Change, incident: Incident, now: datetime, *, actor: str) -> None:
    """Free every camera locked within the incident: its purpose is over."""
    for lock in tx.list_camera_locks(incident.id):
        end_lock(tx, lock, now, actor=actor)


def end_lock(tx: Change, lock: CameraLock, now: datetime, *, actor: str, by: AccountId | None = None) -> None:
    """The camera free again, recorded and audited."""
    tx.drop_camera_lock(lock.camera)
    tx.audit(Entry(now, "CameraUnlocked", actor, lock.agency, lock.incident, lock.camera))
    data = {"camera": lock.camera, "agency": lock.agency, "by": by}
    tx.record(Fact("CameraUnlocked", lock.incident, now, data))
