"""Every folder under linkages/ keeps the promises of the kit."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldentime.linkage_kit.testing import (
    Sample,
    check_damaged,
    check_pages,
    check_sample,
    damaged,
    linkage_folders,
    open_for_samples,
    samples_of,
)

FOLDERS = linkage_folders()
SAMPLES = [(folder, sample) for folder in FOLDERS for sample in samples_of(folder)]


def test_there_is_a_linkage_to_check():
    assert "safety_net_http" in [folder.name for folder in FOLDERS]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_linkage_has_a_page_for_integrators(folder):
    check_pages(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_linkage_has_good_and_bad_samples(folder):
    codes = {sample.type_code for sample in samples_of(folder)}
    assert "2000" in codes
    assert codes - {"2000"}


@pytest.mark.parametrize(("folder", "sample"), SAMPLES, ids=[f"{f.name}-{s.name}" for f, s in SAMPLES])
def test_a_sample_parses_to_its_recorded_answer(folder, sample: Sample):
    check_sample(open_for_samples(folder), sample)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_sample_raises_nothing_but_bad_message(folder, data):
    linkage = open_for_samples(folder)
    sample = data.draw(st.sampled_from([sample for where, sample in SAMPLES if where == folder]))
    check_damaged(linkage, data.draw(damaged(sample)))
