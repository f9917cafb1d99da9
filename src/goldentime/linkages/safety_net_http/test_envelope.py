"""A message sent as a form is read as one, quickly, and is the same message under another session."""

from time import perf_counter
from urllib.parse import quote_plus, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.linkages.safety_net_http.envelope import unquote
from goldentime.messages.exchange import RawMessage


def test_a_form_sent_again_has_the_same_fingerprint_too():
    forms = [
        RawMessage("safety_net_http", None, "application/x-www-form-urlencoded", {}, body, RECEIVED_AT)
        for body in (b"rrKey=1&sendCd=112&reqDate=2&Body=%7B%7D", b"rrKey=9&sendCd=112&reqDate=8&Body=%7B%7D")
    ]
    assert len({SafetyNetHttp().fingerprint(raw) for raw in forms}) == 1


@given(st.binary(max_size=60))
def test_forms_are_decoded_as_urllib_does(data):
    assert unquote(quote_plus(data).encode()) == data
    assert unquote(data) == unquote_to_bytes(data.replace(b"+", b" "))


def test_a_megabyte_of_escapes_does_not_hold_up_the_others():
    body = b"Body=" + b"%41" * 340_000
    raw = RawMessage("safety_net_http", None, "application/x-www-form-urlencoded", {}, body, RECEIVED_AT)
    started = perf_counter()
    with pytest.raises(BadMessage):
        SafetyNetHttp().parse(raw)
    assert perf_counter() - started < 0.15
