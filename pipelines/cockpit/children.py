"""The components as child processes: started in sessions of their own, watched, and ended without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.base.errors import AirflowFailed
from pipelines.cockpit import environment
from pipelines.cockpit.place import Place

COMPONENTS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
STOP_ORDER = ("scheduler", "dag-processor", "api-server")
_GRACE_SECONDS = 15.0
_TAIL_LINES = 3


class Children:
    """The running components of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, component: str, *, by_clock: bool) -> None:
        """Starts one component; its output goes to logs/<component>.log."""
        self.running[component] = launch(self.place, component, COMPONENTS[component], by_clock=by_clock)

    def check(self) -> None:
        """Raises when a component has ended by itself."""
        for component, child in self.running.items():
            if child.poll() is not None:
                raise ended(self.place, component, child.returncode)

    def stop(self) -> None:
        """SIGTERM to each component, the scheduler first: its last tasks report to the API server. Then SIGKILL
        to whatever still bears the marker."""
        for component in STOP_ORDER:
            if component in self.running:
                terminate(self.running.pop(component))
        end_marked(self.place.marker)


@contextmanager
def stopped_at_the_end(place: Place) -> Iterator[Children]:
    """Children that are gone when the block is left, however it is left; SIGTERM leaves it too."""
    children = Children(place)
    end_marked(place.marker)  # what a cockpit that was killed has left behind in this folder
    before = signal.signal(signal.SIGTERM, _leave) if _in_main_thread() else None
    try:
        yield children
    finally:
        children.stop()
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def launch(
    place: Place, component: str, arguments: tuple[str, ...], *, by_clock: bool
) -> subprocess.Popen[bytes]:
    """One `airflow …` process in a session of its own: a Ctrl-C in the terminal reaches us only."""
    path = place.log(component)
    with path.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and fixed arguments
            [sys.executable, "-m", "airflow", *arguments],
            env=environment.of_component(place, component, by_clock=by_clock),
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
        )


def terminate(child: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL when that is not heeded in time."""
    child.terminate()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def ended(place: Place, component: str, code: int) -> AirflowFailed:
    """The error of a component that ended by itself, with the last lines of its log."""
    path = place.log(component)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return AirflowFailed(
        f"[{component}] ended with code {code}: {' | '.join(lines[-_TAIL_LINES:])}",
        place=str(path),
        remedy="read the log; then run again",
    )


def marked(marker: str) -> list[int]:
    """The processes whose environment bears the marker (Linux; elsewhere none is found)."""
    wanted = f"HEDUI_COCKPIT={marker}".encode()
    return [pid for pid in _all_pids() if pid != os.getpid() and wanted in _environment(pid)]


def end_marked(marker: str) -> None:
    """SIGKILL to each marked process, until there is none: tasks may sit in groups of their own."""
    for _ in range(20):
        pids = marked(marker)
        if not pids:
            return
        for pid in pids:
            _kill(pid)
        time.sleep(0.1)


def _all_pids() -> list[int]:
    folder = Path("/proc")
    return [int(entry.name) for entry in folder.iterdir() if entry.name.isdigit()] if folder.is_dir() else []


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, or another user's
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
