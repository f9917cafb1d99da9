"""Whoever sends JSON that does not fit reads in Korean what is wrong and where."""

from datetime import datetime
from typing import Annotated

import msgspec
import pytest

from goldentime.edges.http.unread import why_unread


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """A message with a fault of every sort to be made in it."""

    unit: str
    lat: Annotated[float, msgspec.Meta(le=90)] = 0.0
    at: datetime | None = None


@pytest.mark.parametrize(
    ("body", "korean"),
    [
        ('{"unit": 1}', "unit: 글자(이)어야 하는데 정수입니다"),
        ('{"unit": "a", "lat": "x"}', "lat: 수(이)어야 하는데 글자입니다"),
        ('{"unit": "a", "lat": 91.5}', "lat: 수의 범위는 <= 90.0입니다"),
        ('{"unit": "a", "at": 5.5}', "at: 시각 또는 빈 값(null)(이)어야 하는데 수입니다"),
        ('{"unit": "a", "at": "noon"}', "at: RFC 3339 시각이 아닙니다"),
        ("{}", "꼭 필요한 항목 unit이(가) 없습니다"),
        ('{"unit": "a", "colour": 1}', "모르는 항목 colour이(가) 있습니다"),
        ("[]", "객체(이)어야 하는데 목록입니다"),
        ('{"unit": ', "JSON이 중간에서 끊겼습니다"),
        ('{"unit": a}', "JSON이 아닙니다(invalid character (byte 9))"),
    ],
)
def test_what_is_wrong_is_said_in_korean_with_its_place(body: str, korean: str) -> None:
    with pytest.raises(msgspec.MsgspecError) as refused:
        msgspec.json.decode(body, type=Told)
    told = why_unread(refused.value)
    assert told.ko == f"읽을 수 없습니다: {korean}"
    assert told.en == f"Cannot be read: {refused.value}"


def test_what_is_new_is_told_as_it_is() -> None:
    assert why_unread(ValueError("something else")).ko == "읽을 수 없습니다: something else"
