"""Who may be owed help and does not have it, and what the registries tell of the members' lives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.base.errors import PackInvalid
from tests.policy.small_city import assess_case

OCTOBER = {"pack": "demo", "period": "2026-10"}
OLD = [{"id": "a", "born": "1946-10-31"}]


def found(case: dict[str, Any]) -> list[tuple[str, str, int]]:
    rows = assess_case(case, **OCTOBER).candidates.to_pylist()
    return [(row["kind"], row["subject"].rpartition("/")[2], row["value"]) for row in rows]


def test_eighty_on_the_last_day_and_not_paid_is_owed_the_allowance() -> None:
    assert found({"members": OLD}) == [("elder_allowance_due", "a", 0)]


def test_eighty_tomorrow_is_not() -> None:
    assert found({"members": [{"id": "a", "born": "1946-11-01"}]}) == []


def test_paid_this_month_is_owed_nothing() -> None:
    paid = [{"programme": "elder_allowance", "pay_month": "2026-10"}]
    assert found({"members": OLD, "programme_payments": paid}) == []


def test_a_payment_under_review_may_be_hers_and_gives_no_candidate() -> None:
    paid = [{"programme": "elder_allowance", "pay_month": "2026-10", "review": "tie"}]
    assert found({"members": OLD, "programme_payments": paid}) == []


def test_where_the_payments_were_not_checked_nothing_is_said() -> None:
    assert found({"members": OLD, "missing": ["other_payments"]}) == []


def test_the_dead_and_those_in_custody_are_owed_nothing() -> None:
    assert found({"members": OLD, "deaths": [{"death_date": "2026-10-30"}]}) == []
    assert found({"members": OLD, "custody": [{}]}) == []


def test_a_severe_disability_is_owed_both_subsidies() -> None:
    assert found({"disabilities": [{"level": "2"}]}) == [
        ("disability_care_due", "a", 1),
        ("disability_living_due", "a", 1),
    ]


def test_a_mild_one_the_living_subsidy_alone_and_an_expired_certificate_nothing() -> None:
    assert found({"disabilities": [{"level": "3"}]}) == [("disability_living_due", "a", 1)]
    assert found({"disabilities": [{"level": "1", "state": "expired"}]}) == []


def test_in_destitute_support_neither_subsidy_is_owed() -> None:
    assert found({"programme": "tekun", "disabilities": [{"level": "1"}]}) == []


def test_a_child_whose_only_parent_is_in_custody_is_to_be_visited() -> None:
    home = [{"id": "a", "born": "1985-01-01"}, {"id": "b", "born": "2015-05-05"}]
    assert found({"members": home, "custody": [{"owner": "a"}]}) == [("orphan_of_fact", "b", 11)]


def test_a_grown_up_of_unknown_age_is_still_a_grown_up() -> None:
    home = [{"id": "a", "born": "1985-01-01"}, {"id": "b", "born": "2015-05-05"}, {"id": "c"}]
    assert found({"members": home, "custody": [{"owner": "a"}]}) == []


def test_a_pack_that_looks_for_nobody_finds_nobody() -> None:
    assert assess_case({"members": OLD}).candidates.num_rows == 0


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(PackInvalid, match="no kind of candidate is called \\[rich\\]"):
        assess_case({}, stated={"candidates.kinds": ["rich"]}, **OCTOBER)


def test_a_candidate_cites_its_parameter_and_the_first_step() -> None:
    (row,) = assess_case({"members": OLD}, **OCTOBER).candidates.to_pylist()
    assert (row["parameter"], row["consent"], row["unit"]) == ("elder.age", "on_file", "days")
    assert json.loads(row["detail"]) == {"age": 80, "of_age": "2026-10-31"}
    assert row["derived_from"] == ["H-1", "H-1/a"]


def test_events_of_a_life_come_with_their_day_and_record() -> None:
    case = {
        "marriages": [{}, {"event": "divorce", "event_date": "2026-10-05"}],
        "custody": [{"state": "released", "end_date": "2025-01-01"}],
        "registered": [{"state": "moved_out"}],
    }
    rows = assess_case(case, **OCTOBER).events.to_pylist()
    assert [(row["event"], str(row["event_date"]), row["is_of_month"]) for row in rows] == [
        ("custody_began", "2024-01-10", False),
        ("custody_ended", "2025-01-01", False),
        ("divorce", "2026-10-05", True),
        ("hukou_left", "None", None),
        ("marriage", "2010-05-01", False),
    ]


def test_a_child_born_and_entered_in_the_hukou_book_this_month_are_events_of_it() -> None:
    case = {
        "members": [{"id": "a"}, {"id": "b"}],
        "registered": [
            {"owner": "a", "birth_date": "2026-09-30"},
            {"owner": "b", "birth_date": "2026-10-01", "change": "create"},
        ],
    }
    rows = assess_case(case, **OCTOBER).events.to_pylist()
    assert [(row["event"], str(row["event_date"]), row["is_of_month"]) for row in rows] == [
        ("birth", "2026-10-01", True),
        ("hukou_joined", "None", None),
    ]


def test_who_was_struck_off_by_death_left_on_the_day_the_register_states() -> None:
    case = {"registered": [{"state": "dead", "death_date": "2026-10-31"}]}
    (row,) = assess_case(case, **OCTOBER).events.to_pylist()
    assert (row["event"], str(row["event_date"]), row["is_of_month"]) == ("hukou_left", "2026-10-31", True)
