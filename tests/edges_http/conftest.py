"""A reception that remembers what reached it."""

import pytest

from fakes.agency_door import FakeReception


@pytest.fixture
def reception() -> FakeReception:
    return FakeReception()
