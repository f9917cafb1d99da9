"""How useful a camera put up for one purpose is to an event of another kind."""

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras.grid import PURPOSES
from goldentime.city.cameras.inventory import Purpose
from goldentime.core.text import Text

P = Purpose

# Enforcement cameras stare at a stop line or a kerb, waste cameras at a heap; vehicles are the other way round.
PEOPLE = {P.ENFORCEMENT: 0.6, P.VEHICLE: 0.75, P.TRAFFIC: 0.85, P.FACILITY: 0.7, P.WASTE: 0.6, P.DISASTER: 0.85}
FIRE = {P.ENFORCEMENT: 0.6, P.VEHICLE: 0.75, P.TRAFFIC: 0.95, P.FACILITY: 0.8, P.WASTE: 0.6}
HAZARD = {P.ENFORCEMENT: 0.6, P.VEHICLE: 0.75, P.TRAFFIC: 0.9, P.FACILITY: 0.85, P.WASTE: 0.6, P.CHILD: 0.9}
ROAD = {P.CRIME: 0.9, P.CHILD: 0.9, P.ENFORCEMENT: 0.9, P.DISASTER: 0.8, P.FACILITY: 0.6, P.WASTE: 0.5, P.OTHER: 0.85}
PLATE = {P.CRIME: 0.8, P.CHILD: 0.75, P.TRAFFIC: 0.9, P.DISASTER: 0.6, P.FACILITY: 0.5, P.WASTE: 0.5, P.OTHER: 0.75}

# The longest matching beginning of the event's kind decides; police reports are the rule.
WEIGHTS_BY_KIND = {
    "": PEOPLE,
    "112": PEOPLE,
    "119": FIRE,
    "DUC": HAZARD,
    "WESEN": HAZARD,
    "APLEN": HAZARD,
    "FCLFT": HAZARD,
    "ENVEN": HAZARD,
    "TUATR": ROAD,
    "LPRUM": PLATE,
    "POCCP": {**PEOPLE, P.CHILD: 1.0},
}

WORDS = {
    P.CRIME: Text(ko="생활방범용", en="for public safety"),
    P.CHILD: Text(ko="어린이보호용", en="for child safety"),
    P.TRAFFIC: Text(ko="교통정보용", en="for traffic watching"),
    P.ENFORCEMENT: Text(ko="단속용(차로 위주)", en="for enforcement (stares at the lane)"),
    P.DISASTER: Text(ko="재난용", en="for disasters"),
    P.FACILITY: Text(ko="시설물 관리용", en="for a facility"),
    P.WASTE: Text(ko="쓰레기 단속용", en="against dumping"),
    P.VEHICLE: Text(ko="차량방범용", en="for reading plates"),
    P.OTHER: Text(ko="다목적", en="multi-purpose"),
}


def purpose_weights(kind: str) -> NDArray[np.float64]:
    """`(9,)` weights in (0, 1], by the purpose's place in PURPOSES."""
    for length in range(len(kind), -1, -1):
        if (table := _ARRAYS.get(kind[:length])) is not None:
            return table
    return _ARRAYS[""]


_ARRAYS = {kind: np.array([table.get(purpose, 1.0) for purpose in PURPOSES]) for kind, table in WEIGHTS_BY_KIND.items()}
