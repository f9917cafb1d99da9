"""Where a session came from (접속지): sealed by month for two years, since the record itself holds no address."""

from datetime import datetime, timedelta

from goldentime.city.audit.chain import Entry
from goldentime.flows.ports import Change, Reading

KEPT = timedelta(days=731)  # 개인정보의 안전성 확보조치 기준 제8조: two years for systems of this size


def keep_address(change: Change, session: bytes, address: str, at: datetime) -> str:
    """Seal the address; returns the short name of the session that goes into the entry beside it."""
    name = session.hex()[:20]
    if address:
        change.seal(_subject(at), name, address.encode(errors="replace"), ends_at=at + KEPT)
    return name


def find_address(reading: Reading, entry: Entry) -> str | None:
    """The address behind an entry that names its session, while it is kept."""
    session = entry.data.get("session")
    sealed = reading.unseal(_subject(entry.at), session) if isinstance(session, str) else None
    return None if sealed is None else sealed.decode()


def _subject(at: datetime) -> str:
    return f"access/{at:%Y-%m}"
