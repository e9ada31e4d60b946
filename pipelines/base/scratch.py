"""Where a database in memory may spill: a folder of this process alone, 0700, inside the home, wiped at the end.

What a killed process left is wiped by the next one: each folder is locked by its owner while that lives.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = "scratch"
_PREFIX = "spill-"
_LOCK = ".lock"


class _Scratch:
    """The folders of this process, one a home, each made when it is first asked for."""

    def __init__(self) -> None:
        self.home: Path | None = None
        self.users = 0
        self._made: dict[Path | None, tuple[Path, int]] = {}
        self._owner = os.getpid()

    def path(self) -> Path:
        if self._owner != os.getpid():  # a fork has none of its parent's
            self._made, self._owner = {}, os.getpid()
        if self.home not in self._made or not self._made[self.home][0].is_dir():
            self._made[self.home] = _new_folder(self.home)
        return self._made[self.home][0]

    def wipe(self) -> None:
        if self._owner != os.getpid():
            return
        while self._made:
            path, lock = self._made.popitem()[1]
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _new_folder(home: Path | None) -> tuple[Path, int]:
    """A new folder and its lock; before a home is known, in the machine's folder for temporary files."""
    if home is not None:
        root = home / _FOLDER
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        root.chmod(0o700)
        wipe_abandoned(root)
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    else:
        made = Path(tempfile.mkdtemp(prefix=f"hedui-{_PREFIX}"))
    lock = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return made, lock


_scratch = _Scratch()
_counting = threading.Lock()
atexit.register(_scratch.wipe)


def keep_in(home: Path) -> None:
    """Spill inside this home from now on."""
    _scratch.home = home


def scratch_folder() -> Path:
    """The private folder of this process."""
    return _scratch.path()


@contextmanager
def in_use() -> Iterator[None]:
    """Work that may spill; when the last of it in this process ends, however it ends, the folder is wiped.

    An Airflow task's process ends without its exit hooks, so that this is what wipes there.
    """
    with _counting:
        _scratch.users += 1
    try:
        yield
    finally:
        with _counting:
            _scratch.users -= 1
            if not _scratch.users:
                _scratch.wipe()


def wipe() -> None:
    """Remove the folder and all in it; the next use makes another."""
    _scratch.wipe()


def wipe_abandoned(root: Path) -> None:
    """Remove the folders whose process is gone: their lock is free."""
    for folder in root.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            continue  # being made just now
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
