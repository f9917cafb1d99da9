"""How RTSP messages, descriptions, challenges and addresses are read, whoever wrote them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.media.faults import BadCameraBytes, CameraFault, CameraForbidden
from goldentime.media.rtsp.addresses import AllowedNetworks, parse_camera_url
from goldentime.media.rtsp.auth import Credentials, answer, find_strongest, parse_challenge
from goldentime.media.rtsp.sdp import choose_video
from goldentime.media.rtsp.wire import MOST_HEADER_BYTES, RtspMessage, RtspReader, parse_head, write_request

ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 4\r\nContent-Length: 3\r\n\r\nabc"
BASE = "rtsp://10.0.0.5:554/live/"
DESCRIPTION = """v=0
o=- 1 1 IN IP4 10.0.0.5
s=camera
a=control:*
m=audio 0 RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=control:trackID=0
m=video 0 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z01AHpplYA==,aO48gA==
a=control:trackID=1
"""


class Ear:
    """Writes down what a reader calls out."""

    def __init__(self) -> None:
        self.messages: list[RtspMessage] = []
        self.packets: list[tuple[int, bytes]] = []
        self.reader = RtspReader(self.messages.append, lambda channel, packet: self.packets.append((channel, packet)))


@given(st.lists(st.integers(1, 30), max_size=10))
def test_messages_and_packets_are_told_apart_however_they_are_cut(sizes: list[int]) -> None:
    data = ANSWER + b"$\x00\x00\x05hello" + b"$\x01\x00\x00" + b"\r\n" + ANSWER
    ear = Ear()
    for size in sizes:
        ear.reader.feed(data[:size])
        data = data[size:]
    ear.reader.feed(data)
    assert [message.body for message in ear.messages] == [b"abc", b"abc"]
    assert ear.packets == [(0, b"hello"), (1, b"")]


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_a_reader_raises_nothing_but_the_named_fault_and_stays_small(chunks: list[bytes]) -> None:
    ear = Ear()
    try:
        for chunk in chunks:
            ear.reader.feed(chunk)
            assert len(ear.reader._rest) < 1 << 17
    except BadCameraBytes:
        pass


@given(st.text(max_size=200) | st.text(max_size=200).map(lambda rest: "RTSP/1.0 200 OK\r\n" + rest))
def test_any_head_is_read_or_refused_by_name(text: str) -> None:
    try:
        message = parse_head(text.encode())
    except BadCameraBytes:
        return
    assert message.status or message.method


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: \xd9\xa3\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nno colon\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nSession: a\nInjected: b\r\n\r\n",
        b"RTSP/1.0 200 OK\r\n" + b"A: b\r\n" * 65 + b"\r\n",
        b"x" * MOST_HEADER_BYTES,
    ],
)
def test_what_breaks_the_limits_is_refused(data: bytes) -> None:
    with pytest.raises(BadCameraBytes):
        Ear().reader.feed(data)


def test_a_request_cannot_be_broken_out_of() -> None:
    with pytest.raises(ValueError, match="line break"):
        write_request("SETUP", "rtsp://x/", [("Session", "1\r\nEvil: 2")])


def test_the_picture_is_chosen_and_the_sound_is_not() -> None:
    track = choose_video(DESCRIPTION.encode(), BASE)
    assert track.control == BASE + "trackID=1"
    assert track.codec == "h264"
    assert track.parameter_sets == (bytes.fromhex("674d401e9a6560"), bytes.fromhex("68ee3c80"))


@pytest.mark.parametrize(
    ("control", "found"),
    [
        ("trackID=1", BASE + "trackID=1"),
        ("rtsp://192.168.0.9/inner/1", "rtsp://192.168.0.9/inner/1"),
        ("/other/1", "rtsp://10.0.0.5:554/other/1"),
        ("*", BASE),
    ],
)
def test_a_tracks_address_is_understood_in_every_form(control: str, found: str) -> None:
    assert choose_video(DESCRIPTION.replace("trackID=1", control).encode(), BASE).control == found


def test_an_h265_track_brings_its_three_sets() -> None:
    text = DESCRIPTION.replace("H264", "H265").replace(
        "packetization-mode=1;sprop-parameter-sets=Z01AHpplYA==,aO48gA==",
        "sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=",
    )
    track = choose_video(text.encode(), BASE)
    assert (track.codec, len(track.parameter_sets)) == ("h265", 3)


def test_a_camera_with_sound_only_is_refused_in_words() -> None:
    with pytest.raises(CameraFault) as refused:
        choose_video(DESCRIPTION[: DESCRIPTION.index("m=video")].encode(), BASE)
    assert refused.value.text.ko


@given(
    st.binary(max_size=300) | st.text(max_size=100).map(lambda text: DESCRIPTION.replace("trackID=1", text).encode())
)
def test_any_description_is_read_or_refused_by_name(description: bytes) -> None:
    try:
        track = choose_video(description, BASE)
    except CameraFault:
        return
    assert track.codec in ("h264", "h265")
    assert "\r" not in track.control
    assert "\n" not in track.control


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


RFC7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s,'
    ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_answers_as_rfc_7616_does(algorithm: str, response: str) -> None:
    challenge = parse_challenge(RFC7616 % algorithm)
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    header = answer(
        challenge, Credentials("Mufasa", "Circle of Life"), method="GET", uri="/dir/index.html", cnonce=cnonce
    )
    assert f'response="{response}"' in header
    assert "nc=00000001" in header
    assert "Circle" not in header


def test_digest_without_qop_answers_as_old_cameras_want() -> None:
    challenge = parse_challenge('Digest realm="cam", nonce="abc"')
    header = answer(challenge, Credentials("u", "p"), method="DESCRIBE", uri="rtsp://c/1", cnonce="x")
    assert f'response="{md5(md5("u:cam:p") + ":abc:" + md5("DESCRIBE:rtsp://c/1"))}"' in header
    assert "qop" not in header


def test_the_count_goes_up_while_the_nonce_stays() -> None:
    challenge, credentials = parse_challenge(RFC7616 % "MD5"), Credentials("u", "p")
    counts = [answer(challenge, credentials, method="PLAY", uri="/", cnonce="x") for _ in range(2)]
    assert ["nc=00000001" in counts[0], "nc=00000002" in counts[1]] == [True, True]


def test_the_strongest_offer_is_taken() -> None:
    offers = ['Basic realm="c"', 'Digest realm="c", nonce="1"', 'Digest realm="c", nonce="2", algorithm=SHA-256']
    strongest = find_strongest(offers)
    assert strongest is not None
    assert strongest.parameters["nonce"] == "2"
    basic = find_strongest(offers[:1])
    assert basic is not None
    assert answer(basic, Credentials("user", "pass"), method="A", uri="b", cnonce="") == "Basic dXNlcjpwYXNz"
    assert find_strongest(['Digest realm="c", nonce="1", algorithm=WHIRLPOOL', "Negotiate"]) is None


@given(st.text(max_size=200).map(lambda rest: "Digest " + rest), st.text(max_size=20), st.text(max_size=20))
def test_any_challenge_is_answered_in_one_line_or_not_understood(header: str, user: str, word: str) -> None:
    challenge = find_strongest([header.replace("\r", "").replace("\n", "")])
    if challenge is None:
        return
    answer(challenge, Credentials(user, word), method="PLAY", uri="rtsp://c/", cnonce="x").encode(
        "utf-8", "surrogatepass"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "rtsp://",
        "rtsp://[::1",
        "rtsp://a:99999/",
        "rtsp://a b/",
        "rtsp://a/\n",
    ],
)
def test_only_whole_rtsp_addresses_are_taken(url: str) -> None:
    with pytest.raises(CameraForbidden):
        parse_camera_url(url)


def test_a_password_in_an_address_is_never_part_of_a_request() -> None:
    url = parse_camera_url("rtsp://user:s%40cret@10.0.0.1/live?x=1")
    assert url.request_uri == "rtsp://10.0.0.1:554/live?x=1"
    assert (url.username, url.password) == ("user", "s@cret")
    assert "cret" not in repr(url)


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda rest: "rtsp://" + rest))
def test_any_text_is_an_address_or_refused_by_name(text: str) -> None:
    try:
        url = parse_camera_url(text)
    except CameraForbidden:
        return
    assert url.host
    assert 0 < url.port < 65_536


OUTSIDE = ["127.0.0.1", "169.254.169.254", "8.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "10.1.0.1"]  # noqa: S104  (none is bound)


@pytest.mark.parametrize("address", OUTSIDE)
async def test_a_name_that_leads_out_of_the_allowed_networks_is_refused(address: str) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return [address]

    networks = AllowedNetworks(["10.0.0.0/16", "fd00::/8"], resolve)
    with pytest.raises(CameraForbidden):
        await networks.check(parse_camera_url("rtsp://camera.test/1"))


async def test_the_address_that_was_checked_is_the_one_to_dial() -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.7"] if len(asked) == 1 else ["127.0.0.1"]

    networks = AllowedNetworks(["10.0.0.0/16"], rebinding)
    url = parse_camera_url("rtsp://camera.test/1")
    assert await networks.check(url) == "10.0.0.7"
    with pytest.raises(CameraForbidden):  # every new connection is checked anew
        await networks.check(url)


async def test_a_name_that_is_no_name_is_the_cameras_fault() -> None:
    with pytest.raises(CameraFault):
        await AllowedNetworks(["10.0.0.0/8"]).check(parse_camera_url(f"rtsp://{'a' * 70}.test/1"))
