"""An agency at the other end of a line: it may be down, die while answering, refuse, and it knows repeats."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from goldentime.flows.send_outgoing import Silence
from goldentime.messages.news import News, Reply, Verdict
from goldentime.messages.order import Order
from goldentime.messages.outgoing import OutgoingMessage


class SpokenPlain:
    """A linkage that says our news as JSON."""

    name = "spoken"

    def news(self, news: News) -> bytes | None:
        told = {"number": news.number, "sender": news.sender, "state": news.state, "content": news.content.ko}
        return json.dumps(told | {"about": news.incident_number}, ensure_ascii=False).encode()

    def order(self, order: Order) -> bytes | None:
        return json.dumps({"number": order.number, "units": order.units, "about": order.incident_number}).encode()


@dataclass
class AgencyLine:
    """Fits flows.send_outgoing.Carrier; `came` is every frame, `taken` each message once, in order of arrival."""

    came: list[bytes] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    down: bool = False
    dies_answering: int = 0  # so many frames arrive and are acted on, but no answer comes back
    verdict: Callable[[dict[str, str]], Reply] = lambda _: Reply(Verdict.TAKEN, "2000")

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        if self.down:
            return Silence(reached=False, why="unreachable")
        self.came.append(parts["body"])
        told = json.loads(parts["body"])
        reply = self.verdict(told)
        if reply.verdict is Verdict.TAKEN and told["number"] not in [one["number"] for one in self.taken]:
            self.taken.append(told)
        if self.dies_answering:
            self.dies_answering -= 1
            return Silence(reached=True, why="no_answer")
        return reply
