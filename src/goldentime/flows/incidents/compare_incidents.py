"""How an open incident is remembered and held against those near it: cheap, since it lies on every report's way."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.nature import Nature, nature_of
from goldentime.city.incidents.pairing import Cause, Pairing, PairState, PairStep, facts_of, stepped
from goldentime.city.incidents.same import SHOWN, WINDOW, Likeness, Trace, Verdict, cells_near, rank_alike
from goldentime.city.places.words import plain_words
from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Change
from goldentime.messages.report import Report

NEAREST = 12  # of each cell the newest that are looked at: enough for a scene, a bound for a flood
CALLER_KEYS = ("APPLICANT_TELNO",)  # items that hold the caller's number
_SCORE_OF_A_CALLER = 99.0  # stands for "certain" where a number is kept
_NO_DIGITS = re.compile(r"\D")
_AREA = re.compile(r"[가-힣]{1,7}(?:도|시|군|구)")
_SHORTEST_NUMBER = 8  # digits; fewer are a room's extension, which many callers share


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a report is compared; digests are salted with the city's own pepper."""

    nature: Nature
    words: frozenset[int]
    caller: str
    uncertain_metres: float = 0.0


def traits_of(pepper: bytes, report: Report, *, uncertain_metres: float) -> Traits:
    """The report's traits; pure, so that it is done before the transaction begins."""
    number = next((report.items[key] for key in CALLER_KEYS if report.items.get(key)), "")
    return Traits(
        nature=nature_of(report.detail_words, report.content, report.kind_name),
        words=digest_words(pepper, report.place_words),
        caller=digest_number(pepper, number),
        uncertain_metres=uncertain_metres,
    )


def digest_words(pepper: bytes, words: str) -> frozenset[int]:
    """The address words, each as a number nobody can read back without the pepper."""
    parts = telling_words(words)[:16]
    return frozenset(int.from_bytes(_digest(pepper, b"word", part, 6), "big") for part in parts)


def telling_words(words: str) -> list[str]:
    """What tells one address of a city from another: no province, city, district; a number with its road."""
    told: list[str] = []
    for part in plain_words(words).split():
        if _AREA.fullmatch(part):
            continue
        told.append(f"{told[-1]} {part}" if told and part[0].isdigit() else part)
    return told


def digest_number(pepper: bytes, number: str) -> str:
    """A caller's number as a digest, however it was written; "" for none and for one too short to be a person's."""
    digits = _NO_DIGITS.sub("", number)
    digits = "0" + digits[2:] if digits.startswith("82") else digits
    return _digest(pepper, b"caller", digits, 12).hex() if len(digits) >= _SHORTEST_NUMBER else ""


def remember(tx: Change, incident: Incident, traits: Traits, now: datetime) -> None:
    """Keep a trace of the incident just opened, and suggest or join what it is like; sandboxes are left alone."""
    if incident.sandbox or incident.state is not State.OPEN:
        return
    recent = now - WINDOW <= incident.occurred_at <= now + timedelta(minutes=1)
    trace = Trace(
        incident=incident.id,
        at=incident.occurred_at if recent else now,  # a room whose clock is wrong is not compared by it
        place=incident.place,
        uncertain_metres=traits.uncertain_metres,
        nature=traits.nature,
        words=traits.words,
        caller=traits.caller,
        source=str(incident.agency or ""),
        drill=incident.drill,
    )
    tx.put_trace(trace)
    _meet(tx, trace, now)


def remember_moved(tx: Change, incident: Incident, now: datetime) -> None:
    """Compare the incident anew from where it is said to be now; what was suggested or decided before stays."""
    trace = tx.find_trace(incident.id)
    if trace is None or trace.place == incident.place:
        return
    moved = replace(trace, place=incident.place, uncertain_metres=0.0)
    tx.put_trace(moved)
    _meet(tx, moved, now)


def _meet(tx: Change, trace: Trace, now: datetime) -> None:
    cells: Sequence[int] = cells_near(trace.place) if trace.place is not None else ()
    others = tx.list_traces(cells, trace.caller, since=trace.at - WINDOW, limit=NEAREST)
    for other, likeness in rank_alike(trace, others)[:SHOWN]:
        if tx.find_pairing(trace.incident, other.incident) is None:
            _pair(tx, trace, other, likeness, now)


def _pair(tx: Change, trace: Trace, other: Trace, likeness: Likeness, now: datetime) -> None:
    joins = likeness.verdict is Verdict.JOIN
    pairing = new_pairing(trace, other, likeness, now, cause=Cause.CALLER if joins else Cause.LIKENESS)
    if joins:
        pairing, facts = stepped(pairing, PairStep.JOIN, now, None, fresh=True)
        data = {"with": other.incident, "cause": pairing.cause.value}
        tx.audit(Entry(now, "IncidentsJoined", "system", None, trace.incident, data=data))
    else:
        facts = facts_of(pairing, "IncidentsSuggested")
    tx.put_pairing(pairing)
    for fact in facts:
        tx.record(fact)


def new_pairing(a: Trace, b: Trace, likeness: Likeness | None, now: datetime, *, cause: Cause) -> Pairing:
    """The two as a pair nobody has decided on, in the order of their ids."""
    first, second = sorted((a, b), key=lambda one: str(one.incident))
    return Pairing(
        first=IncidentId(first.incident),
        second=IncidentId(second.incident),
        state=PairState.SUGGESTED,
        cause=cause,
        score=_SCORE_OF_A_CALLER if likeness is None else min(likeness.score, _SCORE_OF_A_CALLER),
        metres=None if likeness is None or likeness.metres is None else round(likeness.metres, 1),
        seconds=0.0 if likeness is None else likeness.seconds,
        first_nature=first.nature,
        second_nature=second.nature,
        at=now,
    )


def _digest(pepper: bytes, purpose: bytes, text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size, key=pepper[:64], person=purpose).digest()
