"""How the control room and the crews play: what is advised is ordered, and units take the times the roads give them."""

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from goldentime.sim.city_day.plan import Call

Json = dict[str, Any]
LOOK_EVERY = 0.25  # seconds, real ones
AT_ONCE = 8  # requests of the desk on the way
TRIES, AGAIN_AFTER = 12, 45.0  # when no unit is free: seconds of the played day
PATIENCE = 40  # times a request is made before it is given up
_BUSY = frozenset({429, 500, 502, 503})
_NUMBER = re.compile(r"#(\d+)\b")
_OURS = {"X-Goldentime": "1"}
_TURNOUT = {"patrol": 15.0}  # mean seconds from order to departure; others:
_USUAL_TURNOUT = 62.0
_AFTER = {"ordered": 0, "en_route": 1, "on_scene": 2, "clear": 3}  # a unit's state, the step that follows


@dataclass(slots=True)
class Truth:
    """What the desk has seen: which call opened which incident, and which pairs were suggested or joined unasked."""

    incident_of: dict[int, str] = field(default_factory=dict)
    call_of: dict[str, int] = field(default_factory=dict)
    pairs: dict[frozenset[str], str] = field(default_factory=dict)
    ordered: int = 0
    arrived: int = 0
    unserved: int = 0
    unanswered: int = 0  # requests of the desk and the crews that had to be made again


class Desk:
    """One operator's session over HTTP, and every crew's buttons."""

    def __init__(self, http: httpx.AsyncClient, name: str, password: str, *, speed: float, seed: int) -> None:
        """Not signed in yet."""
        self._http, self._name, self._password = http, name, password
        self._speed = speed
        self._chance = Random(seed)  # noqa: S311  (a play, not a secret)
        self._requests = asyncio.Semaphore(AT_ONCE)
        self._signing_in = asyncio.Lock()
        self._crews: set[asyncio.Task[None]] = set()
        self._wanted: dict[int, Call] = {}
        self._events: dict[str, str] = {}  # which agency goes to an incident
        self.truth = Truth()

    def expect(self, call: Call) -> None:
        """A call is on its way."""
        self._wanted[call.number] = call

    async def run(self) -> None:
        """Look at the queue for ever and handle what is new; cancelled at the end of the day."""
        known: set[str] = set()
        await self._pick_up_crews()
        try:
            while True:
                for row in await self.list_open():
                    self._note_pairs(row)
                    if row["id"] not in known and row["drill"]:
                        known.add(row["id"])
                        self._begin(self._handle(row["id"]))
                await asyncio.sleep(LOOK_EVERY)
        finally:
            for task in self._crews:
                task.cancel()
            await asyncio.gather(*self._crews, return_exceptions=True)

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
                self.truth.unanswered += 1
            await asyncio.sleep(0.5)
        return None

    async def _sign_in(self) -> None:
        async with self._signing_in:
            said = {"name": self._name, "password": self._password}
            (await self._http.post("/api/session", json=said, headers=_OURS)).raise_for_status()

    async def _pick_up_crews(self) -> None:
        """Let crews that a stopped drill left on their way go on."""
        answer = await self.ask("GET", "/api/units")
        for unit in (answer or {"items": []})["items"]:
            place = _AFTER.get(str(unit["state"]))
            if place is not None:
                self._begin(self._drive(unit, 300.0, from_step=place))

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._crews.add(task)
        task.add_done_callback(self._crews.discard)

    def _note_pairs(self, row: Json) -> None:
        for state in ("alike", "joined"):
            for other in row.get(state) or ():
                self.truth.pairs.setdefault(frozenset({row["id"], other["id"]}), state)

    async def _handle(self, incident: str) -> None:
        detail = await self.ask("GET", f"/api/incidents/{incident}")
        found = _NUMBER.search(str((detail or {}).get("content") or ""))
        call = self._wanted.get(int(found[1])) if found else None
        if detail is None or call is None:
            return
        self._note_pairs(detail)
        self.truth.incident_of[call.number], self.truth.call_of[incident] = incident, call.number
        if not call.urgent or self._is_being_helped(detail):
            return
        for _ in range(TRIES):
            if await self._order(incident):
                return
            await self._pass(AGAIN_AFTER)
        self.truth.unserved += 1

    def _is_being_helped(self, detail: Json) -> bool:
        """Whether units of the same agency already go to what this is joined with or very like."""
        others = [*(detail.get("joined") or ()), *(detail.get("alike") or ())]
        own = (detail.get("agency") or {}).get("id")
        return any(self._events.get(one["id"]) == own for one in others)

    async def _order(self, incident: str) -> bool:
        advice = await self.ask("GET", f"/api/incidents/{incident}/units")
        if advice is None:
            return True  # it has ended meanwhile
        going = [one for one in advice["suggested"] if one["fills"] and one["seconds"] and not one["needs_sharing"]]
        if not going:
            return False
        body = {"incident_id": incident, "units": [one["unit"]["id"] for one in going]}
        if await self.ask("POST", "/api/orders", body) is None:
            return False
        self._events[incident] = going[0]["unit"]["agency"]["id"]
        self.truth.ordered += len(going)
        for one in going:
            self._begin(self._drive(one["unit"], float(one["seconds"])))
        return True

    async def _drive(self, unit: Mapping[str, Any], seconds: float, *, from_step: int = 0) -> None:
        """One crew's call: off, there after the time its roads take, some work, and back."""
        chance = self._chance
        turnout = _TURNOUT.get(str(unit["kind"]), _USUAL_TURNOUT)
        course = (
            ("depart", turnout * chance.lognormvariate(0, 0.35)),
            ("arrive", max(20.0, seconds - turnout) * chance.lognormvariate(0.05, 0.2)),
            ("clear", chance.uniform(300, 1500)),
            ("return", chance.uniform(120, 420)),
        )
        for step, after in course[from_step:]:
            await self._pass(after)
            done = await self.ask("POST", f"/api/units/{unit['id']}/state", {"step": step})
            if step == "arrive" and done is not None:
                self.truth.arrived += 1

    async def _pass(self, seconds: float) -> None:
        """Let that much of the played day pass."""
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(seconds / self._speed)
