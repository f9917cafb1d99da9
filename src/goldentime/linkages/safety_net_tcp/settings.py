"""What differs between sites that speak the safety net over TCP, beside the codes: separators, charset, field order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes, codes_from

HEAD_FIELDS = (
    "svcTy", "hdCnt", "dtCnt", "apSeq", "cmnMtd", "sendCd", "rcvCd", "encAt", "tranTy", "rrKey", "reqDate", "bodyLen",
    "sysCd", "tranSysHis",
)  # fmt: skip
BODY_FIELDS = (
    "evtId", "evtNm", "evtGrad", "ocrNbr", "ocrSts", "ocrLc", "ocrPlc", "ocrEvtCn", "ocrEvtTime", "ocrEvtSts",
    "ocrEvtStsUsr", "ocrEvtStsTime", "ocrEvtEndTime", "ocrEvtItemCnt", "ocrEvtItem", "ocrEvtDtl",
)  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "apSeq": ("apCurrent", "apTotal"),
    "callBack": ("useYn", "targetUrl"),
    "ocrLc": ("crdntX", "crdntY", "crdntZ"),
    "ocrEvtSts": ("ocrEvtStsCd", "ocrEvtStsDtl"),
    "ocrEvtStsUsr": ("ocrEvtUsrId", "ocrEvtUsrNm"),
    "ocrEvtDtl": ("ocrEvtDtlCd", "ocrEvtDtlCdDtl"),
}
# Fields in which people write; only there can a byte that looks like a separator be part of a letter.
WRITTEN = frozenset(
    {"evtNm", "ocrPlc", "ocrEvtCn", "ocrEvtSts", "ocrEvtStsUsr", "ocrEvtItem", "ocrEvtDtl", "tranSysHis", "message"}
)
LISTS = frozenset({"ocrEvtItem", "tranSysHis"})  # fields of any number of parts


@dataclass(frozen=True, slots=True)
class Separators:
    """The code of each separator; how it is written depends on `separators_as`."""

    field: int = 0xD1
    part: int = 0xD2
    middle: int = 0xD0
    start: int = 0xDA
    end: int = 0xDB
    finish: int = 0xDF


@dataclass(frozen=True, slots=True)
class TcpSettings(SafetyNetCodes):
    """One site's variant of the protocol; sizes in bytes."""

    separators: Separators = field(default_factory=Separators)
    separators_as: Literal["bytes", "utf-8"] = "bytes"  # utf-8: 0xD1 is written as the letter U+00D1, 0xC3 0x91
    charset: Literal["utf-8", "cp949"] = "utf-8"
    head_fields: tuple[str, ...] = HEAD_FIELDS
    body_fields: tuple[str, ...] = BODY_FIELDS
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PARTS)
    login_types: frozenset[str] = frozenset({"AUTH"})
    max_body: int = 256 << 10  # of a whole message
    max_head: int = 8 << 10

    def separator(self, code: int) -> bytes:
        """The separator as it stands on the wire."""
        return bytes([code]) if self.separators_as == "bytes" else chr(code).encode()


def settings_from(table: Mapping[str, Any]) -> TcpSettings:
    """Settings of a TOML table; `kinds`, `states` and `aliases` add to the defaults. Raises OperatorsError."""
    settings = codes_from(TcpSettings, table)
    signs = [getattr(settings.separators, name) for name in Separators.__slots__]
    if len(set(signs)) != len(signs) or not all(0xC0 <= sign <= 0xFF for sign in signs):
        raise OperatorsError(
            Text(
                "구분자는 서로 달라야 하고 0xC0에서 0xFF 사이여야 합니다.",
                "The separators must differ and lie in 0xC0 to 0xFF.",
            )
        )
    if settings.separators_as == "utf-8" and settings.charset != "utf-8":
        raise OperatorsError(
            Text("separators_as가 utf-8이면 charset도 utf-8이어야 합니다.", "Separators as UTF-8 need charset utf-8.")
        )
    if "bodyLen" not in settings.head_fields:
        raise OperatorsError(Text("head_fields에 bodyLen이 없습니다.", "head_fields lacks bodyLen."))
    return settings
