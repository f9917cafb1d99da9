"""Every route by every role: refused unless the table says otherwise, and a route that is not in it fails."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from fakes.blank_database import open_blank
from fakes.hall import Hall, Pictures, furnish, seat, seat_viewer
from goldentime.core.clock import SystemClock
from goldentime.core.ids import IncidentId

OPERATOR, AGENCY, OFFICER, ADMIN, CREW = "operator", "agency", "officer", "admin", "crew"
VIEWER, NOBODY = "viewer", "nobody"
EVERYONE = frozenset({OPERATOR, AGENCY, OFFICER, ADMIN, CREW, VIEWER, NOBODY})
SIGNED_IN = EVERYONE - {NOBODY}
SEES = frozenset({OPERATOR, AGENCY, VIEWER})
WATCHES = SEES | {CREW}
OPERATORS, OFFICERS, ADMINS = frozenset({OPERATOR}), frozenset({OFFICER}), frozenset({ADMIN})
CREWS, BY_KEY = frozenset({CREW}), frozenset[str]()  # an agency's key, never a session
LOG_READERS, MEASURES = OFFICERS | ADMINS, frozenset({OPERATOR, AGENCY, ADMIN})
PAGES = ("/", "/viewer", "/field", "/privacy", "/admin", "/golden", "/linkages", "/test-message")
RULES: dict[str, frozenset[str]] = {
    # anyone: the pages, signing in, what agencies' systems call (their own keys are asked for inside)
    **dict.fromkeys((f"GET {page}" for page in PAGES), EVERYONE),
    **dict.fromkeys(("GET /map/city.json", "GET /map/city.pmtiles"), EVERYONE),
    **dict.fromkeys(("GET /api/health", "GET /api/openapi.json"), EVERYONE),
    **dict.fromkeys(("POST /api/getAuth.json", "POST /auth.json"), EVERYONE),
    **dict.fromkeys(("POST /linkHttp/recvEvent.json", "POST /api/reqEvent.json"), EVERYONE),
    "POST /api/session": EVERYONE,
    "POST /api/viewer/exchange": EVERYONE,
    "POST /api/agency/codes": frozenset(),  # an agency's key, never a session
    # everyone signed in
    **dict.fromkeys(("GET /api/session", "DELETE /api/session", "POST /api/session/password"), SIGNED_IN),
    **dict.fromkeys(("PUT /api/session/language", "GET /api/agencies", "GET /api/live"), SIGNED_IN),
    # who sees incidents
    **dict.fromkeys(("GET /api/incidents", "GET /api/incidents/{incident_id}"), SEES),
    "POST /api/incidents/{incident_id}/widen": SEES,
    **dict.fromkeys(("GET /api/sites.geojson", "GET /api/cameras.geojson"), SEES),
    "GET /api/cameras/near": frozenset({OPERATOR}),
    **dict.fromkeys(("GET /api/sites/{site_id}", "GET /api/search", "GET /api/links"), SEES),
    **dict.fromkeys(("POST /api/views", "DELETE /api/views/{view_id}", "GET /api/views/{view_id}/still.jpg"), WATCHES),
    **dict.fromkeys(("GET /api/views/{view_id}/hls/index.m3u8", "GET /api/views/{view_id}/hls/{name}"), WATCHES),
    **dict.fromkeys(("GET /api/roads/closures", "GET /api/roads/links.geojson", "GET /api/roads/near"), SEES),
    **dict.fromkeys(("GET /api/roads/reach", "GET /api/roads/route", "GET /api/roads/traffic"), SEES),
    **dict.fromkeys(("GET /api/signals", "GET /api/incidents/{incident_id}/signals"), SEES),
    "GET /api/unit-positions": SEES,
    **dict.fromkeys(("POST /api/views/{view_id}/seen",), WATCHES),
    "GET /api/incidents/{incident_id}/sightings/{position}.jpg": WATCHES,
    # an agency's own systems
    **dict.fromkeys(("GET /api/agency/units", "POST /api/agency/units/{unit_id}/state"), BY_KEY),
    **dict.fromkeys(("POST /api/positions", "POST /api/roads/speeds"), BY_KEY),
    "GET /api/agency/incidents/{incident_id}/sightings/{position}.jpg": BY_KEY,
    # a crew's own page
    **dict.fromkeys(("GET /api/field", "POST /api/field/steps", "POST /api/field/opening"), CREWS),
    **dict.fromkeys(("POST /api/field/position", "POST /api/field/support"), CREWS),
    # golden times: an agency its own
    **dict.fromkeys(("GET /api/golden-time", "GET /api/golden-time.csv", "GET /api/golden-time.pdf"), MEASURES),
    **dict.fromkeys(("GET /api/golden-time/incidents", "GET /api/golden-time-incidents.csv"), MEASURES),
    "POST /api/golden-time/rebuild": ADMINS,
    # units: whose they are is asked inside
    **dict.fromkeys(("GET /api/units", "GET /api/incidents/{incident_id}/units", "POST /api/orders"), SEES),
    "GET /api/incidents/{incident_id}/ways": SEES,
    **dict.fromkeys(
        ("POST /api/units/{unit_id}/call-back", "POST /api/incidents/{incident_id}/orders/take-back"), SEES
    ),
    **dict.fromkeys(("POST /api/units/{unit_id}/state", "POST /api/units/{unit_id}/still-on-scene"), WATCHES),
    "POST /api/units/{unit_id}/support-heard": SEES,
    # operators
    **dict.fromkeys(("POST /api/roads/closures", "DELETE /api/roads/closures/{closure_id}"), OPERATORS),
    "POST /api/incidents/{incident_id}/pairings/{other_id}/{step}": OPERATORS,
    "POST /api/incidents/{incident_id}/clock/{stamp}": OPERATORS,
    "DELETE /api/incidents/{incident_id}/clock/{stamp}": OPERATORS,
    "POST /api/sightings": OPERATORS,
    **dict.fromkeys(("POST /api/incidents", "POST /api/incidents/{incident_id}/confirm-place"), OPERATORS),
    **dict.fromkeys(("POST /api/incidents/{incident_id}/note", "POST /api/incidents/{incident_id}/close"), OPERATORS),
    "POST /api/incidents/{incident_id}/share": OPERATORS,
    "POST /api/incidents/{incident_id}/{step}": OPERATORS,
    "POST /api/grants/{grant_id}/extend": OPERATORS,
    "POST /api/incidents/{incident_id}/video-requests/{request_id}/{answer}": OPERATORS,
    "PUT /api/cameras/{camera_id}/aim": OPERATORS,
    **dict.fromkeys(("GET /api/groups", "POST /api/groups"), OPERATORS),
    **dict.fromkeys(("PUT /api/groups/{group_id}", "DELETE /api/groups/{group_id}"), OPERATORS),
    # the privacy officer
    "POST /api/grants/{grant_id}/revoke": OPERATORS | OFFICERS,
    "POST /api/cameras/{camera_id}/unlock": OPERATORS | OFFICERS | ADMINS,
    **dict.fromkeys(("GET /api/audit", "POST /api/audit/verify", "GET /api/privacy/views"), OFFICERS),
    # who reads what passed over the linkages
    **dict.fromkeys(("GET /api/linkages", "GET /api/interface-log/{message}"), LOG_READERS),
    **dict.fromkeys(("POST /api/interface-log/search", "POST /api/interface-log/export"), LOG_READERS),
    # the administrator
    **dict.fromkeys(("POST /api/interface-log/{message}/again", "POST /api/interface-log/{message}/give-up"), ADMINS),
    "POST /api/test-message": ADMINS,
    **dict.fromkeys(("GET /api/accounts", "POST /api/accounts"), ADMINS),
    "POST /api/accounts/{account_id}/reset-password": ADMINS,
    "POST /api/accounts/{account_id}/duty-cameras": ADMINS,
    **dict.fromkeys(("GET /api/accounts/units", "POST /api/accounts/{account_id}/unit"), ADMINS),
    **dict.fromkeys(("POST /api/accounts/{account_id}/disable", "POST /api/accounts/{account_id}/enable"), ADMINS),
    **dict.fromkeys(("GET /api/keys", "POST /api/keys"), ADMINS),
    **dict.fromkeys(("POST /api/keys/{key_id}/rotate", "DELETE /api/keys/{key_id}"), ADMINS),
}
BODIES = {"POST /api/agency/codes": {"incident": "nothing", "person": "박순경"}}  # read before the key is asked for
OUTSIDE = {"GET /api/live"}  # never ends by itself; who may listen is tried in test_live


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    """One platform for the whole table."""
    folder: Path = tmp_path_factory.mktemp("rules")
    with open_blank(folder, clock=SystemClock()) as store:
        video = Pictures()
        platform = furnish(folder, store, video)
        transport = httpx.ASGITransport(platform.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
            hall = Hall(platform, store, video, http, seat(store))
            incident = (await hall.opened())["id"]
            found = store.read_now(lambda look: look.find_incident(IncidentId(incident)))
            assert found is not None
            hall.headers[VIEWER] = seat_viewer(store, found)
            yield hall


def routes_of(router: Any, prefix: str = "") -> Iterator[str]:
    """`METHOD /path` of everything the application answers to."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner, prefix + route.include_context.prefix)
        for method in sorted((getattr(route, "methods", None) or set()) - {"HEAD"}):
            yield f"{method} {prefix}{route.path}"


