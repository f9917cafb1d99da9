"""When two messages are the same one sent again: equal but for the session key and the time of sending."""

import re

from goldentime.messages.exchange import RawMessage

_IN_JSON = re.compile(rb'"(?:rrKey|reqDate)"\s*:\s*"[^"\\]*"\s*,?', re.IGNORECASE)
_IN_FORM = re.compile(rb"(?:^|&)(?:rrKey|reqDate)=[^&]*", re.IGNORECASE)


def fingerprint(raw: RawMessage) -> bytes:
    """The body without what a sender writes anew when it logs in again and resends."""
    looks_json = raw.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    return (_IN_JSON if looks_json else _IN_FORM).sub(b"", raw.body)
