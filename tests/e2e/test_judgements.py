"""A caseworker's verdicts through whole months: given at the terminal, they hold in re-runs, resends and later months."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.run.published import published_run, read_table
from tests.e2e.test_held_month import NEXT, Place, people_of
from tests.e2e.village import MONTH, Hedui, terminal

pytestmark = pytest.mark.xdist_group("judged")
_WHO = ("--by", "王主任", "--reason", "called the traffic police")
_NAME, _COLOUR = 11, "CSYS"


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


class Office(Place):
    """The village with two owners of a car, and a third car under the number of a member and a stranger's name."""

    def __init__(self, folder: Path, hedui: Hedui) -> None:
        super().__init__(folder, hedui)
        self.owner, self.other, self.renamed = people_of(self)
        self.cars = [self.car_of(self.owner, 0), self.car_of(self.other, 1), self._car_of_a_stranger()]
        self.deliver("20261006_01", [*self.cars, *self.lines[3:]])
        self.month(MONTH)

    def _car_of_a_stranger(self) -> str:
        cells = self.car_of(self.renamed, 2).split(",")
        cells[_NAME] = "欧阳石头"
        return ",".join(cells)

    def month(self, month: str) -> str:
        """Run it; the id of the run that is published."""
        code, said = self.run(month)
        assert code == 0, said
        return published_run(month, {"home": str(self.home), "jurisdiction": "demo"}).run_id

    def pair(self, month: str, table: str, member: dict[str, Any]) -> dict[str, Any] | None:
        found = [row for row in self.table(month, table) if row["member_id"] == member["record_id"]]
        return found[0] if found else None

    def judge(self, pair: str, verdict: str, *more: object) -> tuple[int, str]:
        return self.hedui("judge", pair, "--verdict", verdict, *_WHO, *more, "--home", self.home)

    def judgements(self, *words: object) -> tuple[int, str]:
        return self.hedui("judgements", *words, "--home", self.home)

    def corrected(self, cars: list[str]) -> list[str]:
        """The same owners, and a colour that was wrong."""
        at = self.header.split(",").index(_COLOUR)
        return [",".join([*cells[:at], "B", *cells[at + 1 :]]) for cells in (car.split(",") for car in cars)]

    def deliver_anew(self) -> None:
        """Every line in another place of another file: no address of a record stays."""
        self.deliver("20261201_01", [*reversed(self.lines[3:]), *reversed(self.cars)])


def test_a_rejected_link_does_not_come_back_next_month_and_an_unsure_verdict_lifts_it(
    tmp_path: Path, hedui: Hedui
) -> None:
    office = Office(tmp_path, hedui)
    first = published_run(MONTH, {"home": str(office.home), "jurisdiction": "demo"}).run_id
    link = office.pair(MONTH, "linked_match", office.owner)
    assert link and link["method"] == "exact_id"

    code, said = office.judge(link["record_id"], "different")
    assert code == 0, said
    assert "say exactly the same: 1" in said
    second = office.month(MONTH)
    assert second != first
    assert office.month(MONTH) == second  # nothing new was said: the same run
    for table in ("linked_match", "linked_review"):
        assert office.pair(MONTH, table, office.owner) is None
    assert office.pair(MONTH, "linked_match", office.other)
    assert office.owner["household_id"] not in office.vehicles(MONTH)

    office.deliver_anew()
    office.month(NEXT)
    assert office.pair(NEXT, "linked_match", office.owner) is None
    assert office.vehicles(NEXT)[office.other["household_id"]] == "kept"

    assert office.judge(link["record_id"], "unsure")[0] == 0
    office.month(NEXT)
    lifted = office.pair(NEXT, "linked_match", office.owner)
    assert lifted and lifted["method"] == "exact_id"
    assert lifted["record"] != link["record"]


def test_a_confirmed_pair_is_a_match_by_judgement_and_stays_one_when_the_file_is_sent_again_corrected(
    tmp_path: Path, hedui: Hedui
) -> None:
    office = Office(tmp_path, hedui)
    review = office.pair(MONTH, "linked_review", office.renamed)
    assert review and review["reason"] == "identity_conflict"
    assert office.judge(review["record_id"], "same")[0] == 0
    office.deliver("20261008_01", [*office.lines[3:], *office.corrected(office.cars)])
    office.deliver_anew()
    for month in (MONTH, NEXT):
        office.month(month)
        link = office.pair(month, "linked_match", office.renamed)
        assert link and link["method"] == "judged"
        assert link["record"] != review["record"]
        assert office.pair(month, "linked_review", office.renamed) is None
        assert office.vehicles(month)[office.renamed["household_id"]] in ("opened", "kept")

    # The link of the next month judged again: what the machine saw at first stays on record.
    assert office.judge(link["record_id"], "same")[0] == 0
    code, said = office.judgements("--json")
    given = json.loads(said)
    assert code == 0
    assert [(one["method"], one["outcome"]) for one in given] == [("exact_id", "identity_conflict")] * 2
    assert [one["in_force"] for one in given] == [False, True]
    assert office.renamed["id18"] not in said and "欧阳石头" not in said


def test_verdicts_are_counted_and_new_targets_wait_for_a_person(tmp_path: Path, hedui: Hedui) -> None:
    office = Office(tmp_path, hedui)
    code, drawn = office.judgements("sample", "--n", "2", "--seed", "autumn")
    assert code == 0, drawn
    assert office.judgements("sample", "--n", "2", "--seed", "autumn")[1] == drawn
    assert office.owner["id18"] not in drawn
    pairs = re.findall(r"^\d+\. (L-\w+)", drawn, re.MULTILINE)
    assert len(pairs) == 2
    link = office.pair(MONTH, "linked_match", office.owner)
    assert link
    office.judge(link["record_id"], "different")
    code, said = office.judgements("report", "--match-error", "1/64")
    assert code == 0, said
    assert re.search(r"match +Same id number +all sources +0 +1 +0 +100 % +20\.65", said), said
    assert re.search(r"^1/64 ", said, re.MULTILINE), said

    code, said = office.judgements("approve", "--match-error", "1/64", *_WHO)
    assert code == 0, said
    assert "in force" in said and "approved by 王主任" in said
    run_id = office.month(MONTH)
    run = published_run(MONTH, {"home": str(office.home), "jurisdiction": "demo"})
    assert run.run_id == run_id
    assert run.key["link_targets"] == {"match_error": [1, 64], "review_error": [7, 8]}
    assert read_table(run, "linked_match").num_rows
    _slips_are_told(office, link["record_id"])


def _slips_are_told(office: Office, pair: str) -> None:
    for words, complaint in (
        (("judge", "L-NOBODY", "--verdict", "same", *_WHO), "no pair is called [L-NOBODY]"),
        (("judge", pair, "--verdict", "same", "--by", " ", "--reason", "x"), "needs a name and a reason"),
        (("judge", pair, "--verdict", "same", *_WHO, "--run", "R-NONE"), "no run is called [R-NONE]"),
        (("judge", pair, "--verdict", "same", "--by", "n" * 101, "--reason", "x"), "longer than 100"),
        (("judgements", "approve", "--match-error", "2", *_WHO), "[2] is not between 0 and 1"),
        (("judgements", "approve", "--match-error", "1/0", *_WHO), "[1/0] is not a fraction"),
        (("judgements", "approve", "--match-error", "9/10", *_WHO), "more often than a review"),
        (("judgements", "sample", "--n", "0"), "at least one pair"),
    ):
        code, said = office.hedui(*words, "--home", office.home)
        assert (code, complaint in said) == (33, True), said
