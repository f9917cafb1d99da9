"""How each linkage is doing, in and out: when it last worked, since when it fails, and how much waits for it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from goldentime.city.agencies.agency import Agency
from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.tracked import FATE_WORDS
from goldentime.messages.outgoing import Lane

QUIET_AFTER = timedelta(minutes=10)
Direction = Literal["in", "out"]
_GRAVITY = ("healthy", "never", "quiet", "failed")
_NEVER = {
    "in": Text("아직 받은 것이 없습니다.", "Nothing received yet."),
    "out": Text("아직 보낸 것이 없습니다.", "Nothing sent yet."),
}
_PROBLEMS = {
    "unreachable": Text("상대에 연결할 수 없습니다", "The other side cannot be reached"),
    "no_answer": Text("상대가 응답하지 않습니다", "The other side does not answer"),
    "failed": Text("보내는 중에 오류가 났습니다", "Sending met an error of our own"),
    "forbidden": Text("상대의 주소가 허용되지 않았습니다", "The other side's address is not allowed"),
    "login_refused": Text("상대가 로그인을 거부합니다", "The other side refuses our login"),
}
_UNREAD = {  # why the last of what came in was not taken
    "unreachable": Text("상대에 연결할 수 없음", "the other side cannot be reached"),
    "stream_ended": Text("연결이 끊김", "the stream has ended"),
    "not_trusted": Text("인증서를 믿을 수 없음", "its certificate is not trusted"),
    "bad_request": Text("형식이 맞지 않음", "not in the agreed form"),
    **{fate.value: Text(words.ko.rstrip("."), words.en.rstrip(".")) for fate, words in FATE_WORDS.items()},
}


@dataclass(slots=True)
class _Light:
    """One linkage of one agency in one direction."""

    linkage: str
    direction: Direction
    quiet_after: timedelta = QUIET_AFTER
    at: datetime | None = None  # when something last passed, understood or not
    ok: bool = True
    detail: str | Text = ""
    said: Text | None = None  # what is worth knowing though it works, or in whole words why it does not
    ok_at: datetime | None = None
    failing_since: datetime | None = None
    passed: int = 0  # since the platform started, as the others
    failed: int = 0
    repeats: int = 0
    logins: int = 0


class LinkHealth:
    """A light per agency, linkage and direction in memory; "nothing yet", "quiet" and "failed" are told apart."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        """Call `changed` when a state may have changed."""
        self._clock = clock
        self._changed = changed
        self._lights: dict[tuple[str, str, str], _Light] = {}
        self._waiting: dict[str, tuple[int, datetime]] = {}
        self.agencies: Sequence[Agency] = ()
        self._services: dict[str, Text] = {}

    def expect_service(self, service: str, name: Text, *, linkage: str, quiet_after: timedelta) -> None:
        """Show a row for who is no agency of the city but is asked by us, under its `name`."""
        self._services[service] = name
        self._light(service, linkage, "in").quiet_after = quiet_after

    def note_service(self, service: str, *, linkage: str, ok: bool, said: Text | None) -> None:
        """A service was asked; `said` is why it failed, or what is worth knowing of its answer."""
        self._light(service, linkage, "in").said = said
        self.note(service, ok=ok, linkage=linkage)

    def expect(self, agency: str, *, linkage: str, direction: Direction) -> None:
        """Show the light even before anything passed."""
        self._light(agency, linkage, direction)

    def note(
        self,
        agency: str,
        *,
        ok: bool,
        detail: str | Text = "",
        linkage: str = "safety_net_http",
        direction: Direction = "in",
    ) -> None:
        """Something passed and was, or was not, understood: theirs by us, or ours by them."""
        light, now = self._light(agency, linkage, direction), self._clock.now()
        light.at, light.ok, light.detail = now, ok, detail
        light.failing_since = None if ok else light.failing_since or now
        light.passed, light.failed = light.passed + 1, light.failed + (not ok)
        if ok:
            light.ok_at = now
        self._changed()

    def note_repeat(self, agency: str, *, linkage: str) -> None:
        """The agency has sent again what was answered before."""
        self._light(agency, linkage, "in").repeats += 1

    def note_login(self, agency: str, *, linkage: str) -> None:
        """The agency has logged in."""
        self._light(agency, linkage, "in").logins += 1

    def note_waiting(self, counts: Iterable[tuple[AgencyId, Lane, int, datetime]]) -> None:
        """How many of our messages wait for each agency, and since when the oldest does."""
        waiting = {str(agency): (count, since) for agency, lane, count, since in counts if lane == "wire"}
        if waiting != self._waiting:
            self._waiting = waiting
            self._changed()

    def rows(self) -> list[dict[str, Any]]:
        """One row an agency: `id name state last_at detail`, the gravest of its `lights`, each with its direction."""
        agencies: list[tuple[str, Text]] = [(agency.id, agency.name) for agency in self.agencies]
        return [self._row(whose, name) for whose, name in (*agencies, *self._services.items())]

    def _light(self, agency: str, linkage: str, direction: Direction) -> _Light:
        return self._lights.setdefault((agency, linkage, direction), _Light(linkage, direction))

    def _row(self, agency: str, name: Text) -> dict[str, Any]:
        known = [light for (whose, _, _), light in self._lights.items() if whose == agency]
        lights = [self._drawn(agency, light) for light in sorted(known, key=lambda one: (one.linkage, one.direction))]
        if not lights:
            lights = [self._drawn(agency, _Light("", "in"))]
        heard = [light for light in lights if light["state"] != "never"] or lights
        gravest = max(heard, key=lambda light: _GRAVITY.index(light["state"]))
        return {
            "id": agency,
            "name": name.to_dict(),
            "state": gravest["state"],
            "last_at": max((one["last_at"] for one in lights if one["last_at"]), default=None),
            "detail": gravest["detail"],
            "waiting": self._waiting.get(agency, (0, None))[0],
            "lights": [light for light in lights if light["linkage"]],
        }

    def _drawn(self, agency: str, light: _Light) -> dict[str, Any]:
        count, since = self._waiting.get(agency, (0, None)) if light.direction == "out" else (0, None)
        state, text = self._state(light, waiting=count)
        return {
            "linkage": light.linkage,
            "direction": light.direction,
            "state": state,
            "last_at": _stamp(light.at),
            "ok_at": _stamp(light.ok_at),
            "failing_since": _stamp(light.failing_since),
            "waiting": count,
            "waiting_since": _stamp(since),
            "detail": text.to_dict(),
            "counts": {name: getattr(light, name) for name in ("passed", "failed", "repeats", "logins")},
        }

    def _state(self, light: _Light, *, waiting: int) -> tuple[str, Text]:
        if light.at is None:
            return "never", _NEVER[light.direction]
        if not light.ok and light.said is not None:
            return "failed", light.said
        if not light.ok and light.direction == "in":
            why = light.detail if isinstance(light.detail, Text) else _UNREAD.get(light.detail)
            why = why or Text(str(light.detail), str(light.detail))
            return "failed", Text(
                f"마지막 전문을 읽지 못했습니다 ({why.ko.rstrip('.')}).",
                f"The last message was not understood ({why.en.rstrip('.')}).",
            )
        if not light.ok:
            said = _PROBLEMS.get(str(light.detail)) or Text(
                f"상대가 전문을 거부했습니다({light.detail})", f"The other side refused a message ({light.detail})"
            )
            return "failed", Text(f"{said.ko}. {waiting}건이 기다립니다.", f"{said.en}; {waiting} waiting.")
        if light.direction == "in" and self._clock.now() - light.at > light.quiet_after:
            return "quiet", Text("한동안 소식이 없습니다.", "Quiet for a while.")
        return "healthy", light.said or Text("정상", "Healthy")


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
