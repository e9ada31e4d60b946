"""A published month assessed again under two packs: who would come in, go out, get more or less, and the cost.

What a household could get under a pack is its entitlement at most, and nothing where an exit is suggested: an
upper bound, as income nobody reported can only lower it. Every figure is a sum over the rows, and the rows are
tied to the pay list: where one does not follow from the other nothing is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import TotalsUntied
from pipelines.policy import Pack
from pipelines.run import tables
from pipelines.run.assessing import assessed_of
from pipelines.run.month import Run

MOVES = ("in", "out", "up", "down", "same")
_EXIT = "exit_suggested"


@dataclass(frozen=True, kw_only=True)
class Household:
    """One household under both packs. Money in 分 a month."""

    household_id: str
    household_no: str
    programme: str
    town: str
    move: str
    outcome_a: str
    outcome_b: str
    amount_a: int
    amount_b: int
    change: int
    paid: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Sums over the households. Money in 分 a month."""

    households: Mapping[str, int]
    """Move → number."""
    change: Mapping[str, int]
    """Move → cost."""
    amount_a: int
    amount_b: int
    paid: int
    """Paid to households on the lists."""
    paid_to_others: int
    """Paid to numbers that stand on no list."""
    pay_list: int


def what_if(run: Run, pack_a: Pack, pack_b: Pack) -> tuple[list[Household], Totals]:
    """The month under both packs; TotalsUntied when the figures do not tie."""
    first, _ = assessed_of(run, policy=pack_a)
    second, _ = assessed_of(run, policy=pack_b)
    rows = households_of(run.read("compose", "household"), first.households, second.households)
    totals = totals_of(rows, _payments(run))
    check_tied(rows, totals)
    return rows, totals


def households_of(households: pa.Table, under_a: pa.Table, under_b: pa.Table) -> list[Household]:
    """Each household of the month once, by id."""
    first = {row["household_id"]: row for row in under_a.to_pylist()}
    second = {row["household_id"]: row for row in under_b.to_pylist()}
    found = []
    for row in households.sort_by("record_id").to_pylist():
        old, new = first[row["record_id"]], second[row["record_id"]]
        amount_a, amount_b = _amount(old), _amount(new)
        found.append(
            Household(
                household_id=row["record_id"],
                household_no=row["household_no"],
                programme=row["programme"],
                town=row["town"] or "",
                move=_move(old["outcome"], new["outcome"], amount_b - amount_a),
                outcome_a=old["outcome"],
                outcome_b=new["outcome"],
                amount_a=amount_a,
                amount_b=amount_b,
                change=amount_b - amount_a,
                paid=row["paid_amount"] or 0,
            )
        )
    return found


def totals_of(rows: list[Household], payments: Mapping[str, int]) -> Totals:
    """Sums of the rows, and of the pay list: household number → paid."""
    listed = {row.household_no for row in rows}
    change = {move: sum(row.change for row in rows if row.move == move) for move in MOVES}
    return Totals(
        households={move: Counter(row.move for row in rows)[move] for move in MOVES},
        change=change,
        amount_a=sum(row.amount_a for row in rows),
        amount_b=sum(row.amount_b for row in rows),
        paid=sum(row.paid for row in rows),
        paid_to_others=sum(amount for number, amount in payments.items() if number not in listed),
        pay_list=sum(payments.values()),
    )


def check_tied(rows: list[Household], totals: Totals) -> None:
    """Refuse figures that do not follow from the rows, and rows that do not follow from the pay list."""
    told = (
        ("households", sum(totals.households.values()), len(rows)),
        ("the change in cost", sum(totals.change.values()), totals.amount_b - totals.amount_a),
        ("what was paid", totals.paid + totals.paid_to_others, totals.pay_list),
    )
    for name, found, due in told:
        if found != due:
            raise TotalsUntied(
                f"{name} does not tie: {found}, not {due}",
                place="whatif",
                remedy="the month's tables do not belong together; run the month again",
            )


def _amount(row: Mapping[str, object]) -> int:
    amount = row["entitlement_at_most"]
    return amount if row["outcome"] != _EXIT and isinstance(amount, int) else 0


def _move(old: str, new: str, change: int) -> str:
    if (old == _EXIT) != (new == _EXIT):
        return "in" if old == _EXIT else "out"
    if change == 0:
        return "same"
    return "up" if change > 0 else "down"


def _payments(run: Run) -> dict[str, int]:
    """Household number → what the month's pay list paid."""
    paid = tables.used_records(run, "payment")
    mine = paid.filter(pc.and_(pc.equal(paid["pay_month"], str(run.period)), pc.equal(paid["state"], "paid")))
    summed: Counter[str] = Counter()
    for number, amount in zip(mine["household_no"].to_pylist(), mine["amount"].to_pylist(), strict=True):
        summed[number] += amount
    return dict(summed)
