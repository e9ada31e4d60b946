"""A month's accuracy as a figure: drawn, filled in, reported; a wrong file says what is wrong and where."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.base.errors import ReviewInvalid
from pipelines.run.accuracy import accuracy_of
from pipelines.run.accuracy_file import write_sample
from pipelines.run.accuracy_sample import Sample, draw_households, listed_households
from pipelines.run.accuracy_told import accuracy_lines, sample_lines
from pipelines.run.published import published_run
from tests.fixtures.city import MONTH, DoneMonth

COUNT = 149


def _drawn(month: DoneMonth, seed: str = "1") -> Sample:
    return draw_households(published_run(MONTH, month.where), count=COUNT, seed=seed)


def _filled(month: DoneMonth, out: Path, verdicts: Callable[[int], str], encoding: str = "utf-8-sig") -> Path:
    blank = out / "blank.csv"
    write_sample(_drawn(month), blank)
    with blank.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        row["verdict"] = verdicts(at)
    filled = out / "filled.csv"
    with filled.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return filled


def test_the_same_seed_draws_the_same_households_and_another_seed_others(done_month: DoneMonth) -> None:
    assert _drawn(done_month) == _drawn(done_month)
    assert {one.household_id for one in _drawn(done_month).drawn} != {
        one.household_id for one in _drawn(done_month, "2").drawn
    }


def test_every_household_is_in_one_stratum_and_each_stratum_is_drawn_in_proportion(
    done_month: DoneMonth,
) -> None:
    run, sample = published_run(MONTH, done_month.where), _drawn(done_month)
    assert (
        sum(sample.sizes.values()) == len(listed_households(run)) == run.read("compose", "household").num_rows
    )
    assert {programme for programme, _ in sample.sizes} == {"dibao_urban", "dibao_rural", "tekun"}
    for stratum, size in sample.sizes.items():
        drawn = sum(one.stratum == stratum for one in sample.drawn)
        assert abs(drawn - COUNT * size / sum(sample.sizes.values())) <= 1
    assert len(sample_lines(sample, "zh")) == 1 + len(sample.sizes)


def test_a_sample_without_errors_claims_nearly_98_per_cent_and_errors_take_from_it(
    done_month: DoneMonth, tmp_path: Path
) -> None:
    clean = accuracy_of(_filled(done_month, tmp_path, lambda at: "正确"), done_month.where)
    assert (clean.wrong.ppm, clean.wrong.low_ppm) == (0, 0)
    assert 975_000 < clean.claim_ppm < 981_000
    (tmp_path / "blank.csv").unlink()
    said = {0: "错保", 1: "漏保", 2: "漏保", 3: "unsure"}
    path = _filled(done_month, tmp_path, lambda at: said.get(at, "right"), "gb18030")
    found = accuracy_of(path, done_month.where)
    assert sum(one.wrongly_in.part for one in found.strata) == 1
    assert sum(one.wrongly_out.part for one in found.strata) == 2
    assert sum(one.unsure for one in found.strata) == 1
    assert found.wrongly_in.ppm and found.wrongly_out.ppm and found.wrong.ppm
    assert found.wrong.ppm == pytest.approx(found.wrongly_in.ppm + found.wrongly_out.ppm, abs=2)
    assert found.claim_ppm < clean.claim_ppm
    told = "\n".join(accuracy_lines(found, "zh"))
    assert "95%" in told and "错保" in told and "名单外" in told


def test_a_file_being_filled_in_is_never_written_over(done_month: DoneMonth, tmp_path: Path) -> None:
    write_sample(_drawn(done_month), tmp_path / "sample.csv")
    with pytest.raises(ReviewInvalid, match="may hold verdicts"):
        write_sample(_drawn(done_month), tmp_path / "sample.csv")


@pytest.mark.parametrize(
    ("broken", "line", "what"),
    [
        (
            lambda lines: [*lines[:4], lines[4].replace(",right,", ",wrong,"), *lines[5:]],
            5,
            "[wrong] is unknown",
        ),
        (lambda lines: [*lines[:4], lines[4].replace(",right,", ",,"), *lines[5:]], 5, "is empty"),
        (lambda lines: [*lines, lines[7]], COUNT + 2, "stands there twice"),
        (lambda lines: lines[:-1], COUNT, "not in the file"),
        (lambda lines: [*lines[:9], lines[9].replace("H-", "H-Q"), *lines[10:]], 10, "was not drawn"),
        (lambda lines: [*lines[:9], lines[9] + ",more", *lines[10:]], 10, "cells where the header has"),
        (
            lambda lines: [*lines[:9], lines[9].replace(",1,", ",2,", 1), *lines[10:]],
            10,
            "seed [2] is not the [1]",
        ),
        (lambda lines: [lines[0].replace("verdict", "result"), *lines[1:]], 1, "0 columns called [verdict]"),
        (lambda lines: [one.replace("R-", "R-Q") for one in lines], 2, "is not in this store"),
        (lambda lines: lines[:1], 1, "no row below the header"),
        (lambda lines: [], 1, "the file is empty"),
    ],
)
def test_a_wrong_file_names_its_line_and_what_to_do(
    done_month: DoneMonth,
    tmp_path: Path,
    broken: Callable[[list[str]], list[str]],
    line: int,
    what: str,
) -> None:
    path = _filled(done_month, tmp_path, lambda at: "right")
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join(broken(lines)), encoding="utf-8")
    with pytest.raises(ReviewInvalid) as caught:
        accuracy_of(path, done_month.where)
    assert what in caught.value.what
    assert caught.value.place == f"{path} line {line}"
    assert caught.value.remedy
