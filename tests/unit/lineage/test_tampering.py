"""Whatever is done to ledger, log, checkpoints or files, both verifiers find it, and the product's names it."""

import random
import shutil
from pathlib import Path

import pytest

from pipelines.base.errors import EvidenceBroken
from pipelines.lineage.findings import (
    ADDED,
    ALTERED,
    FORKED,
    MISSING,
    REORDERED,
    ROLLED_BACK,
    UNSIGNED,
)
from pipelines.lineage.verify_log import check_checkpoints, read_log
from pipelines.store.signing import public_key_file
from tests.unit.lineage.tampering import Home, cells, signed_home


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return signed_home(tmp_path_factory.mktemp("signed"))


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Home:
    """A home of the test's own: everything in it may be broken."""
    return signed_home(tmp_path)


def kinds(home: Home) -> set[str]:
    return {finding.kind for finding in home.ours()}


def test_an_untouched_home_passes_both(whole: Home) -> None:
    assert whole.ours() == []
    assert whole.theirs() == []


def test_every_column_of_every_row_changed_is_found_by_both(whole: Home) -> None:
    missed, changed = [], 0
    copy = whole.copy("changed")
    pristine = copy.database.read_bytes()
    for table, rowid, column, kind, value in cells(whole):
        copy.restore(pristine)
        copy.change(f'UPDATE {table} SET "{column}" = {_other(kind, value)} WHERE rowid = {rowid}')
        changed += 1
        if not copy.ours() or not copy.theirs():
            missed.append((table, rowid, column))
    assert missed == []
    assert changed > 250


def _other(kind: str, value: object) -> str:
    """Another value of the same type, as SQL."""
    if kind == "INTEGER":
        return "1" if value is None else str(int(str(value)) + 1000)
    said = "" if value is None else str(value)
    if kind == "JSON":
        other = "[1]" if value is None else f"[{said}]"
    elif kind in ("DATE", "DATETIME"):
        other = said[:-1] + ("1" if said[-1:] != "1" else "2")
    else:
        other = said[:-1] + ("x" if said[-1:] != "x" else "y")
    return "'" + other.replace("'", "''") + "'"


def test_any_row_deleted_is_named_missing(whole: Home) -> None:
    missed, copy = [], whole.copy("deleted")
    pristine = copy.database.read_bytes()
    rows = {(table, rowid) for table, rowid, *_ in cells(whole) if table != "log_leaf"}
    for table, rowid in sorted(rows):
        copy.restore(pristine)
        copy.change(f"DELETE FROM {table} WHERE rowid = {rowid}")
        if MISSING not in kinds(copy) or not copy.theirs():
            missed.append((table, rowid))
    assert missed == [] and len(rows) > 20


def test_any_row_deleted_together_with_its_leaf_is_found(whole: Home) -> None:
    """The attacker closes the gap: every later position moves down."""
    missed, copy = [], whole.copy("closed")
    pristine = copy.database.read_bytes()
    for position, table, key in whole.query("SELECT position, table_name, row_key FROM log_leaf"):
        copy.restore(pristine)
        copy.change(
            f"DELETE FROM {table} WHERE rowid = {_rowid(whole, str(table), str(key))}",
            f"DELETE FROM log_leaf WHERE position = {position}",
            f"UPDATE log_leaf SET position = -position WHERE position > {position}",
            "UPDATE log_leaf SET position = -position - 1 WHERE position < 0",
        )
        if not kinds(copy) or not copy.theirs():
            missed.append(position)
    assert missed == []


def _rowid(home: Home, table: str, key: str) -> object:
    keys = [str(row[1]) for row in home.query(f"PRAGMA table_info({table})") if row[5]]
    made = "json_array(" + ", ".join(f'"{name}"' for name in keys) + ")"
    quoted = key.replace("'", "''")
    return home.query(f"SELECT rowid FROM {table} WHERE {made} = '{quoted}'")[0][0]


