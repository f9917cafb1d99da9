"""What is wrong with JSON that does not fit, in both languages: msgspec says it in English only."""

import re

from goldentime.core.text import Text

_AT = r"(?: - at `\$\.?(?P<at>[^`]*)`)?"
_NAMES = {
    "str": "글자",
    "int": "정수",
    "float": "수",
    "bool": "참/거짓",
    "null": "빈 값(null)",
    "object": "객체",
    "array": "목록",
    "datetime": "시각",
}
_RULES = tuple(
    (re.compile(pattern + _AT), words)
    for pattern, words in (
        (r"Expected `(?P<a>[^`]+)`, got `(?P<b>[^`]+)`", "{a}(이)어야 하는데 {b}입니다"),
        (r"Expected `(?P<a>[^`]+)` (?P<b>[<>]=? \S+)", "{a}의 범위는 {b}입니다"),
        (r"Object missing required field `(?P<a>[^`]+)`", "꼭 필요한 항목 {a}이(가) 없습니다"),
        (r"Object contains unknown field `(?P<a>[^`]+)`", "모르는 항목 {a}이(가) 있습니다"),
        (r"Invalid enum value '?(?P<a>.+?)'?", "{a}은(는) 정해진 값이 아닙니다"),
        (r"Invalid RFC3339 encoded datetime", "RFC 3339 시각이 아닙니다"),
        (r"JSON is malformed: (?P<a>.+)", "JSON이 아닙니다({a})"),
        (r"Input data was truncated", "JSON이 중간에서 끊겼습니다"),
    )
)
_LONGEST = 200


def why_unread(wrong: Exception) -> Text:
    """The reason with the place in the message; in English as msgspec has it, also in the Korean if it is a new one."""
    said = str(wrong)[:_LONGEST]
    return Text(f"읽을 수 없습니다: {_in_korean(said)}", f"Cannot be read: {said}")


def _in_korean(said: str) -> str:
    for rule, words in _RULES:
        if found := rule.fullmatch(said):
            named = {name: _named(value) for name, value in found.groupdict().items() if value is not None}
            return (f"{named['at']}: " if named.get("at") else "") + words.format(**named)
    return said


def _named(value: str) -> str:
    return " 또는 ".join(_NAMES.get(one, one) for one in value.split(" | "))
