"""How far the clocks are behind the log, when it is worth saying."""

from datetime import datetime, timedelta

from goldentime.flows.clocks.follow_clocks import AT_ONCE, READER
from goldentime.flows.ports import Reading

NOTICED = timedelta(seconds=30)  # while what is older is not yet in, figures are called behind


def find_lag(look: Reading, now: datetime) -> datetime | None:
    """Up to when the facts are in that the reader has taken, while it is noticeably behind; else None.

    A fact may be told long after it was (a press in a tunnel): the later of the last one taken and the first not taken
    is how far the reader is.
    """
    position = look.find_cursor(READER)
    around = look.list_facts(after=position - 1, limit=2)
    if not around or around[-1].position <= position:
        return None
    at = max(one.fact.at for one in around)
    return at if look.last_position() - position > AT_ONCE or now - at > NOTICED else None
