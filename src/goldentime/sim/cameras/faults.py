"""What a simulated camera can be told to do wrong."""

from enum import Enum


class Fault(Enum):
    """One misbehaviour, until healed."""

    SILENT = "silent"  # the connection stays, nothing comes
    FROZEN = "frozen"  # the same key frame again and again, time goes on
    LATE = "late"  # three seconds behind its own clock
    REFUSING = "refusing"  # answers 404
    GARBAGE = "garbage"  # bytes that are no packet
    HUGE = "huge"  # a picture without end
