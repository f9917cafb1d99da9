"""What the README says of one's own city, typed word for word, and the platform that then runs."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.walk import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.socket]
README = Path(__file__).parents[2] / "README.md"
MARKED = re.compile(r"<!-- tried word for word by tests/platform/test_readme\.py -->\n```sh\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def told(city, environment) -> dict[str, subprocess.CompletedProcess[str]]:
    """What each line of the README's block answered."""
    block = MARKED.search(README.read_text("utf-8"))
    assert block is not None, "the README has lost its marked block"
    answers = {}
    for line in block[1].splitlines():
        done = subprocess.run(
            ["bash", "-c", line], cwd=city, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        answers[line.split("#")[0].strip()] = done
    return answers


def test_every_file_of_the_city_comes_in_and_the_cameras_near_a_place_are_found(told) -> None:
    imported = [line.split()[2] for line in told if line.startswith("goldentime import")]
    assert imported == ["boundary", "roads", "cameras", "places", "streams"]
    near = next(done.stdout for line, done in told.items() if "cameras near" in line)
    assert "4 chosen of the" in near


def test_the_record_of_a_new_city_holds(told) -> None:
    assert "정상" in told["goldentime verify --data data"].stdout


def test_the_served_city_takes_a_report_by_an_issued_key_and_leaves_nothing_behind(
    told, city, environment, serve, http
) -> None:
    given = ["--data", "data", "--settings", "city/goldentime.toml"]
    issue = ["goldentime", "keys", "issue", "agency-112", *given]
    key = subprocess.run(issue, cwd=city, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    with serve(city) as platform:
        health = http.get(f"{platform.url}/api/health")
        assert health.json()["ok"] is True
        login = http.post(f"{platform.url}/api/getAuth.json", json={"body": {"apiKey": key}}).json()
        assert login["type"] == "2000", login
        place = {"crdntX": "125.612", "crdntY": "36.181"}
        body = {"evtId": "112UC001", "ocrNbr": "20261122000000001", "ocrSts": "10", "ocrLc": place}
        report = {"sendCd": "P4100000112", "sysCd": "112", "reqDate": "20261122120000", "body": body}
        answer = http.post(
            f"{platform.url}/linkHttp/recvEvent.json", json=report, headers={"x-scsns-secret": login["message"]}
        ).json()
        assert (answer["result"], answer["type"]) == ("0", "2000"), answer
        wait_for(lambda: len(platform.descendants()) >= 1, 20, "the media child")
        below = platform.descendants()
        code = platform.stop()
        assert code == 0, platform.log.read_text()
        assert [pid for pid in below if _is_alive(pid)] == []
    lines = platform.log.read_text().splitlines()
    assert all(json.loads(line) for line in lines if line.startswith("{")), "every line of the log is JSON"
    assert not any(key in line for line in lines), "a key in the log"
    checked = subprocess.run(["goldentime", "verify", *given], cwd=city, env=environment, check=False)
    assert checked.returncode == 0


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_readme_names_only_pages_that_exist() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))
    assert [page for page in named if not (README.parent / page).exists()] == []


def _blocks() -> Iterator[str]:
    yield from MARKED.findall(README.read_text("utf-8"))


def test_there_is_one_marked_block() -> None:
    assert len(list(_blocks())) == 1
