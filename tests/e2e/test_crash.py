"""A month killed with SIGKILL in the middle is finished by the same command: the same bytes, one publication."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.e2e.village import MONTH, Hedui, only, terminal, village

pytestmark = pytest.mark.xdist_group("crash")

# Python tells an audit hook of every file it opens for writing, every folder it makes and every rename,
# before it does so. The n-th of them below the home is the last thing the run does.
_KILLED = """
import os, signal, sys
from pipelines.cli import main
home, last = sys.argv.pop(1), int(sys.argv.pop(1))
seen = 0
def hook(event, words):
    global seen
    if event not in ("open", "os.rename", "os.mkdir") or not str(words[0]).startswith(home):
        return
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
try:
    main()
finally:
    print("", seen, sep=chr(10))
"""


def run(folder: Path, home: Path, last: int) -> tuple[int, str]:
    """`hedui run` that dies at its n-th look at a file of the home; 0: never, and it says how many there were."""
    words = ("run", "--month", MONTH, "--inbox", folder / "inbox", "--home", home, "--jurisdiction", "demo")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(home), str(last), *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    return done.returncode, done.stderr + done.stdout


def published(home: Path) -> dict[str, str]:
    """Every file that is part of the month, and what it says; unfinished ones have a name with a dot in front.

    Sealed files never have the same bytes twice: manifests state the digests of what they hold, and verify checks them.
    """
    files = [path for part in ("lake", "reports") for path in (home / part).rglob("*") if path.is_file()]
    names = {path.relative_to(home): path for path in files}
    return {
        name.as_posix(): sha256(path.read_bytes()).hexdigest() if _is_plain(name) else "sealed"
        for name, path in names.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def _is_plain(name: Path) -> bool:
    return name.parts[0] == "reports" or name.name == "manifest.json"


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


def test_a_month_killed_at_any_of_three_points_is_finished_by_the_same_command(
    tmp_path: Path, hedui: Hedui
) -> None:
    only(village(tmp_path), "vehicle", "death_police")
    code, said = run(tmp_path, tmp_path / "undisturbed", 0)
    assert code == 0, said
    points, expected = int(said.split()[-1]), published(tmp_path / "undisturbed")
    for part in (2, 6, 9):
        home = tmp_path / f"killed{part}"
        code, said = run(tmp_path, home, points * part // 10)
        assert code == -signal.SIGKILL, said
        code, said = run(tmp_path, home, 0)
        assert code == 0, said
        assert published(home) == expected
        with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
            assert ledger.execute("SELECT count(*) FROM publication").fetchone() == (1,)
        code, said = hedui("verify", "--all", "--home", home)
        assert code == 0, said