def test_a_changed_row_with_its_leaf_made_anew_is_found(whole: Home) -> None:
    copy = whole.copy("anew")
    copy.change("UPDATE publication SET revision = 7")
    row = read_log(copy.ledger.engine).known
    leaf = next(found.leaf for (table, _), found in row.items() if table == "publication")
    key = '["demo","2026-10",7]'
    copy.change(
        f"UPDATE log_leaf SET leaf_hash = '{leaf}', row_key = '{key}' WHERE table_name = 'publication'"
    )
    assert kinds(copy) == {FORKED}
    assert copy.theirs()


@pytest.mark.parametrize("cut", [1, 3, 5, 12])
def test_a_cut_tail_is_a_ledger_rolled_back(whole: Home, cut: int) -> None:
    copy = whole.copy(f"cut{cut}")
    tail = whole.query(
        f"SELECT position, table_name, row_key FROM log_leaf ORDER BY position DESC LIMIT {cut}"
    )
    for position, table, key in tail:
        copy.change(
            f"DELETE FROM {table} WHERE rowid = {_rowid(whole, str(table), str(key))}",
            f"DELETE FROM log_leaf WHERE position = {position}",
        )
    assert kinds(copy) == {ROLLED_BACK}
    assert any(said.startswith("rolled back") for said in copy.theirs())


def test_an_old_database_restored_is_a_ledger_rolled_back(home: Home) -> None:
    old = home.copy("old")
    ledger = home.ledger
    ledger.add_files("tax/1", {"a.csv": ledger_file(home)})
    ledger.engine.dispose()
    home.sign()
    assert home.ours() == []
    assert kinds(old) == {ROLLED_BACK}
    assert any(said.startswith("rolled back") for said in old.theirs())
    with pytest.raises(EvidenceBroken, match="is shorter than"):
        old.sign()


def ledger_file(home: Home) -> str:
    return str(home.query("SELECT digest FROM artefact LIMIT 1")[0][0])


@pytest.mark.parametrize("pair", [(0, 1), (3, 4), (5, 18), (12, 16)])
def test_rows_whose_places_are_swapped_are_found(whole: Home, pair: tuple[int, int]) -> None:
    copy = whole.copy(f"swapped{pair[0]}")
    a, b = pair
    copy.change(
        f"UPDATE log_leaf SET position = -1 WHERE position = {a}",
        f"UPDATE log_leaf SET position = {a} WHERE position = {b}",
        f"UPDATE log_leaf SET position = {b} WHERE position = -1",
    )
    assert kinds(copy) <= {REORDERED, FORKED} and kinds(copy)
    assert any(said.startswith("forked or reordered") for said in copy.theirs())


def test_a_swap_in_time_is_named_as_another_order(whole: Home) -> None:
    copy = whole.copy("order")
    last = int(str(whole.query("SELECT max(position) FROM log_leaf")[0][0]))
    copy.change(
        f"UPDATE log_leaf SET position = -1 WHERE position = {last}",
        f"UPDATE log_leaf SET position = {last} WHERE position = {last - 1}",
        f"UPDATE log_leaf SET position = {last - 1} WHERE position = -1",
    )
    assert [(one.kind, one.item) for one in copy.ours()] == [(REORDERED, f"log_leaf {last - 1}/{last}")]


def test_a_log_that_went_another_way_is_a_fork_and_is_not_signed(home: Home) -> None:
    """An old database goes on with other rows, as many as were signed and more."""
    old = home.copy("fork")
    digest = ledger_file(home)
    for branch, where in (("tax", home), ("fund", old)):
        ledger = where.ledger
        ledger.add_files(f"{branch}/1", {f"{number}.csv": digest for number in range(3)})
        ledger.engine.dispose()
    home.sign()
    assert home.ours() == []
    assert kinds(old) == {FORKED}
    assert any(said.startswith("forked") for said in old.theirs())
    with pytest.raises(EvidenceBroken, match="does not extend"):
        old.sign()


def test_a_row_that_the_log_does_not_know_is_named(whole: Home) -> None:
    copy = whole.copy("added")
    copy.change("INSERT INTO release VALUES ('bank/1', 'f', '李工', 'because', '2026-10-01 00:00:00.000000')")
    assert [(one.kind, one.item) for one in copy.ours()] == [(ADDED, 'release ["bank/1","f"]')]
    assert copy.theirs() == ['added: release ["bank/1","f"] has no leaf']


