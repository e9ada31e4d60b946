"""What a change of the rules would do, household by household; figures that do not tie are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import PackInvalid, TotalsUntied
from pipelines.base.period import Period
from pipelines.run.policy_told import pack_at, side
from pipelines.run.whatif import MOVES, Household, check_tied, households_of, totals_of
from tests.policy.small_city import table

OUT, KEEP = "exit_suggested", "keep"


def city(*said: tuple[str, int, str, int, int]) -> list[Household]:
    """Households from outcome and entitlement under A, the same under B, and what was paid."""
    names = [f"H-{number:03}" for number in range(len(said))]
    paid = [
        {"record_id": name, "household_no": f"NC{name}", "programme": "dibao_rural", "paid_amount": one[4]}
        for name, one in zip(names, said, strict=True)
    ]
    under = [
        table(
            "assessed_household",
            [
                {"household_id": name, "outcome": one[at], "entitlement_at_most": one[at + 1]}
                for name, one in zip(names, said, strict=True)
            ],
        )
        for at in (0, 2)
    ]
    return households_of(table("household", paid), *under)


def payments(rows: list[Household], **others: int) -> dict[str, int]:
    return {row.household_no: row.paid for row in rows} | others


@pytest.mark.parametrize(
    ("said", "move", "change"),
    [
        ((OUT, 0, KEEP, 30_000, 0), "in", 30_000),
        ((KEEP, 30_000, OUT, 0, 30_000), "out", -30_000),
        ((KEEP, 30_000, "verify_first", 34_000, 30_000), "up", 4_000),
        (("decrease_suggested", 30_000, KEEP, 26_000, 30_000), "down", -4_000),
        ((KEEP, 30_000, "cannot_verify", 30_000, 30_000), "same", 0),
        # An exit is suggested for a car: what the income alone would grant is not paid.
        ((OUT, 30_000, OUT, 34_000, 30_000), "same", 0),
        ((OUT, 30_000, KEEP, 34_000, 30_000), "in", 34_000),
    ],
)
def test_a_household_comes_in_goes_out_or_gets_more_or_less(
    said: tuple[str, int, str, int, int], move: str, change: int
) -> None:
    (row,) = city(said)
    assert (row.move, row.change, row.amount_b - row.amount_a) == (move, change, change)


def test_a_payment_to_a_number_on_no_list_is_told_apart_and_still_ties() -> None:
    rows = city((KEEP, 30_000, KEEP, 34_000, 30_000), (KEEP, 10_000, OUT, 0, 9_000))
    totals = totals_of(rows, payments(rows, NC99999999=5_000))
    check_tied(rows, totals)
    assert (totals.paid, totals.paid_to_others, totals.pay_list) == (39_000, 5_000, 44_000)
    assert (totals.amount_a, totals.amount_b) == (40_000, 34_000)
    assert totals.households == {"in": 0, "out": 1, "up": 1, "down": 0, "same": 0}


@pytest.mark.parametrize(
    "wrong",
    [{"pay_list": 1}, {"amount_b": 1}, {"households": dict.fromkeys(MOVES, 3)}, {"paid": 29_999}],
)
def test_figures_that_do_not_tie_are_refused(wrong: dict[str, Any]) -> None:
    rows = city((KEEP, 30_000, KEEP, 34_000, 30_000))
    totals = totals_of(rows, payments(rows))
    check_tied(rows, totals)
    with pytest.raises(TotalsUntied, match="does not tie"):
        check_tied(rows, replace(totals, **wrong))


def test_a_household_whose_payment_is_not_on_the_pay_list_is_refused() -> None:
    rows = city((KEEP, 30_000, KEEP, 34_000, 30_000))
    with pytest.raises(TotalsUntied, match="what was paid does not tie: 30000, not 0"):
        check_tied(rows, totals_of(rows, {}))


_OUTCOMES = st.sampled_from([OUT, KEEP, "verify_first", "cannot_verify"])
_MONEY = st.integers(0, 500_000)


@given(st.lists(st.tuples(_OUTCOMES, _MONEY, _OUTCOMES, _MONEY, _MONEY), max_size=12), _MONEY)
def test_sums_over_households_are_the_totals_whatever_the_city(said: list[Any], elsewhere: int) -> None:
    rows = city(*said)
    totals = totals_of(rows, payments(rows, elsewhere=elsewhere))
    check_tied(rows, totals)
    assert sum(totals.change.values()) == totals.amount_b - totals.amount_a
    assert totals.pay_list == sum(row.paid for row in rows) + elsewhere


def test_a_pack_may_be_named_as_it_stood_in_a_month() -> None:
    then = pack_at("demo@2014-12")
    assert then.value("income.standard.urban", Period.parse("2026-10")).number == 38_000
    assert pack_at("demo").value("income.standard.urban", Period.parse("2026-10")).number == 81_000


def test_a_partial_pack_assesses_nobody() -> None:
    with pytest.raises(PackInvalid, match="is partial"):
        pack_at("chongqing@2023-01")


def test_a_comparison_without_a_month_asks_for_one() -> None:
    with pytest.raises(PackInvalid, match="demo@YYYY-MM"):
        side("demo", "")
