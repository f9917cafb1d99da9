"""What a crew reads of a building: in both languages, numbers with their units, dates as dates, nothing for offices."""

from goldentime.edges.wire.building import MOST_TOLD, told_of

REGISTER = {
    "관리번호": "B-0001",
    "주용도": "단독주택",
    "지상층수": "3",
    "지하층수": "1",
    "연면적": "214.5",
    "사용승인일": "20170415",
    "위험물": "LPG 20 kg",
    "비상계단": "",
    "특이사항": "가" * 80,
}


def read(columns: dict[str, str], language: str) -> list[tuple[str, str]]:
    return [(row["name"][language], row["value"][language]) for row in told_of(columns)]


def test_the_register_s_columns_are_said_in_words_with_their_units() -> None:
    assert read(REGISTER, "ko") == [
        ("용도", "단독주택"),
        ("지상", "3층"),
        ("지하", "1층"),
        ("연면적", "214.5 ㎡"),
        ("사용승인", "2017-04-15"),
        ("위험물", "LPG 20 kg"),
    ]
    assert read(REGISTER, "en")[1:5] == [
        ("Above ground", "3 floors"),
        ("Below ground", "1 floor"),
        ("Floor area", "214.5 m²"),
        ("In use since", "2017-04-15"),
    ]


def test_a_column_nobody_knows_is_told_as_it_is_and_a_number_with_its_own_unit_stays() -> None:
    assert read({"옥상": "헬리포트", "지상층수": "3층", "사용승인일": "미상"}, "en") == [
        ("옥상", "헬리포트"),
        ("Above ground", "3층"),
        ("In use since", "미상"),
    ]


def test_no_more_is_told_than_is_read_on_the_road() -> None:
    assert len(told_of({f"열{number}": "값" for number in range(20)})) == MOST_TOLD
