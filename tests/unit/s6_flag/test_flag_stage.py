"""What a person is asked to look at, and what becomes of the question the month after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.ids import short_id
from pipelines.base.period import Period
from pipelines.s6_flag import Flagged, flag
from tests.policy.small_city import HOUSEHOLD, assess_tables, household_tables, merged, pack_named

CAR = {"vehicles": [{}], "listed": 1, "paid": 1}
NONE: Mapping[str, Any] = {"listed": 1, "paid": 1}
RICH = {
    "pensions": [{"pension_kind": "employee", "pay_month": "2024-06", "amount": 99_000}],
    "listed": 1,
    "paid": 1,
}
DEAD = {"deaths": [{"death_date": "2024-05-01"}], "listed": 1, "paid": 0}


def month_of(
    case: Mapping[str, Any] | None,
    period: str = "2024-06",
    previous: pa.Table | None = None,
    *,
    members: bool = False,
    threads: int = 1,
) -> Flagged:
    """The flags of one household's month; no case is a household that is not on the list."""
    tables = merged([household_tables(case or {})])
    if case is None:
        tables = {name: some.slice(0, 0) for name, some in tables.items()}
    assessed = assess_tables(tables, period=period)
    return flag(
        lines=assessed.lines,
        households=assessed.households,
        household_table=tables["household"],
        members=tables["household_member"] if members else None,
        previous=previous,
        policy=pack_named("yunxi"),
        period=Period.parse(period),
        jurisdiction="yunxi",
        threads=threads,
    )


def only(flagged: Flagged, code: str) -> dict[str, Any]:
    (row,) = [row for row in flagged.flags.to_pylist() if row["code"] == code]
    return dict(row)


def test_a_car_opens_a_case_with_its_figures_and_its_line() -> None:
    row = only(month_of(CAR), "vehicle_owned")
    assert (row["state"], row["first_month"], row["track"]) == ("opened", "2024-06", "eligibility")
    assert (row["value"], row["limit"], row["unit"]) == (1, 0, "count")
    assert row["case_id"] == short_id("C", "yunxi", HOUSEHOLD, "vehicle_owned", "")
    assert row["record_id"] == short_id("F", row["case_id"], "2024-06")
    lines = assess_tables(merged([household_tables(CAR)])).lines.to_pylist()
    assert row["derived_from"] == [line["record_id"] for line in lines if line["rule"] == "vehicle_owned"]


def test_a_household_within_every_limit_has_no_flag() -> None:
    assert month_of(NONE).flags.num_rows == 0


def test_what_cannot_be_verified_is_no_flag() -> None:
    assert month_of({**NONE, "missing": ["vehicle", "property_new", "tax"]}).flags.num_rows == 0


def test_an_identity_to_confirm_is_flagged_on_its_own_track_about_the_member() -> None:
    row = only(month_of({**NONE, "vehicles": [{"review": "tie"}]}), "identity_to_confirm")
    assert (row["track"], row["subject"]) == ("identity", f"{HOUSEHOLD}/a")


def test_a_car_still_there_is_kept_and_remembers_its_first_month() -> None:
    june = month_of(CAR)
    july = month_of(CAR, "2024-07", june.flags)
    august = month_of(CAR, "2024-08", july.flags)
    assert only(july, "vehicle_owned")["state"] == "kept"
    row = only(august, "vehicle_owned")
    assert (row["state"], row["first_month"]) == ("kept", "2024-06")
    assert row["case_id"] == only(june, "vehicle_owned")["case_id"]
    assert row["record_id"] != only(june, "vehicle_owned")["record_id"]


def test_a_car_that_is_gone_closes_the_case_with_last_months_values() -> None:
    june = month_of(CAR)
    row = only(month_of(NONE, "2024-07", june.flags), "vehicle_owned")
    before = only(june, "vehicle_owned")
    assert (row["state"], row["value"], row["missing_sources"]) == ("closed", 1, [])
    assert row["derived_from"] == [before["record_id"]]
    assert row["detail"] == before["detail"]


def test_a_register_that_did_not_come_closes_nothing() -> None:
    june = month_of(CAR)
    july = month_of({**NONE, "missing": ["vehicle"]}, "2024-07", june.flags)
    row = only(july, "vehicle_owned")
    assert (row["state"], row["missing_sources"], row["value"]) == ("kept", ["vehicle"], 1)
    assert only(june, "vehicle_owned")["record_id"] in row["derived_from"]
    assert len(row["derived_from"]) == 2
    august = month_of(NONE, "2024-08", july.flags)
    assert only(august, "vehicle_owned")["state"] == "closed"


