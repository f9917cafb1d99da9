"""How a junction's lights go, whatever the units ask for and whenever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.crossroads import crossroads
from goldentime.sim.signals.controller import Controller, Refusal

APPROACHES = ("j1-n", "j1-e", "j1-s", "j1-w", "nowhere")


def _run(controller: Controller, since: int, until: int) -> None:
    for now in range(since, until):
        controller.tick(now)


def test_a_claim_turns_green_once_who_walks_has_crossed_and_yellow_and_all_red_have_passed() -> None:
    controller = Controller(crossroads(), 0)
    _run(controller, 0, 5)
    assert controller.claim("a", "j1-w") is None
    seen = []
    for now in range(5, 60):
        controller.tick(now)
        seen.append((now, controller.lights()))
    first_yellow = next(now for now, lights in seen if lights.yellow)
    first_green = next(now for now, lights in seen if "w" in lights.green)
    assert first_yellow == 25  # the walk over the east arm began at 0 and lasts 25 s
    assert first_green == 30
    assert all("w" in lights.green for now, lights in seen if now >= 30)


def test_the_unit_s_own_approach_stays_green_when_it_is_green_already() -> None:
    controller = Controller(crossroads(), 0)
    controller.claim("a", "j1-n")
    for now in range(60):
        controller.tick(now)
        assert "n" in controller.lights().green, now


def test_after_release_the_road_that_waited_longest_goes_first() -> None:
    controller = Controller(crossroads(), 0)
    controller.claim("a", "j1-w")
    _run(controller, 0, 50)
    controller.release("a")
    _run(controller, 50, 60)
    assert "n" in controller.lights().green


def test_a_green_held_too_long_is_dropped_by_the_controller_itself() -> None:
    controller = Controller(crossroads(), 0)
    controller.claim("a", "j1-w")
    dropped = {now: late for now in range(120) if (late := controller.tick(now))}
    assert dropped == {90: ("a",)}  # green at 30, 60 s at most


def test_what_conflicts_or_does_not_exist_is_refused() -> None:
    controller = Controller(crossroads(), 0)
    assert controller.claim("a", "j1-w") is None
    assert controller.claim("b", "j1-n") is Refusal.CONFLICT
    assert controller.claim("b", "j1-e") is None  # opposite: both may go
    assert controller.claim("b", "j1-e") is Refusal.TWICE
    assert controller.claim("c", "j9-e") is Refusal.NO_SUCH_APPROACH


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from("cr"), st.sampled_from(APPROACHES)), max_size=25))
def test_no_walk_is_cut_and_no_greens_conflict_whatever_is_asked(acts: list[tuple[int, str, str]]) -> None:
    junction = crossroads()
    controller = Controller(junction, 0)
    now, green_since, was_yellow, last = -1, {}, {}, None
    for wait, act, approach in [*acts, (150, "r", "j1-n")]:
        for _ in range(wait):
            now += 1
            controller.tick(now)
            lights = controller.lights()
            assert junction.find_conflict(lights.green | lights.yellow) is None
            for group in junction.groups:
                is_green = group.id in lights.green
                if is_green and group.id not in green_since:
                    green_since[group.id] = now
                elif not is_green and group.id in green_since:
                    lasted = now - green_since.pop(group.id)
                    assert lasted >= (group.crossing_s or junction.timing.min_green_s)
                    if not group.crossing_s:
                        assert group.id in lights.yellow, "a vehicle's green ends in yellow"
                        was_yellow[group.id] = now
                if group.id in was_yellow and group.id not in lights.yellow:
                    assert now - was_yellow.pop(group.id) >= junction.timing.yellow_s
            last = lights
        if act == "c":
            controller.claim(f"claim-{approach}", approach)
        else:
            controller.release(f"claim-{approach}")
    assert last is not None
