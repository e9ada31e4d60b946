"""What of a person may be seen: enough to tell two apart, never the whole."""

from __future__ import annotations

import re

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.wording.masking import (
    mask_day,
    mask_id,
    mask_name,
    mask_place,
    mask_plate,
    mask_tail,
    safe_table,
    safe_text,
)
from pipelines.wording.texts import texts


def test_a_name_keeps_its_first_character() -> None:
    assert [mask_name(name) for name in ("张伟", "买买提·阿不都", " 王 ", "", None)] == [
        "张**",
        "买**",
        "王**",
        "",
        "",
    ]


def test_an_id_number_hides_the_birth_date() -> None:
    assert mask_id("73070119560102123X") == "7307**********123X"
    assert mask_id("730701560102123") == "7307********123"


def test_a_damaged_number_keeps_less() -> None:
    assert mask_id("7307") == "7***"
    assert mask_id(None) == ""


def test_plates_accounts_addresses_and_days_keep_what_an_officer_needs() -> None:
    assert mask_plate("云A12345") == "云A***45"
    assert mask_tail("6200000000000063") == "****0063"
    assert mask_place("白水镇河西路12号3栋４02室") == "白水镇河西路**号*栋***室"
    assert mask_day("1956-01-02") == "1956-**-**"


@given(st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_a_full_id_number_never_survives_in_any_text(number: str, before: str, after: str) -> None:
    assert number not in safe_text(before + number + after)
    assert number not in mask_id(number)


@given(st.text())
def test_safe_text_has_no_character_that_breaks_markup_or_turns_a_sentence(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", safe_text(text))


def test_full_width_digits_of_an_id_are_masked_too() -> None:
    table = safe_table(pa.table({"why": ["号码７３０７０１１９５６０１０２１２３Ｘ重复"], "rows": [3]}))
    assert table.to_pylist() == [{"why": "号码７３０７**********１２３Ｘ重复", "rows": 3}]


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_a_share_is_rounded_half_up_on_whole_numbers(part: int, whole: int) -> None:
    tenths = int(texts("en").share(part, whole).rstrip("%").replace(".", ""))
    assert abs(2 * tenths * whole - 2000 * part) <= whole


@given(st.lists(st.text(alphabet="0123456789Xxａ１张\u202e\u0007", max_size=40), min_size=1, max_size=5))
def test_a_long_table_is_made_safe_like_a_short_one(texts_given: list[str]) -> None:
    short_one = pa.table({"text": texts_given, "other": texts_given})
    long_one = pa.table({"text": texts_given * 1001, "other": texts_given * 1001})
    wanted = safe_table(short_one)["other"].to_pylist()
    assert safe_table(long_one)["other"].to_pylist()[: len(texts_given)] == wanted
