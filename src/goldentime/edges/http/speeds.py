"""How integrators send link speeds: whose key opens the door, how much is read, and which speeds were no speeds."""

import asyncio
from collections.abc import Awaitable, Callable
from time import sleep
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from goldentime.core.errors import BadMessage, GoldentimeError
from goldentime.core.text import Text
from goldentime.edges.http.body import BodyLimits, BodyReader
from goldentime.edges.http.errors import error_response
from goldentime.flows.roads.take_speeds import (
    BREATH,
    NAMED_AT_MOST,
    SpeedsTaken,
    SpeedTold,
    may_tell_speeds,
    take_speeds,
)
from goldentime.flows.world import World
from goldentime.messages.exchange import Sender

PATH = "/api/roads/speeds"
LIMITS = BodyLimits(max_body=16 << 20, seconds=10.0, kept_bytes=0, drained_bytes=8 << 20, strangers_bytes=1 << 20)
_LIST = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])
_ONE = msgspec.json.Decoder(SpeedTold)
_UNREADABLE = Text(
    "본문은 {items: [{link_id, kmh, measured_at}, ...]} 형식의 JSON이어야 합니다.",
    "The body must be JSON: {items: [{link_id, kmh, measured_at}, ...]}.",
)
_NOT_WHOLE = Text(
    "본문이 너무 크거나 제한 시간 안에 오지 않았습니다.", "The body is too large or did not come in time."
)
_SHAPELESS = Text(
    "link_id, kmh, measured_at 중 없거나 잘못된 것이 있음", "link_id, kmh or measured_at missing or wrong"
)


def speeds_route(world: World, find_sender: Callable[[str], Awaitable[Sender | None]]) -> Route:
    """`POST /api/roads/speeds` with an agency's key in X-Goldentime-Key; in force when it answers."""
    bodies = BodyReader(LIMITS)

    async def answered(request: Request) -> Response:
        try:
            key = request.headers.get("x-goldentime-key")
            sender = await may_tell_speeds(world, await find_sender(key) if key else None)
            body = await bodies.read(request.receive, known=True)
            if body.problem is not None:
                raise BadMessage(_NOT_WHOLE)
            # beside the loop: nobody's request waits for a province's speeds
            answer = await asyncio.to_thread(_take, world, body.data, sender.sandbox)
        except GoldentimeError as error:
            return error_response(error)
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return Route(PATH, answered, methods=["POST"])


def _take(world: World, data: bytes, sandbox: bool) -> dict[str, Any]:  # noqa: FBT001  inner
    told, shapeless = _read(data)
    taken = take_speeds(world, [one for _, one in told], sandbox=sandbox)
    return _answer(taken, [at for at, _ in told], shapeless)


def _read(data: bytes) -> tuple[list[tuple[int, SpeedTold]], list[tuple[int, str]]]:
    """The speeds with their places in the list, and the places of what is none; raises BadMessage."""
    try:
        items = _LIST.decode(data)["items"]
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError):
        raise BadMessage(_UNREADABLE) from None
    told, shapeless = [], []
    for at, item in enumerate(items):
        if at % BREATH == 0:
            sleep(0)  # lets the loop have the interpreter
        try:
            told.append((at, _ONE.decode(item)))
        except (msgspec.MsgspecError, UnicodeDecodeError, OverflowError):
            shapeless.append((at, _name_in(item)))
    return told, shapeless


def _name_in(item: msgspec.Raw) -> str:
    try:
        found = msgspec.json.decode(item)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    name = found.get("link_id") if isinstance(found, dict) else None
    return name[:40] if isinstance(name, str) else ""


def _answer(taken: SpeedsTaken, places: list[int], shapeless: list[tuple[int, str]]) -> dict[str, Any]:
    bad = [(places[at], link, problem) for at, link, problem in taken.refused]
    bad += [(at, link, _SHAPELESS) for at, link in shapeless]
    return {
        "taken": taken.taken,
        "unknown": taken.unknown,
        "old": taken.old,
        "bad": taken.bad + len(shapeless),
        "refused": [
            {"item": at, "link_id": link[:40], "reason": problem.to_dict()}
            for at, link, problem in sorted(bad, key=lambda one: one[0])[:NAMED_AT_MOST]
        ],
    }
