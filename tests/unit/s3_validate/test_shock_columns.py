"""Column gates: another unit, exchanged columns, values left out, and what is no shock at all."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s3_validate import Shape, Shock, Title, profile, shocks
from pipelines.s3_validate.shock_columns import moved
from pipelines.sources.gates import ColumnGate, Gates

DAY = date(2026, 10, 6)
GATES = Gates(moved_permille=20, emptied_points=20, exchanged_points=30, reordered_points=5)
RESIDENT = Gates(columns={"amount": ColumnGate(middle=(8_000, 100_000), usual=(5_000, 300_000))})
PENSIONS = [10_300 + 90 * n for n in range(200)]  # 分: 103 to 282 元
BALANCES = [50 * 103**n // 100**n for n in range(500)]  # 分: half a 元 to a million


def shape(**columns: list[object]) -> Shape:
    records = pa.table(dict(columns))
    return Shape(
        rows=len(records),
        person_records=0,
        valid_ids=0,
        repeated_ids=0,
        as_of=DAY,
        received_at=DAY,
        profiles={"pension": profile(records)},
    )


def held(now: Shape, before: Shape | None = None, gates: Gates = GATES) -> list[Shock]:
    return list(shocks(now, before, gates, {"amount": Title(name="发放金额（分）", unit="yuan")}))


def gates_shut(now: Shape, before: Shape | None = None, gates: Gates = GATES) -> list[str]:
    return [shock.gate for shock in held(now, before, gates)]


def tenth_times(amounts: list[int], factor: int) -> list[int]:
    return [amount * factor if at % 10 == 0 else amount for at, amount in enumerate(amounts)]


def test_a_first_list_of_pensions_100_times_too_large_is_held_by_what_is_believed_of_pensions() -> None:
    assert gates_shut(shape(amount=PENSIONS), gates=RESIDENT) == []
    middle, usual = held(shape(amount=[100 * a for a in PENSIONS]), gates=RESIDENT)
    assert middle.zh == "列[发放金额（分）]的中间值在17,780至31,619元，应在80至1,000元"
    assert middle.en == (
        "column [发放金额（分）]: the middle value lies in 17,780 to 31,619 yuan; 80 to 1,000 yuan is believed"
    )
    assert usual.zh == "列[发放金额（分）]有200/200个值不在50至3,000元之内，上限20‰"


def test_a_tenth_of_the_first_list_in_another_unit_is_held_when_a_hundredfold_is_believed_of_nobody() -> None:
    assert gates_shut(shape(amount=tenth_times(PENSIONS, 100)), gates=RESIDENT) == ["usual"]
    assert gates_shut(shape(amount=tenth_times(PENSIONS, 10_000)), gates=RESIDENT) == ["usual"]


def test_a_single_strange_amount_is_a_typing_error_and_holds_nothing() -> None:
    assert gates_shut(shape(amount=[100 * PENSIONS[0], *PENSIONS[1:20]]), gates=RESIDENT) == []


def test_a_list_with_nothing_but_zeros_is_not_believed() -> None:
    (shock,) = held(shape(amount=[0] * 9), gates=RESIDENT)
    assert (shock.gate, shock.zh) == ("middle", "列[发放金额（分）]没有大于零的值，应在80至1,000元")


def test_balances_of_any_size_in_another_unit_are_found_by_what_moved_since_last_time() -> None:
    before = shape(amount=BALANCES)
    for factor, zh in ((100, "扩大100倍"), (10_000, "扩大10,000倍")):
        for now in ([factor * a for a in BALANCES], tenth_times(BALANCES, factor)):
            (shock,) = held(shape(amount=now), before)
            assert shock.gate == "unit"
            assert zh in shock.zh
            assert f"{factor:,} times larger" in shock.en


def test_amounts_a_hundredth_of_last_time_are_held_too() -> None:
    (shock,) = held(shape(amount=[a // 100 for a in PENSIONS]), shape(amount=PENSIONS))
    assert (shock.gate, "缩小到百分之一" in shock.zh) == ("unit", True)


def test_the_hold_counts_the_values_that_moved() -> None:
    (shock,) = held(shape(amount=tenth_times(PENSIONS, 100)), shape(amount=PENSIONS))
    assert shock.zh == "列[发放金额（分）]约20/200个值像是扩大100倍（单位不同？），上限20‰"


def test_higher_pensions_more_pensioners_and_a_new_allowance_are_no_shock() -> None:
    before = shape(amount=PENSIONS)
    assert gates_shut(shape(amount=[a * 12 // 10 for a in PENSIONS]), before) == []
    assert gates_shut(shape(amount=[a * 3 for a in PENSIONS]), before) == []
    assert gates_shut(shape(amount=PENSIONS * 3), before) == []
    assert gates_shut(shape(amount=[*PENSIONS, *[150_000] * 300]), before) == []


@given(st.dictionaries(st.integers(0, 60), st.integers(1, 10_000), min_size=1), st.integers(1, 50))
def test_the_same_spread_over_more_people_moved_nothing(counts: dict[int, int], times: int) -> None:
    more = {size: count * times for size, count in counts.items()}
    assert moved(more, counts, 8) == moved(counts, counts, 8) == moved(more, counts, -16) == 0


def test_own_and_employer_share_exchanged_are_seen_by_each_other_s_past() -> None:
    own, employer = [80 * n for n in range(400, 600)], [160 * n for n in range(400, 600)]
    before = shape(own_amount=own, employer_amount=employer)
    (shock,) = held(shape(own_amount=employer, employer_amount=own), before)
    assert shock.gate == "swap"
    assert "列[own_amount]与列[employer_amount]像是互换了" in shock.zh
    assert "[own_amount] and [employer_amount] seem exchanged" in shock.en


def test_two_columns_that_are_always_equal_can_be_exchanged_without_harm() -> None:
    both = shape(own_amount=PENSIONS, employer_amount=PENSIONS)
    assert gates_shut(both, both) == []


def test_names_and_places_of_one_length_exchanged_are_seen_by_the_surnames() -> None:
    names, towns = (
        ["王海梅", "李建国", "张秀英", "刘志强"] * 10,
        ["苇坪乡", "溪塘镇", "苇坪乡", "云岭镇"] * 10,
    )
    before = shape(name=names, address=towns)
    assert gates_shut(shape(name=towns, address=names), before) == ["swap"]
    believed = Gates(columns={"name": ColumnGate(surname_permille=750)})
    assert gates_shut(shape(name=towns), gates=believed) == ["names"]
    assert gates_shut(shape(name=names), gates=believed) == []


def days(first: int) -> list[date]:
    return [date(2026, 1 + n % 9, first) for n in range(40)]


def test_dates_a_few_days_apart_exchanged_are_seen_by_their_order() -> None:
    before = shape(death_date=days(3), recorded_date=days(5))
    now = shape(death_date=days(5), recorded_date=days(3))
    assert gates_shut(before, before) == []
    (shock,) = held(now, before)
    assert (
        shock.zh == "列[death_date]大于（晚于）列[recorded_date]的记录40/40条，上次0/40条，最多可升5个百分点"
    )
    declared = Gates(order=(("death_date", "recorded_date"),))
    assert gates_shut(before, gates=declared) == []
    assert gates_shut(now, gates=declared) == ["order"]


def test_a_column_that_lost_its_values_is_held() -> None:
    now = shape(amount=[0 if n % 3 else a for n, a in enumerate(PENSIONS)])
    (shock,) = held(now, shape(amount=PENSIONS))
    assert shock.zh == "列[发放金额（分）]空值或零133/200，上次0/200，最多可升20个百分点"


def test_much_put_aside_is_held_even_on_the_first_delivery() -> None:
    gates = Gates(quarantined_permille=50)
    assert gates_shut(replace(shape(amount=PENSIONS), quarantined=10), gates=gates) == []
    (shock,) = held(replace(shape(amount=PENSIONS), quarantined=22), gates=gates)
    assert (shock.zh, shock.en) == (
        "隔离22/222条，上限50‰",
        "22/222 records were put aside; 50 in a thousand are allowed",
    )


def test_what_an_older_version_landed_has_no_profile_and_holds_nothing() -> None:
    before = replace(shape(amount=PENSIONS), profiles={})
    assert gates_shut(shape(amount=[100 * a for a in PENSIONS]), before) == []
