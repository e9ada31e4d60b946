"""Two results of one month differ exactly where `hedui policy diff` says: nowhere else, and there if at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.base.period import Period
from pipelines.policy import Pack, load_pack, read_pack
from pipelines.policy.compare import Side, differences, moves_results
from pipelines.s5_assess import Assessed, Evidence, assess
from pipelines.s5_assess.evidence import RECORD_TABLES
from tests.policy.small_city import household_tables, merged
from tests.unit.policy.copies import changed, copied

_MONTH = "2024-06"
_CITY: dict[str, dict[str, Any]] = {
    # Paid what is due at 420, and above what is due at 380.
    "H-UP": {"paid": 42_000, "listed": 42_000, "category": "full"},
    # Earns 400 a month: over 380, under 420.
    "H-LINE": {
        "paid": 0,
        "listed": 0,
        "pensions": [{"amount": 40_000, "pay_month": _MONTH, "pension_kind": "employee"}],
    },
    # Savings are held against months of the standard.
    "H-SAVED": {"paid": 42_000, "listed": 42_000, "bank_balances": [{"balance": 1_260_000}]},
    "H-CAR": {"paid": 42_000, "listed": 42_000, "vehicles": [{}]},
    "H-RURAL": {"paid": 27_000, "listed": 27_000, "programme": "dibao_rural"},
}


_STANDARDS = frozenset({"income.standard.urban", "income.standard.rural"})
# What each rule's lines follow, the rules of this city's evidence.
_FOLLOWS = {
    "income_over_standard": _STANDARDS,
    "amount_above_entitlement": _STANDARDS,
    "amount_below_entitlement": _STANDARDS,
    "financial_assets_over": _STANDARDS | {"assets.financial.months"},
    "vehicle_owned": frozenset({"assets.vehicles.limit"}),
    "dwellings_over": frozenset({"assets.dwellings.limit"}),
    "non_residential_owned": frozenset({"assets.non_residential.limit"}),
    "business_owned": frozenset({"assets.businesses.limit"}),
    "paid_differs_from_list": frozenset[str](),
    "member_deceased": frozenset[str](),
}


def month(text: str) -> Period:
    return Period.parse(text)


def assessed(pack: Pack) -> Assessed:
    """The same month, the same evidence, another pack."""
    tables = merged(household_tables(case, name) for name, case in _CITY.items())
    return assess(
        households=tables["household"],
        members=tables["household_member"],
        evidence=Evidence(
            matches=tables["linked_match"],
            reviews=tables["linked_review"],
            records={name: tables[name] for name in RECORD_TABLES},
            source_status=tables["source_status"],
            authorisations=tables["member_authorisation"],
        ),
        policy=pack,
        period=month(_MONTH),
        threads=1,
    )


def _said(lines: pa.Table) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Household and rule → what was decided and against what."""
    return {
        (line["household_id"], line["rule"]): (line["verdict"], line["value"], line["limit"])
        for line in lines.to_pylist()
    }


def _differing_rules(old: Assessed, new: Assessed) -> set[str]:
    before, after = _said(old.lines), _said(new.lines)
    return {key[1] for key in {*before, *after} if before.get(key) != after.get(key)}


def _rules_that_follow(paths: frozenset[str]) -> set[str]:
    return {rule for rule, followed in _FOLLOWS.items() if followed & paths}


def test_a_month_before_and_after_a_dated_change_differs_where_the_diff_says() -> None:
    pack = load_pack("demo")
    sides = [Side(pack=pack, period=month(when)) for when in ("2014-12", "2015-01")]
    told = moves_results(differences(*sides))
    assert told >= _STANDARDS
    before, after = (assessed(pack.pinned(side.period)) for side in sides)
    assert _differing_rules(before, after) == _rules_that_follow(told)


def test_one_household_falls_under_the_higher_standard_and_another_is_paid_too_much_no_longer() -> None:
    pack = load_pack("demo")
    before, after = (_said(assessed(pack.pinned(month(when))).lines) for when in ("2014-12", "2015-01"))
    assert before["H-LINE", "income_over_standard"][0] == "exceeded"
    assert after["H-LINE", "income_over_standard"][0] == "within"
    assert before["H-UP", "amount_above_entitlement"][0] == "exceeded"
    assert after["H-UP", "amount_above_entitlement"][0] == "within"
    assert before["H-CAR", "vehicle_owned"] == after["H-CAR", "vehicle_owned"]


def test_a_pack_in_which_one_limit_was_changed_moves_the_lines_of_that_limit_alone(tmp_path: Path) -> None:
    old = load_pack("yunxi")
    text = "limit:\n      2024-01-01:\n        value: 0"
    new = load_pack(
        "yunxi", changed(copied(tmp_path), "yunxi/assets.yaml", text, text.replace("value: 0", "value: 1"))
    )
    found = differences(Side(pack=old, period=month(_MONTH)), Side(pack=new, period=month(_MONTH)))
    assert [(one.kind, one.path) for one in found] == [("value", "assets.vehicles.limit")]
    assert _differing_rules(assessed(old), assessed(new)) == {"vehicle_owned"}


def test_no_difference_gives_the_same_bytes() -> None:
    pack = load_pack("demo")
    side = Side(pack=pack, period=month("2024-03"))
    assert differences(side, Side(pack=pack, period=month("2024-09"))) == []
    first, second = assessed(pack.pinned(month("2024-03"))), assessed(pack.pinned(month("2024-09")))
    assert first.lines.equals(second.lines) and first.households.equals(second.households)


@pytest.mark.parametrize(
    ("pack", "old", "new", "expected"),
    [
        (
            "chongqing",
            "2022-12",
            "2023-01",
            {"value": ["assets.financial.months"], "basis": ["assets.vehicles.limit"]},
        ),
        ("demo", "2025-12", "2026-01", {"basis": ["income.resident_pension_disregard"]}),
        ("demo", "2024-01", "2024-02", {}),
    ],
)
def test_the_diff_tells_a_change_of_value_from_one_of_citation(
    pack: str, old: str, new: str, expected: dict[str, list[str]]
) -> None:
    loaded = read_pack(pack)
    found = differences(Side(pack=loaded, period=month(old)), Side(pack=loaded, period=month(new)))
    kinds: dict[str, list[str]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one.path)
    assert kinds == expected


def test_rules_programmes_and_lists_are_compared_too() -> None:
    sides = [Side(pack=load_pack(name), period=month(_MONTH)) for name in ("yunxi", "demo")]
    told = {one.path: one.kind for one in differences(*sides)}
    assert told["programmes.tekun"] == "only_after"
    assert told["lists"] == told["authorisation"] == "value"
