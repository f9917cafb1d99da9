"""The walk of a dispatch on Suwon's roads: from a report over TCP to a crew on its way, there, and shown no more."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fakes.axe import in_both_themes
from fakes.walk import Demo, sign_in, wait_for
from goldentime.city.places.along import along_way

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "build" / "browser"
PATIENCE = 60  # seconds; how fast it is, the bench says: here a busy machine must not fail what works
RUSH_HOUR = 400  # seconds of a drive round the closure, four times as fast as life, when the traffic centre tells jams
SPOT = 2
ON_THE_WAY = 25.0  # metres
Line = list[tuple[float, float]]
IN_TURN = (
    "called",
    "intake",
    "listed",
    "ordered",
    "departed",
    "arrived",
    "closed",
)  # the first frame comes when it may
STAMPS = ("called", "intake", "listed", "seen", "ordered", "departed", "arrived", "closed")
# What the crew's page is told and what moves on the operator's map, as these pages hear it themselves.
NOTE_BRIEFS = """
window.briefs = [];
const ask = window.fetch;
window.fetch = async (...asked) => {
  const answer = await ask(...asked);
  if (String(asked[0]).startsWith('/api/field') && answer.ok)
    answer.clone().json().then((told) => told.brief ?? told)
      .then((told) => { if (told.unit) window.briefs.push(told); });
  return answer;
};
"""
NOTE_PLACES = """
window.places = {};
const ask = window.fetch;
const read = async (answer) => {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = '';;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\\n\\n');
    rest = events.pop();
    for (const event of events) {
      const lines = event.split('\\n');
      if (!lines.some((line) => line.startsWith('event:') && line.slice(6).trim() === 'units')) continue;
      const told = JSON.parse(lines.find((line) => line.startsWith('data:')).slice(5));
      for (const [unit, lon, lat] of told.at) (window.places[unit] ??= []).push([lon, lat]);
    }
  }
};
window.fetch = async (...asked) => {
  const answer = await ask(...asked);
  if (String(asked[0]).startsWith('/api/live') && answer.ok) read(answer.clone()).catch(() => {});
  return answer;
};
"""
ASK = """
async ([method, path, body]) => {
  const headers = { 'X-Goldentime': '1', 'Content-Type': 'application/json' };
  const answer = await fetch(path, { method, headers, body: body === null ? undefined : JSON.stringify(body) });
  return { status: answer.status, told: await answer.json() };
}
"""


@pytest.fixture
def operator(suwon: Demo, context: BrowserContext) -> Page:
    """The control room, signed in."""
    context.add_init_script(NOTE_PLACES)
    page = context.new_page()
    sign_in(page, suwon, "operator")
    expect(page.get_by_test_id("queue")).to_be_visible(timeout=60_000)
    return page


@pytest.fixture
def crew(suwon: Demo, browser: Browser) -> Iterator[Page]:
    """The crew of an engine, signed in on its phone and waiting."""
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    phone.add_init_script(NOTE_BRIEFS)
    page = phone.new_page()
    sign_in(page, suwon, "crew119", "/field")
    expect(page.get_by_test_id("field-idle")).to_be_visible(timeout=60_000)
    yield page
    phone.close()


def test_a_report_over_tcp_brings_a_crew_there_and_its_pictures_end_with_the_incident(
    suwon: Demo, operator: Page, crew: Page
) -> None:
    unit = str(brief(crew)["unit"]["id"])
    incident = open_reported(suwon, operator)
    order_by_keyboard(suwon, operator, unit)
    see_the_way_and_the_scene(crew, incident)
    call_for_support(operator, crew, unit)
    closed, way = close_a_road_ahead(operator, crew)
    before = len(places(operator, unit))
    assert in_both_themes(crew) == []
    arrive(operator, crew, unit)
    after = places(operator, unit)[before:]
    assert driven(after, way) > 200, "metres of its new way driven before the operator's eyes"
    assert along_way(after, closed, within=ON_THE_WAY) == [], "it kept off what was closed"
    close_by_keyboard(operator, crew)
    for stamp in STAMPS:
        expect(operator.get_by_test_id(f"stamp-{stamp}")).to_have_attribute("data-stamped", "true", timeout=20_000)
    stamped = [operator.get_by_test_id(f"stamp-{stamp}").get_attribute("data-at") or "" for stamp in IN_TURN]
    in_turn = sorted(stamped, key=datetime.fromisoformat)
    assert stamped == in_turn, dict(zip(IN_TURN, stamped, strict=True))
    operator.screenshot(path=PICTURES / "dispatch-closed.png")


def open_reported(suwon: Demo, operator: Page) -> str:
    """A fire is reported over the safety net; its incident, opened by keyboard."""
    suwon.report("119", spot=SPOT, linkage="safety_net_tcp")
    row = operator.locator("[data-testid=queue-row][data-acknowledged=false]").first
    expect(row).to_be_visible(timeout=30_000)
    operator.keyboard.press("j")
    operator.keyboard.press("Enter")
    expect(operator.locator("[data-testid=tile-1][data-state=live]")).to_be_visible(timeout=60_000)
    return str(row.get_attribute("data-incident"))


def order_by_keyboard(suwon: Demo, operator: Page, unit: str) -> None:
    """The unit is recommended with its minutes and why; one key sends it, and its agency hears which units go."""
    row = operator.locator(f"[data-testid=unit][data-unit={unit}]")
    expect(row).to_have_attribute("data-fitness", "suggested", timeout=30_000)
    assert any(sign.isdigit() for sign in row.locator(".unit-minutes").inner_text())
    assert row.locator("p").inner_text().strip() != "", "why it is recommended"
    operator.screenshot(path=PICTURES / "dispatch-advice.png")
    operator.keyboard.press("d")
    expect(operator.locator(f"[data-testid=on-call][data-unit={unit}]")).to_be_visible(timeout=20_000)
    drawn = operator.locator("[data-testid=map]:not([data-ways='0'])")
    expect(drawn, "the ways of who was sent are on the map").to_be_visible(timeout=20_000)
    heard = wait_for(lambda: orders_heard(suwon), PATIENCE, "the agency's system hears the order", suwon.log.read_text)
    assert any(unit in line for line in heard), heard


def orders_heard(suwon: Demo) -> list[str]:
    """What the listening agency printed of orders: those messages alone name units."""
    lines = suwon.log.read_text().splitlines()
    return [line for line in lines if line.startswith("agency-119 ←") and "[" in line]


def see_the_way_and_the_scene(crew: Page, incident: str) -> None:
    """Nobody taps anything: the order alone brings the call, the picture, the next turn and the map."""
    expect(crew.locator(f"[data-testid=field-call][data-incident={incident}]")).to_be_visible(timeout=20_000)
    shown = crew.locator("[data-testid=field-tile][data-state=still], [data-testid=field-tile][data-state=live]")
    expect(shown).to_be_visible(timeout=20_000)
    expect(crew.get_by_text("연기가 남")).to_be_visible()
    expect(crew.get_by_test_id("field-turn")).to_be_visible(timeout=10_000)
    expect(crew.locator("[data-testid=field-map] [data-ready=true]")).to_be_attached(timeout=60_000)
    crew.screenshot(path=PICTURES / "field-way.png")
    in_sight_on_a_lying_phone(crew)


def in_sight_on_a_lying_phone(crew: Page) -> None:
    """In landscape too the turn, the picture and the next step are seen at once, and nothing lies on the picture."""
    crew.set_viewport_size({"width": 844, "height": 390})
    for part in ("field-turn", "field-tile", "field-arrive"):
        expect(crew.get_by_test_id(part)).to_be_in_viewport(ratio=0.95)
    tile, dots = (crew.locator(part).bounding_box() for part in ("[data-testid=field-tile]", ".field-dots"))
    assert tile is not None
    assert dots is None or dots["y"] >= tile["y"] + tile["height"]
    crew.screenshot(path=PICTURES / "field-lying.png")
    crew.set_viewport_size({"width": 390, "height": 844})


def call_for_support(operator: Page, crew: Page, unit: str) -> None:
    """Two presses bring it before the operator, wherever they look; one word back is read in the car."""
    for _ in range(2):
        crew.get_by_test_id("field-support").click()
    call = operator.locator(f"[data-testid=support-asked] [data-unit={unit}]")
    expect(call).to_be_visible(timeout=20_000)
    expect(crew.get_by_test_id("field-support-said")).to_contain_text("확인 대기", timeout=20_000)
    operator.screenshot(path=PICTURES / "dispatch-support.png")
    call.get_by_role("button", name="확인").click()
    expect(crew.get_by_test_id("field-support-said")).to_contain_text("관제가 확인함", timeout=20_000)
    crew.screenshot(path=PICTURES / "field-support.png")
    expect(call).to_have_count(0)


def close_a_road_ahead(operator: Page, crew: Page) -> tuple[Line, Line]:
    """What is closed on its way is no longer on its way; the middle of what is closed, and the line of the new way."""
    way = brief(crew)["scene"]["way"]
    piece = next(one for one in way["pieces"] if one["metres_along"] > way["metres"] * 0.5)
    (lon, lat) = piece["line"][len(piece["line"]) // 2]
    near = ask(operator, "GET", f"/api/roads/near?lon={lon}&lat={lat}&within=30")["items"]
    link = next(one["link"] for one in near if rounded(one["line"]) == rounded(piece["line"]))
    ask(operator, "POST", "/api/roads/closures", {"links": [link], "scope": "for_all", "reason": "상수도관 파열"}, 201)

    def goes_round() -> bool:
        now = brief(crew)["scene"]["way"]
        return now is not None and all(rounded(one["line"]) != rounded(piece["line"]) for one in now["pieces"])

    wait_for(goes_round, 20, "another way on the crew's page", lambda: crew.screenshot(path=PICTURES / "failed.png"))
    expect(crew.get_by_text("상수도관 파열")).to_be_visible(timeout=5_000)
    crew.screenshot(path=PICTURES / "field-round.png")
    operator.screenshot(path=PICTURES / "dispatch-way.png")
    return middle_of(piece["line"]), [point for one in brief(crew)["scene"]["way"]["pieces"] for point in one["line"]]


def middle_of(line: Line) -> Line:
    """The line between its middle points: its ends belong to the roads beside it too."""
    (a_lon, a_lat), (b_lon, b_lat) = line[len(line) // 2 - 1], line[len(line) // 2]
    return [(a_lon + (b_lon - a_lon) * share, a_lat + (b_lat - a_lat) * share) for share in (0.4, 0.6)]


def arrive(operator: Page, crew: Page, unit: str) -> None:
    """It is there because its position says so, and nobody has pressed anything."""
    there = crew.locator("[data-testid=field][data-state=on_scene]")
    expect(there).to_be_visible(timeout=RUSH_HOUR * 1000)
    row = operator.locator(f"[data-testid=on-call][data-unit={unit}][data-state=on_scene]")
    expect(row).to_be_visible(timeout=20_000)
    known = next(one for one in ask(operator, "GET", "/api/units")["items"] if one["id"] == unit)
    assert known["state_by"] == "arrival"
    crew.screenshot(path=PICTURES / "field-there.png")


def places(operator: Page, unit: str) -> NDArray[np.float64]:
    """`(n, 2)` lon/lat at which the operator's map was told of the unit, in their order."""
    return np.array(operator.evaluate("(unit) => window.places[unit] ?? []", unit)).reshape(-1, 2)


