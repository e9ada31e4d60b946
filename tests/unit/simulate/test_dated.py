"""The prefecture in the month the source documents mean: 420/270 yuan, average top-ups 384 and 181.8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from pipelines.base.errors import PackNotInForce
from pipelines.base.period import Period
from pipelines.policy import load_pack
from pipelines.simulate import PROFILES
from pipelines.simulate.city import City, draw_city, draw_pair
from pipelines.simulate.dated import in_month
from pipelines.simulate.deliver_lists import deliver_lists
from pipelines.simulate.draw import NOBODY
from pipelines.simulate.outbox import Outbox

PREFECTURE, DISTRICT = PROFILES["prefecture"], PROFILES["district"]
THEN = Period(2015, 6)
_HEADER_ROWS = 3


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Path]]:
    root = tmp_path_factory.mktemp("lists")
    city = draw_city(replace(PREFECTURE, residents=450_000), THEN, 1)
    deliver_lists(city, Outbox(root))
    yield city, root / "inbox"


def _file(inbox: Path, pattern: str) -> Path:
    (found,) = (path for path in inbox.glob(pattern) if path.suffix != ".ok")
    return found


def test_the_urban_list_grants_384_yuan_a_person(lists: tuple[City, Path]) -> None:
    city, inbox = lists
    path = _file(inbox, "dibao_urban/*/*.xlsx")
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = [str(cell) for cell in rows[_HEADER_ROWS - 1]]
    granted, covered = names.index("月保障金（元）"), names.index("保障人数")
    households = [row for row in rows[_HEADER_ROWS:] if isinstance(row[granted], (int, float))]
    people = sum(int(row[covered]) for row in households)
    assert (len(households), people) == (6_372, 13_385)
    assert sum(row[granted] for row in households) / people == pytest.approx(384, rel=0.01)
    assert city.profile.standards.urban_fen == 42_000


def test_the_rural_list_grants_181_yuan_80_a_person(lists: tuple[City, Path]) -> None:
    city, inbox = lists
    text = _file(inbox, "dibao_rural/*/*").read_bytes().decode("gb18030")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["是否保障对象"] == "是"]
    assert len({row["家庭编号"] for row in rows}) == 27_543
    assert len(rows) == 63_238
    granted = sum(int(row["人均月补差（元）"]) for row in rows)
    assert granted / len(rows) == pytest.approx(181.8, rel=0.01)
    assert city.profile.standards.rural_fen == 27_000


@pytest.mark.parametrize(
    ("year", "urban", "rural", "top_ups"),
    [
        (2014, 38_000, 24_000, (34_400, 15_180)),
        (2015, 42_000, 27_000, (38_400, 18_180)),
        (2016, 47_000, 31_000, (42_300, 19_500)),
        (2026, 47_000, 31_000, (42_300, 19_500)),
    ],
)
def test_the_standards_of_the_month_are_the_packs(
    year: int, urban: int, rural: int, top_ups: tuple[int, int]
) -> None:
    profile = in_month(PREFECTURE, Period(year, 3))
    assert (profile.standards.urban_fen, profile.standards.rural_fen) == (urban, rural)
    assert (profile.urban.top_up_fen, profile.rural.top_up_fen) == top_ups
    basic = load_pack("demo-prefecture").value("support.basic", Period(year, 3)).number
    assert profile.standards.support_basic_fen == basic


def test_from_2016_on_the_prefecture_is_what_it_states() -> None:
    assert in_month(PREFECTURE, Period(2016, 1)) == in_month(PREFECTURE, Period(2026, 10)) == PREFECTURE


def test_a_month_before_the_first_standards_is_refused() -> None:
    with pytest.raises(PackNotInForce):
        in_month(PREFECTURE, Period(2013, 12))


def test_a_profile_that_follows_no_pack_is_itself_in_any_month() -> None:
    assert in_month(DISTRICT, THEN) is DISTRICT


def test_in_two_months_those_who_stayed_are_the_same_people_with_the_same_cover() -> None:
    pair = draw_pair(replace(DISTRICT, residents=20_000), Period(2025, 12), Period(2026, 5), 3)
    opening, closing = pair.opening.assisted, pair.closing.assisted
    assert int((pair.opening.people.birth > pair.opening.today).sum()) == 0
    assert pair.opening.people.id18.tolist() == pair.closing.people.id18.tolist()
    stayed = closing.household_of[opening.person] != NOBODY
    assert 0 < int(stayed.sum()) < len(stayed)
    later = np.zeros(len(closing.household_of), dtype=np.bool_)
    later[closing.person] = closing.is_covered
    assert (opening.is_covered[stayed] == later[opening.person][stayed]).all()
    assert opening.count_by_household(opening.is_covered).tolist() == opening.covered.tolist()
    new = np.setdiff1d(closing.household_no, opening.household_no)
    gone = np.setdiff1d(opening.household_no, closing.household_no)
    assert (len(new), len(gone)) == (282, 336)
    assert int(closing.covered[np.isin(closing.household_no, new)].sum()) == 378
    assert int(opening.covered[np.isin(opening.household_no, gone)].sum()) == 478
