"""What holds for signal priority whatever happens, in whatever order."""

from datetime import timedelta
from itertools import combinations, count

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.crossroads import NOON, crossroads, drive, road
from goldentime.city.signals.plan import Rules, Scene, Send, decide
from goldentime.city.signals.request import STEPS, Request, RequestId, State, stepped
from goldentime.city.signals.way import Drive, Way
from goldentime.sim.signals.controller import Controller

RULES = Rules()
JUNCTIONS = {name: crossroads(name) for name in ("a", "b")}
ENTERED = {link: junction for junction in JUNCTIONS.values() for link in junction.approaches}
STRAIGHT = road("a", "b", seconds=20)
WAYS = (
    STRAIGHT,
    Way(("b-e", "a-e", "end"), STRAIGHT.metres, STRAIGHT.seconds),
    Way(("a-n", "end"), (400.0, 400.0), (20.0, 20.0)),
    Way(("a-n", "b-w", "end"), STRAIGHT.metres, STRAIGHT.seconds),
    Way(("b-s", "end"), (400.0, 400.0), (20.0, 20.0)),
)
UNITS = ("u", "v", "w")
EVENTS = st.one_of(
    st.tuples(st.just("drives"), st.sampled_from(UNITS), st.integers(0, len(WAYS) - 1), st.integers(0, 2)),
    st.tuples(st.just("moves"), st.sampled_from(UNITS), st.integers(0, 1), st.floats(0, 390)),
    st.tuples(st.just("stops"), st.sampled_from(UNITS)),
    st.tuples(st.just("waits"), st.sampled_from((1, 3, 12, 70))),
    st.tuples(st.just("answers"), st.integers(0, 5), st.sampled_from(list(State))),
)


class World:
    """The planner among units that come and go and a centre that answers when it likes."""

    def __init__(self) -> None:
        self.now, self.book = NOON, {}
        self.drives: dict[str, Drive] = {}
        self.waiting: list[RequestId] = []
        self.ids = count()

    def turn(self) -> None:
        scene = Scene(dict(self.drives), ENTERED, self.now, RULES)
        for step in decide(self.book, scene, lambda: RequestId(f"r{next(self.ids):04d}")):
            before = self.book.get(step.request.id)
            assert before is None or before.state is step.request.state or step.request.state in STEPS[before.state]
            self.book[step.request.id] = step.request
            if step.send in {Send.REQUEST, Send.RELEASE}:
                self.waiting.append(step.request.id)

    def happens(self, event: tuple) -> None:
        what, *more = event
        if what == "drives":
            unit, way, gravity = more
            self.drives[unit] = drive(unit, WAYS[way], gravity=gravity, seen=self.now)
        elif what == "moves" and more[0] in self.drives:
            unit, at, along = more
            known = self.drives[unit]
            at = min(at, len(known.way.links) - 1)
            self.drives[unit] = drive(unit, known.way, at=at, along_m=along, gravity=known.gravity, seen=self.now)
        elif what == "stops":
            self.drives.pop(more[0], None)
        elif what == "waits":
            self.now += timedelta(seconds=more[0])
        elif what == "answers" and self.waiting:
            which, state = more
            self.hear(self.waiting[which % len(self.waiting)], state)

    def hear(self, request: RequestId, state: State) -> None:
        """What a centre may say: nothing of its own making, releases at any time."""
        if state in {State.CONFIRMED, State.ACTIVE, State.REFUSED, State.RELEASED}:
            known = self.book[request]
            if state in STEPS[known.state]:
                self.book[request] = stepped(known, state, self.now)

    def holding(self) -> list[Request]:
        return [one for one in self.book.values() if one.holds]


def keeps_apart(world: World) -> None:
    for one, other in combinations(world.holding(), 2):
        if one.junction == other.junction:
            assert JUNCTIONS[one.junction].may_share(one.approach, other.approach), (one, other)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_the_centre_is_never_left_with_two_conflicting_requests_and_every_request_ends(events: list[tuple]) -> None:
    world = World()
    for event in events:
        world.happens(event)
        world.turn()
        keeps_apart(world)
    world.drives.clear()  # everyone has arrived
    world.turn()
    for one in world.holding():
        assert one.state is State.RELEASING
        world.hear(one.id, State.RELEASED)
    world.turn()
    assert all(one.is_over for one in world.book.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_a_strict_controller_never_has_to_refuse_what_the_planner_asks(events: list[tuple]) -> None:
    world, controllers = World(), {name: Controller(junction, 0.0) for name, junction in JUNCTIONS.items()}
    for event in events:
        if event[0] != "answers":
            world.happens(event)
        before = dict(world.book)
        world.turn()
        changed = [one for one in world.book.values() if before.get(one.id) is not one]
        for one in sorted(changed, key=lambda one: one.state is not State.RELEASING):
            controller = controllers[one.junction]
            if one.state is State.RELEASING and before[one.id].state is not State.RELEASING:
                controller.release(one.id)
                world.hear(one.id, State.RELEASED)
            elif one.state is State.REQUESTED and (one.id not in before or before[one.id].state is State.PLANNED):
                assert controller.claim(one.id, one.approach) is None
                world.hear(one.id, State.CONFIRMED)
