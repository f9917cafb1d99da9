"""Recorded messages gone through again: an export or raw bytes, what was understood, and how the command ends."""

import base64
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fakes.clock import StandingClock
from goldentime.edges.cli import linkage as command
from goldentime.linkages.fixed_head_tcp import open_linkage as open_fixed_head
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp

KNOWN = {
    "fixed_head_tcp": open_fixed_head({}),
    "safety_net_http": SafetyNetHttp(),
    "safety_net_tcp": SafetyNetTcp(),
}
GOOD = b'{"sendCd":"P41","svcTy":"EVENT","evtId":"112UC001","ocrNbr":"20261123120000001","ocrSts":"10","body":{"evtId":"112UC001","ocrNbr":"20261123120000001","ocrSts":"10"}}'  # noqa: E501


def replay(*typed: str, key: str = "") -> Result:
    cli = command.build(lambda _: KNOWN, lambda _: {"safety_net_http": ["POST /x"]}, StandingClock())
    return CliRunner().invoke(cli, list(typed), env={"GOLDENTIME_AGENCY_KEY": key})


def line(body: bytes, **more: object) -> str:
    at = "2026-11-23T03:00:00+00:00"
    row = {"direction": "in", "id": "msg-1", "linkage": "safety_net_http", "agency": "agency-112", "at": at}
    row |= {"content_type": "application/json", "headers": {}, "body": base64.b64encode(body).decode()}
    return json.dumps(row | more)


def written(folder: Path, *lines: str) -> str:
    file = folder / "log.jsonl"
    file.write_text("\n".join([*lines, ""]))
    return str(file)


def test_an_export_is_read_message_by_message(tmp_path: Path) -> None:
    done = replay("replay", written(tmp_path, line(GOOD), line(GOOD, id="msg-2")))
    assert done.exit_code == 0, done.output
    assert "[2/2] 11-23 12:00:00 msg-2 ✓ 112UC001 20261123120000001 occurred" in done.output
    assert "2 messages, 0 with a problem" in done.output


def test_what_is_not_understood_is_named_and_tells_in_the_exit_code(tmp_path: Path) -> None:
    done = replay("replay", written(tmp_path, line(GOOD), line(b"{}", id="msg-2")))
    assert done.exit_code == command.NOT_UNDERSTOOD
    assert "msg-2 ✗ 4101" in done.output
    assert "필수 항목" in done.output


def test_raw_bytes_of_a_stream_are_cut_as_the_wire_is(tmp_path: Path) -> None:
    file = tmp_path / "raw.bin"
    samples = Path(command.__file__).parents[2] / "linkages/safety_net_tcp/samples"
    whole = [path.read_bytes() for path in sorted(samples.glob("112*.bin"))][:1]
    file.write_bytes(b"".join(whole * 3))
    done = replay("replay", str(file), "--linkage", "safety_net_tcp")
    assert "[3/3]" in done.output, done.output


@pytest.mark.parametrize(
    ("content", "typed", "said"),
    [
        ('{"linkage":"safety_net_http","direction":"in","body":"!!"}', (), "Line 1 cannot be read"),
        (line(GOOD) + "\nno json", (), "Line 2 cannot be read"),
        (line(GOOD, linkage="morse"), (), "No such linkage"),
        ("", ("--linkage", "safety_net_tcp"), "holds no message"),
        ("anything", (), "Raw bytes need --linkage"),
        (line(GOOD), ("--url", "http://127.0.0.1:9"), "a sandbox key in the variable"),
        (line(GOOD), ("--tcp", "127.0.0.1:9"), "a sandbox key in the variable"),
    ],
)
def test_what_cannot_be_run_is_told_in_words(tmp_path: Path, content: str, typed: tuple[str, ...], said: str) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    done = replay("replay", str(file), *typed)
    assert done.exit_code == command.TROUBLE
    assert said in done.output + done.stderr


def test_what_came_over_tcp_is_not_sent_to_the_door_of_another_wire(tmp_path: Path) -> None:
    sample = Path(command.__file__).parents[2] / "linkages/safety_net_tcp/samples/112_robbery.bin"
    file = written(tmp_path, line(sample.read_bytes(), linkage="safety_net_tcp"))
    done = replay("replay", file, "--url", "http://127.0.0.1:9", key="gt_sandbox_of_ours")
    assert done.exit_code == command.TROUBLE
    assert "give --tcp HOST:PORT" in done.output + done.stderr


@pytest.mark.parametrize("tcp", [(), ("--tcp", "127.0.0.1:9")])
@pytest.mark.parametrize("wires", [("safety_net_http", "safety_net_tcp"), ("safety_net_tcp", "fixed_head_tcp")])
def test_messages_of_several_wires_are_not_sent_over_the_first_ones(
    tmp_path: Path, wires: tuple[str, str], tcp: tuple[str, ...]
) -> None:
    for order in (wires, wires[::-1]):
        file = written(tmp_path, *(line(GOOD, linkage=wire) for wire in order))
        done = replay("replay", file, "--url", "http://127.0.0.1:9", *tcp, key="gt_sandbox_of_ours")
        assert done.exit_code == command.TROUBLE
        said = done.output + done.stderr
        assert f"섞여 있어 보내지 않습니다: {', '.join(sorted(wires))}" in said
        assert "split the file" in said


def test_a_file_that_is_not_there_is_told_in_words() -> None:
    done = replay("replay", "/nowhere/at.all")
    assert done.exit_code == command.TROUBLE


def test_the_list_tells_where_agencies_send_to() -> None:
    done = replay("list")
    assert "safety_net_tcp" in done.output
    assert "POST /x" in done.output
