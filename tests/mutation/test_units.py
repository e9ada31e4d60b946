"""Every amount of every registry in another unit, every two of its columns exchanged: which gate says so.

`pytest tests/mutation/test_units.py -s` prints the table. The city before is another one (another seed), so that
the delivery before differs from the delivery now by far more than a month does.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines.base.period import Period
from pipelines.run.inbox import read_delivery
from pipelines.s1_land import land_whole
from pipelines.s2_standardise import standardise
from pipelines.simulate import simulate
from pipelines.sources.spec import load_spec, source_names
from tests.mutation.units import Records, amounts, held, swaps, unit_changes

City = Mapping[str, Records]
WITH_AMOUNTS = (
    "bank", "business", "contrib", "dibao_rural", "dibao_urban", "fund", "other_payments", "payment",
    "pension_emp", "pension_res", "property_new", "property_old", "tax", "tekun",
)  # fmt: skip
# With no delivery before, a tenth of these columns, or all of a column whose middle may lie anywhere in a
# hundredfold, cannot be told from a city with other people in it.
UNKNOWN_ALONE = {
    "bank_balance.balance": {"×100 10 % of rows", "÷100 all rows", "÷100 10 % of rows", "÷10,000 10 % of rows"},
    "business.capital": {"×100 10 % of rows", "÷100 10 % of rows"},
    "business_role.share": {"×100 10 % of rows", "÷100 all rows", "÷100 10 % of rows", "÷10,000 10 % of rows"},
    "provident_fund.balance": {"÷100 all rows", "÷100 10 % of rows", "÷10,000 10 % of rows"},
    "property.price": {"÷100 10 % of rows"},
    "taxed_income.amount": {"÷100 10 % of rows"},
    "taxed_income.tax": {"×100 10 % of rows", "÷100 all rows", "÷100 10 % of rows", "÷10,000 10 % of rows"},
}  # fmt: skip
SWAPS_UNKNOWN_ALONE = {
    "contribution.own_amount ↔ employer_amount",
    "custody.name ↔ former_name",  # a former name begins with a surname too
    "custody.name ↔ address",  # 41 rows of a city where every second address begins with 云 or 龙, surnames both
}


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, City]:
    """The month of two districts that have nobody in common."""
    return _city(tmp_path_factory.mktemp("before"), 1), _city(tmp_path_factory.mktemp("now"), 2)


def test_every_source_with_amounts_has_a_gate_for_them(cities: tuple[City, City]) -> None:
    found = {name for name, records in cities[1].items() if amounts(load_spec(name), records)}
    assert found >= set(WITH_AMOUNTS)
    assert [name for name in found if load_spec(name).gates.moved_permille is None] == []


def test_sound_registers_pass_alone_and_after_those_of_another_city(cities: tuple[City, City]) -> None:
    for before, now in (cities, cities[::-1]):
        for source in now:
            assert held(load_spec(source), now[source], None) == ()
            assert held(load_spec(source), now[source], before[source]) == ()


@pytest.mark.parametrize("source", WITH_AMOUNTS)
def test_another_unit_is_held_wherever_there_is_a_delivery_before(
    source: str, cities: tuple[City, City]
) -> None:
    spec, (before, now) = load_spec(source), cities
    changes = list(unit_changes(spec, now[source]))
    assert len(changes) == 8 * len(amounts(spec, now[source]))
    passed = [c for c in changes if not held(spec, c.apply(now[source]), before[source])]
    assert [(c.place, c.name) for c in passed] == []


@pytest.mark.parametrize("source", WITH_AMOUNTS)
def test_another_unit_of_a_first_delivery_is_held_but_where_it_cannot_be_known(
    source: str, cities: tuple[City, City]
) -> None:
    spec, (_, now) = load_spec(source), cities
    for change in unit_changes(spec, now[source]):
        if not held(spec, change.apply(now[source]), None):
            assert change.name in UNKNOWN_ALONE.get(change.place, set()), change.place


def test_two_columns_exchanged_are_held_wherever_there_is_a_delivery_before(
    cities: tuple[City, City],
) -> None:
    before, now = cities
    for source, records in now.items():
        spec = load_spec(source)
        passed = [c.place for c in swaps(spec, records) if not held(spec, c.apply(records), before[source])]
        assert passed == []


def test_two_columns_of_a_first_delivery_exchanged_are_held_but_where_it_cannot_be_known(
    cities: tuple[City, City],
) -> None:
    for source, records in cities[1].items():
        spec = load_spec(source)
        passed = {c.place for c in swaps(spec, records) if not held(spec, c.apply(records), None)}
        assert passed <= SWAPS_UNKNOWN_ALONE


def test_the_table_of_what_is_held(cities: tuple[City, City]) -> None:
    before, now = cities
    tally: Counter[tuple[str, str, str]] = Counter()
    for source in sorted(now):
        spec = load_spec(source)
        for kind, changes in (("unit", unit_changes), ("swap", swaps)):
            for change in changes(spec, now[source]):
                changed = change.apply(now[source])
                tally[source, kind, "cases"] += 1
                tally[source, kind, "alone"] += bool(held(spec, changed, None))
                tally[source, kind, "after"] += bool(held(spec, changed, before[source]))
    print(f"\n{'source':18}" + "".join(f"{kind + ' ' + what:>13}" for kind, what in _HEADS))
    for source in sorted(now):
        print(f"{source:18}" + "".join(f"{tally[source, kind, what]:13}" for kind, what in _HEADS))
    totals = {head: sum(tally[(source, *head)] for source in now) for head in _HEADS}
    print(f"{'all':18}" + "".join(f"{totals[head]:13}" for head in _HEADS))
    assert totals["unit", "after"] == totals["unit", "cases"] >= 168
    assert totals["swap", "after"] == totals["swap", "cases"] >= 90


_HEADS = [(kind, what) for kind in ("unit", "swap") for what in ("cases", "alone", "after")]


def _city(out: Path, seed: int) -> City:
    simulate(profile="district", period=Period.parse("2026-10"), seed=seed, out=out, progress=lambda _: None)
    inbox = out / "inbox"
    return {name: _register(name, inbox) for name in source_names() if (inbox / name).is_dir()}


def _register(source: str, inbox: Path) -> Records:
    """The latest full statement of the source."""
    spec = load_spec(source)
    for batch in sorted((path.name for path in (inbox / source).iterdir()), reverse=True):
        landed = land_whole(spec=spec, delivery=read_delivery(f"{source}/{batch}", inbox))
        records = standardise(batches=landed.batches, spec=spec).records
        is_delta = "delta" in landed.files["part"].to_pylist()
        if landed.refusal is None and not is_delta and any(map(len, records.values())):
            return records
    raise AssertionError(f"the simulator sent nothing of {source}")
