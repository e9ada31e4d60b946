"""Values as 64-bit codes: equal values, equal codes; damaged numbers with all their repairs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s4_link.id_numbers import id_keys, repairs
from pipelines.s4_link.index.codes import name_codes, octets
from pipelines.s4_link.index.keys import Keys
from pipelines.s4_link.index.numbers import (
    ending_codes,
    number_code,
    open_numbers,
    prefix_codes,
    valid_codes,
)
from pipelines.s4_link.names import name_key
from tests.unit.s4_link.link_cases import number

_names = st.one_of(
    st.text(alphabet="张張王李卫衛东東阎闫芳?？·•. （亡）\ue000䶮𬴊aB", max_size=7),
    st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=6),
    st.text(max_size=4),
)
_birthday = st.dates(min_value=date(1930, 1, 1), max_value=date(2023, 12, 31))
_valid = st.builds(
    lambda day, sequence: number(day.isoformat(), f"{sequence:03d}"), _birthday, st.integers(1, 999)
)


@given(st.lists(_names, min_size=1, max_size=12))
def test_names_have_equal_codes_exactly_when_their_keys_are_equal(names: list[str]) -> None:
    keys = [name_key(name) for name in names]
    coded = name_codes(pa.array(names, pa.string()))
    for at, key in enumerate(keys):
        assert bool(coded.known[at]) == bool(key)
        for other, other_key in enumerate(keys):
            assert (coded.codes[at] == coded.codes[other]) == (key == other_key)


def test_a_name_has_the_same_code_alone_and_in_the_middle_of_a_column() -> None:
    column = pa.array(["张伟", None, "李卫东", "阿卜杜热合曼·买买提", "張偉"])
    whole = name_codes(column)
    for at in range(len(column)):
        assert name_codes(column.slice(at, 1)).codes[0] == whole.codes[at]
    assert whole.codes[0] == whole.codes[4]


def test_large_strings_and_empty_columns_are_read_too() -> None:
    assert (
        name_codes(pa.array(["张伟"], pa.large_string())).codes[0] == name_codes(pa.array(["张伟"])).codes[0]
    )
    assert len(name_codes(pa.array([], pa.string())).codes) == 0
    assert octets(pa.array([], pa.string()))[1].tolist() == [0]


@given(st.lists(_valid, min_size=1, max_size=8))
def test_valid_numbers_of_a_column_have_the_codes_of_each_alone(valid: list[str]) -> None:
    codes = valid_codes(pa.array(valid))
    assert codes.tolist() == [number_code(one) for one in valid]
    assert prefix_codes(codes).tolist() == [int(one[:14]) for one in valid]
    ends = ending_codes(codes)
    assert all(
        (ends[0] == end) == (valid[0][:6] + valid[0][-4:] == one[:6] + one[-4:])
        for one, end in zip(valid, ends, strict=True)
    )


def test_a_valid_number_must_have_eighteen_characters() -> None:
    with pytest.raises(ValueError, match="18 characters"):
        valid_codes(pa.array(["123"]))


@given(
    st.lists(
        st.tuples(
            _valid,
            st.integers(0, 17),
            st.integers(1, 9),
            st.sampled_from(["typo", "swap", "lost", "doubled"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_damaged_number_has_the_codes_of_all_its_possible_repairs(
    slips: list[tuple[str, int, int, str]],
) -> None:
    texts = [_slipped(*slip) for slip in slips]
    shown = open_numbers(pa.array(texts), pa.array(["checksum_wrong"] * len(texts)))
    for row, text in enumerate(texts):
        own = set(shown.repairs.codes[shown.repairs.at == row].tolist())
        assert own == {number_code(one) for one in (text, *repairs(text))}
    assert not shown.prefix.known.any()


def _slipped(valid: str, place: int, by: int, kind: str) -> str:
    if kind == "typo":
        digit = 10 if valid[place] == "X" else int(valid[place])
        return valid[:place] + str((digit + by) % 10) + valid[place + 1 :]
    if kind == "swap":
        place = min(place, 16)
        return valid[:place] + valid[place + 1] + valid[place] + valid[place + 2 :]
    return (
        valid[:place] + valid[place + 1 :] if kind == "lost" else valid[:place] + valid[place] + valid[place:]
    )


VALID = number("1968-07-01", "123")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (VALID[:15] + "000", "excel_cut"),
        (f"{VALID[0]}.{VALID[1:15]}E+17", "excel_cut"),
        ("7.30724E+17", "excel_cut"),
        (f"{VALID[:6]}********{VALID[-4:]}", "masked"),
        (f"{VALID[:14]}****", "masked"),
        ("73072419?80701123X", "malformed"),
        ("abc", "malformed"),
        (None, "missing"),
        ("1" * 18, "dummy"),
    ],
)
def test_what_a_cut_or_masked_number_shows_is_what_id_keys_says(text: str | None, state: str) -> None:
    shown = open_numbers(pa.array([text], pa.string()), pa.array([state]))
    keys = id_keys(text or "", state, "")
    assert set(shown.repairs.codes.tolist()) == {number_code(one) for one in keys.repairs}
    assert bool(shown.prefix.known[0]) == bool(keys.prefix14)
    assert bool(shown.ends.known[0]) == bool(keys.ends)
    if keys.prefix14 and keys.prefix14 == VALID[:14]:
        assert shown.prefix.codes[0] == prefix_codes(valid_codes(pa.array([VALID])))[0]
    if keys.ends and keys.ends == VALID[:6] + VALID[-4:]:
        assert shown.ends.codes[0] == ending_codes(valid_codes(pa.array([VALID])))[0]


def test_keys_say_which_members_have_them_and_count_a_repeated_member_once() -> None:
    codes = np.array([7 << 60, 5, 7 << 60, 5, 5], dtype=np.uint64)
    keys = Keys.of(codes, np.array([4, 1, 2, 1, 0]))
    hit, key = keys.found(np.array([5, 6, 7 << 60], dtype=np.uint64))
    assert hit.tolist() == [0, 2]
    at, members = keys.spread(key)
    assert (at.tolist(), members.tolist()) == ([0, 0, 1, 1], [0, 1, 2, 4])
    assert Keys.of(codes[:0], np.array([], dtype=np.int64)).holds(codes).tolist() == [False] * 5
