"""How an open incident is remembered and held against those near it: cheap, since it lies on every report's way."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.nature import Nature
from goldentime.city.incidents.pairing import Cause, Pairing, PairState, PairStep, facts_of, stepped, withdrawn
from goldentime.city.incidents.same import SHOWN, WINDOW, Likeness, Trace, Verdict, cells_near, compare, rank_alike
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.flows.incidents.read_traits import Traits
from goldentime.flows.ports import Change

NEAREST = 12  # of each cell the newest that are looked at: enough for a scene, a bound for a flood
_SCORE_OF_A_CALLER = 99.0  # stands for "certain" where a number is kept
_NOTICED_METRES = 10.0  # of a suggestion's distance, before the other's screen is told anew


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


def remember_told(tx: Change, incident: Incident, traits: Traits, now: datetime) -> None:
    """Compare the incident anew with what its agency tells of it now; what it leaves blank stays as it was."""
    trace = tx.find_trace(incident.id)
    if trace is None:
        return
    told = replace(
        trace,
        place=incident.place,
        uncertain_metres=trace.uncertain_metres if trace.place == incident.place else traits.uncertain_metres,
        nature=trace.nature if traits.nature is Nature.UNKNOWN else traits.nature,
        words=traits.words or trace.words,
        caller=traits.caller or trace.caller,
    )
    _meet_again(tx, trace, told, now)


def remember_moved(tx: Change, incident: Incident, now: datetime) -> None:
    """Compare the incident anew from where a person has put it."""
    trace = tx.find_trace(incident.id)
    if trace is not None:
        _meet_again(tx, trace, replace(trace, place=incident.place, uncertain_metres=0.0), now)


def _meet_again(tx: Change, before: Trace, trace: Trace, now: datetime) -> None:
    if trace == before:
        return
    tx.put_trace(trace)
    for pairing in tx.list_pairings(trace.incident):
        other = tx.find_trace(pairing.other(trace.incident)) if pairing.state is PairState.SUGGESTED else None
        if other is not None:
            _review(tx, pairing, trace, other, now)
    _meet(tx, trace, now)


def _review(tx: Change, known: Pairing, trace: Trace, other: Trace, now: datetime) -> None:
    """Score the suggestion anew: joined, taken back or with its figures of now; one a person reopened stays open."""
    likeness = compare(trace, other)  # a crowd that has come since is no reason to take it back
    new = new_pairing(trace, other, likeness, now, cause=known.cause)
    if known.by is None and likeness.verdict is Verdict.JOIN:
        _join(tx, replace(new, cause=Cause.CALLER), trace.incident, now)
    elif known.by is None and likeness.verdict is Verdict.APART:
        taken_back, facts = withdrawn(known, now)
        _put(tx, taken_back, facts)
    else:
        score = new.score if likeness.verdict is not Verdict.APART else known.score
        told = replace(new, at=known.at, by=known.by, score=score)
        shown = abs((told.metres or 0.0) - (known.metres or 0.0)) >= _NOTICED_METRES or (
            (told.first_nature, told.second_nature) != (known.first_nature, known.second_nature)
        )
        _put(tx, told, facts_of(replace(told, at=now), "IncidentsCompared") if shown else ())


def _meet(tx: Change, trace: Trace, now: datetime) -> None:
    cells: Sequence[int] = cells_near(trace.place) if trace.place is not None else ()
    others = tx.list_traces(cells, trace.caller, since=trace.at - WINDOW, limit=NEAREST)
    for other, likeness in rank_alike(trace, others)[:SHOWN]:
        known = tx.find_pairing(trace.incident, other.incident)
        if known is None or known.state is PairState.WITHDRAWN:
            _pair(tx, trace, other, likeness, now)


def _pair(tx: Change, trace: Trace, other: Trace, likeness: Likeness, now: datetime) -> None:
    by_caller = likeness.verdict is Verdict.JOIN or likeness.metres is None
    pairing = new_pairing(trace, other, likeness, now, cause=Cause.CALLER if by_caller else Cause.LIKENESS)
    if likeness.verdict is Verdict.JOIN:
        _join(tx, pairing, trace.incident, now)
    else:
        _put(tx, pairing, facts_of(pairing, "IncidentsSuggested"))


def _join(tx: Change, pairing: Pairing, incident: IncidentId, now: datetime) -> None:
    joined, facts = stepped(pairing, PairStep.JOIN, now, None)
    data = {"with": pairing.other(incident), "cause": pairing.cause.value}
    tx.audit(Entry(now, "IncidentsJoined", "system", None, incident, data=data))
    _put(tx, joined, facts)


def _put(tx: Change, pairing: Pairing, facts: Iterable[Fact]) -> None:
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
