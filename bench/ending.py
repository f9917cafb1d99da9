"""That nothing a bench starts outlives it: told to end it ends in order, and killed it takes its processes along."""

import ctypes
import os
import signal
import sys
from types import FrameType

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None, use_errno=True)


class BenchFailed(Exception):  # noqa: N818  (said as the design says errors)
    """A bench could not be run to its end; the words say why."""


def end_in_order() -> None:
    """From now on SIGTERM (as `timeout` sends it), SIGHUP and SIGINT end this process through every `finally`.

    SIGINT too: whoever is started in the background of a shell inherits that it is ignored.
    """
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # a second one no longer waits
    sys.exit(128 + number)


def die_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """Called first in a process that a bench has started: it gets the signal when the bench is gone."""
    _libc.prctl(_SET_DEATH_SIGNAL, int(how), 0, 0, 0)
    if os.getppid() == 1:  # it was gone before we asked
        os.kill(os.getpid(), how)