def test_bytes_that_are_no_text_and_values_of_another_type_do_not_break_the_reading(whole: Home) -> None:
    copy = whole.copy("strange")
    pristine = copy.database.read_bytes()
    for statement in (
        "UPDATE release SET reason = CAST(x'ff' AS TEXT)",
        "UPDATE release SET reason = x'00'",
        "UPDATE landing SET physical_lines = 1.5",
        "UPDATE landing SET physical_lines = 'ten'",
        "UPDATE run SET run_key = '{'",
        "UPDATE run SET run_key = '{\"a\": 1, ' || substr(run_key, 2)",
        "UPDATE run SET run_at = replace(run_at, ' ', 'T') || 'Z'",
        "UPDATE log_leaf SET leaf_hash = upper(leaf_hash) WHERE position = 0",
        "UPDATE log_leaf SET row_key = replace(row_key, ',', ', ') WHERE position = 0",
    ):
        copy.restore(pristine)
        copy.change(statement)
        assert copy.ours() and copy.theirs(), statement


def test_a_checkpoint_gone_altered_or_signed_by_another_is_named(home: Home) -> None:
    folder = home.where.checkpoints
    first, second = folder / "1.txt", folder / "2.txt"
    kept = first.read_bytes(), second.read_bytes()
    first.unlink()
    assert [(one.kind, one.item) for one in home.ours()] == [(MISSING, "1.txt")]
    assert home.theirs() == ["missing: checkpoint 1.txt"]
    first.write_bytes(kept[1])
    second.write_bytes(kept[0])
    assert kinds(home) and home.theirs()
    first.write_bytes(kept[0])
    second.write_bytes(kept[1].replace(b"run R1", b"run R2"))
    assert [(one.kind, one.item) for one in home.ours()] == [(ALTERED, "2.txt")]
    assert len(home.theirs()) == 1


def test_without_its_checkpoints_a_publication_is_unsigned(home: Home) -> None:
    shutil.rmtree(home.where.checkpoints)
    assert [(one.kind, one.item) for one in home.ours()] == [(UNSIGNED, 'publication ["demo","2026-10",1]')]
    assert home.theirs() == ['unsigned: publication ["demo","2026-10",1]']


def test_every_bit_of_a_checkpoint_and_of_the_public_key_counts(home: Home) -> None:
    ledger = home.ledger
    log = read_log(ledger.engine)
    ledger.engine.dispose()
    for path in (home.where.checkpoints / "2.txt", home.where.home / "keys" / "checkpoint.pub"):
        kept = path.read_bytes()
        for at in range(0, len(kept) - 1):
            path.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
            key = public_key_file(home.where).read_bytes().decode(errors="replace")
            assert check_checkpoints(log, home.where.checkpoints, key).findings, (path.name, at)
            assert home.theirs(), (path.name, at)
        path.write_bytes(kept)


def test_a_flipped_byte_a_missing_and_an_extra_file_are_named(home: Home) -> None:
    draw = random.Random(6)  # noqa: S311
    files = [
        path for part in ("lake", "reports") for path in (home.where.home / part).rglob("*") if path.is_file()
    ]
    assert len(files) == 18
    for path in files:
        kept = path.read_bytes()
        at = draw.randrange(len(kept))
        path.write_bytes(kept[:at] + bytes([kept[at] ^ (1 << draw.randrange(8))]) + kept[at + 1 :])
        assert kinds(home) == {ALTERED} and home.theirs(), path
        path.unlink()
        assert kinds(home) == {MISSING} and home.theirs(), path
        path.write_bytes(kept)
    extra = home.where.home / "reports" / "demo" / "2026-10" / "R1" / "pages" / "2.html"
    extra.write_text("not ours")
    assert kinds(home) == {ADDED}
    assert [said.split(":")[0] for said in home.theirs()] == ["added"]


def test_the_database_is_read_without_being_written(whole: Home) -> None:
    before = whole.database.read_bytes()
    whole.ours()
    whole.theirs()
    assert whole.database.read_bytes() == before
