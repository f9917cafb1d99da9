"""How the control room plays: what is advised is ordered, the urgent at once and the rest when somebody is free."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from typing import Any

import httpx

from goldentime.sim.city_day.plan import Call
from goldentime.sim.drill.figures import Figures

Json = dict[str, Any]
LOOK_EVERY = 0.25  # seconds, real ones
AT_ONCE = 8  # requests of the desk on the way
MOST = 20  # units sent to one call
TRIES, AGAIN_AFTER = 12, 45.0  # when no unit is free: seconds of the played day
PATIENCE = 40  # times a request is made before it is given up
_BUSY = frozenset({429, 500, 502, 503})
_NUMBER = re.compile(r"#(\d+)\b")
_OURS = {"X-Goldentime": "1"}


class Desk:
    """One operator's session over HTTP; the crews drive by themselves, elsewhere."""

    def __init__(self, http: httpx.AsyncClient, login: tuple[str, str], figures: Figures, *, speed: float) -> None:
        """Not signed in yet; `login` is name and password."""
        self._http, self._login, self.figures = http, login, figures
        self._speed = speed
        self._requests = asyncio.Semaphore(AT_ONCE)
        self._signing_in = asyncio.Lock()
        self._wanted: dict[int, Call] = {}

    def expect(self, call: Call) -> None:
        """A call is on its way."""
        self._wanted[call.number] = call

    async def run(self) -> None:
        """Look at the queue for ever and handle what is new; cancelled at the end of the day.

        Raises what went wrong with any of it: a desk that counts nobody's arrival is none.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch_arrivals())
                await self._look(tasks)
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _look(self, tasks: asyncio.TaskGroup) -> None:
        known: set[str] = set()
        while True:
            for row in await self.list_open():
                self._note_pairs(row)
                if row["id"] not in known and row["drill"]:
                    known.add(row["id"])
                    tasks.create_task(self._handle(row["id"]))
            await asyncio.sleep(LOOK_EVERY)

    async def list_open(self) -> Sequence[Json]:
        """What is open now."""
        answer = await self.ask("GET", "/api/incidents?state=open&limit=500")
        return list(answer["items"]) if answer else []

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json | None:
        """The answer, after signing in anew where the session has run out; None when it was refused.

        A platform too busy to answer is asked again: a crew presses its button until it is heard.
        """
        for _ in range(PATIENCE):
            try:
                async with self._requests:
                    answer = await self._http.request(method, path, json=body, headers=_OURS)
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    await self._sign_in()
                elif answer.status_code not in _BUSY:
                    return (answer.json() if answer.content else {}) if answer.is_success else None
            except httpx.TransportError:
                self.figures.truth.unanswered += 1
            await asyncio.sleep(0.5)
        return None

    async def _sign_in(self) -> None:
        async with self._signing_in:
            said = {"name": self._login[0], "password": self._login[1]}
            (await self._http.post("/api/session", json=said, headers=_OURS)).raise_for_status()

    async def _watch_arrivals(self) -> None:
        """Count who came, and who of them was seen by its position, as long as it stays there."""
        while True:
            answer = await self.ask("GET", "/api/units")
            for unit in (answer or {"items": []})["items"]:
                if unit["state"] == "on_scene":
                    order = str((unit["incident"] or {}).get("order"))
                    self.figures.came(unit["id"], order, by_position=unit["state_by"] == "arrival")
            await asyncio.sleep(LOOK_EVERY)

    def _note_pairs(self, row: Json) -> None:
        for state in ("alike", "joined"):
            for other in row.get(state) or ():
                self.figures.paired(row["id"], other["id"], state)

    async def _handle(self, incident: str) -> None:
        detail = await self.ask("GET", f"/api/incidents/{incident}")
        found = _NUMBER.search(str((detail or {}).get("content") or ""))
        call = self._wanted.get(int(found[1])) if found else None
        if detail is None or call is None:
            return
        self._note_pairs(detail)
        self.figures.opened(call.number, incident)
        if self._is_being_helped(detail):
            return
        for _ in range(TRIES):
            if await self._order(incident, most=MOST if call.urgent else 1):
                return
            await self._pass(AGAIN_AFTER)
        self.figures.left_alone(incident, urgent=call.urgent)

    def _is_being_helped(self, detail: Json) -> bool:
        """Whether units of the same agency already go to what this is joined with or very like."""
        others = [*(detail.get("joined") or ()), *(detail.get("alike") or ())]
        own = (detail.get("agency") or {}).get("id")
        return any(self.figures.agency_of.get(one["id"]) == own for one in others)

    async def _order(self, incident: str, *, most: int) -> bool:
        advice = await self.ask("GET", f"/api/incidents/{incident}/units")
        if advice is None:
            return True  # it has ended meanwhile
        fits = [one for one in advice["suggested"] if one["fills"] and one["seconds"] and not one["needs_sharing"]]
        if advice["orders"]:
            return True  # ordered before this drill was stopped
        going = fits[:most]
        if not going:
            return False
        body = {"incident_id": incident, "units": [one["unit"]["id"] for one in going]}
        if await self.ask("POST", "/api/orders", body) is None:
            return False
        self.figures.ordered(incident, going[0]["unit"]["agency"]["id"], len(going))
        return True

    async def _pass(self, seconds: float) -> None:
        """Let that much of the played day pass."""
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(seconds / self._speed)
