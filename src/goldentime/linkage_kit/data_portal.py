"""How services of the public data portal (공공데이터포털) say no: by result codes, and by their gateway's own XML."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.values import clean

KEY_NAME = "serviceKey"
NO_DATA = "03"
LARGEST_ANSWER = 2 << 20  # bytes
_GOOD = frozenset({"00", "0", "0000"})
_SERVICE_IS_DOWN = Text("제공기관의 서비스에 장애가 있습니다", "The service itself has a fault")
_KEY_IS_REFUSED = Text("제공기관이 인증키를 거부했습니다", "The service refuses our key")
_ASKED_WRONG = Text("요청한 값이 받아들여지지 않았습니다", "What we asked was not accepted")
# The codes of the portal's guide (Open API 활용가이드, 에러코드), those of the service and those of the gateway alike.
RESULTS: Mapping[str, Text] = {
    "01": _SERVICE_IS_DOWN,
    "02": _SERVICE_IS_DOWN,
    NO_DATA: Text("아직 자료가 없습니다", "There is no data yet"),
    "04": _SERVICE_IS_DOWN,
    "05": Text("제공기관이 제때 응답하지 못했습니다", "The service could not answer in time"),
    "10": _ASKED_WRONG,
    "11": _ASKED_WRONG,
    "12": Text("없거나 폐기된 서비스입니다. 주소를 확인하십시오", "No such service any more; check its address"),
    "20": Text("이 서비스의 활용 승인을 받지 않은 인증키입니다", "The key is not approved for this service"),
    "21": Text("일시적으로 쓸 수 없는 인증키입니다", "The key is disabled for now"),
    "22": Text("하루에 물을 수 있는 횟수를 넘었습니다", "The day's number of requests is used up"),
    "30": Text("등록되지 않은 인증키입니다", "The key is not registered"),
    "31": Text("활용 기간이 끝난 인증키입니다", "The key has expired"),
    "32": Text("등록되지 않은 IP에서 물었습니다", "We ask from an address that is not registered"),
    "33": _KEY_IS_REFUSED,
}


def is_xml(body: bytes) -> bool:
    """Whether the answer is XML, asked for or not: the gateway says its own errors in it."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read_xml(body: bytes) -> Element:
    """The document without DTD or entities; raises BadMessage, also when it is the gateway's error."""
    if len(body) > LARGEST_ANSWER:
        raise bad("응답이 너무 큽니다.", "The answer is too large.")
    try:
        root: Element = fromstring(body.strip(), forbid_dtd=True)
    except DefusedXmlException:
        raise bad("DTD나 엔터티가 있는 XML은 받지 않습니다.", "XML with a DTD or entities is not accepted.") from None
    except (ParseError, ValueError, LookupError):
        raise bad("XML을 읽을 수 없습니다.", "The XML cannot be read.") from None
    header = root.find("cmmMsgHeader")
    if header is not None:
        code = word(header, "returnReasonCode")
        raise refused(code, word(header, "returnAuthMsg") or word(header, "errMsg"))
    return root


def read_json(body: bytes) -> Mapping[str, Any]:
    """The object; raises BadMessage, also for a gateway's error that came as XML though JSON was asked for."""
    if is_xml(body):
        read_xml(body)
        raise bad("JSON을 물었는데 XML이 왔습니다.", "XML came though JSON was asked for.")
    if len(body) > LARGEST_ANSWER:
        raise bad("응답이 너무 큽니다.", "The answer is too large.")
    try:
        tree = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise bad("JSON을 읽을 수 없습니다.", "The JSON cannot be read.") from None
    tree = inside(tree)
    gateway = inside(inside(tree.get("OpenAPI_ServiceResponse")).get("cmmMsgHeader"))
    if gateway:
        said = gateway.get("returnAuthMsg") or gateway.get("errMsg") or ""
        raise refused(str(gateway.get("returnReasonCode", "")), str(said))
    return tree


def check_result(code: str, message: str) -> None:
    """Raise BadMessage unless the service says that all is well."""
    if code not in _GOOD:
        raise refused(code, message)


def refused(code: str, message: str) -> BadMessage:
    """The error for a result code; its type code is the service's own, two digits."""
    code = clean(code)[:4] or "99"
    code = code.zfill(2) if code.isdigit() else "99"
    known = RESULTS.get(code)
    said = clean(message)[:80] or code
    text = known or Text(f"제공기관이 오류로 답했습니다({said})", f"The service answers with an error ({said})")
    return BadMessage(Text(f"{text.ko}.", f"{text.en}."), type_code=code, field="resultCode")


def inside(value: object) -> Mapping[str, Any]:
    """The object, or an empty one when it is none: a body without data may be missing, null or an empty string."""
    return value if isinstance(value, dict) else {}


def word(element: Element, name: str) -> str:
    """The text of a child, one line; empty when it is not there."""
    return clean(element.findtext(name) or "").split("\n")[0][:200]


def bad(ko: str, en: str, *, field: str | None = None) -> BadMessage:
    """An answer that cannot be read."""
    return BadMessage(Text(ko, en), field=field)
