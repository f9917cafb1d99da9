"""How a simulated agency takes what the platform tells it over TCP: strictly, knowing a repeat by its number."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from goldentime.core.clock import KST
from goldentime.core.errors import SendersError
from goldentime.core.text import Text

FIELD, PART, MIDDLE, START, END, FINISH = b"\xd1", b"\xd2", b"\xd0", b"\xda", b"\xdb", b"\xdf"
HEAD = [
    "svcTy", "hdCnt", "dtCnt", "apSeq", "cmnMtd", "sendCd", "rcvCd", "encAt", "tranTy", "rrKey", "reqDate", "bodyLen",
    "sysCd", "tranSysHis",
]  # fmt: skip
BODY = [
    "evtId", "evtNm", "evtGrad", "ocrNbr", "ocrSts", "ocrLc", "ocrPlc", "ocrEvtCn", "ocrEvtTime", "ocrEvtSts",
    "ocrEvtStsUsr", "ocrEvtStsTime", "ocrEvtEndTime", "ocrEvtItemCnt", "ocrEvtItem", "ocrEvtDtl",
]  # fmt: skip
KINDS = {
    "112UC001", "112UC110", "112UC120", "119UC001", "DUCDP110", "WESEN110", "APLEN110", "TUATR100", "LPRUM120",
    "LPRUM104", "EBSCP110", "POCCP103", "WLISF110", "STLSF110", "FCLFT101", "MOJUC110", "MTSUC210", "MTSUC220",
    "MTSUC230", "MTSUC240", "MTSUC250", "ENVEN001",
}  # fmt: skip
STATES = {"10": "발생", "20": "처리 중", "30": "처리 중", "40": "변경", "50": "해제", "90": "취소", "91": "종료"}


class WrongMessage(SendersError):  # noqa: N818  (what the operator of the agency would call it)
    """The platform broke the protocol; `type_code` is what it is answered."""

    def __init__(self, words: str, type_code: str = "4000") -> None:
        """Say what is wrong."""
        super().__init__(Text(words, words))
        self.type_code = type_code


@dataclass(frozen=True, slots=True)
class Taken:
    """One message of the platform as the agency understood it."""

    number: str  # MSG_NO; of an order without one ORDER_NO and its state
    occurrence: str
    kind: str
    state: str
    content: str
    units: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line for people."""
        units = f" [{', '.join(self.units)}]" if self.units else ""
        return f"← {self.occurrence} {self.state} {STATES.get(self.state, '?')}{units} {self.content}"


