"""The city is calibrated on the source documents, and what misleads does not make a flag."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.simulate import PROFILES, houses, numbers
from pipelines.simulate.assistance import PROGRAMMES
from pipelines.simulate.city import draw_city
from pipelines.simulate.draw import NOBODY
from pipelines.simulate.lookalikes import kin, namesakes
from tests.unit.simulate.conftest import MONTH, SEED, Month

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _check(body: str) -> str:
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize(
    ("programme", "households", "covered", "top_up"),
    [("dibao_urban", 512, 664, 467.92), ("dibao_rural", 619, 844, 473.5)],
)
def test_the_district_has_the_households_persons_and_top_ups_of_the_documents(
    district: Month, programme: str, households: int, covered: int, top_up: float
) -> None:
    assisted = district.city.assisted
    mine = assisted.programme == PROGRAMMES.index(programme)
    assert int(mine.sum()) == households
    assert int(assisted.covered[mine].sum()) == covered
    assert int(assisted.is_covered[mine[assisted.household]].sum()) == covered
    average = int(district.city.benefits.listed[mine].sum()) / covered / 100
    assert average == pytest.approx(top_up, rel=0.01)


def test_everyone_has_a_number_of_his_own_that_starts_with_73_and_checks(district: Month) -> None:
    people = district.city.people
    ids = people.id18.tolist()
    assert len(set(ids)) == len(ids)
    assert all(number.startswith("73") and _check(number[:17]) == number[17] for number in ids)
    assert all(
        number.startswith("73") and _check(number[:17]) == number[17] for number in people.former.values()
    )
    birth = numbers.compact_dates(people.birth).astype(str).tolist()
    sexes = people.is_male.tolist()
    assert all(number[6:14] == day for number, day in zip(ids, birth, strict=True))
    assert all((int(number[16]) % 2 == 1) == male for number, male in zip(ids, sexes, strict=True))


def test_destitute_support_goes_to_old_people_who_live_alone(district: Month) -> None:
    city = district.city
    mine = np.flatnonzero(city.assisted.programme == PROGRAMMES.index("tekun"))
    assert len(mine) == 120
    assert (city.assisted.size[mine] == 1).all()
    heads = city.assisted.person[city.assisted.first[mine]]
    assert int(city.people.age(city.today)[heads].min()) >= 60
    granted = {105_300 + care for care in (6_000, 30_000, 60_000)}
    is_behind = city.plans.amount_below_entitlement[mine]
    assert set(city.benefits.listed[mine][~is_behind].tolist()) == granted
    assert (city.benefits.listed[mine][is_behind] < 105_300 - 1_000).all()


@given(
    st.lists(st.integers(10**16 + 1, 10**16 + 40).filter(lambda body: body % 1000), min_size=1, max_size=30)
)
def test_repeated_numbers_move_apart_and_keep_the_sex(bodies: list[int]) -> None:
    moved = numbers.distinct(np.asarray(bodies, dtype=np.int64)).tolist()
    assert len(set(moved)) == len(moved)
    assert all((old - new) % 2 == 0 and new % 1000 for old, new in zip(bodies, moved, strict=True))


PAY_LISTS = (
    "paid_after_death",
    "disability_subsidy_unfounded",
    "elder_allowance_early",
    "programmes_stacked",
)


def test_between_four_and_twenty_three_in_a_hundred_households_are_flagged(district: Month) -> None:
    beside = {"authorisation_missing", *PAY_LISTS}  # nothing is asked of the household's own benefit
    flagged = {row["household_no"] for row in district.truth("truth_flag") if row["code"] not in beside}
    assert 0.04 < len(flagged) / district.counts.households < 0.23


def test_every_rule_of_the_issue_finds_some_households(district: Month) -> None:
    codes = Counter(str(row["code"]) for row in district.truth("truth_flag"))
    assert set(codes) == {
        "vehicle_owned",
        "dwellings_over",
        "non_residential_owned",
        "income_over_standard",
        "amount_above_entitlement",
        "amount_below_entitlement",
        "paid_differs_from_list",
        "member_deceased",
        "financial_assets_over",
        "business_owned",
        "member_in_custody",
        "spouse_not_listed",
        "hukou_left",
        "death_disputed",
        "authorisation_missing",
        *PAY_LISTS,
    }
    assert min(codes.values()) >= 3


def _flagged(month: Month, code: str) -> set[str]:
    return {str(row["household_no"]) for row in month.truth("truth_flag") if row["code"] == code}


def _household(month: Month, person: int) -> str:
    household = int(month.city.assisted.household_of[person])
    return str(month.city.assisted.household_no[household]) if household != NOBODY else ""


def test_motorcycles_tractors_and_scrapped_cars_alone_flag_nobody(district: Month) -> None:
    vehicles = district.city.vehicles
    owners: dict[str, list[bool]] = {}
    for owner, counted in zip(vehicles.owner.tolist(), vehicles.is_counted.tolist(), strict=True):
        owners.setdefault(_household(district, owner), []).append(counted)
    only_uncounted = {household for household, counted in owners.items() if household and not any(counted)}
    assert len(only_uncounted) > 50
    assert not only_uncounted & _flagged(district, "vehicle_owned")


def test_a_vehicle_counts_by_type_plate_and_every_letter_of_its_status(district: Month) -> None:
    vehicles = district.city.vehicles
    rows = zip(
        vehicles.vehicle_type.tolist(), vehicles.plate_type.tolist(), vehicles.status.tolist(), strict=True
    )
    expected = [
        kind in ("K33", "H31") and plate in ("02", "52") and not set(status) & set("BEMP")
        for kind, plate, status in rows
    ]
    assert vehicles.is_counted.tolist() == expected


def test_a_house_that_spouses_share_and_both_registers_hold_is_one_dwelling(district: Month) -> None:
    held = district.city.houses
    one_house = [
        _household(district, owner)
        for owner, co_owner, register in zip(
            held.owner.tolist(), held.co_owner.tolist(), held.register.tolist(), strict=True
        )
        if co_owner != NOBODY and register == houses.BOTH and _household(district, owner)
    ]
    pieces = Counter(
        _household(district, owner)
        for owner, use, current in zip(
            held.owner.tolist(), held.use.tolist(), held.is_current.tolist(), strict=True
        )
        if use == houses.DWELLING and current
    )
    only_that = {household for household in one_house if pieces[household] == 1}
    assert only_that
    assert not only_that & _flagged(district, "dwellings_over")


def test_a_right_that_has_ended_and_a_parking_place_flag_nobody(district: Month) -> None:
    held = district.city.houses
    rows = zip(held.owner.tolist(), held.use.tolist(), held.is_current.tolist(), strict=True)
    kept: dict[str, set[bool]] = {}
    for owner, use, current in rows:
        kept.setdefault(_household(district, owner), set()).add(
            current and use in (houses.SHOP, houses.OFFICE)
        )
    without = {household for household, live in kept.items() if household and live == {False}}
    assert without
    assert not without & _flagged(district, "non_residential_owned")


def test_namesakes_kin_and_strangers_with_a_members_number_are_no_members(district: Month) -> None:
    city = district.city
    (neighbours, heads), (relatives, _) = namesakes(city), kin(city)
    assert len(neighbours) > 10
    assert len(relatives) > 10
    assert all(city.assisted.household_of[np.concatenate([neighbours, relatives])] == NOBODY)
    assert city.people.name[neighbours].tolist() == city.people.name[heads].tolist()
    shared = city.vehicles.owner != city.vehicles.number_of
    assert int(shared.sum()) > 0
    assert all(city.assisted.household_of[city.vehicles.owner[shared]] == NOBODY)
    assert all(city.assisted.household_of[city.vehicles.number_of[shared]] != NOBODY)


def test_a_resident_pension_below_the_disregard_takes_nothing_from_the_entitlement(district: Month) -> None:
    city = district.city
    small = city.resident.person[city.resident.amount <= city.profile.standards.resident_disregard_fen]
    alone = [person for person in small.tolist() if city.assisted.household_of[person] != NOBODY]
    households = {int(city.assisted.household_of[person]) for person in alone}
    single = {row for row in households if city.assisted.size[row] == 1 and city.benefits.paid[-1][row] > 0}
    paid_right = {
        str(city.assisted.household_no[row])
        for row in single
        if city.benefits.paid[-1][row] <= city.assisted.standard[row]
    }
    dead = _flagged(district, "member_deceased")
    assert paid_right
    assert not (paid_right - dead) & _flagged(district, "amount_above_entitlement")


def test_a_dead_member_is_flagged_only_when_some_registry_recorded_the_death(district: Month) -> None:
    deaths = district.city.deaths
    recorded = {f"R{person:08d}" for person in deaths.person[deaths.recorded].tolist()}
    flagged = {
        str(row["subject_person_key"])
        for row in district.truth("truth_flag")
        if row["code"] == "member_deceased"
    }
    dead = {str(row["person_key"]) for row in district.truth("truth_person") if row["death_date"] is not None}
    assert flagged == dead & recorded


def test_the_prefecture_keeps_its_exact_counts_when_the_city_is_drawn_smaller() -> None:
    city = draw_city(replace(PROFILES["prefecture"], residents=450_000), MONTH, SEED)
    households = np.bincount(city.assisted.programme).tolist()
    covered = [int(city.assisted.covered[city.assisted.programme == index].sum()) for index in range(2)]
    assert (households[:2], covered) == ([6_372, 27_543], [13_385, 63_238])
    granted = [int(city.benefits.listed[city.assisted.programme == index].sum()) for index in range(2)]
    averages = [total / people / 100 for total, people in zip(granted, covered, strict=True)]
    assert averages == pytest.approx([423, 195], rel=0.01)
