"""Sealed bodies open as RFC 5794 and OpenSSL have it, and only under the right key."""

import secrets
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.safety_net.aria import Aria256
from goldentime.linkage_kit.safety_net.sealed import key_bytes, pad_x923, seal, unseal

KEY = "도시키-2025"


def test_the_vector_of_rfc_5794_holds_both_ways():
    cipher = Aria256(bytes(range(32)))
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    sealed = bytes.fromhex("f92bd7c79fb72e2f2b8f80c1972d24fc")
    assert cipher.encrypt(plain) == sealed
    assert cipher.decrypt(sealed) == plain


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command here")
@pytest.mark.parametrize("size", [16, 160])
def test_openssl_says_the_same(size):
    key, plain = secrets.token_bytes(32), secrets.token_bytes(size)
    command = ["openssl", "enc", "-aria-256-ecb", "-nopad", "-K", key.hex()]
    done = subprocess.run(command, input=plain, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this openssl has no ARIA")
    assert Aria256(key).encrypt(plain) == done.stdout


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_what_was_sealed_opens_again(data):
    assert unseal(seal(data, KEY), KEY, 4096) == data


def test_padding_follows_ansi_x923():
    assert pad_x923(b"abc", 8) == b"abc\0\0\0\0\5"
    assert pad_x923(b"", 4) == b"\0\0\0\4"
    assert key_bytes("k") == b"k" + bytes(30) + b"\x1f"
    assert key_bytes("k" * 32) == b"k" * 32


def test_hexadecimal_is_read_as_well_as_base64():
    sealed = Aria256(key_bytes(KEY)).encrypt(pad_x923(b"{}", 16))
    assert unseal(sealed.hex(), KEY, 4096) == b"{}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (seal(b"{}", "another"), KEY),
        (seal(b"{}", KEY), ""),
        ("not base64!", KEY),
        ("AAAA", KEY),
        ("", KEY),
        (seal(bytes(8000), KEY), KEY),
    ],
    ids=["another key", "no key configured", "no base64", "half a block", "nothing", "too much"],
)
def test_what_cannot_be_opened_is_a_bad_message(text, key):
    with pytest.raises(BadMessage) as refused:
        unseal(text, key, 4096)
    assert refused.value.type_code == "4000"
    assert refused.value.field == "encAt"
