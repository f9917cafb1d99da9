"""The pages integrators read are true."""

import re
from pathlib import Path

import pytest

from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.fixed_head_tcp import NAME, FixedHeadTcp
from goldentime.linkages.fixed_head_tcp.settings import BODIES, STATES
from goldentime.messages.exchange import RawMessage

HERE = Path(__file__).parent
PAGE = HERE.parents[3] / "docs" / "reference" / "fixed-head-tcp.md"
needs_docs = pytest.mark.skipif(not PAGE.is_file(), reason="an installed package has no docs/")


def test_the_message_in_the_readme_is_cut_and_understood():
    shown = re.search(r"```\n(1010\d{14}112UCP\d{24}\n.*?)\n```", (HERE / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown
    sent = shown[1].replace("\n", "").replace("<RS>", "\x1e").encode()
    (frame,) = FixedHeadTcp().framer().feed(sent)
    assert (frame.data, frame.problem) == (sent, None)
    report = FixedHeadTcp().parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT))
    assert (report.service, report.detail_words, report.notes) == ("112_video", "교통사고", ())


@needs_docs
@pytest.mark.parametrize("layout", BODIES)
def test_the_reference_gives_every_body_in_its_order(layout):
    row = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and layout in line)
    assert tuple(re.findall(r"`(\w+)`", row.split("|")[2])) == BODIES[layout]


@needs_docs
def test_the_reference_knows_every_state():
    row = next(line for line in PAGE.read_text("utf-8").splitlines() if "`STA_TYP_CD` | 2" in line)
    assert set(re.findall(r"\b\d{2}\b", row.split("|")[3].split("답")[0])) == {code for code in STATES if code}
