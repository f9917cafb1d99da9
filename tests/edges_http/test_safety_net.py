"""What an agency's system meets at our door, through the real routes and the real linkage, without a network."""

import json

import pytest

from fakes.agency_door import API_KEY, POLICE, a_report, client_of, log_in, send


async def test_an_agency_logs_in_and_its_report_is_answered_with_the_open_cameras(reception):
    async with client_of(reception) as client:
        session = await log_in(client)
        assert (session["result"], session["type"]) == ("0", "2000")
        answer = await send(client, a_report(), session["message"])
    assert (answer["result"], answer["type"]) == ("0", "2000")
    assert "팔달문 1 (87 m)" in answer["message"]
    raw, sender = reception.received[0]
    assert sender == POLICE
    assert raw.sender == "agency-112"
    assert "x-scsns-secret" not in raw.headers


@pytest.mark.parametrize("path", ["/api/getAuth.json", "/auth.json"])
async def test_both_login_addresses_work(reception, path):
    async with client_of(reception) as client:
        answer = await client.post(path, json={"apiKey": API_KEY})
    assert answer.json()["message"] == "session-1"


async def test_the_session_key_may_come_as_rr_key(reception):
    async with client_of(reception) as client:
        await log_in(client)
        report = {**a_report(), "rrKey": "session-1"}
        answer = await send(client, report, session=None, path="/api/reqEvent.json")
    assert answer["type"] == "2000"


async def test_an_rr_key_that_is_not_the_session_s_is_told_to_log_in_again_and_kept(reception):
    async with client_of(reception) as client:
        session = (await log_in(client))["message"]
        for inside, code in ((session, "2000"), ("", "2000"), ("yesterday's", "4001")):
            answer = await send(client, {**a_report(), "rrKey": inside}, session)
            assert answer["type"] == code, inside
    ((raw, reason),) = reception.refused
    assert (reason, raw.sender) == ("unknown_sender", "agency-112")
    assert b"yesterday" in raw.body
    assert len(reception.received) == 2


async def test_a_wrong_api_key_opens_no_session(reception):
    async with client_of(reception) as client:
        answer = await log_in(client, "guess")
    assert (answer["result"], answer["type"]) == ("1", "4001")
    assert not reception.sessions


async def test_a_login_without_a_key_is_told_what_is_missing(reception):
    async with client_of(reception) as client:
        answer = await client.post("/auth.json", json={"body": {}})
    assert answer.json()["type"] == "4101"
    assert "apiKey" in answer.json()["message"]


@pytest.mark.parametrize("session", [None, "session-of-yesterday"])
async def test_a_message_of_an_unknown_sender_is_refused_and_still_kept(reception, session):
    async with client_of(reception) as client:
        answer = await send(client, a_report(), session)
    assert (answer["result"], answer["type"]) == ("1", "4001")
    assert not reception.received
    [(raw, reason)] = reception.refused
    assert reason == "unknown_sender"
    assert b"20251104212958417" in raw.body


async def test_whatever_is_refused_is_kept_with_the_very_answer_it_got(reception):
    async with client_of(reception, reports_per_second=1) as client:
        await log_in(client)
        headers = {"content-type": "application/json", "x-scsns-secret": "session-1"}

        async def asked(content, **more):
            given = {**headers, **more}
            return (await client.post("/linkHttp/recvEvent.json", content=content, headers=given)).content

        report = json.dumps(a_report()).encode()
        answers = [await asked(b" " * ((1 << 20) + 1)), await asked(report, **{"x-scsns-secret": "yesterday"})]
        while json.loads(answer := await asked(report))["type"] != "4209":
            pass
    assert [reason for _, reason in reception.refused] == ["oversized", "unknown_sender", "too_many"]
    assert [sender for sender, _ in reception.told] == [POLICE, None, POLICE]
    assert [told for _, told in reception.told] == [*answers, answer]
    assert reception.refused[-1][0].body == report


async def test_a_sender_code_of_another_agency_is_refused_in_words(reception):
    async with client_of(reception) as client:
        await log_in(client)
        answer = await send(client, {**a_report(), "sendCd": "P4100000119"})
    assert answer["type"] == "4001"
    assert "P4100000119" in answer["message"]


@pytest.mark.parametrize(
    ("content", "type_code"),
    [
        (json.dumps(a_report()).encode()[:-9], "4000"),
        (b'{"body":' + b"[" * 100_000, "4000"),
        (json.dumps(a_report(ocrPlc="수원"), ensure_ascii=False).encode("utf-16"), "4000"),
        (b"", "4000"),
        (json.dumps(a_report(ocrSts="99")).encode(), "4102"),
    ],
    ids=["truncated", "nested", "utf-16", "empty", "state"],
)
async def test_a_broken_message_reaches_the_reception_gets_its_code_and_the_next_one_works(
    reception, content, type_code
):
    async with client_of(reception) as client:
        await log_in(client)
        assert (await send(client, content))["type"] == type_code
        assert (await send(client, a_report()))["type"] == "2000"
    assert reception.received[0][0].body == content
