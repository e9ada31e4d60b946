"""Every change of every form ends accepted, quarantined, held or refused, and no row is lost or invented.

`pytest tests/mutation -s` prints the table of cases. What is sampled is said at each mutation.
"""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from pipelines.run.holds import titles_of
from pipelines.s3_validate import shocks
from tests.mutation import mutations as m
from tests.mutation.deliveries import FAST_FORMS, FORMS, TEXT_FORMS, Sound, sound
from tests.mutation.judge import Outcome, Tally, judge
from tests.mutation.units import shape

Cases = Callable[[Sound], Iterator[m.Case]]
ENDINGS = ("accepted", "quarantined", "held", "refused")
HEADED = tuple(form for form in FAST_FORMS if "no header" not in form and "fixed" not in form)
KEYED = ("JSON pages", "XML in gz")  # cells carry their own names: there is no order of columns
WITH_AMOUNT = tuple(form for form in FORMS if sound(form).amount)
LONG = ("GB18030, no quotes", "UTF-8 with BOM, quotes", "fixed width, GB18030")
QUOTED = ("UTF-8 with BOM, quotes", "GB18030, quotes, ASCII header")


def _amount(factor: int, every: int) -> Cases:
    return m.amount_times(factor, every)


# mutation → how, of which forms, how many people, with the expectations
PLAN: dict[str, tuple[Cases, tuple[str, ...], int, bool]] = {
    "a header name renamed": (m.header_renamed, HEADED, 4, False),
    "a column added": (m.header_added, HEADED, 4, False),
    "a column missing": (m.header_missing, HEADED, 4, False),
    "a header name twice": (m.header_duplicated, HEADED, 4, False),
    "columns in another order": (m.columns_in_another_order, HEADED, 4, False),
    "name and number swapped": (m.name_and_number_swapped, FORMS, 12, True),
    "cut, old md5": (m.cut_under_the_old_md5, FAST_FORMS, 3, False),
    "cut, new md5, old row count": (m.cut_and_signed_off_anew, FAST_FORMS, 3, False),
    "cut, no sign-off (every 5th byte)": (m.cut_without_a_sign_off, FAST_FORMS, 3, False),
    "a stray quote": (m.stray_quote, QUOTED[:1], 39, False),
    "two stray quotes (100 pairs)": (m.two_stray_quotes, QUOTED, 39, False),
    "another encoding": (m.wrong_encoding, TEXT_FORMS, 12, False),
    "another encoding from a line on": (m.half_in_another_encoding, TEXT_FORMS, 12, False),
    "whole column ×100": (_amount(100, 1), WITH_AMOUNT, 100, True),
    "whole column ×10,000": (_amount(10_000, 1), WITH_AMOUNT, 100, True),
    "10 % of rows ×100": (_amount(100, 10), WITH_AMOUNT, 100, True),
    "10 % of rows ×10,000": (_amount(10_000, 10), WITH_AMOUNT, 100, True),
    "lines shuffled": (m.lines_shuffled, FAST_FORMS, 12, False),
    "a line twice": (m.line_twice, FAST_FORMS, 12, False),
    "other line ends": (m.line_ends, TEXT_FORMS, 12, False),
    "a NUL byte (40 places)": (m.nul_byte, FAST_FORMS, 12, False),
    "a control byte (5 × 20 places)": (m.control_byte, FAST_FORMS, 12, False),
    "a byte changed (60 places)": (m.byte_changed, FAST_FORMS, 12, False),
    "a bit of the gz flipped": (m.gz_bit_flipped, ("XML in gz",), 3, False),
    "a line of 10 MB": (m.long_line, LONG, 12, False),
    "a bomb": (m.bomb, ("XML in gz",), 3, False),
}
EVERY = [(mutation, form) for mutation, (_, forms, _, _) in PLAN.items() for form in forms]


@cache
def outcomes(mutation: str, form: str) -> tuple[Tally, tuple[Outcome, ...]]:
    """Judged once, whoever asks. `judge` itself holds each case to the four promises."""
    cases, _, people, gx = PLAN[mutation]
    delivery, tally = sound(form, people), Tally()
    ends = tuple(
        tally.judge(delivery, case.data, case.rows, md5_of=case.md5_of, gx=gx) for case in cases(delivery)
    )
    for end in ends if gx else ():
        if end.ending != "refused" and gates_shut(delivery, end):
            tally.subtract([end.ending])
            tally["held"] += 1
    return tally, ends


def gates_shut(delivery: Sound, end: Outcome) -> list[str]:
    """The gates a changed delivery does not pass after the sound one; the sound one passes all of them."""
    before = shape(judge(delivery, delivery.data, len(delivery.rows)).records, 0)
    gates, titles = delivery.spec.gates, titles_of(delivery.spec)
    assert shocks(before, before, gates, titles) == ()
    put_aside = before.rows - sum(map(len, end.records.values()))
    return [shock.gate for shock in shocks(shape(end.records, put_aside), before, gates, titles)]


