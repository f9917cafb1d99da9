"""What a message of ours carries when it leaves: the session key of the login, and its body sealed where agreed."""

from dataclasses import replace
from random import Random

import pytest
from msgspec.structs import replace as changed

from fakes.news import ARRIVED
from goldentime.linkages.safety_net_http import SafetyNetHttp, SafetyNetSettings
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp
from goldentime.linkages.safety_net_tcp.settings import TcpSettings
from goldentime.messages.exchange import RawMessage
from goldentime.sim.agencies.occurrence import Message, begin
from goldentime.sim.agencies.scenario import Agency, load_scenario
from goldentime.sim.agencies.tcp_wire import SafetyNetOverTcp
from goldentime.sim.agencies.wire import write_report

KEY, SESSION = "안전망 열쇠", "session-7"
SITES = [
    TcpSettings(aria_key=KEY),
    TcpSettings(aria_key=KEY, charset="cp949"),
    TcpSettings(aria_key=KEY, separators_as="utf-8"),
]


def raw_of(linkage: str, body: bytes) -> RawMessage:
    return RawMessage(linkage, None, "application/json", {}, body, ARRIVED.at)


def an_occurrence(wire: str) -> tuple[Message, Agency]:
    scenario = load_scenario("112")
    message = begin(scenario, "20261123120000001", ARRIVED.at, Random(7))  # noqa: S311  a story, no secret
    return message, changed(scenario.agency, wire=wire, aria_key=KEY)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("key", ["", KEY])
def test_over_tcp_it_names_the_session_and_is_read_sealed_or_open(site: TcpSettings, key: str) -> None:
    wire = SafetyNetTcp(site)
    written = wire.news(ARRIVED)
    sent = wire.finished(written, SESSION, key)
    assert wire.find_session(sent) == SESSION
    assert ("순찰차".encode(site.charset) in sent) == (not key)
    assert [frame.data for frame in wire.framer().feed(sent)] == [sent]
    report = wire.parse(raw_of("safety_net_tcp", sent))
    assert (report.occurrence, report.content) == (ARRIVED.occurrence, ARRIVED.content.ko)
    assert wire.finished(written, SESSION, key) == sent
    if not key:
        assert wire.fingerprint(raw_of("safety_net_tcp", sent)) == wire.fingerprint(raw_of("safety_net_tcp", written))


def test_a_message_that_is_none_of_ours_is_never_sent_open_in_place_of_sealed() -> None:
    with pytest.raises(ValueError, match="not a message"):
        SafetyNetTcp().finished(b"\xd1" * 20, SESSION, KEY)


@pytest.mark.parametrize("wire", ["json", "form"])
def test_a_simulated_agency_seals_its_reports_over_http(wire: str) -> None:
    message, agency = an_occurrence(wire)
    sent = write_report(agency, message, SESSION, ARRIVED.at)
    raw = replace(raw_of("safety_net_http", sent.body), content_type=sent.content_type)
    report = SafetyNetHttp(SafetyNetSettings(aria_key=KEY)).parse(raw)
    assert (report.occurrence, report.content) == (message.number, message.content)


def test_a_simulated_agency_names_its_session_and_seals_its_reports_over_tcp() -> None:
    message, agency = an_occurrence("json")
    sent = SafetyNetOverTcp().report(agency, message, ARRIVED.at, SESSION)
    there = SafetyNetTcp(TcpSettings(aria_key=KEY))
    assert there.find_session(sent) == SESSION
    report = there.parse(raw_of("safety_net_tcp", sent))
    assert (report.occurrence, report.content) == (message.number, message.content)
