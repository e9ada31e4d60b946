"""Giving a verdict: what is kept of the pair, how far it reaches, and that it can be given again later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.base.errors import NotFound
from pipelines.run import judged_pairs
from pipelines.run.judged_pairs import Given, judge
from pipelines.run.judged_told import judgement_document, judgement_lines
from pipelines.run.judging import judgement_key, judgements_table
from pipelines.s4_link import Linked
from pipelines.store.judged import Judgement
from pipelines.store.ledger import Ledger
from tests.unit.s4_link.link_cases import found, linked, number, person, reviewed

LISTED = person("李卫东", number("1968-07-01", "123"))
NAMED = person("李卫东")


class Desk:
    """A caseworker's desk: the links of a run, and the verdicts given on them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
        self.ledger.add_run("R1", "demo", "2026-10", {}, {"death_medical": ("used", "")})
        monkeypatch.setattr(judged_pairs, "run_to_judge", lambda *_: self._run())
        monkeypatch.setattr(judged_pairs, "read_table", lambda _, name: self._tables[name])
        self.link([NAMED])

    def link(self, records: list[dict[str, Any]]) -> Linked:
        """The next run: the verdicts given until now are in force."""
        result = linked(records, [LISTED], judgements=judgements_table(self._run()))
        self._tables = {"linked_match": result.matches, "linked_review": result.reviews}
        return result

    def only_pair(self) -> str:
        (pair,) = [row for table in self._tables.values() for row in table["record_id"].to_pylist()]
        return str(pair)

    def judge(self, pair: str, verdict: str) -> Given:
        return judge(pair, verdict=verdict, by=" 王主任 ", reason="查档")

    def _run(self) -> Any:
        key = {"judgements": judgement_key(self.ledger, "demo")}
        shop = SimpleNamespace(ledger=self.ledger)
        return SimpleNamespace(run_id="R1", jurisdiction="demo", key=key, shop=shop)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_a_verdict_keeps_how_the_machine_saw_the_pair_and_what_was_compared(desk: Desk) -> None:
    said = desk.judge(desk.only_pair(), "same").judgement
    assert (said.method, said.outcome, said.verdict) == ("name_only", "name_only", "positive")
    assert said.probability_ppm is not None and said.model
    assert (said.record, said.member_id, said.judged_by) == ("d0", "m0", "王主任")
    assert said.likeness["record"]["name"] == said.likeness["member"]["name"] == "李卫东"
    assert said.likeness["record"]["id_no"] is None
    assert said.likeness["member"]["id_no"] == LISTED["id_no"]


def test_the_person_is_told_how_many_rows_say_the_same_and_that_they_are_bare(desk: Desk) -> None:
    desk.link([NAMED, NAMED])
    given = desk.judge(desk._tables["linked_review"]["record_id"][1].as_py(), "same")
    assert (given.rows_alike, given.is_bare) == (2, True)
    desk.link([LISTED])
    given = desk.judge(desk.only_pair(), "same")
    assert (given.rows_alike, given.is_bare) == (1, False)


def test_a_confirmed_pair_can_be_taken_back_in_a_later_run(desk: Desk) -> None:
    desk.judge(desk.only_pair(), "same")
    assert found(desk.link([NAMED])) == {("d0", "m0"): "judged"}
    again = desk.judge(desk.only_pair(), "unsure").judgement
    assert (again.method, again.outcome) == ("name_only", "name_only")  # not: found by a verdict
    assert reviewed(desk.link([NAMED])) == {("d0", "m0"): "name_only"}


def test_a_rejected_pair_is_in_no_later_run_and_can_still_be_judged_again(desk: Desk) -> None:
    pair = desk.only_pair()
    desk.judge(pair, "different")
    result = desk.link([NAMED])
    assert found(result) == reviewed(result) == {}
    assert desk.judge(pair, "same").rows_alike == 0
    assert found(desk.link([NAMED])) == {("d0", "m0"): "judged"}


def test_a_verdict_word_that_does_not_exist_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no verdict is called"):
        desk.judge(desk.only_pair(), "positive")
    assert desk.ledger.judgements() == []


def test_what_is_listed_shows_no_value_in_full(desk: Desk) -> None:
    said = desk.judge(desk.only_pair(), "same").judgement
    text = str(judgement_document(said, True)) + str(judgement_lines([(said, True)], "zh"))
    assert "李卫东" not in text and str(LISTED["id_no"]) not in text
    assert "李**" in text and "王主任" in text and "同一人" in text
    assert judgement_lines([(replace(said, verdict="unsure"), False)], "en")[1].count("unsure") == 1


def test_a_list_of_no_verdicts_is_its_heading() -> None:
    none: list[tuple[Judgement, bool]] = []
    assert len(judgement_lines(none, "en")) == len(judgement_lines(none, "zh")) == 1
