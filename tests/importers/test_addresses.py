import pytest

from fakes.small_city import geojson, square
from goldentime.city.places.addresses import build_address_index
from goldentime.city.places.estimates import HowMatched
from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.city.places.words import Building, Lot, read_address
from goldentime.core.place import LonLat, distance_metres
from goldentime.importers.boundary import plan_boundary


def at(east, north=0.0):
    return LonLat(127.0 + east / 88_500, 37.25 + north / 111_195)


ADDRESSES = [
    ("경기도 수원시 팔달구 매산로3가 86-1", at(0)),
    ("경기도 수원시 팔달구 인계동 1038-4", at(1000)),
    ("경기도 수원시 권선구 권광로 120", at(2000)),
    ("경기도 수원시 권선구 권광로 140", at(2200)),
    ("경기도 수원시 장안구 광교산로138번길 8", at(3000)),
    ("경기도 수원시 장안구 상광교동 산 12-3", at(5000)),
]
PARK = Place(PlaceId("p"), PlaceKind.SHELTER, "매탄공원", at(4000), "")
DONG = plan_boundary(geojson(square(ADM_DR_NM="매탄3동")), "d", None).boundary


@pytest.fixture(scope="module")
def index():
    return build_address_index(ADDRESSES, [PARK], boundary=DONG, names=[("인계사거리", at(1200))])


@pytest.mark.parametrize(
    ("words", "place", "how"),
    [
        ("수원시 팔달구 매산로3가 86-1", at(0), HowMatched.LOT),
        ("매산로3가  86 - 1번지 앞", at(0), HowMatched.LOT),
        ("인계동 1038-4 편의점 앞", at(1000), HowMatched.LOT),
        ("경기도 수원시 팔달구 인계동 1038-9", at(1000), HowMatched.NEAR_LOT),
        ("권광로 120", at(2000), HowMatched.BUILDING),
        ("수원시 권선구 권광로 130 (권선동)", at(2100), HowMatched.NEAR_BUILDING),
        ("권광로", at(2100), HowMatched.ROAD),
        ("광교산로 138번길 8", at(3000), HowMatched.BUILDING),
        ("권광로131번길 7", at(2110), HowMatched.SIDE_STREET),
        ("인계동 1041", at(1000), HowMatched.NEIGHBOURING_LOT),
        ("매탄공원 북문", at(4000), HowMatched.NAME),
        ("인계 사거리 부근", at(1200), HowMatched.NAME),
        ("상광교동 산12-3", at(5000), HowMatched.LOT),
    ],
)
def test_place_words_find_their_place_and_say_how(index, words, place, how):
    found = index.find(words)
    assert found is not None
    assert found.how == how
    assert distance_metres(found.place, place) <= 1
    assert found.uncertain_metres >= 60


def test_a_neighbourhood_alone_is_its_middle_and_as_uncertain_as_it_is_large(index):
    found = index.find("매탄3동 주민센터 옆")
    assert found.how == HowMatched.NEIGHBOURHOOD
    assert found.uncertain_metres > 5000


@pytest.mark.parametrize(
    "words", ["", "모르는 곳", "성남시 분당구 권광로 120", "서울시 강남구 역삼동 12", "산 12", "112"]
)
def test_words_that_name_nothing_here_or_another_city_find_nothing(index, words):
    assert index.find(words) is None


def test_a_hill_lot_is_not_the_plain_lot_of_the_same_number(index):
    assert index.find("상광교동 12-3").how == HowMatched.NEIGHBOURHOOD


def test_a_name_that_means_two_places_finds_neither_without_its_neighbourhood():
    twice = build_address_index([], names=[("중앙공원", at(0)), ("중앙공원", at(3000))])
    assert twice.find("중앙공원 앞") is None


def test_the_words_are_taken_apart():
    assert read_address("매산로3가 86-1").lots == (Lot("매산로3가", 86, 1),)
    assert read_address("덕영대로1376번길 12-3").buildings == (Building("덕영대로1376번길", 12, 3),)
    assert read_address("문산읍 옥산리 952-16").lots == (Lot("옥산리", 952, 16),)
    assert read_address("매탄3동 12").lots == (Lot("매탄동", 12),)


def test_the_order_of_addresses_does_not_matter(index):
    other = build_address_index(reversed(ADDRESSES), [PARK], boundary=DONG, names=[("인계사거리", at(1200))])
    for words, _ in ADDRESSES:
        assert other.find(words) == index.find(words)
