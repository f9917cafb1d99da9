"""How each linkage is doing: when its agency last spoke, and whether it was understood."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from goldentime.city.agencies.agency import Agency
from goldentime.core.clock import Clock
from goldentime.core.text import Text

QUIET_AFTER = timedelta(minutes=10)


@dataclass(slots=True)
class _Heard:
    at: datetime
    ok: bool
    detail: str


class LinkHealth:
    """A note per agency in memory; "nothing yet", "quiet" and "failed" are told apart."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        """Call `changed` when a state may have changed."""
        self._clock = clock
        self._changed = changed
        self._heard: dict[str, _Heard] = {}
        self.agencies: Sequence[Agency] = ()

    def note(self, agency: str, *, ok: bool, detail: str = "") -> None:
        """The agency has spoken and was, or was not, understood."""
        self._heard[agency] = _Heard(self._clock.now(), ok, detail)
        self._changed()

    def rows(self) -> list[dict[str, Any]]:
        """One row an agency: `id name state last_at detail`."""
        return [self._row(agency) for agency in self.agencies]

    def _row(self, agency: Agency) -> dict[str, Any]:
        heard = self._heard.get(agency.id)
        if heard is None:
            state, text = "never", Text("아직 받은 것이 없습니다.", "Nothing received yet.")
        elif not heard.ok:
            state = "failed"
            text = Text(
                f"마지막 전문을 읽지 못했습니다 ({heard.detail}).",
                f"The last message was not understood ({heard.detail}).",
            )
        elif self._clock.now() - heard.at > QUIET_AFTER:
            state, text = "quiet", Text("한동안 소식이 없습니다.", "Quiet for a while.")
        else:
            state, text = "healthy", Text("정상", "Healthy")
        last = heard.at.isoformat() if heard else None
        return {
            "id": agency.id,
            "name": agency.name.to_dict(),
            "state": state,
            "last_at": last,
            "detail": text.to_dict(),
        }