def filled(path: str) -> str:
    """A path that could be asked for, of things that are not there."""
    return re.sub(r"\{\w+\}", "nothing", path.replace("{position}", "1"))


def is_refused(answer: httpx.Response) -> bool:
    return answer.status_code == 401 or (answer.status_code == 403 and answer.json()["error"]["code"] == "refused")


@pytest.mark.asyncio(loop_scope="module")
async def test_every_route_has_a_rule_and_every_rule_a_route(hall: Hall) -> None:
    assert set(routes_of(hall.platform.app._app.router)) == set(RULES)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("who", sorted(EVERYONE))
async def test_a_role_is_let_in_where_the_table_says_and_nowhere_else(hall: Hall, who: str) -> None:
    wrong = []
    for rule, allowed in RULES.items():
        method, path = rule.split(" ", 1)
        if rule in OUTSIDE or (method, path) == ("DELETE", "/api/session"):  # ending one's session comes last
            continue
        body = BODIES.get(rule, {}) if method != "GET" else None
        answer = await hall.ask(who, method, filled(path), body)
        if is_refused(answer) == (who in allowed) or answer.status_code >= 500:
            wrong.append((rule, answer.status_code, answer.text[:100]))
    assert [one for one in wrong if not _is_a_missing_page(one)] == []


