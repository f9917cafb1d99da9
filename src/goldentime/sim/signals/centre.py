"""A signal centre over TCP that takes nothing amiss: one line wrong and the connection ends, its greens let go."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from goldentime.city.signals.junction import Junction
from goldentime.sim.signals.controller import Controller
from goldentime.sim.signals.referee import Referee

LONGEST_LINE = 65_536
MOST_REQUESTS = 64  # of one client at once
LONGEST_TTL_S = 60.0
_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "hello": {
        "version": int, "client": str, "run": str, "proof": str,
        "heartbeat_s": (int, float), "lost_after_s": (int, float),
    },
    "request": {
        "id": str, "junction": str, "approach": str, "leaving": (str, type(None)), "unit": str, "gravity": int,
        "eta_s": (int, float), "ttl_s": (int, float),
    },
    "renew": {"id": str, "eta_s": (int, float), "ttl_s": (int, float)},
    "release": {"id": str, "reason": str},
    "heartbeat": {},
}  # fmt: skip


class Wrong(Exception):  # noqa: N818  said back to the client
    """What the client did against the protocol."""


@dataclass(slots=True)
class Held:
    """One request a client has here; `until` on the loop's clock."""

    id: str
    junction: str
    until: float
    told_green: bool = False


class Centre:
    """All junctions under one clock; `pace` is how many of their seconds pass in one of ours."""

    def __init__(self, junctions: Iterable[Junction], key: bytes, *, pace: float = 1.0, tick_s: float = 0.1) -> None:
        """The lights begin when `serve` does; the referee looks on at every tick."""
        self.junctions = {str(junction.id): junction for junction in junctions}
        self.key, self.pace, self.tick_s = key, pace, tick_s
        self.now = 0.0
        self.controllers = {
            one: Controller(junction, 0.0, first=number)
            for number, (one, junction) in enumerate(self.junctions.items())
        }
        self.referees = {one: Referee(junction, slack_s=1e-6) for one, junction in self.junctions.items()}
        for one, controller in self.controllers.items():
            self.referees[one].look(controller.lights(), 0.0)
        self.visits: dict[str, Visit] = {}  # by client
        self.wrongs: list[str] = []
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, host: str, port: int, started: asyncio.Future[int] | None = None) -> None:
        """Listen and run the lights until cancelled; the port goes to `started`. Raises RuleBroken at once."""
        server = await asyncio.start_server(self._visit, host, port, limit=LONGEST_LINE)
        if started is not None:
            started.set_result(server.sockets[0].getsockname()[1])
        try:
            await self._run()
        finally:
            server.close()
            for writer in list(self._open):
                writer.close()

    def tick(self) -> None:
        """Move every junction on by one tick, let the referee look, and tell clients what has changed."""
        self.now += self.tick_s * self.pace
        real = asyncio.get_running_loop().time()
        for one, controller in self.controllers.items():
            dropped = controller.tick(self.now)
            self.referees[one].look(controller.lights(), self.now)
            for visit in self.visits.values():
                visit.tell_of(one, controller, dropped)
        for visit in list(self.visits.values()):
            visit.let_expire(real)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.tick()
            due = max(due + self.tick_s, loop.time() - 1.0)
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        visit = Visit(self, reader, writer)
        try:
            await visit.stay()
        except Wrong as wrong:
            self.wrongs.append(str(wrong))
            with contextlib.suppress(OSError):
                visit.tell({"type": "error", "why": str(wrong)})
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client is gone, or will be: its greens go with it below
        finally:
            visit.leave()
            self._open.discard(writer)
            writer.close()


