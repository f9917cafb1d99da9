"""The log of every process of ours has one form."""

import json
import subprocess
import sys

import pytest

SAYS = {
    "the platform": "from goldentime.logs import set_up_logs; set_up_logs('info')",
    "the video server": "from goldentime.media import process; process.uvloop.run = lambda c: c.close(); "
    "import socket; process.main(socket.socketpair()[0].detach())",
}
A_BREAK = """
import logging, structlog
structlog.get_logger().error("ours", camera="c1")
try:
    secret = "hunter2"
    raise ValueError("broken")
except ValueError:
    logging.getLogger("goldentime.media").exception("a call failed")
"""


@pytest.mark.parametrize("begin", SAYS.values(), ids=SAYS)
def test_every_line_is_json_with_its_time_and_level_whichever_process_or_library_wrote_it(begin: str) -> None:
    done = subprocess.run([sys.executable, "-c", begin + A_BREAK], capture_output=True, text=True, check=True)
    ours, theirs = (json.loads(line) for line in done.stderr.splitlines())
    assert (ours["event"], ours["camera"], ours["level"]) == ("ours", "c1", "error")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("a call failed", "goldentime.media", "error")
    assert "ValueError: broken" in theirs["exception"]
    assert {"timestamp"} <= ours.keys() & theirs.keys()
    assert "hunter2" not in theirs["exception"]
