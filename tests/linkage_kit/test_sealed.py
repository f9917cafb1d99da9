"""Sealed bodies open as RFC 5794 and OpenSSL have it, and only under the right key."""

import base64
import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.safety_net import sealed as sealed_room
from goldentime.linkage_kit.safety_net.aria import Aria256
from goldentime.linkage_kit.safety_net.sealed import key_bytes, pad_x923, seal, unseal, unseal_bytes

KEY = "도시키-2025"


def test_the_vector_of_rfc_5794_holds_both_ways():
    cipher = Aria256(bytes(range(32)))
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    sealed = bytes.fromhex("f92bd7c79fb72e2f2b8f80c1972d24fc")
    assert cipher.encrypt(plain) == sealed
    assert cipher.decrypt(sealed) == plain


def openssl(data: bytes, key: bytes, *options: str) -> bytes:
    """What OpenSSL makes of the data; a machine of ours without it or its ARIA fails, another one skips."""
    command = ["openssl", "enc", "-aria-256-ecb", "-nopad", "-K", key.hex(), *options]
    found = shutil.which("openssl") is not None
    done = subprocess.run(command, input=data, capture_output=True, check=False) if found else None
    if done is None or done.returncode:
        assert os.environ.get("CI") != "true", "the city's own run must check against OpenSSL"
        pytest.skip("no openssl with ARIA here")
    return done.stdout


@settings(max_examples=40, deadline=None)
@given(key_text=st.text(min_size=1, max_size=10), body=st.binary(max_size=130))
def test_openssl_seals_the_same_bytes_and_opens_ours(key_text, body):
    key, padded = key_bytes(key_text), pad_x923(body, 16)
    ours = base64.b64decode(seal(body, key_text))
    assert ours == openssl(padded, key)
    assert openssl(ours, key, "-d") == padded
    assert len(padded) % 16 == 0
    assert padded == body + bytes(len(padded) - len(body) - 1) + bytes([len(padded) - len(body)])


@settings(max_examples=20, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), blocks=st.integers(1, 12), data=st.data())
def test_openssl_agrees_under_any_key(key, blocks, data):
    plain = data.draw(st.binary(min_size=16 * blocks, max_size=16 * blocks))
    assert Aria256(key).encrypt(plain) == openssl(plain, key)
    assert Aria256(key).decrypt(plain) == openssl(plain, key, "-d")


@given(st.binary(min_size=16, max_size=16), st.integers(0, 255))
def test_padding_that_nobody_wrote_is_refused(block, count):
    sealed = Aria256(key_bytes(KEY)).encrypt(block[:15] + bytes([count]))
    fine = 1 <= count <= 16 and not any(block[16 - count : 15])
    if fine:
        assert unseal_bytes(sealed, KEY, 4096) == block[: 16 - count]
    else:
        with pytest.raises(BadMessage):
            unseal_bytes(sealed, KEY, 4096)


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


@settings(max_examples=10, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), blocks=st.sampled_from([23, 24, 25, 100, 2048]), seed=st.randoms())
def test_many_blocks_at_once_are_what_openssl_makes_of_them(key, blocks, seed):
    plain = seed.randbytes(16 * blocks)
    sealed = openssl(plain, key)
    assert Aria256(key).encrypt(plain) == sealed
    assert Aria256(key).decrypt(sealed) == plain


def test_a_body_read_again_is_not_opened_again():
    sealed = seal(b"once " * 1000, KEY)
    before = sealed_room._opened.cache_info()
    for _ in range(3):
        assert unseal(sealed, KEY, 1 << 15) == b"once " * 1000
    after = sealed_room._opened.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)
