"""Verdicts and approvals in the ledger: added, never changed, on SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from pipelines.store.ledger import Ledger
from tests.unit.store.filled import APPROVAL as APPROVED
from tests.unit.store.filled import JUDGEMENT as SAID


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened = Ledger(url)
    opened.add_run("R1", "demo", "2026-10", {}, {"vehicle": ("used", "")})
    return opened


def test_a_verdict_comes_back_as_it_was_given_with_its_number_and_time(ledger: Ledger) -> None:
    first = ledger.add_judgement(SAID)
    second = ledger.add_judgement(replace(SAID, verdict="unsure"))
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.judgement_id.startswith("J-") and first.judgement_id != second.judgement_id
    assert ledger.judgements() == [first, second]
    assert first.judged_at is not None and first.judged_at.tzinfo is not None


def test_the_verdicts_of_one_jurisdiction_are_not_anothers(ledger: Ledger) -> None:
    ledger.add_judgement(SAID)
    assert ledger.judgements("yunxi") == []
    assert len(ledger.judgements("demo")) == 1


def test_the_latest_approval_stands_last_and_keeps_what_was_shown(ledger: Ledger) -> None:
    ledger.add_approval(APPROVED)
    last = ledger.add_approval(replace(APPROVED, match_error="1/64"))
    assert [given.match_error for given in ledger.approvals("demo")] == ["1/512", "1/64"]
    assert ledger.approvals()[-1] == last
    assert last.effect == [{"matches": 9}]


@pytest.mark.parametrize("table", ["judgement", "threshold_approval"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET reason = 'other words'",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE sequence = 1",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(
    ledger: Ledger, table: str, statement: str
) -> None:
    said, approved = ledger.add_judgement(SAID), ledger.add_approval(APPROVED)
    with pytest.raises(DBAPIError, match="only ever added"), ledger.engine.begin() as connection:
        connection.execute(text(statement.format(table=table)))
    assert ledger.judgements() == [said]
    assert ledger.approvals() == [approved]


def test_a_row_cannot_be_replaced_by_a_back_door_either(ledger: Ledger) -> None:
    said = ledger.add_judgement(SAID)
    statement = (
        "TRUNCATE judgement"
        if ledger.engine.dialect.name == "postgresql"
        else "INSERT OR REPLACE INTO judgement SELECT * FROM judgement"
    )
    with pytest.raises(DBAPIError, match="only ever added"), ledger.engine.begin() as connection:
        connection.execute(text(statement))
    assert ledger.judgements() == [said]


def test_rival_verdicts_each_get_their_own_place_in_the_sequence(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as pool:
        names = [f"person {at}" for at in range(8)]
        list(pool.map(lambda name: ledger.add_judgement(replace(SAID, judged_by=name)), names))
    assert [said.sequence for said in ledger.judgements()] == list(range(1, 9))
    assert {said.judged_by for said in ledger.judgements()} == set(names)


def test_a_verdict_about_a_run_nobody_knows_is_refused_at_once(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError):
        ledger.add_judgement(replace(SAID, run_id="R9"))
    assert ledger.judgements() == []