def _is_a_missing_page(one: tuple[str, int, str]) -> bool:
    """A checkout without the built console says so with 503."""
    return one[0] in {f"GET {page}" for page in PAGES}


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_role_may_not_do_is_on_record(hall: Hall) -> None:
    await hall.ask("agency", "POST", "/api/groups", {})
    links = hall.store.read_now(lambda look: look.list_audit(before=0))
    assert ("ActRefused", "acc-agency", "/api/groups") in {
        (link.entry.action, link.entry.actor, link.entry.data.get("path")) for link in links
    }


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("rule", sorted(rule for rule in RULES if not rule.startswith("GET") and "/api/" in rule))
async def test_a_change_without_our_own_header_is_refused_to_a_cookie(hall: Hall, rule: str) -> None:
    method, path = rule.split(" ", 1)
    who = min(RULES[rule] & {OPERATOR, ADMIN, OFFICER}, default=OPERATOR)
    own_key_inside = {"/api/getAuth.json", "/api/reqEvent.json"}
    if path in own_key_inside or RULES[rule] == BY_KEY:
        return
    answer = await hall.http.request(method, filled(path), json={}, headers=hall.headers[who])
    if path in {"/api/session", "/api/viewer/exchange"} and method == "POST":
        answer = (
            await hall.http.request(method, path, json={"name": "a", "password": "b"})
            if "session" in path
            else (await hall.http.request(method, path, json={"code": "x"}))
        )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_request"
