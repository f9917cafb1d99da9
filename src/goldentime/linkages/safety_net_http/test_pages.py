"""The pages integrators read are true."""

import re
import tomllib
from pathlib import Path

import pytest

from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_http import NAME, SafetyNetHttp, SafetyNetSettings, settings_from
from goldentime.messages.exchange import RawMessage

HERE = Path(__file__).parent
DOCS = HERE.parents[3] / "docs"
needs_docs = pytest.mark.skipif(not DOCS.is_dir(), reason="an installed package has no docs/")


def test_the_message_in_the_readme_is_understood():
    request = re.search(r"```\nPOST .*?\n\n(\{.*?\}\})\n", (HERE / "README.md").read_text("utf-8"), re.DOTALL)
    assert request
    raw = RawMessage(NAME, None, "application/json; charset=UTF-8", {}, request[1].encode(), RECEIVED_AT)
    report = SafetyNetHttp().parse(raw)
    assert (report.service, report.notes) == ("112_video", ())


@needs_docs
def test_the_settings_in_the_how_to_load():
    page = (DOCS / "how-to" / "connect-an-agency.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert block
    settings = settings_from(tomllib.loads(block[1])["linkages"]["safety_net_http"])
    assert settings.kinds["GGFIRE01"].service == "119_dispatch"
    assert settings.receivers == {"B4111000000"}


@needs_docs
def test_the_reference_gives_the_limits_as_they_are():
    page = (DOCS / "reference" / "safety-net-http.md").read_text("utf-8")
    site = SafetyNetSettings()
    for name, said in (("max_items", f"{site.max_items:,}"), ("max_text", f"{site.max_text:,}")):
        assert re.search(rf"`{name}`\) \| {said} \|", page)
    assert (site.max_body, site.max_sealed) == (1 << 20, 32 << 10)
    assert "1 MiB" in page
    assert "32 KiB" in page
