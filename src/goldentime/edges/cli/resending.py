"""How recorded messages are sent to a running platform once more: with a sandbox's key only, which is proved first."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import msgspec

from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.tcp.client import TcpAddress, TcpCarrier
from goldentime.core.clock import Clock
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.edges.cli.recorded import Recording
from goldentime.flows.outgoing.carrier import Silence
from goldentime.linkage_kit import Linkage, is_stream
from goldentime.messages.news import Reply, Verdict

LOGIN, EVENT = "/api/getAuth.json", "/linkHttp/recvEvent.json"
ANYWHERE = ("0.0.0.0/0", "::/0")  # whoever types the address is the one who answers for it


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send; `url` is always needed, since there the key shows that it is a sandbox's."""

    url: str
    key: str = field(repr=False)
    tcp: str | None = None  # host:port


async def resend(
    recordings: Sequence[Recording], known: Mapping[str, Linkage], target: Target, clock: Clock
) -> AsyncIterator[tuple[Recording, Reply]]:
    """The platform's answer to each; raises OperatorsError when the key is no sandbox's, or they fit no such door."""
    _must_fit_one_wire({one.raw.linkage for one in recordings}, known, target)
    async with httpx.AsyncClient(base_url=target.url, timeout=15.0, trust_env=False) as http:
        try:
            await _prove_sandbox(http, target.key)
            if target.tcp is None:
                session = await _log_in(http, target.key)
                for one in recordings:
                    yield one, await _post(http, one, session)
                return
        except httpx.HTTPError as problem:
            raise _unreachable(target.url) from problem
    linkage = known[recordings[0].raw.linkage]
    carrier = _carrier(linkage, target, clock)
    try:
        for one in recordings:
            told = await carrier.ask(one.raw.body)
            if isinstance(told, Silence):
                if not told.reached:
                    raise _unreachable(target.tcp or "")
                told = Reply(Verdict.LATER, told.why)
            yield one, told
    finally:
        await carrier.stop()


def _must_fit_one_wire(names: set[str], known: Mapping[str, Linkage], target: Target) -> None:
    if not any(is_stream(known[name]) for name in names):
        return
    if len(names) > 1:
        told = ", ".join(sorted(names))
        raise OperatorsError(
            Text(
                f"여러 연계의 전문이 섞여 있어 보내지 않습니다: {told}. TCP는 한 번에 한 연계만 보내니 나누십시오.",
                f"Messages of several linkages are mixed: {told}. Over TCP one is sent at a time; split the file.",
            )
        )
    if target.tcp is None:
        raise OperatorsError(
            Text(
                "TCP로 온 전문입니다. --tcp HOST:PORT를 함께 주십시오.",
                "These messages came over TCP: give --tcp HOST:PORT as well.",
            )
        )


_SESSION = re.compile(rb'("rrKey"\s*:\s*"|(?:^|&)rrKey=)[^"\\&]*', re.IGNORECASE)  # of then; now it is the header's


async def _prove_sandbox(http: httpx.AsyncClient, key: str) -> None:
    answer = await http.post("/api/test-message", content=b"{}", headers={"X-Goldentime-Key": key})
    if answer.status_code in (401, 403):
        raise OperatorsError(
            Text(
                "시험용 인증키가 아닙니다. 다시 보내기는 시험용 키로만 합니다.",
                "Not a sandbox key; resending needs one.",
            )
        )
    answer.raise_for_status()


async def _log_in(http: httpx.AsyncClient, key: str) -> str:
    answer = await http.post(LOGIN, json={"svcTy": "AUTH", "body": {"apiKey": key}})
    said = msgspec.json.decode(answer.content)
    if not isinstance(said, dict) or str(said.get("type")) != "2000":
        raise OperatorsError(Text("로그인이 거부되었습니다.", "The login was refused."))
    return str(said.get("message"))


async def _post(http: httpx.AsyncClient, one: Recording, session: str) -> Reply:
    headers = {**one.raw.headers, "Content-Type": one.raw.content_type, "X-Scsns-Secret": session}
    answer = await http.post(EVENT, content=_SESSION.sub(rb"\1", one.raw.body), headers=headers)
    try:
        said = msgspec.json.decode(answer.content, type=dict[str, str])
    except msgspec.DecodeError:
        return Reply(Verdict.LATER, f"HTTP {answer.status_code}")
    code = said.get("type", "")
    return Reply(Verdict.TAKEN if code == "2000" else Verdict.REFUSED, code, said.get("message", ""))


def _carrier(linkage: Linkage, target: Target, clock: Clock) -> TcpCarrier:
    host, colon, port = (target.tcp or "").rpartition(":")
    if not is_stream(linkage) or not colon or not port.isdigit():
        raise OperatorsError(
            Text(
                "--tcp는 HOST:PORT이고, TCP 연계의 전문이어야 합니다.",
                "--tcp is HOST:PORT, for messages of a TCP linkage.",
            )
        )
    return TcpCarrier(TcpAddress(host, int(port), key=target.key), linkage, CallbackAddresses(ANYWHERE), clock)


def _unreachable(where: str) -> OperatorsError:
    return OperatorsError(Text(f"{where}이(가) 응답하지 않습니다.", f"{where} does not answer."))
