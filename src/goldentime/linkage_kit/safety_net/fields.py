"""How single fields of a message are read: mandatory ones or refuse, optional ones or leave out and say so."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.linkage_kit.safety_net.envelope import Fields, bad, shown, text_of
from goldentime.linkage_kit.values import read_stamp

# How people know the fields whose standard names are lower-cased inside.
WIRE_NAMES = {
    "svcty": "svcTy", "sendcd": "sendCd", "rcvcd": "rcvCd", "syscd": "sysCd", "apseq": "apSeq", "callback": "callBack",
    "evtid": "evtId", "evtnm": "evtNm", "evtgrad": "evtGrad", "ocrnbr": "ocrNbr", "ocrsts": "ocrSts", "ocrlc": "ocrLc",
    "ocrplc": "ocrPlc", "ocrevtcn": "ocrEvtCn", "ocrevttime": "ocrEvtTime", "ocrevtststime": "ocrEvtStsTime",
    "ocrevtstsusr": "ocrEvtStsUsr", "ocrevtitem": "ocrEvtItem", "ocrevtdtl": "ocrEvtDtl",
    "ocrevtdtlcd": "ocrEvtDtlCd", "ocrevtdtlcddtl": "ocrEvtDtlCdDtl", "ocrevtusrnm": "ocrEvtUsrNm",
    "targeturl": "callBack.targetUrl", "reqdate": "reqDate",
}  # fmt: skip


class FieldReader:
    """Reads fields of one message; everything it finds goes into the ledger."""

    def __init__(self, settings: SafetyNetCodes, ledger: Ledger) -> None:
        """The site's limits and where to put things down."""
        self._settings = settings
        self._ledger = ledger

    def scalar(self, fields: Fields, name: str) -> str:
        """The field's text; a list or object in its place is refused."""
        value = text_of(fields.get(name))
        if value is not None:
            return value
        self.refuse_type(name, fields.get(name))
        return ""

    def refuse_type(self, name: str, value: Any) -> None:
        """Refuse the message with 4102."""
        wire = WIRE_NAMES.get(name, name)
        error = bad(f"{wire} 값의 형식이 맞지 않습니다.", f"{wire} has the wrong type.", field=wire, type_code="4102")
        self._ledger.refuse(error, shown(value))

    def code(self, fields: Fields, name: str, ko: str, en: str) -> str:
        """A mandatory code; 4101 when missing, 4102 when it is not one."""
        value = self.scalar(fields, name)
        wire = WIRE_NAMES[name]
        if not value:
            if text_of(fields.get(name)) is not None:
                error = bad(
                    f"필수 항목 {wire}({ko})이(가) 없습니다.",
                    f"The mandatory {wire} ({en}) is missing.",
                    field=wire,
                    type_code="4101",
                )
                self._ledger.refuse(error)
            return ""
        if not pattern(self._settings.code_pattern).fullmatch(value):
            self.refuse_type(name, value)
            return ""
        return value

    def words(self, fields: Fields, name: str, ko: str, en: str) -> str:
        """An optional text; too long a one is cut and noted."""
        value = text_of(fields.get(name))
        wire = WIRE_NAMES.get(name, name)
        if value is None:
            self.left_out(wire, fields.get(name), ko, en)
            return ""
        limit = self._settings.max_text
        if len(value) > limit:
            problem = Text(
                f"{ko}이(가) 길어 {limit}자까지만 표시합니다.", f"The {en} is long; {limit} characters are shown."
            )
            self._ledger.repaired(wire, value[:200], Text(ko, en), problem)
            return value[:limit]
        if value:
            self._ledger.understood(wire, value, ko, en)
        return value

    def left_out(self, wire: str, value: Any, ko: str, en: str) -> None:
        """Note that an optional field could not be read."""
        problem = Text(
            f"{wire}({ko})을(를) 읽을 수 없어 제외했습니다.", f"{wire} ({en}) could not be read and was left out."
        )
        self._ledger.repaired(wire, shown(value), Text(ko, en), problem)

    def stamp(self, fields: Fields, name: str, ko: str, en: str) -> datetime | None:
        """An optional time; an unreadable one is left out and noted."""
        value = text_of(fields.get(name))
        if value == "":
            return None
        stamp = read_stamp(value) if value else None
        if stamp is None:
            self.left_out(WIRE_NAMES[name], fields.get(name), ko, en)
        elif self._ledger.explaining:
            said = stamp.strftime("%Y-%m-%d %H:%M:%S")
            self._ledger.understood(WIRE_NAMES[name], value or "", f"{ko}: {said} (한국시각)", f"{en}: {said} KST")
        return stamp


@lru_cache(maxsize=16)
def pattern(text: str) -> re.Pattern[str]:
    """The compiled expression of a setting."""
    return re.compile(text)
