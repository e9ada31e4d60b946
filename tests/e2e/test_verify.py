"""A month of a village is signed; `hedui verify` and the stand-alone verifier find whatever is changed afterwards."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.base.settings import Where
from pipelines.run import run_month
from pipelines.run.published import published_run, read_table
from pipelines.store.checkpoints import sign
from pipelines.store.ledger import Ledger
from pipelines.store.signing import signing_key
from tests.e2e.village import MONTH, Hedui, only, terminal, village
from tests.unit.lineage.tampering import stand_alone

pytestmark = pytest.mark.xdist_group("verify")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    inbox = village(folder)
    only(inbox, "vehicle", "death_police", "hukou")
    done = run_month(MONTH, {"home": str(folder / "home"), "inbox": str(inbox), "jurisdiction": "demo"})
    assert Path(done["publication"]["checkpoint"]).is_file()
    return folder / "home"


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


def outside(home: Path) -> tuple[int, str]:
    return stand_alone(
        "--ledger", home / "ledger.sqlite", "--checkpoints", home / "checkpoints", "--home", home
    )


def test_an_untouched_month_passes_whole_by_run_by_flag_and_by_ledger(home: Path, hedui: Hedui) -> None:
    run = published_run(MONTH, {"home": str(home), "jurisdiction": "demo"})
    flag = read_table(run, "flag")["record_id"][0].as_py()
    counted = []
    for words in ([], ["--all"], ["--run", run.run_id], ["--flag", flag], ["--ledger"]):
        code, said = hedui("verify", *words, "--home", home)
        assert code == 0, said
        assert "Everything is as it was recorded and signed." in said
        counted.append(said)
    assert "delivered files: " in counted[0] and "delivered files" not in counted[-1]
    assert "checkpoints: 1" in counted[0]
    code, said = outside(home)
    assert code == 0, said


def test_every_ledger_row_of_a_month_has_its_leaf(home: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        names = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in set(names) - {"log_leaf", "alembic_version"}:
            rows = ledger.execute(f"SELECT count(*) FROM {name}").fetchone()
            leaves = ledger.execute("SELECT count(*) FROM log_leaf WHERE table_name = ?", (name,)).fetchone()
            assert rows == leaves, name


def test_a_copy_of_the_ledger_is_what_the_stand_alone_verifier_takes(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    assert hedui("verify", "--ledger", "--copy", copy, "--home", home)[0] == 0
    code, said = stand_alone("--ledger", copy, "--checkpoints", home / "checkpoints", "--home", home)
    assert code == 0, said
    assert hedui("verify", "--ledger", "--copy", copy, "--home", home)[0] == 2


def test_what_is_asked_for_and_not_there_is_said(home: Path, hedui: Hedui, tmp_path: Path) -> None:
    assert hedui("verify", "--flag", "F-NONE", "--home", home)[0] == 33
    assert hedui("verify", "--run", "R-NONE", "--home", home)[0] == 33
    assert hedui("verify", "--home", tmp_path / "empty")[0] == 33
    assert hedui("verify", "--all", "--ledger", "--home", home)[0] == 2


def test_a_flipped_byte_anywhere_is_found_and_the_file_named(home: Path, hedui: Hedui) -> None:
    """A sample; benchmarks/tamper.py flips every byte of every file."""
    draw = random.Random(73)  # noqa: S311
    files = [
        path for part in ("lake", "reports") for path in sorted((home / part).rglob("*")) if path.is_file()
    ]
    for path in draw.sample([path for path in files if path.stat().st_size], 12):
        kept = path.read_bytes()
        at = draw.randrange(len(kept))
        path.write_bytes(kept[:at] + bytes([kept[at] ^ (1 << draw.randrange(8))]) + kept[at + 1 :])
        code, said = hedui("verify", "--home", home)
        assert code == 37 and said.count("altered: ") == 1
        named = path.name if "bytes" in path.parts else path.relative_to(home).as_posix()
        assert named in said
        assert path.name in outside(home)[1] and outside(home)[0] == 37
        path.write_bytes(kept)
    assert hedui("verify", "--home", home)[0] == 0


def test_a_run_on_an_older_copy_of_the_ledger_is_not_published(
    home: Path, hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint lies outside: a ledger that lost its rows gets no publication and no signature."""
    monkeypatch.setenv("HEDUI_CHECKPOINTS", str(home / "checkpoints"))
    monkeypatch.setenv("HEDUI_SIGNING_KEY", str(home / "keys" / "checkpoint.pem"))
    code, said = hedui("run", "--month", MONTH, "--inbox", home.parent / "inbox", "--home", tmp_path / "home")
    assert code == 37
    assert "does not extend checkpoint 1" in said or "is shorter than checkpoint 1" in said
    with closing(sqlite3.connect(tmp_path / "home" / "ledger.sqlite")) as ledger:
        assert ledger.execute("SELECT count(*) FROM publication").fetchone() == (0,)


def test_ledger_and_checkpoints_that_went_back_together_are_told_by_a_checkpoint_kept_elsewhere(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    for name in ("day1.txt", "day1.svg"):
        code, said = hedui("checkpoint", "--out", tmp_path / name, "--home", home)
        assert code == 0, said
        assert (tmp_path / "day1.txt").read_text("utf-8").splitlines()[
            2
        ] in said  # the root, to be read aloud
    assert (tmp_path / "day1.svg").read_text().startswith("<?xml")
    assert hedui("verify", "--ledger", "--kept", tmp_path / "day1.txt", "--home", home)[0] == 0

    older = tmp_path / "older"
    inbox = village(tmp_path)
    only(inbox, "vehicle", "death_police")
    run_month(MONTH, {"home": str(older), "inbox": str(inbox), "jurisdiction": "demo"})
    shutil.copytree(home / "keys", older / "keys", dirs_exist_ok=True)
    for path in (older / "checkpoints").iterdir():
        path.unlink()
    sign(
        Ledger(f"sqlite:///{older / 'ledger.sqlite'}"),
        older / "checkpoints",
        signing_key(Where.of({"home": older})),
        "R",
    )
    code, said = hedui("verify", "--ledger", "--home", older)
    assert code == 0, said  # signed by the same hand, and whole in itself
    code, said = hedui("verify", "--ledger", "--kept", tmp_path / "day1.txt", "--home", older)
    assert code == 37, said
    assert "day1.txt" in said and ("forked" in said or "rolled back" in said)


def test_a_kept_checkpoint_of_another_key_or_with_a_changed_sign_is_refused(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    assert hedui("checkpoint", "--out", tmp_path / "kept.txt", "--home", home)[0] == 0
    text = (tmp_path / "kept.txt").read_text("utf-8")
    (tmp_path / "changed.txt").write_text(text.replace("\nrun R", "\nrun Q"), "utf-8")
    code, said = hedui("verify", "--ledger", "--kept", tmp_path / "changed.txt", "--home", home)
    assert code == 37 and "changed.txt" in said
    assert hedui("verify", "--kept", tmp_path / "none.txt", "--home", home)[0] == 33
    assert hedui("checkpoint", "--out", tmp_path / "kept.txt", "--home", home)[0] == 2
