"""How a message's head and body are held while they are read, whichever wire brought them, and values within them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.linkage_kit.values import clean

Fields = dict[str, Any]


class Parts(dict[str, Any]):
    """A compound field's parts under their standard names already, from a wire that has no names of its own."""


ECHOED = 20  # letters of a code that an answer says again at most


@dataclass(frozen=True, slots=True)
class Envelope:
    """Head and body with names in lower case and aliases resolved; values as they came."""

    head: Fields
    body: Fields
    shape: Text  # what the message is written as, for people
    sealed: bool


def named(fields: Mapping[str, Any], settings: SafetyNetCodes) -> Fields:
    """The fields under lower-case standard names; a standard name wins over its alias, else the last one counts."""
    result: Fields = {}
    aliases = settings.aliases
    for name, value in fields.items():
        lowered = name.lower()
        standard = aliases.get(lowered)
        if standard is None:
            result[lowered] = value
        else:
            result.setdefault(standard, value)
    return result


def compound(value: Any, settings: SafetyNetCodes) -> Fields | None:
    """A compound field's parts, also from a JSON text or a list of one; None when it is none."""
    if type(value) is Parts:
        return value
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = decode_json(value)
    if isinstance(value, list) and value:
        value = value[0]
    return named(value, settings) if isinstance(value, dict) else None


def listed(value: Any) -> list[Any] | None:
    """A list field's entries, also from a JSON text or a single object; None when it is none."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return []
        if text[0] not in "{[":
            return None
        value = decode_json(text)
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else None


def bad(ko: str, en: str, *, field: str | None = None, type_code: str = "4000") -> BadMessage:
    """A refusal in both languages."""
    return BadMessage(Text(ko, en), type_code=type_code, field=field)


def decode_json(text: str) -> Any:
    """The value; raises BadMessage 4000 for what is no JSON."""
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise bad("JSON이 너무 깊이 중첩되었습니다.", "The JSON is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeError) as wrong:
        if "truncated" in str(wrong):
            raise bad("JSON이 중간에 끊겼습니다.", "The JSON is cut off.") from None
        raise bad(f"JSON을 읽을 수 없습니다: {wrong}", f"The JSON cannot be read: {wrong}") from None
    except ValueError:
        raise bad("JSON의 숫자를 읽을 수 없습니다.", "A number in the JSON cannot be read.") from None


def text_of(value: Any) -> str | None:
    """A scalar as cleaned text, "" for nothing; None when it is a list, an object or a truth value."""
    if type(value) is str:
        return value.strip() if value.isprintable() else clean(value)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def shown(value: Any) -> str:
    """The value as a problem report shows it; never walks into what may be nested without end."""
    if isinstance(value, dict):
        return "{…}"
    return "[…]" if isinstance(value, list) else str(value)[:200]


def echoed(value: str) -> str:
    """A sender's code as an answer may say it again: its beginning, and no letter that does not show."""
    shown_letters = "".join(letter for letter in value[: 2 * ECHOED] if letter.isprintable())
    return shown_letters if len(shown_letters) <= ECHOED and len(value) <= ECHOED else f"{shown_letters[:ECHOED]}…"