def test_a_household_off_the_list_closes_its_cases_whatever_is_missing() -> None:
    row = only(month_of(None, "2024-07", month_of(CAR).flags), "vehicle_owned")
    assert (row["state"], row["town"]) == ("closed", "town")


def test_a_closed_case_is_not_carried_on() -> None:
    july = month_of(NONE, "2024-07", month_of(CAR).flags)
    assert month_of(NONE, "2024-08", july.flags).flags.num_rows == 0


def test_a_case_that_comes_back_is_opened_again() -> None:
    july = month_of(NONE, "2024-07", month_of(CAR).flags)
    row = only(month_of(CAR, "2024-08", july.flags), "vehicle_owned")
    assert (row["state"], row["first_month"]) == ("opened", "2024-08")


def test_income_over_the_standard_takes_over_the_question_of_the_amount() -> None:
    june = month_of({"listed": 90_000, "paid": 90_000})
    assert only(june, "amount_above_entitlement")["state"] == "opened"
    july = month_of(RICH, "2024-07", june.flags)
    assert only(july, "amount_above_entitlement")["state"] == "closed"
    assert only(july, "income_over_standard")["state"] == "opened"


def test_income_no_longer_seen_over_is_kept_while_tax_is_not_connected() -> None:
    june = month_of({**RICH, "missing": ["tax"]})
    row = only(month_of({**NONE, "missing": ["tax"]}, "2024-07", june.flags), "income_over_standard")
    assert (row["state"], row["missing_sources"]) == ("kept", ["tax"])


def test_a_death_that_its_registry_no_longer_records_is_closed() -> None:
    flags = month_of(DEAD).flags
    other = month_of({**NONE, "missing": ["death_medical"]}, "2024-07", flags)
    assert only(other, "member_deceased")["state"] == "closed"


def test_a_death_whose_registry_was_not_heard_again_is_kept() -> None:
    flags = month_of(DEAD).flags
    row = only(month_of({**NONE, "missing": ["death_police"]}, "2024-07", flags), "member_deceased")
    assert (row["state"], row["missing_sources"]) == ("kept", ["death_police"])


def test_a_dead_member_taken_off_the_list_closes_the_case_at_once() -> None:
    flags = month_of({**DEAD, "members": [{"id": "a"}, {"id": "b"}]}).flags
    after = {**NONE, "members": [{"id": "b"}], "missing": ["death_police"]}
    assert only(month_of(after, "2024-07", flags, members=True), "member_deceased")["state"] == "closed"
    assert only(month_of(after, "2024-07", flags), "member_deceased")["state"] == "kept"


def test_counts_say_how_many_flags_of_each_code_are_in_each_state() -> None:
    june = month_of({**CAR, **RICH})
    assert june.counts == {"income_over_standard": {"opened": 1}, "vehicle_owned": {"opened": 1}}
    july = month_of(CAR, "2024-07", june.flags)
    assert july.counts == {"income_over_standard": {"closed": 1}, "vehicle_owned": {"kept": 1}}


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_month_twice_gives_the_same_flags(threads: int) -> None:
    june = month_of({**CAR, **RICH})
    assert month_of(DEAD, "2024-07", june.flags, threads=threads).flags.equals(
        month_of(DEAD, "2024-07", june.flags, threads=1).flags
    )


MONTHS = st.lists(
    st.fixed_dictionaries(
        {
            "vehicles": st.lists(st.just({}), max_size=1),
            "missing": st.lists(st.sampled_from(["vehicle", "tax"]), unique=True),
        }
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=10, deadline=None)
@given(months=MONTHS)
def test_an_open_case_is_never_lost_between_two_months(months: list[dict[str, Any]]) -> None:
    previous, open_before = None, set()
    for number, case in enumerate(months, start=1):
        rows = month_of(case, f"2024-{number:02d}", previous).flags
        now = dict(zip(rows["case_id"].to_pylist(), rows["state"].to_pylist(), strict=True))
        assert open_before <= set(now)
        assert all((state == "opened") == (case_id not in open_before) for case_id, state in now.items())
        previous, open_before = rows, {case_id for case_id, state in now.items() if state != "closed"}
