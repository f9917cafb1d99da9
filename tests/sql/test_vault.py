"""What is sealed can be read until it is destroyed, and then by nobody."""

import base64
import shutil
import sqlite3
import stat
from datetime import timedelta

import pytest

from goldentime.adapters.sql import SqlStore, verify
from goldentime.adapters.sql.vault import ENVIRONMENT_NAME, Vault, get_master_key
from goldentime.city.places.imported import Imported
from goldentime.core.errors import StorageFailed
from sql import samples as s
from sql.conftest import Place

WORDS = "홍길동 010-1234-5678 경기도 수원시".encode()


async def test_what_is_sealed_comes_back_and_can_be_sealed_anew(store: SqlStore) -> None:
    await store.change(lambda tx: tx.seal("incident/1", "words", WORDS, ends_at=s.LATER))
    await store.change(lambda tx: tx.seal("incident/1", "raw", b"", ends_at=s.LATER))
    assert await store.read(lambda look: look.unseal("incident/1", "words")) == WORDS
    assert await store.read(lambda look: look.unseal("incident/1", "raw")) == b""
    assert await store.read(lambda look: look.unseal("incident/1", "other")) is None
    assert await store.read(lambda look: look.unseal("incident/2", "words")) is None
    await store.change(lambda tx: tx.seal("incident/1", "words", b"new", ends_at=s.LATER))
    assert await store.read(lambda look: look.unseal("incident/1", "words")) == b"new"


async def test_what_is_destroyed_is_unreadable_and_leaves_the_chain_whole(store: SqlStore) -> None:
    def decide(tx):
        tx.seal("incident/1", "words", WORDS, ends_at=s.LATER)
        tx.seal("incident/2", "words", WORDS, ends_at=s.LATER)
        tx.audit(s.entry())

    await store.change(decide)

    def destroy(tx):
        tx.audit(s.entry("Destroyed"))
        return tx.destroy("incident/1", s.LATER), tx.unseal("incident/1", "words")

    assert await store.change(destroy) == (True, None)
    assert await store.read(lambda look: look.unseal("incident/1", "words")) is None
    assert await store.read(lambda look: look.unseal("incident/2", "words")) == WORDS
    assert await store.change(lambda tx: tx.destroy("incident/1", s.LATER)) is False
    assert verify(store) == (2, None)


async def test_a_destroyed_subject_that_is_sealed_again_gets_another_key(store: SqlStore) -> None:
    await store.change(lambda tx: tx.seal("incident/1", "words", WORDS, ends_at=s.LATER))
    await store.change(lambda tx: tx.destroy("incident/1", s.LATER))
    await store.change(lambda tx: tx.seal("incident/1", "late", b"news", ends_at=s.LATER))
    assert await store.read(lambda look: look.unseal("incident/1", "late")) == b"news"
    assert await store.read(lambda look: look.unseal("incident/1", "words")) is None


async def test_the_longest_overdue_is_due_first_and_a_later_end_prolongs(store: SqlStore) -> None:
    def decide(tx):
        tx.seal("message/b", "raw", b"1", ends_at=s.NOW)
        tx.seal("message/a", "raw", b"1", ends_at=s.NOW - timedelta(hours=1))
        tx.seal("message/c", "raw", b"1", ends_at=s.NOW)
        tx.seal("message/c", "more", b"1", ends_at=s.LATER)
        tx.seal("message/b", "more", b"1", ends_at=s.NOW - timedelta(days=9))  # an earlier end shortens nothing
        return tx.list_due(s.NOW - timedelta(minutes=1)), tx.list_due(s.NOW), tx.list_due(s.LATER, limit=1)

    early, now, later = await store.change(decide)
    assert list(early) == ["message/a"]
    assert list(now) == ["message/a", "message/b"]
    assert list(later) == ["message/a"]


async def test_nothing_personal_stands_in_the_files(new_place) -> None:
    place: Place = new_place("sqlite")
    store = place.open()
    await store.change(lambda tx: tx.seal("incident/1", "words", WORDS, ends_at=s.LATER))
    store.city().replace_streams([s.stream()], [], _record())
    store.close()
    stored = b"".join(path.read_bytes() for path in place.folder.glob("goldentime.db*"))
    assert b"incident/1" in stored
    for secret in (WORDS, "홍길동".encode(), b"rtsp://", b"p@ss:word"):
        assert secret not in stored


