"""What a sender's report says about the camera's clock, and what we report back."""

from struct import Struct, error
from typing import NamedTuple

SENDER_REPORT, RECEIVER_REPORT = 200, 201
_SENDER = Struct("!BBHIIII")


class SenderReport(NamedTuple):
    """At `ntp_seconds` of the camera's own clock its media clock stood at `timestamp`."""

    ntp_seconds: float
    timestamp: int


def find_sender_report(data: bytes) -> SenderReport | None:
    """The first sender report in a compound packet; None when there is none or it is malformed."""
    at = 0
    for _ in range(16):
        if at + 4 > len(data) or data[at] >> 6 != 2:
            return None
        if data[at + 1] == SENDER_REPORT:
            try:
                _, _, _, _, seconds, fraction, timestamp = _SENDER.unpack_from(data, at)
            except error:
                return None
            return SenderReport(seconds + fraction / 2**32, timestamp)
        at += 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def empty_receiver_report(ssrc: int) -> bytes:
    """A receiver report without blocks: keeps the session and the way through a firewall open."""
    return bytes((0x80, RECEIVER_REPORT, 0, 1)) + ssrc.to_bytes(4, "big")
