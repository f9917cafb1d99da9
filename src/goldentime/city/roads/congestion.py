"""When traffic flows, is slow or stands: by rank of the road, in the words people know from traffic signs."""

from collections.abc import Mapping

from goldentime.core.text import Text

# Km/h below which traffic stands, and from which it flows: 국토교통부 도로 소통정보 표출 가이드라인 (2016), as Seoul's
# TOPIS shows it: 15 and 25 in town, 30 and 50 on urban motorways; motorways as the Korea Expressway Corporation does.
LIMITS: Mapping[str, tuple[float, float]] = {"101": (40.0, 80.0), "102": (30.0, 50.0)}
IN_TOWN = (15.0, 25.0)
FLOWING, SLOW, STANDING = "flowing", "slow", "standing"
WORDS: Mapping[str, Text] = {
    FLOWING: Text("원활", "Flowing"),
    SLOW: Text("서행", "Slow"),
    STANDING: Text("정체", "Standing"),
}


def level_of(rank: str, kmh: float) -> str:
    """How traffic at this speed is called on a road of this rank."""
    low, high = LIMITS.get(rank, IN_TOWN)
    return STANDING if kmh < low else SLOW if kmh < high else FLOWING