def driven(spots: NDArray[np.float64], way: Line) -> float:
    """Metres of the way between the first and the last of the places on it."""
    on_it = [metres for _, metres, _ in along_way(spots, way, within=ON_THE_WAY)]
    return max(on_it, default=0.0) - min(on_it, default=0.0)


def close_by_keyboard(operator: Page, crew: Page) -> None:
    """The incident's end is the end of looking, said in words."""
    for key in ("c", "1", "Enter"):
        operator.keyboard.press(key)
    expect(crew.get_by_test_id("field-ended")).to_be_visible(timeout=20_000)
    expect(crew.get_by_test_id("field-ended")).to_contain_text("열람이 종료되었습니다")
    expect(crew.locator("[data-testid=field-tile], .field-main img, video")).to_have_count(0)
    crew.screenshot(path=PICTURES / "field-ended.png")


def brief(crew: Page) -> dict[str, Any]:
    """The newest brief the crew's page was given."""
    told: dict[str, Any] = wait_for(lambda: crew.evaluate("window.briefs.at(-1)"), PATIENCE, "a brief")
    return told


def ask(page: Page, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The answer to what this page's person asks."""
    answer = page.evaluate(ASK, [method, path, body])
    assert answer["status"] == status, answer
    return answer["told"]


def rounded(line: list[list[float]]) -> list[tuple[float, float]]:
    """A line, compared to a metre."""
    return [(round(lon, 5), round(lat, 5)) for lon, lat in line]