@dataclass
class ReceivingAgency:
    """Listens as an agency's system does; `taken` holds each message once, `repeats` counts the others.

    With `api_key` a connection must log in first. `silent` many messages are taken without an answer, the connection
    cut: what an agency's system does that dies in the middle of one.
    """

    code: str = ""  # our own rcvCd; empty takes any
    kinds: frozenset[str] = frozenset()  # the evtId that are ours to hear of; none takes any that the standard has
    api_key: str = ""
    told: Callable[[str], None] = lambda _: None
    standard: bool = False  # a repeat is known by sendCd, ocrNbr and ocrSts, as the standard has it, not by MSG_NO
    taken: list[Taken] = field(default_factory=list)
    repeats: int = 0
    wrong: list[str] = field(default_factory=list)
    logins: int = 0
    silent: int = 0
    _keys: set[tuple[str, ...]] = field(default_factory=set)
    busy: int = 0  # so many messages are answered 5003: send again

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; the port."""
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        self._server.close()
        serving = [task for task in self._lines.values() if task is not None]
        for line in tuple(self._lines):
            line.transport.abort()
        await asyncio.gather(*serving)  # whoever ends the loop now would end them with a traceback
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines[writer] = asyncio.current_task()
        known = not self.api_key
        try:
            while True:
                frame = await reader.readuntil(END + FINISH)
                try:
                    answer, known = self._answer(frame, known=known)
                except WrongMessage as problem:
                    self.wrong.append(problem.text.ko)
                    self.told(f"✗ {problem.text.ko}")
                    answer = write_answer("1", problem.text.ko, problem.type_code)
                if answer is None:
                    writer.transport.abort()
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        finally:
            self._lines.pop(writer, None)
            with contextlib.suppress(OSError):
                writer.close()

    def _answer(self, frame: bytes, *, known: bool) -> tuple[bytes | None, bool]:
        """The answer to one frame, and whether the connection has logged in; raises WrongMessage."""
        head, body = read_frame(frame)
        if head["svcTy"] == "AUTH":
            known = body == {"apiKey": self.api_key}
            self.logins += known
            return write_answer(*(("0", "session", "2000") if known else ("1", "인증 실패", "4001"))), known
        if not known:
            raise WrongMessage("로그인하지 않았습니다", "4001")
        return self._take(head, body), known

    def _take(self, head: dict[str, str], body: dict[str, str]) -> bytes | None:
        """The answer; None when the agency dies before it."""
        if self.code and head["rcvCd"] != self.code:
            raise WrongMessage(f"수신기관코드 {head['rcvCd']}", "4102")
        message = read_message(body)
        if message.kind not in (self.kinds or KINDS):
            raise WrongMessage(f"evtId {message.kind}", "4102")
        if self.busy:
            self.busy -= 1
            return write_answer("1", "잠시 후 다시 보내 주십시오", "5003")
        key = (head["sendCd"], message.occurrence, message.state) if self.standard else (message.number,)
        repeated = key in self._keys
        self._keys.add(key)
        self.repeats += repeated
        if not repeated:
            self.taken.append(message)
        self.told(f"{message}{' (다시 받음)' if repeated else ''}")
        if self.silent:
            self.silent -= 1
            return None
        return write_answer("1", "이미 받았습니다", "4100") if repeated else write_answer("0", "정상", "2000")


def read_frame(frame: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Head and body by name; raises WrongMessage unless every field is there and bodyLen is right."""
    head_part, middle, rest = frame.partition(FIELD + MIDDLE + START)
    if not middle or not rest.endswith(END + FINISH):
        raise WrongMessage("구분자가 맞지 않습니다")
    written = rest[: -len(END + FINISH)]
    head = _named(HEAD, head_part)
    names = BODY if head["svcTy"] != "AUTH" else ["apiKey"]
    if head["hdCnt"] != str(len(HEAD)) or head["dtCnt"] != str(len(names)):
        raise WrongMessage(f"항목 수 {head['hdCnt']}/{head['dtCnt']}", "4102")
    if head["bodyLen"] != str(len(written)):
        raise WrongMessage(f"bodyLen {head['bodyLen']}, 실제 {len(written)}", "4102")
    return head, _named(names, written.removesuffix(FIELD))


def read_message(body: dict[str, str]) -> Taken:
    """The message; raises WrongMessage for what the standard does not allow."""
    if body["ocrSts"] not in STATES:
        raise WrongMessage(f"ocrSts {body['ocrSts']}", "4102")
    if not is_time(body["ocrNbr"]):
        raise WrongMessage(f"ocrNbr {body['ocrNbr']}", "4102")
    parts = body["ocrEvtItem"].split(PART.decode("latin-1")) if body["ocrEvtItem"] else []
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 or str(len(pairs)) != body["ocrEvtItemCnt"]:
        raise WrongMessage(f"ocrEvtItemCnt {body['ocrEvtItemCnt']}", "4102")
    items = dict(pairs)
    order = items.get("ORDER_NO")
    number = items.get("MSG_NO") or (f"{order}/{body['ocrSts']}" if order else "")
    if not number:
        raise WrongMessage("전문 번호가 없습니다", "4101")
    units, withdrawn = (tuple(val for key, val in pairs if key == one) for one in ("UNIT_ID", "UNIT_WITHDRAWN"))
    return Taken(number, body["ocrNbr"], body["evtId"], body["ocrSts"], body["ocrEvtCn"], units, withdrawn)


def is_time(number: str) -> bool:
    """Whether it is a day and a time, to the second or the millisecond, as an occurrence number must be."""
    if not (number.isascii() and number.isdigit() and len(number) in (14, 17)):
        return False
    try:
        datetime.strptime(number[:14], "%Y%m%d%H%M%S").replace(tzinfo=KST)
    except ValueError:
        return False
    return True


def write_answer(result: str, words: str, type_code: str) -> bytes:
    """The answer on this wire."""
    return START + b"".join(one.encode() + FIELD for one in (result, words, type_code)) + END + FINISH


def _named(names: list[str], written: bytes) -> dict[str, str]:
    pieces = written.split(FIELD)
    if len(pieces) != len(names):
        raise WrongMessage(f"항목 {len(pieces)}개, {len(names)}개여야 합니다", "4102")
    try:
        texts = [piece.replace(PART, PART.decode("latin-1").encode()).decode() for piece in pieces]
    except UnicodeDecodeError:
        raise WrongMessage("UTF-8이 아닙니다") from None
    return dict(zip(names, texts, strict=True))
