"""A bench that is ended, in order or not, leaves no process of its own behind, and says what it could not run."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.walk import wait_for

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
BENCH = """
import multiprocessing, signal, time
from bench.ending import die_with_parent, end_in_order

def serve():
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)

end_in_order()
process = multiprocessing.get_context("fork").Process(target=serve)
process.start()
try:
    print(process.pid, flush=True)  # from here on it may be ended
    time.sleep(60)
finally:
    print("ended in order", flush=True)
    process.kill()
    process.join()
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_a_bench_started_ends_with_it(how):
    bench = subprocess.Popen([sys.executable, "-c", BENCH], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert bench.stdout is not None
    server = int(bench.stdout.readline())
    bench.send_signal(how)
    bench.wait(20)
    wait_for(lambda: not is_running(server), 20, "the server's end")
    assert (b"ended in order" in bench.stdout.read()) == (how is not signal.SIGKILL)


def test_a_bench_that_breaks_off_is_said_and_the_others_still_run():
    told = subprocess.run([sys.executable, "-c", BROKEN], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["first: not run to its end, no such rival", "second: 1"]


BROKEN = """
import sys, types
from bench.__main__ import rows_of
from bench.ending import BenchFailed

def fails():
    raise BenchFailed("no such rival")

sys.modules["bench.first"] = types.SimpleNamespace(rows=fails)
sys.modules["bench.second"] = types.SimpleNamespace(rows=lambda: [{"what": "second", "value": 1}])
broken = []
for row in rows_of("first", broken):
    print(f"{row['what']}, {row['rival']}")
for row in rows_of("second", broken):
    print(f"{row['what']}: {row['value']}")
assert broken == ["first"]
"""


def is_running(pid: int) -> bool:
    """Whether it is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
