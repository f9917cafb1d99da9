"""What an agency's own system asks of its units and tells of them over HTTP, with its key."""

import secrets
from typing import Any

import httpx

from fakes.hall import FIRE, POLICE, Hall
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.flows.people.manage_keys import issue_key


async def key_of(hall: Hall, agency: str, *, sandbox: bool = False) -> str:
    key = await issue_key(hall.store, SystemClock(), secrets.token_bytes, AgencyId(agency), sandbox=sandbox)
    return key.secret


async def ask(hall: Hall, key: str, method: str, path: str, json: Any = None) -> httpx.Response:
    headers = {"X-Goldentime-Key": key} if key else {}
    return await hall.http.request(method, f"/api/agency/units{path}", headers=headers, json=json)


def said(step: str, order: str = "ord-1") -> dict[str, str]:
    return {"step": step, "order": order, "at": SystemClock().now().isoformat()}


async def test_it_is_told_its_own_units_and_the_scene_only_while_they_are_on_it(hall: Hall) -> None:
    police, fire = await key_of(hall, POLICE.id), await key_of(hall, FIRE.id)
    (unit,) = (await ask(hall, police, "GET", "")).json()["items"]
    assert (unit["id"], unit["code"], unit["state"], unit["scene"]) == ("P1", "P1", "available", None)
    assert [one["id"] for one in (await ask(hall, fire, "GET", "")).json()["items"]] == ["E1"]
    incident = (await hall.opened())["id"]
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    sent = await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    assert sent.status_code == 201, sent.text
    (unit,) = (await ask(hall, police, "GET", "")).json()["items"]
    assert (unit["state"], unit["scene"]["incident_id"]) == ("ordered", incident)
    assert incident not in (await ask(hall, fire, "GET", "")).text
    told = await ask(hall, police, "POST", "/P1/state", said("depart", unit["order"]))
    assert told.json() == {"id": "P1", "state": "en_route"}
    grants = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["grants"]
    theirs = next(grant["id"] for grant in grants if grant["agency"] and grant["agency"]["id"] == POLICE.id)
    revoked = await hall.ask("operator", "POST", f"/api/grants/{theirs}/revoke", {})
    assert revoked.status_code == 200, revoked.text
    (unit,) = (await ask(hall, police, "GET", "")).json()["items"]
    assert (unit["state"], unit["scene"]) == ("en_route", None)


async def test_it_says_nothing_of_another_agency_s_unit_nor_what_is_no_step(hall: Hall) -> None:
    fire = await key_of(hall, FIRE.id)
    assert (await ask(hall, fire, "POST", "/P1/state", said("depart"))).status_code == 404
    assert (await ask(hall, fire, "POST", "/E1/state", said("cancel"))).status_code == 422
    assert (await ask(hall, fire, "POST", "/E1/state", {**said("depart"), "more": 1})).status_code == 422
    assert (await ask(hall, fire, "POST", "/E1/state", said("depart"))).status_code == 409
    for missing in ("order", "at"):
        half = {name: value for name, value in said("depart").items() if name != missing}
        assert (await ask(hall, fire, "POST", "/E1/state", half)).status_code == 422
    naive = {**said("depart"), "at": "2026-11-23T12:00:00"}
    assert (await ask(hall, fire, "POST", "/E1/state", naive)).status_code == 422


async def test_without_a_key_or_with_a_sandbox_key_there_is_nothing(hall: Hall) -> None:
    assert (await ask(hall, "", "GET", "")).status_code == 401
    assert (await ask(hall, "no key", "GET", "")).status_code == 401
    sandbox = await key_of(hall, POLICE.id, sandbox=True)
    refused = await ask(hall, sandbox, "GET", "")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "sandbox_key")
    assert (await ask(hall, sandbox, "POST", "/P1/state", said("depart"))).status_code == 403
