"""Looks that agencies asked for, and locked cameras, come back as they were put, on both databases."""

from dataclasses import replace

from goldentime.adapters.sql import SqlStore
from goldentime.city.grants.video_control import Answered, CameraLock, VideoRequest
from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId
from sql import samples as s

INCIDENT, POLICE = IncidentId("inc-1"), AgencyId("agency-112")
ASKED = VideoRequest("vrq-1", INCIDENT, POLICE, "CCTVPREV", "112", "20261123", frozenset({CameraId("K0-1")}), s.NOW)


def test_a_request_is_kept_with_its_answer_and_found_by_its_incident(store: SqlStore) -> None:
    whole = replace(ASKED, id="vrq-2", cameras=None)
    elsewhere = replace(ASKED, id="vrq-3", incident=IncidentId("inc-2"))
    for one in (ASKED, whole, elsewhere):
        store.change_now(lambda tx, one=one: tx.put_video_request(one))
    assert store.read_now(lambda look: look.list_video_requests(INCIDENT)) == [ASKED, whole]
    refused = replace(ASKED, state=Answered.REFUSED, answered_at=s.LATER, by=AccountId("acc-kim"))
    store.change_now(lambda tx: tx.put_video_request(refused))
    assert store.read_now(lambda look: look.find_video_request("vrq-1")) == refused
    assert store.read_now(lambda look: look.find_video_request("vrq-9")) is None


def test_a_lock_is_kept_until_it_is_dropped(store: SqlStore) -> None:
    lock = CameraLock(CameraId("K0-1"), INCIDENT, POLICE, s.NOW)
    store.change_now(lambda tx: tx.put_camera_lock(lock))
    assert store.read_now(lambda look: look.find_camera_lock(lock.camera)) == lock
    assert store.read_now(lambda look: look.list_camera_locks(INCIDENT)) == [lock]
    store.change_now(lambda tx: tx.drop_camera_lock(lock.camera))
    assert store.read_now(lambda look: look.find_camera_lock(lock.camera)) is None
    assert store.read_now(lambda look: look.list_camera_locks(INCIDENT)) == []
