"""What a database in memory spills lies in a private folder of the home and is gone at the end, also after a failure."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.base import scratch
from pipelines.base.database import in_memory
from pipelines.base.errors import ProgramFault
from pipelines.base.faults import masked

ROOT = Path(__file__).parents[3]
SPILL = """
import os, signal, sys
from pathlib import Path
from pipelines.base.database import in_memory
from pipelines.base.scratch import keep_in, scratch_folder
keep_in(Path(sys.argv[1]))
con = in_memory(1)
con.execute("SET memory_limit = '60MB'")
con.execute("CREATE TABLE t AS SELECT repeat('730702196807011236', 4) || range AS s FROM range(1500000)")
spilled = [path for path in scratch_folder().rglob("*") if path.stat().st_size > 1000]
assert spilled, "nothing was spilled"
if sys.argv[2] == "fail":
    raise ValueError("a failure")
if sys.argv[2] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def spill(home: Path, end: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", SPILL, str(home), end],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "nothing was spilled" not in done.stderr
    return done.returncode


def left(home: Path) -> list[Path]:
    return [path for path in (home / "scratch").rglob("*") if path.is_file()]


def test_the_folder_is_private_and_inside_the_home(home: Path) -> None:
    scratch.keep_in(home)
    try:
        folder = scratch.scratch_folder()
        assert folder.is_relative_to(home)
        assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]
        with in_memory() as con:
            where = con.execute("SELECT current_setting('temp_directory')").fetchone()
        assert where == (str(folder),)
    finally:
        scratch.wipe()
    assert not folder.exists()


def test_the_shell_wipes_when_its_outermost_work_ends_also_by_a_failure(home: Path) -> None:
    seen: list[bool] = []

    def inner() -> None:
        scratch.keep_in(home)
        seen.append(scratch.scratch_folder().is_dir())

    def outer() -> None:
        masked(inner)()
        seen.append(any((home / "scratch").iterdir()))
        raise KeyError("x")

    with pytest.raises(ProgramFault):
        masked(outer)()
    assert seen == [True, True]
    assert list((home / "scratch").iterdir()) == []


@pytest.mark.parametrize(("end", "code"), [("end", 0), ("fail", 1)])
def test_nothing_spilled_is_left_at_the_end_also_after_a_failure(home: Path, end: str, code: int) -> None:
    assert spill(home, end) == code
    assert left(home) == []


def test_what_a_killed_process_spilled_is_wiped_by_the_next_and_a_living_one_keeps_its_own(
    home: Path,
) -> None:
    scratch.keep_in(home)
    try:
        own = scratch.scratch_folder()
        assert spill(home, "kill") == -signal.SIGKILL
        assert len({path.parent for path in left(home)} - {own}) == 1
        assert spill(home, "end") == 0
        assert {path.parent for path in left(home)} == {own}
    finally:
        scratch.wipe()
