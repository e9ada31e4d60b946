"""What a caseworker reads of amounts too low, of income in doubt, and of what may follow an exit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.wording.cases import active_flags, cases
from pipelines.wording.clearing import clears
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.reason import Reason
from pipelines.wording.sentences import why
from pipelines.wording.texts import texts
from tests.unit.s7_report.tables import assessed, flag_of, line, month, table

ZH, EN = texts("zh"), texts("en")


def reason_of(place: int, code: str, track: str, value: int, limit: int, **detail: Any) -> Reason:
    row = line(place, code, value=value, limit=limit, unit="fen_per_month", detail=json.dumps(detail))
    data = month(flags=table("flag", [flag_of(row, track)]))
    (case,) = cases(data, active_flags(data))
    return Reason(flag=case.flags[0], case=case)


@pytest.mark.parametrize(
    ("ground", "chinese"),
    [
        ("basic", "据低保金发放明细，当月发放650.00元；特困人员基本生活费为700.00元，比实发多50.00元。"),
        (
            "full",
            "当月发放650.00元；城市低保名册为全额救助，扣除已知收入后每月应为700.00元，比实发多50.00元。",
        ),
        ("change", "上月发放600.00元，其后标准或保障人数有变化，至少应发700.00元，比实发多50.00元。"),
    ],
)
def test_an_amount_too_low_says_what_is_due_and_why(ground: str, chinese: str) -> None:
    reason = reason_of(
        6, "amount_below_entitlement", "amount", 65_000, 70_000, ground=ground, paid_before=60_000
    )
    assert chinese in why(reason, ZH).text
    assert "According to Dibao payments, ¥650.00 was paid for the month" in why(reason, EN).text
    assert "¥50.00 more" in why(reason, EN).text


def test_it_is_cleared_by_a_payment_within_the_materiality() -> None:
    reason = reason_of(
        6, "amount_below_entitlement", "amount", 65_000, 70_000, ground="full", materiality=1_000
    )
    assert clears(reason, ZH).text == "如发放金额不低于690.00元，本疑点即消除。"


def test_income_that_rests_on_the_least_base_asks_for_the_wage() -> None:
    reason = reason_of(
        4,
        "income_over_standard",
        "eligibility",
        394_500,
        70_000,
        certain=20_000,
        clearly=70_000,
        wage=374_500,
    )
    assert "其中部分工资仅有最低缴费基数为据，不计该工资时收入为200.00元" in why(reason, ZH).text
    assert "Without it the income is ¥200.00" in why(reason, EN).text


def test_income_not_clearly_above_says_from_where_it_would_be() -> None:
    reason = reason_of(
        4, "income_over_standard", "eligibility", 75_000, 70_000, certain=75_000, clearly=77_000
    )
    assert "未达到明显超出的程度（770.00元）" in why(reason, ZH).text
    assert "not clearly (from ¥770.00 on)" in why(reason, EN).text


def test_an_exit_for_income_alone_names_the_next_tier_and_the_last_month() -> None:
    said = {"next_tier": "dibao_marginal", "gradual_until": "2024-12", "single_persons": ["P-0001"]}
    data = month(assessed_households=table("assessed_household", [assessed(1, "exit_suggested", **said)]))
    flags = [flag for flag in active_flags(data) if flag["household_id"] == "H-0001"]
    (case,) = cases(data, flags)
    assert outcome_of(case, ZH) == (
        "核实是否仍符合条件；可转为低保边缘家庭；张**可申请单人保；渐退期至2024年12月"
    )
    assert outcome_of(case, EN).endswith("; benefits may go on to December 2024")
