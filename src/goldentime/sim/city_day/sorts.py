"""What happens in a city and how each room's callers tell it: in other words, and not always as the same sort."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One way a room files a call: its detail and what the caller says."""

    detail: str
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of event: `police` how likely 112 hears of it first, `both` that the other room does too.

    `more` is how many further calls there are on average, `urgent` how many of it are, `minutes` how long it lasts.
    """

    weight: float
    police: float
    both: float
    more: float
    told_112: tuple[Told, ...]
    told_119: tuple[Told, ...]
    urgent: float = 0.5
    minutes: float = 35.0


SORTS: tuple[Sort, ...] = (
    Sort(
        weight=12,
        police=0.65,
        both=0.55,
        more=0.5,
        urgent=0.6,
        told_112=(
            Told(
                "교통사고",
                (
                    "차 두 대가 부딪쳐 길을 막고 있다. 다친 사람이 있는 것 같다.",
                    "추돌사고, 운전자가 내리지 못하고 있음.",
                    "오토바이와 승용차 접촉사고. 피가 난다고 함.",
                ),
            ),
            Told("교통위반", ("차가 뒤엉켜 서 있고 사람들이 모여 있다.",)),
        ),
        told_119=(
            Told("교통사고", ("승용차 추돌, 목이 아프다고 함.", "오토바이 운전자가 쓰러져 있다.")),
            Told("구급", ("길에 사람이 쓰러져 있다. 차에 부딪친 것 같다.", "다리를 다친 운전자.")),
            Told("구조", ("차 안에 사람이 끼여 있다고 함.",)),
        ),
    ),
    Sort(
        weight=5,
        police=0.15,
        both=0.6,
        more=1.2,
        urgent=0.95,
        minutes=60,
        told_112=(
            Told("화재", ("건물에서 연기가 난다.", "창문으로 불길이 보인다.")),
            Told("위험방지", ("타는 냄새가 심하게 난다.",)),
        ),
        told_119=(
            Told("화재", ("3층에서 불이 났다. 연기가 많다.", "쓰레기 더미에서 불길이 올라옴.")),
            Told("구조", ("연기 때문에 못 나오고 갇혀 있다.",)),
        ),
    ),
    Sort(
        weight=26,
        police=0.04,
        both=0.08,
        more=0.08,
        urgent=0.7,
        minutes=45,
        told_112=(Told("보호조치", ("사람이 쓰러져 있다.", "의식이 없는 것 같다.")),),
        told_119=(
            Told(
                "구급",
                (
                    "가슴 통증을 호소함.",
                    "어머니가 의식이 없다.",
                    "아이가 경련을 한다.",
                    "넘어져 머리를 다쳤다.",
                    "호흡이 가쁘다고 함.",
                    "복부 통증이 심함.",
                ),
            ),
        ),
    ),
    Sort(
        weight=15,
        police=0.97,
        both=0.2,
        more=0.3,
        urgent=0.6,
        told_112=(
            Told("폭행", ("남자 둘이 싸우고 있다. 한 명이 맞아 쓰러졌다.", "술집 앞에서 주먹질.")),
            Told("시비", ("손님끼리 시비가 붙었다.",)),
            Told("가정폭력", ("옆집에서 비명과 물건 던지는 소리.",)),
        ),
        told_119=(Told("구급", ("맞아서 코피가 나고 얼굴을 다침.", "머리에서 출혈.")),),
    ),
    Sort(
        weight=16,
        police=0.98,
        both=0.08,
        more=0.2,
        urgent=0.15,
        told_112=(
            Told("소란", ("술에 취한 사람이 소리를 지른다.", "행패를 부리고 있다.")),
            Told("주취자", ("길에 취한 사람이 누워 있다.",)),
            Told("소음", ("공사 소음 때문에 잘 수가 없다.",)),
        ),
        told_119=(Told("구급", ("술에 취해 길에 쓰러진 사람.",)),),
    ),
    Sort(
        weight=9,
        police=1.0,
        both=0.0,
        more=0.05,
        urgent=0.3,
        told_112=(
            Told("절도", ("가방을 훔쳐 갔다.", "자전거를 도난당했다.")),
            Told("침입", ("문이 열려 있고 누가 들어온 흔적.",)),
        ),
        told_119=(Told("기타", ("문 개방 요청.",)),),
    ),
    Sort(
        weight=3,
        police=0.95,
        both=0.25,
        more=0.2,
        urgent=0.6,
        minutes=90,
        told_112=(Told("실종", ("아이가 없어졌다.", "치매 어르신이 집에 돌아오지 않음.")),),
        told_119=(Told("구조", ("산책로에서 길을 잃은 어르신.", "미귀가자 위치 확인 요청.")),),
    ),
    Sort(
        weight=2,
        police=0.5,
        both=0.8,
        more=0.6,
        urgent=1.0,
        minutes=50,
        told_112=(Told("자살의심", ("옥상 난간에 사람이 서 있다.", "다리 위에서 뛰어내리려 한다.")),),
        told_119=(
            Told("구조", ("난간에 매달린 사람.", "투신하려는 사람이 있다고 함.")),
            Told("구급", ("손목 자해로 출혈.",)),
        ),
    ),
    Sort(
        weight=4,
        police=0.1,
        both=0.25,
        more=0.3,
        urgent=0.6,
        told_112=(Told("위험방지", ("엘리베이터에 사람이 갇혔다.", "가스 냄새가 난다.")),),
        told_119=(
            Told("구조", ("엘리베이터에 갇힘.", "현관문이 열리지 않아 아이가 갇혔다.")),
            Told("가스누출", ("골목에서 가스 냄새.",)),
        ),
    ),
    Sort(
        weight=8,
        police=0.9,
        both=0.03,
        more=0.1,
        urgent=0.1,
        minutes=20,
        told_112=(
            Told(
                "기타", ("수상한 사람이 서성인다.", "차를 빼 달라고 해도 연락이 안 된다.", "주차 시비는 아니고 상담.")
            ),
        ),
        told_119=(Told("기타", ("벌집 제거 요청.", "동물이 도로에 있다.")),),
    ),
)
