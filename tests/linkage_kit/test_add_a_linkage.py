"""docs/how-to/add-a-linkage.md, followed word for word in a folder of its own."""

import asyncio
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.clock import StandingClock
from goldentime import linkages
from goldentime.flows.links.link_health import LinkHealth
from goldentime.from_settings import linkage_names, make_linkage
from goldentime.linkage_kit import Outcome, OutcomeKind, check_sender
from goldentime.linkage_kit.testing import (
    check_damaged,
    check_framing,
    check_noise,
    check_pages,
    check_sample,
    damaged,
    linkage_folders,
    open_for_samples,
    samples_of,
)
from goldentime.messages.exchange import Sender
from goldentime.settings import Settings
from goldentime.wired.linking import make_doors

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-linkage.md"
FILE = re.compile(r"^`src/goldentime/linkages/(paldal_bell/[^`]+)`\n(`{3,4})\w+\n(.*?)\n?\2$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder as the page has it, where linkages are looked for."""
    root = tmp_path_factory.mktemp("linkages")
    for path, _, content in FILE.findall(PAGE.read_text("utf-8")):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content + "\n", encoding="utf-8")
    linkages.__path__.append(str(root))
    importlib.invalidate_caches()
    yield root / "paldal_bell"
    linkages.__path__.remove(str(root))
    for name in [one for one in sys.modules if one.startswith("goldentime.linkages.paldal_bell")]:
        del sys.modules[name]
    if hasattr(linkages, "paldal_bell"):
        del linkages.paldal_bell


def told_settings() -> Settings:
    """What step 6 says."""
    (block,) = re.findall(r"```toml\n(\[\[agencies\]\].*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return Settings(**tomllib.loads(block))


def test_every_file_of_a_linkage_is_on_the_page(folder):
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files >= {"__init__.py", "parse.py", "settings.py", "README.md", "samples/pressed.txt"}


def test_the_new_folder_is_found_and_has_a_page_and_samples_good_and_bad(folder):
    assert folder in linkage_folders()
    assert "paldal_bell" in linkage_names()
    check_pages(folder)
    codes = {sample.type_code for sample in samples_of(folder)}
    assert "2000" in codes
    assert codes - {"2000"}


def test_its_samples_are_read_as_recorded(folder):
    for sample in samples_of(folder):
        check_sample(open_for_samples(folder), sample)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_keeps_the_promises_of_the_kit(folder, data):
    linkage = open_for_samples(folder)
    sample = data.draw(st.sampled_from(sorted(samples_of(folder), key=lambda one: one.name)))
    check_damaged(linkage, data.draw(damaged(sample)))
    message = sample.raw.body
    check_framing(linkage, [message] * 3, data.draw(st.lists(st.integers(0, 500), max_size=10)))
    check_noise(linkage, data.draw(st.binary(max_size=100)) + message[:20] + b"\n", message, largest=linkage.largest)


class Hall:
    """Takes what the linkage reads; the real one is tried elsewhere."""

    def __init__(self, linkage):
        self.linkage, self.reports = linkage, []

    async def neighbour(self, agency, codes):
        return Sender(agency, codes)

    async def receive(self, raw, sender):
        report = self.linkage.parse(raw)
        check_sender(report, sender)
        self.reports.append(report)
        return self.linkage.deliver(Outcome(OutcomeKind.OPENED))


@pytest.mark.socket
async def test_the_settings_of_the_page_open_its_door_and_a_pressed_bell_is_answered(folder):
    given = told_settings()
    clock = StandingClock()
    made = {name: make_linkage(name, table) for name, table in given.linkages.items()}
    hall = Hall(made["paldal_bell"])
    links = LinkHealth(clock, lambda: None)
    (server,) = make_doors(given, made, hall, links, clock)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write((folder / "samples" / "pressed.txt").read_bytes())
    answer = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await server.stop()
    assert answer.decode().startswith("2000|접수했습니다.")
    assert [report.occurrence for report in hall.reports] == ["20261123090000417"]
