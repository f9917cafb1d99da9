"""How a suggestion is explained: arrival, what the unit can do and does, its beat, how sure its place is."""

from math import isfinite

from goldentime.city.units.unit import BUSY, STATE_WORDS, Unit, UnitState, capability_words
from goldentime.core.text import Text

OLD_SECONDS = 120.0  # a unit in a tunnel or with a dead radio may be anywhere by now


def reasons_of(  # noqa: PLR0913  one sentence for each thing that may be said
    unit: Unit,
    seconds: float,
    *,
    fills: str | None,
    age: float | None,
    turnout: float,
    today: int,
    in_beat: bool,
    last_of_beat: bool,
    here: bool,
    joined: str = "",
) -> tuple[Text, ...]:
    """The reasons, the weightiest first; `seconds` until it arrives, turnout included."""
    told = [_arrival(unit, seconds, here=here)]
    if joined:
        told.append(Text(f"묶인 상황 {joined}의 출동대", f"sent to {joined}, joined with this one"))
    if fills is not None and fills != unit.kind.value:  # a patrol car in a patrol car's place says nothing
        words = capability_words(fills)
        told.append(Text(f"{words.ko} 편성", f"fills: {words.en}"))
    if unit.state in BUSY and not here:
        words = STATE_WORDS[unit.state]
        told.append(Text(f"다른 상황 {words.ko}", f"{words.en} for another incident"))
    if unit.state is UnitState.CLEAR and not here:
        told.append(Text("귀소 중이라 바로 돌릴 수 있음", "returning, can be turned round"))
    if last_of_beat:
        told.append(Text(f"{unit.beat} 구역의 마지막 순찰차", f"the last free patrol car of beat {unit.beat}"))
    if in_beat:
        told.append(Text(f"자기 담당구역({unit.beat})", f"its own beat ({unit.beat})"))
    if turnout >= 1 and not here:
        told.append(Text(f"출동 준비 {turnout:.0f}초 포함", f"{turnout:.0f} s of turnout included"))
    told.append(_whereabouts(unit, age))
    if today > 0:
        told.append(Text(f"오늘 출동 {today}회", f"ordered {today} {'time' if today == 1 else 'times'} today"))
    return tuple(told)


def minutes_words(seconds: float) -> Text:
    """A span as people say it: 40초, 3분 20초."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return Text(f"{rest}초", f"{rest} s")
    return Text(
        f"{minutes}분 {rest}초" if rest else f"{minutes}분", f"{minutes} min {rest} s" if rest else f"{minutes} min"
    )


def _arrival(unit: Unit, seconds: float, *, here: bool) -> Text:
    if here and unit.state is UnitState.ON_SCENE:
        return Text("현장에 있음", "on the scene")
    if not isfinite(seconds):
        return Text("지금 갈 수 있는 길이 없음", "no road leads there now")
    span = minutes_words(seconds)
    return Text(f"도착 예상 {span.ko}", f"arrives in {span.en}")


def _whereabouts(unit: Unit, age: float | None) -> Text:
    if age is None:
        name = unit.station_name
        return (
            Text(f"위치 신호 없음 · {name} 기준", f"no position; taken to be at {name}")
            if name
            else Text("위치 신호 없음 · 차고지 기준", "no position; taken to be at its station")
        )
    span = minutes_words(age)
    if age > OLD_SECONDS:
        return Text(f"위치가 {span.ko} 전 것", f"its position is {span.en} old")
    return Text(f"위치 {span.ko} 전", f"position {span.en} old")
