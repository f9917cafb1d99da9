import pytest

from fakes.roads import suwon_roads
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import Roads


@pytest.fixture(scope="session")
def suwon() -> Roads:
    return suwon_roads()


@pytest.fixture(scope="session")
def suwon_graph(suwon: Roads) -> RoadGraph:
    return RoadGraph(suwon)