@pytest.mark.parametrize(("mutation", "form"), EVERY)
def test_no_row_is_lost_or_invented(mutation: str, form: str) -> None:
    tally, _ = outcomes(mutation, form)
    assert tally.total() > 0
    assert set(+tally) <= set(ENDINGS)


ALWAYS_REFUSED = (
    "a header name renamed",
    "a column added",
    "a column missing",
    "a header name twice",
    "cut, old md5",
    "a bomb",
)


@pytest.mark.parametrize(("mutation", "form"), [pair for pair in EVERY if pair[0] in ALWAYS_REFUSED])
def test_what_can_be_known_from_the_outside_is_always_refused(mutation: str, form: str) -> None:
    assert set(+outcomes(mutation, form)[0]) == {"refused"}


@pytest.mark.parametrize("form", HEADED)
def test_columns_in_another_order_say_the_same(form: str) -> None:
    _, ends = outcomes("columns in another order", form)
    delivery = sound(form, 4)
    whole = _facts(judge(delivery, delivery.data, 4))
    assert [_facts(end) for end in ends] == [whole] * len(ends)


@pytest.mark.parametrize("form", FAST_FORMS)
def test_shuffled_lines_give_the_same_records_in_another_order(form: str) -> None:
    delivery = sound(form)
    whole = _facts(judge(delivery, delivery.data, 12))
    assert [_facts(end) for end in outcomes("lines shuffled", form)[1]] == [whole] * 10


@pytest.mark.parametrize("form", FAST_FORMS)
def test_a_line_that_comes_twice_counts_once(form: str) -> None:
    delivery = sound(form)
    whole = _facts(judge(delivery, delivery.data, 12))
    assert [_facts(end) for end in outcomes("a line twice", form)[1]] == [whole] * 12


@pytest.mark.parametrize("form", FORMS)
def test_swapped_names_and_numbers_leave_no_valid_number_and_the_gate_says_so(form: str) -> None:
    tally, (end,) = outcomes("name and number swapped", form)
    found = shape(end.records, 0)
    assert found.valid_ids == 0
    if found.person_records:
        assert tally["held"] == 1


@pytest.mark.parametrize("form", WITH_AMOUNT)
@pytest.mark.parametrize("change", ["whole column", "10 % of rows"])
@pytest.mark.parametrize("factor", ["×100", "×10,000"])
def test_an_amount_in_another_unit_is_never_used(factor: str, change: str, form: str) -> None:
    tally, _ = outcomes(f"{change} {factor}", form)
    assert tally["held"] + tally["refused"] == tally.total() == 1


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_no_character_appears_that_the_sender_did_not_write(form: str) -> None:
    written = set(sound(form).data.decode(sound(form).encoding)) | {"?"}
    for mutation in ("another encoding", "another encoding from a line on"):
        for end in outcomes(mutation, form)[1]:
            for table in end.records.values():
                assert set("".join(table["name_raw"].to_pylist())) <= written


def test_a_flipped_bit_of_a_gz_is_refused_or_changes_no_value() -> None:
    delivery = sound("XML in gz", 3)
    whole = _facts(judge(delivery, delivery.data, 3))
    tally, ends = outcomes("a bit of the gz flipped", "XML in gz")
    assert all(_facts(end) == whole for end in ends if end.ending == "accepted")
    # Bits of the gz header that say nothing about the content: time, system, level, text flag.
    assert tally["accepted"] <= 8 * 8


def test_the_table_of_all_cases_is_at_least_as_large_as_the_readme_says() -> None:
    total = Tally()
    print(f"\n{'mutation':36}{'cases':>8}" + "".join(f"{ending:>13}" for ending in ENDINGS))
    for mutation, (_, forms, _, _) in PLAN.items():
        tally = Tally()
        for form in forms:
            tally.update(outcomes(mutation, form)[0])
        total.update(tally)
        print(f"{mutation:36}{tally.total():8}" + "".join(f"{tally[ending]:13}" for ending in ENDINGS))
    print(f"{'all':36}{total.total():8}" + "".join(f"{total[ending]:13}" for ending in ENDINGS))
    assert total.total() >= LEAST


LEAST = 16_900  # some 90 of them depend on how small the installed zlib packs


def _facts(outcome: Outcome) -> list[str]:
    address = {"record_id", "source", "delivery", "file_name", "line_no", "row_no", "derived_from"}
    return sorted(
        str({key: value for key, value in row.items() if key not in address})
        for table in outcome.records.values()
        for row in table.to_pylist()
    )
