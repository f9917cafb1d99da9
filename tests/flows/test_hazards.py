"""The dangers read out of a caller's words: those that are told, and none that only share their letters."""

import pytest

from goldentime.city.incidents.hazards import hazards_in

FALSE = (
    "너무너무 아파요",
    "배가 너무 너무 아프고 어지러움",
    "칼로리 낮은 음식을 먹고 어지러움",
    "칼국수집 앞 주차 시비",
    "과도한 음주로 쓰러짐",
    "동생이 일을 망치고 있다며 말다툼",
    "LPG 충전소 앞 교통사고",
    "도시가스 검침원 사칭",
    "가스 점검 문의",
    "전기차 충전소 옆 취객",
    "전기차 불법주차",
    "배터리 방전으로 차가 멈춤",
    "염산면사무소 앞 사고",
    "감전동 사거리 접촉사고",
    "사회적 고립 가구 안부 확인",
    "죄의식 없이 소란을 피움",
    "유독 시끄러운 이웃",
    "화학과 건물 앞 취객",
    "화재경보기 오작동",
    "담배 연기 때문에 다툼",
    "흉기는 없음, 말다툼만",
    "연기는 없고 경보만 울림",
    "컴퓨터가 악성코드에 감염",
    "폭탄 세일 매장 앞 주차 시비",
    "억장이 무너진다며 통곡",
)
TRUE = (
    ("남자가 칼을 들고 있음", "흉기 소지"),
    ("부엌칼로 위협", "흉기 소지"),
    ("과도로 손목을 그음", "흉기 소지"),
    ("망치를 휘두름", "흉기 소지"),
    ("가방에서 권총을 봄", "총기 소지"),
    ("역에 폭탄을 설치했다는 전화", "폭발물"),
    ("가스 냄새가 심하게 남", "가스 누출"),
    ("LPG 통에서 가스가 새고 있음", "가스 누출"),
    ("LPG 충전소에서 가스 누출", "가스 누출"),
    ("도시가스 배관 폭발", "가스 누출"),
    ("가스 점검 중 폭발", "가스 누출"),
    ("염산이 쏟아짐", "유해화학물질"),
    ("공장에서 화학물질 유출", "유해화학물질"),
    ("감전되어 쓰러짐", "감전 위험"),
    ("전선이 끊어져 늘어짐", "감전 위험"),
    ("천장이 무너졌음", "붕괴 위험"),
    ("공사장 비계 붕괴", "붕괴 위험"),
    ("엘리베이터에 갇혀 있음", "고립자 있음"),
    ("계곡에 3명 고립", "고립자 있음"),
    ("의식이 없어요", "의식·호흡 이상"),
    ("의식 없음", "의식·호흡 이상"),
    ("숨을 안 쉬어요", "의식·호흡 이상"),
    ("개한테 물렸어요", "위험 동물"),
    ("코로나 확진자 이송", "감염 주의"),
    ("전기차 충전 중 불이 남", "배터리 화재"),
    ("킥보드 배터리에서 연기", "배터리 화재"),
    ("불난 전기차가 있음", "배터리 화재"),
    ("상가 2층 화재", "화재·연기"),
    ("창문에서 연기가 남", "화재·연기"),
    ("집에 불이 났어요", "화재·연기"),
    ("연기는 없다가 지금 연기가 남", "화재·연기"),
)
AIRBORNE = {"가스 누출", "유해화학물질", "배터리 화재", "화재·연기"}


@pytest.mark.parametrize("words", FALSE)
def test_everyday_words_with_a_dangers_letters_name_none(words: str) -> None:
    assert [one.text.ko for one in hazards_in(words)] == []


@pytest.mark.parametrize(("words", "danger"), TRUE)
def test_a_danger_that_is_told_is_named(words: str, danger: str) -> None:
    assert danger in [one.text.ko for one in hazards_in(words)]


def test_only_what_the_wind_carries_is_airborne() -> None:
    told = {one.text.ko: one.airborne for words, _ in TRUE for one in hazards_in(words)}
    assert {name for name, airborne in told.items() if airborne} == AIRBORNE
    assert {"흉기 소지", "의식·호흡 이상"} <= {name for name, airborne in told.items() if not airborne}