async def test_destroyed_keys_leave_no_trace_in_the_files(new_place) -> None:
    place: Place = new_place("sqlite")
    store = place.open()
    await store.change(lambda tx: tx.seal("incident/1", "words", WORDS, ends_at=s.LATER))
    wrapped = _bare(place, "SELECT wrapped FROM vault_key")
    sealed = _bare(place, "SELECT sealed FROM vault_item")
    assert wrapped in _files(place)
    assert sealed in _files(place)
    await store.change(lambda tx: tx.destroy("incident/1", s.LATER))
    assert wrapped not in _files(place)
    assert sealed not in _files(place)


async def test_a_sealed_item_moved_to_another_subject_is_refused(place: Place) -> None:
    store = place.open()
    await store.change(lambda tx: tx.seal("incident/1", "words", WORDS, ends_at=s.LATER))
    assert place.tamper("UPDATE vault_item SET name = ?", "other") == 1
    with pytest.raises(StorageFailed):
        await store.read(lambda look: look.unseal("incident/1", "other"))


async def test_a_camera_secret_moved_to_another_camera_is_refused(place: Place) -> None:
    store = place.open()
    store.city().replace_streams([s.stream("A-1")], [], _record())
    assert await store.read(lambda look: look.find_stream("A-1")) == s.stream("A-1")
    assert await store.read(lambda look: look.find_stream("B-1")) is None
    assert place.tamper("UPDATE stream SET camera = ?", "B-1") == 1
    with pytest.raises(StorageFailed):
        await store.read(lambda look: look.find_stream("B-1"))


def test_the_master_key_is_made_once_for_its_owner_only(new_place) -> None:
    place: Place = new_place("sqlite")
    place.open().close()
    path = place.folder / "keys" / "master.key"
    made = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]
    place.open().close()
    assert path.read_bytes() == made


def test_data_sealed_with_another_master_key_is_not_opened(place: Place) -> None:
    place.open().close()
    shutil.rmtree(place.folder / "keys")
    with pytest.raises(StorageFailed, match="master key"):
        place.open()


def test_the_master_key_may_come_from_the_environment(tmp_path) -> None:
    key = bytes(range(32))
    for words in (key.hex(), base64.b64encode(key).decode()):
        assert get_master_key(tmp_path, environment={ENVIRONMENT_NAME: words}) == key
        assert get_master_key(tmp_path, words, environment={ENVIRONMENT_NAME: "not asked"}) == key
    assert not (tmp_path / "keys").exists()
    with pytest.raises(StorageFailed, match="32 bytes"):
        get_master_key(tmp_path, environment={ENVIRONMENT_NAME: "too short"})


def test_other_secrets_follow_from_the_master_key_and_differ_by_purpose(place: Place) -> None:
    with place.open() as store:
        pepper = store.secret("pepper")
        assert store.secret("cookies") != pepper
    assert len(pepper) == 32
    assert place.open().secret("pepper") == pepper


def test_one_subjects_seal_opens_with_no_other_key_name_or_subject() -> None:
    vault = Vault(bytes(32))
    key, wrapped = vault.new_key("a")
    other, _ = vault.new_key("a")
    sealed = vault.seal(key, "a", "x", WORDS)
    assert vault.unseal(vault.key("a", wrapped), "a", "x", sealed) == WORDS
    tries = [(other, "a", "x", sealed), (key, "b", "x", sealed), (key, "a", "y", sealed), (key, "a", "x", sealed[:-1])]
    for attempt in tries:
        with pytest.raises(StorageFailed):
            vault.unseal(*attempt)
    with pytest.raises(StorageFailed):
        vault.key("b", wrapped)
    with pytest.raises(StorageFailed):
        Vault(bytes(range(32))).key("a", wrapped)


def _record():
    return Imported("streams", "vms.csv", "0" * 64, s.NOW, "{}")


def _files(place: Place) -> bytes:
    return b"".join(path.read_bytes() for path in place.folder.glob("goldentime.db*"))


def _bare(place: Place, sql: str) -> bytes:
    with sqlite3.connect(place.folder / "goldentime.db") as bare:
        return bare.execute(sql).fetchone()[0]
