"""The pages integrators read are true."""

import re
from pathlib import Path

import pytest

from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_tcp import NAME, SafetyNetTcp, TcpSettings
from goldentime.linkages.safety_net_tcp.settings import BODY_FIELDS, HEAD_FIELDS
from goldentime.messages.exchange import RawMessage

HERE = Path(__file__).parent
PAGE = HERE.parents[3] / "docs" / "reference" / "safety-net-tcp.md"
needs_docs = pytest.mark.skipif(not PAGE.is_file(), reason="an installed package has no docs/")


def test_the_message_in_the_readme_is_cut_and_understood():
    shown = re.search(r"```\n(EVENT.*?)\n```", (HERE / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown
    pieces = re.split(r"<([0-9A-F]{2})>", shown[1].replace("\n", ""))
    sent = b"".join(bytes.fromhex(one) if place % 2 else one.encode() for place, one in enumerate(pieces))
    (frame,) = SafetyNetTcp().framer().feed(sent)
    assert (frame.data, frame.problem) == (sent, None)
    head, _, body = sent.partition(b"\xd0\xda")
    assert int(head.split(b"\xd1")[11]) == len(body) - 2, "the bodyLen shown is the body's length"
    report = SafetyNetTcp().parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT))
    assert (report.service, report.notes, report.items["APPLICANT_NM"]) == ("112_video", (), "한빛나")


@needs_docs
def test_the_reference_gives_the_fields_in_their_order_and_the_limits_as_they_are():
    page = PAGE.read_text("utf-8")
    head = page.split("머리 · head:")[1].split("본문 · body:")[0]
    body = page.split("본문 · body:")[1].split("| 설정")[0]
    assert tuple(re.findall(r"`(\w+)`", head)) == HEAD_FIELDS
    assert tuple(re.findall(r"`(\w+)`", body)) == BODY_FIELDS
    assert (TcpSettings().max_body, TcpSettings().max_head) == (256 << 10, 8 << 10)
