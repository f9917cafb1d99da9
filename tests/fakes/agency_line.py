"""An agency at the other end of a line: it may be down, die while answering, refuse, and it knows repeats."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from goldentime.core.ids import AgencyId, OutgoingId
from goldentime.flows.outgoing.carrier import Silence
from goldentime.messages.news import News, Reply, Topic, Verdict
from goldentime.messages.order import Order
from goldentime.messages.outgoing import OutgoingMessage


def a_message(**more: object) -> OutgoingMessage:
    """The row of a message of ours."""
    at = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    fields: dict[str, object] = {
        "id": OutgoingId("out-1"),
        "agency": AgencyId("police"),
        "lane": "wire",
        "linkage": "safety_net_tcp",
        "incident": "inc-1",
        "incident_number": "GO-1123-0001",
        "occurrence": "20261123120000001",
        "sequence": 1,
        "topic": Topic.STATUS,
        "size": 12,
        "made_at": at,
        "next_at": at,
        "ends_at": at + timedelta(days=90),
    }
    return OutgoingMessage(**(fields | more))  # type: ignore[arg-type]


class SpokenPlain:
    """A linkage that says our news as JSON."""

    name = "spoken"

    def news(self, news: News) -> bytes | None:
        told = {"number": news.number, "sender": news.sender, "state": news.state, "content": news.content.ko}
        told |= {"about": news.incident_number, "occurrence": news.apart or news.occurrence}
        return json.dumps(told, ensure_ascii=False).encode()

    def order(self, order: Order) -> bytes | None:
        told = {"number": order.message_number, "order": order.number, "state": order.state, "units": order.units}
        told |= {"withdrawn": order.withdrawn, "about": order.incident_number}
        return json.dumps(told | {"occurrence": order.apart or order.occurrence}).encode()


@dataclass
class AgencyLine:
    """Fits flows.carrier.Carrier; `came` is every frame, `taken` each message once, in order of arrival.

    It knows a repeat by our own message number, or by the `standard`, by occurrence and state, and says so.
    """

    came: list[bytes] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    standard: bool = False
    down: bool = False
    mute: bool = False  # it accepts the connection and the bytes, and neither acts on them nor answers
    dies_answering: int = 0  # so many frames arrive and are acted on, but no answer comes back
    verdict: Callable[[dict[str, str]], Reply] = lambda _: Reply(Verdict.TAKEN, "2000")

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        if self.down:
            return Silence(reached=False, why="unreachable")
        self.came.append(parts["body"])
        if self.mute:
            return Silence(reached=True, why="no_answer")
        told = json.loads(parts["body"])
        reply = self.verdict(told)
        if reply.verdict is Verdict.TAKEN and self._key(told) in [self._key(one) for one in self.taken]:
            reply = Reply(Verdict.EXISTS, "4100")
        elif reply.verdict is Verdict.TAKEN:
            self.taken.append(told)
        if self.dies_answering:
            self.dies_answering -= 1
            return Silence(reached=True, why="no_answer")
        return reply

    def _key(self, told: dict[str, str]) -> tuple[str, ...]:
        return (told["occurrence"], told["state"]) if self.standard else (told["number"],)
