"""Which greens to ask for, to give back and to wait for, now: for every unit on its way, never two that conflict."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from goldentime.city.signals.junction import Junction, JunctionId
from goldentime.city.signals.request import Reason, Request, RequestId, State, stepped
from goldentime.city.signals.way import Ahead, Drive, metres_past, signals_ahead


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides about its signals; metres and seconds.

    `queue_s` is what the cars waiting before the line need to be gone when the unit comes.
    """

    queue_s: float = 15.0
    passed_m: float = 15.0
    lost_after_s: float = 10.0
    renew_after_s: float = 5.0
    retry_after_s: float = 10.0
    pause_s: float = 120.0  # after a green held to its maximum the others have a cycle
    longest_s: float = 300.0  # from the request to its end, whatever happens


class Send(StrEnum):
    """What the signal centre has to be told."""

    NOTHING = "nothing"
    REQUEST = "request"
    RENEW = "renew"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Step:
    """A request as it is from now on, and what to send for it."""

    request: Request
    send: Send


Requests = Mapping[RequestId, Request]
_NOT_BEFORE: dict[Reason, Callable[[Rules], float]] = {  # seconds before the same unit may ask there again
    Reason.MAXIMUM: lambda rules: rules.pause_s,
    Reason.REFUSED: lambda rules: rules.retry_after_s,
    Reason.LOST_LINK: lambda rules: rules.retry_after_s,
    Reason.CANCELLED: lambda _rules: float("inf"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is decided upon: who drives where, which junction each lit link leads into, the time and the rules."""

    drives: Mapping[str, Drive]
    entered: Mapping[str, Junction]
    now: datetime
    rules: Rules = Rules()

    @property
    def junctions(self) -> dict[JunctionId, Junction]:
        """The junctions by id."""
        return {junction.id: junction for junction in self.entered.values()}


def decide(requests: Requests, scene: Scene, new_id: Callable[[], RequestId]) -> tuple[Step, ...]:
    """Every step due now, in the order in which they must be taken; none changes anything by itself.

    A green is asked for only when no conflicting request of that junction may still be held by the centre.
    """
    book, steps = dict(requests), []
    for taken in (_ending(requests, scene), _planning(book, scene, new_id), _allotting(book, scene)):
        for step in taken:  # each looks at what the one before it has left
            book[step.request.id] = step.request
            steps.append(step)
    return tuple(steps)


def _ending(requests: Requests, scene: Scene) -> Iterable[Step]:
    for request in requests.values():
        if not request.is_over and request.state is not State.RELEASING:
            reason = reason_to_end(request, scene)
            if reason is not None:
                yield given_back(request, reason, scene.now)


def _planning(book: Requests, scene: Scene, new_id: Callable[[], RequestId]) -> Iterable[Step]:
    for drive in scene.drives.values():
        if _is_fresh(drive, scene):
            yield from list(_along(drive, book, scene, new_id))


def _allotting(book: Requests, scene: Scene) -> Iterable[Step]:
    junctions = scene.junctions
    for junction, own in _by_junction(book.values()).items():
        if junction in junctions:
            yield from allotted(junctions[junction], own, scene)


def given_back(request: Request, reason: Reason, now: datetime) -> Step:
    """The request on its way out: told to the centre when it may hold it, just dropped when it was never asked for."""
    if request.holds:
        return Step(stepped(request, State.RELEASING, now, reason=reason), Send.RELEASE)
    return Step(stepped(request, State.RELEASED, now, reason=reason), Send.NOTHING)


def reason_to_end(request: Request, scene: Scene) -> Reason | None:
    """Why this request must end now; None while it is wanted."""
    drive, junction = scene.drives.get(request.unit), scene.junctions.get(request.junction)
    if drive is None or drive.incident != request.incident:
        return Reason.CLOSED
    if junction is None:
        return Reason.LOST_LINK  # the centre no longer names it
    if _is_over_long(request, junction, scene):
        return Reason.MAXIMUM
    return _reason_on_way(request, drive, scene) if _is_fresh(drive, scene) else Reason.LOST_LINK


def _is_over_long(request: Request, junction: Junction, scene: Scene) -> bool:
    held = request.green_at is not None and _since(request.green_at, scene) >= junction.timing.max_hold_s
    return held or (request.requested_at is not None and _since(request.requested_at, scene) >= scene.rules.longest_s)


def _reason_on_way(request: Request, drive: Drive, scene: Scene) -> Reason | None:
    past = metres_past(drive, request.approach)
    if past is None:  # a new route begins where the unit is: behind it lies what it has passed
        return Reason.PASSED if drive.way.links[drive.at] == request.leaving else Reason.REROUTED
    if past >= scene.rules.passed_m:
        return Reason.PASSED
    # how it turns at the junction does not matter for its green, whether it still goes through does
    return None if past > 0 or request.approach in drive.way.links[drive.at : -1] else Reason.REROUTED


def _along(drive: Drive, book: Requests, scene: Scene, new_id: Callable[[], RequestId]) -> Iterable[Step]:
    """New plans for signals not yet thought of, and new times of arrival for those asked for."""
    own = [request for request in book.values() if request.unit == drive.unit and request.incident == drive.incident]
    for ahead in signals_ahead(drive, scene.entered):
        arrives = scene.now + timedelta(seconds=ahead.seconds)
        live = next((one for one in own if not one.is_over and one.approach == ahead.approach), None)
        if live is None:
            if _may_be_planned(own, ahead, scene):
                yield Step(_planned(drive, ahead, scene, new_id()), Send.NOTHING)
        elif live.state is State.PLANNED:
            yield Step(replace(live, arrives_at=arrives, leaving=ahead.leaving), Send.NOTHING)
        elif live.holds and live.state is not State.RELEASING and _has_shifted(live, arrives, scene.rules):
            yield Step(replace(live, arrives_at=arrives), Send.RENEW)


def _has_shifted(request: Request, arrives: datetime, rules: Rules) -> bool:
    return abs((arrives - request.arrives_at).total_seconds()) >= rules.renew_after_s


def _planned(drive: Drive, ahead: Ahead, scene: Scene, made: RequestId) -> Request:
    return Request(
        id=made,
        unit=drive.unit,
        incident=drive.incident,
        junction=ahead.junction.id,
        approach=ahead.approach,
        leaving=ahead.leaving,
        gravity=drive.gravity,
        planned_at=scene.now,
        arrives_at=scene.now + timedelta(seconds=ahead.seconds),
    )


def _may_be_planned(own: Iterable[Request], ahead: Ahead, scene: Scene) -> bool:
    for request in own:
        if request.approach != ahead.approach or request.ended_at is None:
            continue
        wait = _NOT_BEFORE.get(request.reason) if request.reason else None
        if wait is not None and _since(request.ended_at, scene) < wait(scene.rules):
            return False
    return True


def lead_s(junction: Junction, rules: Rules) -> float:
    """How long before arrival a green must be asked for: walks end, yellow, all red, then the queue drains."""
    return junction.longest_change_s + rules.queue_s


def allotted(junction: Junction, own: Collection[Request], scene: Scene) -> tuple[Step, ...]:
    """Who gets this junction: the gravest, then whoever arrives first; a lesser holder gives way and is waited for."""
    lead, steps = timedelta(seconds=lead_s(junction, scene.rules)), []
    holders = [request for request in own if request.holds]
    before: list[Request] = []  # those who come first and still wait: nobody conflicting slips in ahead of them
    due = [one for one in own if one.state is State.PLANNED and one.arrives_at - scene.now <= lead]
    for one in sorted(due, key=lambda request: (request.gravity, request.arrives_at, request.id)):
        against = [holder for holder in holders if not junction.may_share(holder.approach, one.approach)]
        behind = any(not junction.may_share(first.approach, one.approach) for first in before)
        if not against and not behind:
            asked = stepped(one, State.REQUESTED, scene.now)
            holders.append(asked)
            steps.append(Step(asked, Send.REQUEST))
            continue
        before.append(one)
        for holder in against:
            if holder.gravity > one.gravity and holder.state is not State.RELEASING and not behind:
                step = given_back(holder, Reason.OUTRANKED, scene.now)
                holders[holders.index(holder)] = step.request
                steps.append(step)
    return tuple(steps)


def _by_junction(requests: Iterable[Request]) -> dict[JunctionId, list[Request]]:
    found: dict[JunctionId, list[Request]] = {}
    for request in requests:
        if not request.is_over:
            found.setdefault(request.junction, []).append(request)
    return found


def _is_fresh(drive: Drive, scene: Scene) -> bool:
    return _since(drive.seen_at, scene) <= scene.rules.lost_after_s


def _since(at: datetime, scene: Scene) -> float:
    return (scene.now - at).total_seconds()
