"""Landing: what is taken, what is refused, and that every line keeps its address and bytes."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import DigestWrong, LayoutBroken, MissingColumn, WrongEncoding
from pipelines.s1_land import DeliveredFile, SignOff, read_sign_off
from tests.unit.s1_land.parts import (
    DEATH_HEADER,
    VEHICLE_HEADER,
    land_vehicles,
    landed,
    signed,
    text_file,
    vehicles,
)


def test_a_sound_file_is_accepted_and_each_line_addressed_by_file_and_line() -> None:
    data = text_file([VEHICLE_HEADER, *vehicles(3)])
    result = land_vehicles(data, 3)
    assert result.refusal is None
    assert result.files["status"].to_pylist() == ["accepted"]
    assert result.lines["record_id"].to_pylist() == [
        f"vehicle/20261006_01/VEH_FULL_20261006.csv:{line}" for line in (1, 2, 3, 4)
    ]
    assert result.lines["row_no"].to_pylist() == [None, 1, 2, 3]


def test_the_bytes_at_a_lines_address_are_the_delivered_line() -> None:
    lines = [VEHICLE_HEADER, *vehicles(3)]
    data = text_file(lines)
    for row, line in zip(land_vehicles(data, 3).lines.to_pylist(), lines, strict=True):
        cut = data[row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
        assert cut.decode("gb18030") == line


def test_a_cut_file_is_refused_and_asks_for_it_again() -> None:
    whole = text_file([VEHICLE_HEADER, *vehicles(50)])
    md5 = hashlib.md5(whole, usedforsecurity=False).hexdigest()
    file = DeliveredFile(
        name="VEH_FULL_20261006.csv",
        data=whole[: len(whole) // 2],
        sign_off=SignOff(rows=50, md5=md5, as_of=date(2026, 10, 6)),
    )
    result = landed("vehicle", file)
    assert isinstance(result.refusal, DigestWrong)
    assert "send the file again" in str(result.refusal)
    assert result.lines.num_rows == 0
    assert result.files["physical_lines"].to_pylist() == [whole[: len(whole) // 2].count(b"\n") + 1]


def test_a_file_half_in_another_encoding_is_refused_at_the_line_where_it_changes() -> None:
    lines = [VEHICLE_HEADER, *vehicles(6)]
    data = text_file(lines[:4]) + text_file(lines[4:], "utf-8")
    refusal = land_vehicles(data, 6).refusal
    assert isinstance(refusal, WrongEncoding)
    assert refusal.place.endswith("line 5")


def test_utf8_bytes_that_would_pass_as_gb18030_are_still_refused() -> None:
    # 24 Chinese characters of UTF-8 decode as 36 other GB18030 characters without an error.
    data = text_file([VEHICLE_HEADER, *vehicles(2)], "utf-8")
    refusal = land_vehicles(data, 2).refusal
    assert isinstance(refusal, WrongEncoding)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ZT", "STATE", r"missing: \['ZT'\]; not in the YAML: \['STATE'\]"),
        (",DYBJ", ",DYBJ,EXTRA", "nobody signed off"),
        ("HPZL", "HPHM", "stand twice"),
    ],
)
def test_a_header_that_is_not_the_agreed_one_is_refused(old: str, new: str, words: str) -> None:
    refusal = land_vehicles(text_file([VEHICLE_HEADER.replace(old, new), *vehicles(2)]), 2).refusal
    assert isinstance(refusal, MissingColumn)
    assert __import__("re").search(words, str(refusal))


def test_a_header_only_file_is_an_empty_delivery_and_not_zero_records() -> None:
    data = text_file([DEATH_HEADER], "utf-8")
    result = landed("death_medical", signed("死亡医学证明_20261001.csv", data, 0))
    assert result.refusal is None
    assert result.files["status"].to_pylist() == ["empty"]


def test_a_sign_off_that_counts_the_header_line_is_understood_and_any_other_count_refused() -> None:
    data = text_file([VEHICLE_HEADER, *vehicles(5)])
    assert land_vehicles(data, 6).refusal is None
    assert isinstance(land_vehicles(data, 7).refusal, DigestWrong)


def test_a_file_of_another_name_refuses_the_delivery_rather_than_being_passed_over() -> None:
    data = text_file([VEHICLE_HEADER, *vehicles(1)])
    result = landed("vehicle", signed("VEH_FULL_20261006.csv", data, 1), signed("notes.docx", b"x", 1))
    assert isinstance(result.refusal, LayoutBroken)
    assert result.files["status"].to_pylist() == ["accepted", "refused"]
    assert result.lines.num_rows == 0


def test_repeated_lines_point_to_the_first_of_them() -> None:
    one, two = vehicles(2)
    result = land_vehicles(text_file([VEHICLE_HEADER, one, two, one, one]), 4)
    first = "vehicle/20261006_01/VEH_FULL_20261006.csv:2"
    assert result.lines["repeats"].to_pylist() == [None, None, None, first, first]


def test_two_stray_quotes_cost_two_lines_and_not_the_two_hundred_between() -> None:
    lines = vehicles(300)
    lines[20] = lines[20].replace("陈馨怡", '"陈馨怡')
    lines[220] = lines[220].replace("陈馨怡", '"陈馨怡')
    result = land_vehicles(text_file([VEHICLE_HEADER, *lines]), 300)
    assert result.refusal is None
    assert [line for line, fault in enumerate(result.lines["fault"].to_pylist()) if fault] == [21, 221]
    assert set(result.lines["fault"].to_pylist()) == {None, "quote_stray"}


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    line = vehicles(1)[0].replace("甲镇乙村9号", '"甲镇,乙村""9""号"')
    (row,) = land_vehicles(text_file([VEHICLE_HEADER, line]), 1).batches[0].data.to_pylist()
    assert row["ZSXXDZ"] == '甲镇,乙村"9"号'


def test_a_line_with_a_cell_too_few_is_a_fault_of_that_line_only() -> None:
    lines = vehicles(3)
    lines[1] = lines[1].rsplit(",", 1)[0]
    assert land_vehicles(text_file([VEHICLE_HEADER, *lines]), 3).lines["fault"].to_pylist() == [
        None,
        None,
        "cell_count",
        None,
    ]


@pytest.mark.parametrize(
    "text", ["a.csv|3|abc", "b.csv|3|abc|20261006", "a.csv|three|abc|20261006", "a.csv|3|abc|2026"]
)
def test_a_sign_off_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(DigestWrong):
        read_sign_off(text, file_name="a.csv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_landing_answers_and_counts_every_line(noise: bytes) -> None:
    data = text_file([VEHICLE_HEADER, *vehicles(2)]) + noise
    result = land_vehicles(data, data.count(b"\n") + (not data.endswith(b"\n")) - 1)
    counted = data.count(b"\n") + (not data.endswith(b"\n"))
    assert result.files["physical_lines"].to_pylist() == [counted]
    assert result.refusal is not None or result.lines.num_rows == counted
