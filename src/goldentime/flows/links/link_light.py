"""What one linkage of one agency shows in one direction: whether it works, and why not, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from goldentime.core.text import Text
from goldentime.flows.positions.tracked import FATE_WORDS

QUIET_AFTER = timedelta(minutes=10)
Direction = Literal["in", "out"]
State = Literal["healthy", "never", "quiet", "failed"]
GRAVITY: tuple[State, ...] = ("healthy", "never", "quiet", "failed")
_NEVER = {
    "in": Text("아직 받은 것이 없습니다.", "Nothing received yet."),
    "out": Text("아직 보낸 것이 없습니다.", "Nothing sent yet."),
}
_PROBLEMS = {
    "unreachable": Text("상대에 연결할 수 없습니다", "The other side cannot be reached"),
    "no_answer": Text("상대가 응답하지 않습니다", "The other side does not answer"),
    "bad_answer": Text("상대의 답을 읽을 수 없습니다", "The other side's answer cannot be read"),
    "failed": Text("보내는 중에 오류가 났습니다", "Sending met an error of our own"),
    "forbidden": Text(
        "상대의 주소가 허용되지 않았습니다(설정 web.callback_networks)",
        "The other side's address is not allowed (setting web.callback_networks)",
    ),
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
class Light:
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


def state_of(light: Light, now: datetime, *, waiting: int) -> tuple[State, Text]:
    """How it is doing and why in words, of which `waiting` messages of ours are part."""
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
    if light.direction == "in" and now - light.at > light.quiet_after:
        return "quiet", Text("한동안 소식이 없습니다.", "Quiet for a while.")
    return "healthy", light.said or Text("정상", "Healthy")
