"""What is wrong with a source of positions is said on its light in both languages."""

import re

import pytest

from fakes.clock import StandingClock
from goldentime.adapters.mqtt.positions import MqttBroker, read_positions
from goldentime.city.agencies.agency import Agency
from goldentime.core.errors import BadMessage
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.wire.links import link_rows
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.positions.position_sources import HELD_AGAINST, PositionSources
from goldentime.flows.positions.take_positions import Positions

HANGUL = re.compile("[가-힣]")
CODES = ["unreachable", "stream_ended", "not_trusted", "bad_request", *sorted(fate.value for fate in HELD_AGAINST)]


def said(detail) -> dict[str, str]:
    clock = StandingClock()
    links = LinkHealth(clock, lambda: None)
    links.agencies = [Agency(AgencyId("police"), Text("경찰", "Police"))]
    PositionSources(Positions(clock), links).note("police", "mqtt", ok=False, detail=detail)
    (row,) = link_rows(links)
    words: dict[str, str] = row["detail"]
    return words


@pytest.mark.parametrize("detail", CODES)
def test_every_code_has_words_in_both_languages(detail: str) -> None:
    words = said(detail)
    assert detail not in words["ko"]
    assert HANGUL.search(words["ko"].split("(")[1])
    assert not HANGUL.search(words["en"])


def test_a_message_that_is_wrong_says_why_in_both_languages() -> None:
    broker = MqttBroker(host="127.0.0.1", port=1883, topics=("units/+",))
    with pytest.raises(BadMessage) as bad:
        read_positions(broker, "police", ("units/1", b"no JSON"), StandingClock().now())
    words = said(bad.value.text)
    assert words["ko"] != words["en"]
    assert HANGUL.search(words["ko"].split("(")[1])
    assert not HANGUL.search(words["en"])
