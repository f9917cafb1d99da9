"""Units over HTTP: what a dispatcher, an agency and a crew are told and may do."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from fakes.hall import OURS, POLICE, Hall, seat_viewer
from goldentime.core.clock import SystemClock
from goldentime.core.ids import IncidentId


async def shared(hall: Hall) -> str:
    """An incident the police may look at."""
    incident = (await hall.opened())["id"]
    answer = await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    assert answer.status_code == 200, answer.text
    return incident


async def order(hall: Hall, who: str, incident: str, *units: str) -> httpx.Response:
    return await hall.ask(who, "POST", "/api/orders", {"incident_id": incident, "units": list(units)})


async def test_an_operator_sees_every_unit_and_an_agency_its_own(hall: Hall) -> None:
    everyone = (await hall.ask("operator", "GET", "/api/units")).json()["items"]
    assert [unit["id"] for unit in everyone] == ["E1", "P1"]
    theirs = (await hall.ask("agency", "GET", "/api/units")).json()["items"]
    assert [(unit["call_sign"], unit["state"], unit["kind_name"]["ko"]) for unit in theirs] == [
        ("순찰1호", "available", "순찰차")
    ]


async def test_advice_says_who_why_and_what_is_missing(hall: Hall) -> None:
    incident = await shared(hall)
    advice = (await hall.ask("operator", "GET", f"/api/incidents/{incident}/units")).json()
    rows = {row["unit"]["id"]: row for row in advice["suggested"]}
    assert rows["P1"]["seconds"] > 0
    assert "도착 예상" in rows["P1"]["reasons"][0]["ko"]
    assert (rows["P1"]["needs_sharing"], rows["E1"]["needs_sharing"]) == (False, True)
    assert advice["card"] is None  # opened by hand, as nothing in particular
    assert advice["may_order"] is True


async def test_an_order_its_steps_and_its_end(hall: Hall) -> None:
    incident = await shared(hall)
    sent = await order(hall, "operator", incident, "P1")
    assert sent.status_code == 201, sent.text
    (one,) = sent.json()["items"]
    assert (one["order"]["units"], one["on_wire"]) == (["P1"], False)  # this agency has no wire of ours
    again = await order(hall, "operator", incident, "P1")
    assert (again.status_code, "순찰1호" in again.json()["error"]["text"]["ko"]) == (409, True)
    crew = await hall.ask("crew", "POST", "/api/units/P1/state", {"step": "depart"})
    assert (crew.json()["state"], crew.json()["may"]) == ("en_route", ["arrive", "clear", "take_back"])
    there = await hall.ask("agency", "POST", "/api/units/P1/state", {"step": "arrive"})
    assert there.json()["state"] == "on_scene"
    back = await hall.ask("operator", "POST", "/api/units/P1/call-back")
    assert back.status_code == 409
    timeline = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["timeline"]
    told = [row["text"]["ko"] for row in timeline]
    assert "순찰1호 현장 도착" in told
    assert any(one.startswith("출동지령: 순찰1호") for one in told)


async def test_a_unit_on_a_drill_says_so_wherever_units_are_told(hall: Hall) -> None:
    incident = await shared(hall)
    await order(hall, "operator", incident, "P1")

    async def drills() -> list[bool]:
        listed = (await hall.ask("operator", "GET", "/api/units")).json()["items"]
        advised = (await hall.ask("operator", "GET", f"/api/incidents/{incident}/units")).json()["suggested"]
        rows = [*listed, *(row["unit"] for row in advised)]
        return [row["incident"]["drill"] for row in rows if row["incident"]]

    assert await drills() == [False, False]

    def as_drill(tx: Any) -> None:
        tx.put_incident(replace(tx.find_incident(IncidentId(incident)), drill=True))

    hall.store.change_now(as_drill)
    assert await drills() == [True, True]


async def test_what_was_ordered_is_taken_back_in_one_request(hall: Hall) -> None:
    incident = await shared(hall)
    sent = (await order(hall, "operator", incident, "P1")).json()["items"]
    way, body = f"/api/incidents/{incident}/orders/take-back", {"orders": [one["order"]["id"] for one in sent]}
    assert (await hall.ask("fire", "POST", way, body)).status_code == 404
    back = await hall.ask("operator", "POST", way, body)
    assert [(unit["id"], unit["state"]) for unit in back.json()["items"]] == [("P1", "available")]
    again = await hall.ask("operator", "POST", way, body)
    assert (again.status_code, again.json()["items"]) == (200, [])  # done is done
    assert (await hall.ask("operator", "POST", way, {"orders": ["none"]})).status_code == 404


async def test_a_crew_watches_only_while_it_is_on_the_call(hall: Hall) -> None:
    incident = await shared(hall)
    camera = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["cameras"][0]["camera_id"]
    wish = {"camera_id": camera, "incident_id": incident}
    assert (await hall.ask("crew", "POST", "/api/views", wish)).status_code == 403
    await order(hall, "operator", incident, "P1")
    assert (await hall.ask("crew", "POST", "/api/views", wish)).status_code in {200, 201}
    await hall.ask("operator", "POST", "/api/units/P1/call-back")
    assert (await hall.ask("crew", "POST", "/api/views", wish)).status_code == 403
    detail = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()
    (grant,) = [one for one in detail["grants"] if one["unit"]]
    assert (grant["unit"]["name"], grant["agency"], grant["ended_at"] is not None) == ("순찰1호", None, True)


async def test_an_agency_orders_nobody_else_s_units_and_nothing_it_may_not_see(hall: Hall) -> None:
    incident = await shared(hall)
    assert (await order(hall, "agency", incident, "E1")).status_code == 404
    refused = await order(hall, "operator", incident, "E1")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "agency_without_right")
    assert (await order(hall, "fire", incident, "E1")).status_code == 404  # not shared with them: it is not there
    assert (await order(hall, "agency", incident, "P1")).status_code == 201


async def test_a_viewer_by_code_reads_the_advice_and_orders_nothing(hall: Hall) -> None:
    incident = await shared(hall)
    found = hall.store.read_now(lambda look: look.find_incident(IncidentId(incident)))
    assert found is not None
    hall.headers["viewer"] = seat_viewer(hall.store, found)
    advice = await hall.ask("viewer", "GET", f"/api/incidents/{incident}/units")
    assert (advice.status_code, advice.json()["may_order"]) == (200, False)
    assert advice.json()["suggested"] == []  # nobody is on its way, and the fleet is not theirs to see
    assert (await hall.ask("viewer", "GET", "/api/units")).json()["items"] == []
    assert (await order(hall, "viewer", incident, "P1")).status_code == 404
    await order(hall, "operator", incident, "P1")
    advice = await hall.ask("viewer", "GET", f"/api/incidents/{incident}/units")
    assert [row["unit"]["id"] for row in advice.json()["suggested"]] == ["P1"]


@pytest.mark.parametrize(
    "body",
    [
        {"incident_id": "x", "units": []},
        {"incident_id": "x", "units": ["P1"] * 41},
        {"units": ["P1"]},
        {"incident_id": "x", "units": ["P1"], "more": 1},
        {"incident_id": "x", "units": "P1"},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_in_words(hall: Hall, body: object) -> None:
    answer = await hall.ask("operator", "POST", "/api/orders", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["text"]["ko"]


async def test_a_step_nobody_knows_is_refused(hall: Hall) -> None:
    for step in ("order", "cancel", "fly"):
        answer = await hall.ask("operator", "POST", "/api/units/P1/state", {"step": step})
        assert answer.status_code == 422


async def test_the_admin_gives_a_unit_its_crew_s_account(hall: Hall) -> None:
    units = (await hall.ask("admin", "GET", "/api/accounts/units")).json()["items"]
    assert {unit["id"] for unit in units} == {"E1", "P1"}
    made = await hall.ask("admin", "POST", "/api/accounts", {"name": "e1", "role": "crew", "unit_id": "E1"})
    assert (made.status_code, made.json()["unit_id"], made.json()["agency_id"]) == (201, "E1", "agency-119")
    moved = await hall.ask("admin", "POST", f"/api/accounts/{made.json()['id']}/unit", {"unit_id": "P1"})
    assert (moved.json()["unit_id"], moved.json()["agency_id"]) == ("P1", "agency-112")
    for wrong in ({"role": "crew"}, {"role": "operator", "unit_id": "E1"}, {"role": "crew", "unit_id": "none"}):
        answer = await hall.ask("admin", "POST", "/api/accounts", {"name": "e2", **wrong})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "unit_id")


async def test_a_crew_whose_unit_is_gone_is_nobody(hall: Hall) -> None:
    unit = hall.store.read_now(lambda look: look.list_units())[1]
    gone = replace(unit, removed_at=SystemClock().now())
    hall.store.change_now(lambda tx: tx.put_unit(gone))
    answer = await hall.http.post(
        "/api/units/P1/state", json={"step": "depart"}, headers={**hall.headers["crew"], **OURS}
    )
    assert answer.status_code == 401


async def test_the_description_for_integrators_has_shapes_for_units(hall: Hall) -> None:
    described = (await hall.ask("operator", "GET", "/api/openapi.json")).json()
    answer = described["paths"]["/api/incidents/{incident_id}/units"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("AdviceRow")
