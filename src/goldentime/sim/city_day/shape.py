"""How calls spread over a day and a week, after published counts."""

# 119: share of patients by two hours, first half of 2012 (소방방재청 119구급활동 분석): 8-10 10.9 %, 10-12 10.0,
# 12-14 9.7, 14-16 9.6, 18-20 9.4, 20-22 9.3, 0-2 7.0, 2-4 5.2, 4-6 4.5. The 24.4 % it leaves to 6-8, 16-18 and 22-24
# are spread by us.
_FIRE_BY_TWO_HOURS = (7.0, 5.2, 4.5, 6.9, 10.9, 10.0, 9.7, 9.6, 9.3, 9.4, 9.3, 8.2)
# 112: 경남지방경찰청 2012: 22-24 11.6 %, 4-6 3.8 %; 울산경찰청 2023: peaks at 15-18 and 22-23. The rest is ours.
_POLICE_BY_TWO_HOURS = (10.3, 6.4, 3.8, 4.4, 6.6, 7.7, 8.3, 9.2, 9.6, 10.6, 11.5, 11.6)
# Days from Monday. 119: 소방청 2018, Monday 289,612, Friday 268,178, Saturday 271,078 of 1,879,725. 112: 경남 2012,
# Saturday 15.8 %, Monday 13.7 %. The other days share the rest evenly.
_FIRE_BY_DAY = (15.41, 13.98, 13.98, 13.98, 14.27, 14.42, 13.98)
_POLICE_BY_DAY = (13.7, 14.1, 14.1, 14.1, 14.1, 15.8, 14.1)
POLICE_SHARE = 0.68  # of a city's calls that call for somebody to go, those to 112; ours, so that both rooms are busy
HOUR = 3600.0
BURST_FROM, BURST_SECONDS = 21.0 * HOUR, 1200.0  # when a storm or a large fire makes everyone call at once


def weight_at(agency: str, second: float, burst: float) -> float:
    """How many calls come at this second of the day, against an even day's 1; `burst` times as many in the burst."""
    table = _POLICE_BY_TWO_HOURS if agency == "112" else _FIRE_BY_TWO_HOURS
    usual = table[int(second // (2 * HOUR)) % 12] / (100 / 12)
    return usual * (burst if BURST_FROM <= second < BURST_FROM + BURST_SECONDS else 1.0)


def weight_of_day(weekday: int) -> float:
    """How busy this day of the week is against the mean one's 1; Monday is 0."""
    police, fire = weights_of_day(weekday)
    return POLICE_SHARE * police + (1 - POLICE_SHARE) * fire


def weights_of_day(weekday: int | None) -> tuple[float, float]:
    """The same of 112 and of 119 alone; None is the mean day."""
    if weekday is None:
        return 1.0, 1.0
    return _POLICE_BY_DAY[weekday] / (100 / 7), _FIRE_BY_DAY[weekday] / (100 / 7)
