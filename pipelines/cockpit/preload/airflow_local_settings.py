"""Airflow imports this at the start of every component. It ends with the cockpit, and it imports ahead.

Importing Great Expectations takes seconds; done here in the scheduler, every task it forks has it already.
"""

import contextlib
import ctypes
import importlib
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def _end_with_the_cockpit() -> None:
    """Linux: SIGTERM when the cockpit dies, even when it was killed and could not stop us."""
    if sys.platform == "linux" and os.environ.get("HEDUI_COCKPIT_PID") == str(os.getppid()):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _import_ahead() -> None:
    for name in filter(None, os.environ.get("HEDUI_PRELOAD", "").split(",")):
        with contextlib.suppress(ImportError):  # the task that needs it will say so
            importlib.import_module(name)


_end_with_the_cockpit()
_import_ahead()
__all__: list[str] = []