class Visit:
    """One connection: who it is, its line numbers, and what it holds."""

    def __init__(self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Nobody has said who they are yet."""
        self.centre, self.reader, self.writer = centre, reader, writer
        self.held: dict[str, Held] = {}
        self.client = ""
        self.sent = self.read = 0
        self.lost_after = 6.0

    async def stay(self) -> None:
        """From the challenge to the end; raises Wrong at the first fault."""
        nonce = secrets.token_hex(16)
        self.tell({"type": "challenge", "version": 1, "nonce": nonce})
        hello = await self._hear("hello")
        wanted = hmac.new(
            self.centre.key, f"{nonce}\n{hello['client']}\n{hello['run']}".encode(), hashlib.sha256
        ).hexdigest()
        if hello["version"] != 1 or not hmac.compare_digest(wanted, hello["proof"]):
            msg = "not proven"
            raise Wrong(msg)
        self.lost_after = min(30.0, max(0.05, float(hello["lost_after_s"])))
        before = self.centre.visits.get(hello["client"])
        if before is not None:  # a client has one connection; what an earlier one asked for is let go first
            before.leave()
            before.writer.close()
        self.client = hello["client"]
        self.centre.visits[self.client] = self
        self.tell({"type": "welcome", "junctions": len(self.centre.junctions)})
        for junction in self.centre.junctions.values():
            self.tell(described(junction))
        beating = asyncio.create_task(self._beat(float(hello["heartbeat_s"])))
        try:
            while True:
                self._take(await self._hear())
        finally:
            beating.cancel()

    def leave(self) -> None:
        """Let everything go that this connection held."""
        for held in self.held.values():
            self.centre.controllers[held.junction].release(held.id)
        self.held.clear()
        if self.centre.visits.get(self.client) is self:
            del self.centre.visits[self.client]

    def tell(self, message: dict[str, Any]) -> None:
        """Send one line."""
        self.sent += 1
        self.writer.write(
            json.dumps({"n": self.sent, "ack": self.read, **message}, ensure_ascii=False).encode() + b"\n"
        )

    def tell_of(self, junction: str, controller: Controller, dropped: Iterable[str]) -> None:
        """Say which of its requests there are green now, and which were held to the maximum."""
        late = set(dropped)
        for held in [one for one in self.held.values() if one.junction == junction]:
            if held.id in late:
                del self.held[held.id]
                self.tell({"type": "status", "id": held.id, "state": "released", "reason": "maximum"})
            elif not held.told_green and controller.claims[held.id].green_at is not None:
                held.told_green = True
                self.tell({"type": "status", "id": held.id, "state": "active"})

    def let_expire(self, real: float) -> None:
        """Let go what was not renewed in its time to live."""
        for held in [one for one in self.held.values() if one.until <= real]:
            self._let_go(held.id)
            self.tell({"type": "status", "id": held.id, "state": "released", "reason": "expired"})

    def _take(self, message: dict[str, Any]) -> None:
        real = asyncio.get_running_loop().time()
        if message["type"] == "request":
            self._request(message, real)
        elif message["type"] == "renew":
            held = self.held.get(message["id"])
            if held is not None:  # it may have been dropped while the renewal was on its way
                held.until = real + _ttl(message)
        elif message["type"] == "release":
            self._let_go(message["id"])
            self.tell({"type": "answer", "id": message["id"], "state": "released"})
        elif message["type"] != "heartbeat":
            msg = f"{message['type']} out of turn"
            raise Wrong(msg)

    def _request(self, message: dict[str, Any], real: float) -> None:
        controller = self.centre.controllers.get(message["junction"])
        if controller is None:
            refusal: str | None = "no_such_junction"
        elif len(self.held) >= MOST_REQUESTS:
            refusal = "too_many"
        else:
            why = controller.claim(message["id"], message["approach"])
            refusal = why.value if why else None
        if refusal is not None:
            self.tell({"type": "answer", "id": message["id"], "state": "refused", "reason": refusal})
            return
        self.held[message["id"]] = Held(message["id"], message["junction"], real + _ttl(message))
        self.tell({"type": "answer", "id": message["id"], "state": "confirmed"})

    def _let_go(self, request: str) -> None:
        held = self.held.pop(request, None)
        if held is not None:
            self.centre.controllers[held.junction].release(held.id)

    async def _hear(self, kind: str | None = None) -> dict[str, Any]:
        async with asyncio.timeout(self.lost_after):
            line = await self.reader.readuntil(b"\n")
        try:
            message = json.loads(line)
        except ValueError:
            msg = "not JSON"
            raise Wrong(msg) from None
        _check(message, self.read + 1, self.sent)
        self.read += 1
        if kind is not None and message["type"] != kind:
            msg = f"{message['type']} where {kind} was due"
            raise Wrong(msg)
        return dict(message)

    async def _beat(self, every: float) -> None:
        while True:
            await asyncio.sleep(min(10.0, max(0.02, every)))
            self.tell({"type": "heartbeat"})


def _check(message: object, expected: int, sent: int) -> None:
    """Raise Wrong unless it is a message with the next number and exactly its kind's fields."""
    if not isinstance(message, dict) or message.get("type") not in _FIELDS:
        msg = f"no such message: {message!r:.100}"
        raise Wrong(msg)
    if message.get("n") != expected:
        msg = f"line {message.get('n')!r} where {expected} was due"
        raise Wrong(msg)
    if type(message.get("ack")) is not int or not 0 <= message["ack"] <= sent:
        msg = f"acknowledges {message.get('ack')!r} of {sent}"
        raise Wrong(msg)
    fields = _FIELDS[message["type"]]
    if message.keys() != {"n", "ack", "type", *fields}:
        msg = f"{message['type']} with fields {sorted(message)}"
        raise Wrong(msg)
    for name, kinds in fields.items():
        if not isinstance(message[name], kinds) or isinstance(message[name], bool):
            msg = f"{message['type']}.{name} is {message[name]!r:.60}"
            raise Wrong(msg)


def _ttl(message: dict[str, Any]) -> float:
    ttl = float(message["ttl_s"])
    if not 0 < ttl <= LONGEST_TTL_S:
        msg = f"ttl_s {ttl}"
        raise Wrong(msg)
    return ttl


def described(junction: Junction) -> dict[str, Any]:
    """The junction as a line of the protocol."""
    timing = junction.timing
    return {
        "type": "junction",
        "junction": junction.id,
        "node": junction.node,
        "name": junction.name,
        "lon": junction.place.lon,
        "lat": junction.place.lat,
        "timing": {
            "min_green_s": timing.min_green_s,
            "yellow_s": timing.yellow_s,
            "all_red_s": timing.all_red_s,
            "max_hold_s": timing.max_hold_s,
        },
        "groups": [{"id": g.id, "approach": g.approach, "crossing_s": g.crossing_s} for g in junction.groups],
        "stages": [
            {"id": s.id, "greens": sorted(s.greens), "yielding": sorted(s.yielding), "green_s": s.green_s}
            for s in junction.stages
        ],
        "conflicts": sorted(sorted(pair) for pair in junction.conflicts),
    }
