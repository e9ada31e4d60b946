"""The flow statement of the source documents: 282/378 joined and 336/478 left between December and May."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from pipelines.base.errors import FlowUnreconciled, NotFound, PeriodInvalid
from pipelines.base.period import Period
from pipelines.papers.tables import Fen, Sheet, paper, workbook
from pipelines.run import flow_statement, run_month
from pipelines.run.flow_statement import Line, Stock, check_reconciled, doubled, flow_between
from pipelines.run.flow_told import flow_lines
from pipelines.run.published import published_run
from pipelines.run.statement import statement
from pipelines.run.tables import used_records
from pipelines.simulate import OPENING, PROFILES, simulate_pair
from pipelines.wording.texts import Language, texts
from tests.e2e.village import only

DECEMBER, MAY = "2025-12", "2026-05"
NO_TEKUN = Stock(households=120, persons=120)


@dataclass(frozen=True, kw_only=True)
class Months:
    """A district's lists of two months, published."""

    where: Mapping[str, Any]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Months:
    out, home = tmp_path_factory.mktemp("pair"), str(tmp_path_factory.mktemp("home"))
    district = replace(PROFILES["district"], residents=20_000)
    simulate_pair(profile=district, opening=Period.parse(DECEMBER), period=Period.parse(MAY), seed=3, out=out)
    for month, folder in ((DECEMBER, out / OPENING), (MAY, out)):
        only(folder / "inbox")
        run_month(month, {"home": home, "inbox": str(folder / "inbox"), "jurisdiction": "demo"})
    return Months(where={"home": home, "jurisdiction": "demo"})


def _stock(households: int, persons: int) -> Stock:
    return Stock(households=households, persons=persons)


def test_the_documents_flows_reconcile_in_households_and_persons(months: Months) -> None:
    statement = flow_between(MAY, DECEMBER, months.where)
    lines = {line.programme: line for line in statement.lines}
    dibao = [lines["dibao_urban"], lines["dibao_rural"]]

    def both(name: str) -> tuple[int, int]:
        stocks = [getattr(line, name) for line in dibao]
        return sum(one.households for one in stocks), sum(one.persons for one in stocks)

    assert (both("opening"), both("joins"), both("exits"), both("closing")) == (
        (1_185, 1_608),
        (282, 378),
        (336, 478),
        (1_131, 1_508),
    )
    assert lines["dibao_urban"].closing == _stock(512, 664)
    assert lines["dibao_rural"].closing == _stock(619, 844)
    assert lines["tekun"].opening == lines["tekun"].closing == NO_TEKUN
    assert lines["all"].closing == _stock(1_131 + 120, 1_508 + 120)


def test_every_join_and_exit_has_a_cause_and_the_causes_add_up(months: Months) -> None:
    statement = flow_between(MAY, DECEMBER, months.where)
    joins = [one for one in statement.causes if one.movement == "join"]
    exits = [one for one in statement.causes if one.movement == "exit"]
    assert sum(one.households for one in joins) == 282 and sum(one.persons for one in joins) == 378
    assert sum(one.households for one in exits) == 336 and sum(one.persons for one in exits) == 478
    # The urban list states no month of granting.
    assert {(one.programme, one.cause) for one in joins} == {
        ("dibao_rural", "newly_granted"),
        ("dibao_urban", "not_known"),
    }
    told = "\n".join(flow_lines(statement, "zh"))
    assert "2025-12 → 2026-05" in told and "期内新批准" in told


def test_a_statement_that_does_not_reconcile_is_refused() -> None:
    line = Line(
        programme="dibao_urban",
        opening=_stock(10, 14),
        joins=_stock(2, 3),
        exits=_stock(1, 1),
        closing=_stock(11, 16),
    )
    check_reconciled(replace(line, closing=_stock(11, 16)), "x")
    with pytest.raises(FlowUnreconciled, match=r"persons: 14 \+ 3 - 1 is 16, the lists have 17"):
        check_reconciled(replace(line, closing=_stock(11, 17)), "x")
    with pytest.raises(FlowUnreconciled, match="households: 10"):
        check_reconciled(replace(line, closing=_stock(12, 16)), "x")


def test_a_number_that_stands_for_two_households_is_refused(
    months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = used_records(published_run(MAY, months.where), "recipient")
    assert doubled(listed) == []
    heads = listed.filter(listed["is_head"]).slice(0, 2).to_pylist()
    twice = heads[0]["household_no"]
    other = pa.Table.from_pylist([heads[1] | {"household_no": twice}], listed.schema)
    monkeypatch.setattr(
        flow_statement.tables, "used_records", lambda run, name: pa.concat_tables([listed, other])
    )
    assert [row["household_no"] for row in doubled(pa.concat_tables([listed, other]))] == [twice]
    with pytest.raises(FlowUnreconciled) as caught:
        flow_between(MAY, DECEMBER, months.where)
    assert twice in caught.value.what and "2 heads" in caught.value.what
    assert caught.value.remedy


def test_a_month_that_was_not_published_and_a_later_opening_are_refused(months: Months) -> None:
    with pytest.raises(NotFound, match="2026-04"):
        flow_between(MAY, None, months.where)
    with pytest.raises(PeriodInvalid, match="not before"):
        flow_between(DECEMBER, MAY, months.where)


def test_a_profile_without_planned_turnover_has_no_pair(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="plans no turnover"):
        simulate_pair(
            profile=replace(PROFILES["district"], flows={}),
            opening=Period.parse(DECEMBER),
            period=Period.parse(MAY),
            seed=3,
            out=tmp_path,
        )


def _sheets(months: Months, lang: Language) -> dict[str, Sheet]:
    return {sheet.title: sheet for sheet in statement(MAY, DECEMBER, None, months.where, texts(lang))}


def test_the_statement_has_the_flow_and_totals_that_tie_to_the_list(months: Months) -> None:
    sheets = _sheets(months, "zh")
    flow = {row[0]: row[1:] for row in sheets["动态管理（增减）"].rows}
    assert flow["合计"] == [1_185 + 120, 1_608 + 120, *flow["合计"][2:6], 1_131 + 120, 1_508 + 120]
    households = published_run(MAY, months.where).read("compose", "household")
    paid = {row[0]: row for row in sheets["发放与月人均补差"].rows}
    assert paid["合计"][3] == Fen(sum(amount or 0 for amount in households["paid_amount"].to_pylist()))
    assert paid["合计"][1:3] == [households.num_rows, sum(households["covered"].to_pylist())]
    steps = sheets["建议下一步"].rows
    assert sum(row[1] for row in steps) == households.num_rows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_statement_is_the_same_bytes_again_and_every_number_a_number(
    months: Months, lang: Language
) -> None:
    sheets = list(_sheets(months, lang).values())
    day = Period.parse(MAY).last_day
    book = workbook(sheets, "t", day)
    assert book == workbook(sheets, "t", day)
    assert paper(sheets, "t", day, texts(lang)) == paper(sheets, "t", day, texts(lang))
    read = CalamineWorkbook.from_filelike(io.BytesIO(book))
    first = read.get_sheet_by_index(0).to_python()
    assert first[1][1:] == [float(cell) for cell in sheets[0].rows[0][1:]]
