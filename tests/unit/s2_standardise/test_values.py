"""Dates, months, money, areas, codes and names in the forms registries write them."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s2_standardise.calendar import days_since_epoch
from pipelines.s2_standardise.codes import read_codes, read_extract, read_letters
from pipelines.s2_standardise.dates import read_dates, read_months
from pipelines.s2_standardise.names import read_names
from pipelines.s2_standardise.numbers import read_numbers
from pipelines.s2_standardise.texts import trimmed
from pipelines.sources.spec import ColumnUse


def dates(*texts: str | None) -> tuple[list[date | None], list[bool]]:
    found, odd = read_dates(pa.array(texts, pa.string()))
    return found.to_pylist(), odd.to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "20240501",
        "2024-5-1",
        "2024/5/1",
        "2024-05-01 00:00:00",
        "2024-05-01T10:00",
        "2024年5月1日",
        "2024.05.01",
        "45413",
        "２０２４－０５－０１",
    ],
)
def test_one_day_in_nine_forms(text: str) -> None:
    assert dates(text) == ([date(2024, 5, 1)], [False])


@pytest.mark.parametrize("text", ["19000101", "9999-9-9", "1900-01-01", None])
def test_the_registries_words_for_no_date_are_empty_and_not_odd(text: str | None) -> None:
    assert dates(text) == ([None], [False])


@pytest.mark.parametrize("text", ["20240632", "2024-02-30", "soon", "5/1/24", "202405", "99999"])
def test_what_is_no_date_is_told(text: str) -> None:
    assert dates(text) == ([None], [True])


@given(st.dates(date(1900, 1, 2), date(2199, 12, 31)))
def test_packed_and_parted_forms_agree_for_every_day(day: date) -> None:
    assert dates(f"{day:%Y%m%d}", f"{day.year}-{day.month}-{day.day}")[0] == [day, day]


@given(st.dates())
def test_days_are_counted_as_the_calendar_counts_them(day: date) -> None:
    days, real = days_since_epoch(*(np.array([part]) for part in (day.year, day.month, day.day)))
    assert real[0] == (day.year <= 9998)
    if real[0]:
        assert date(1970, 1, 1) + timedelta(days=int(days[0])) == day


def test_months() -> None:
    found, odd = read_months(pa.array(["202406", "2024-06", "202413", "24-06", None]))
    assert found.to_pylist() == ["2024-06", "2024-06", None, None, None]
    assert odd.to_pylist() == [False, False, True, True, False]


def numbers(kind: str, *texts: str | None) -> tuple[list[int | None], list[bool]]:
    found, odd = read_numbers(pa.array(texts, pa.string()), kind)
    return found.to_pylist(), odd.to_pylist()


def test_yuan_become_fen_without_a_float() -> None:
    assert numbers("yuan", "69,540.05", "540", "0.1", "2038.720", "￥12.5", "８８元", "-3.07") == (
        [6954005, 54000, 10, 203872, 1250, 8800, -307],
        [False] * 7,
    )


def test_a_tenth_of_a_fen_is_not_rounded_away() -> None:
    assert numbers("yuan", "12.345", "1e5", "十元", "1.2.3") == ([None] * 4, [True] * 4)


def test_wan_yuan_fen_and_areas() -> None:
    assert numbers("wan_yuan", "37.2735", "50.000000") == ([37273500, 50000000], [False, False])
    assert numbers("fen", "18500", "185.5") == ([18500, None], [False, True])
    assert numbers("area", "158.32㎡", "67.77", "13平方米") == ([15832, 6777, 1300], [False] * 3)


@given(st.integers(-(10**13), 10**13))
def test_every_amount_of_fen_comes_back_from_its_yuan_text(fen: int) -> None:
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    text = f"{sign}{whole // 100}.{whole % 100:02d}"
    assert numbers("yuan", text, f"{sign}{whole // 100:,}.{whole % 100:02d}") == ([fen, fen], [False, False])


def use(**given_keys: object) -> ColumnUse:
    return ColumnUse.model_validate({"from": "列", **given_keys})


def test_codes_are_mapped_known_or_a_signal() -> None:
    codes = use(**{"as": "code", "map": {"住宅": "dwelling"}, "known": ["X"]})
    found, unknown = read_codes(pa.array(["住宅", "X", "车库", None]), codes)
    assert found.to_pylist() == ["dwelling", "X", None, None]
    assert unknown.to_pylist() == [False, False, True, False]


def test_all_other_values_may_mean_one_thing_when_someone_signed_that() -> None:
    flag = use(**{"as": "flag", "map": {"户主": "true", "*": "false"}})
    assert read_codes(pa.array(["户主", "孙子"]), flag)[0].to_pylist() == ["true", "false"]


def test_a_status_is_one_or_more_known_letters() -> None:
    letters = use(**{"as": "letters", "known": ["A", "G"]})
    found, unknown = read_letters(pa.array(["A", "ag", "AZ", ""]), letters)
    assert found.to_pylist() == ["A", "AG", None, None]
    assert unknown.to_pylist() == [False, False, True, True]


def test_a_number_inside_another_is_taken_out_by_its_pattern() -> None:
    extract = use(**{"as": "extract", "pattern": r"62\d{6}(\d{8})3", "prefix": "CS"})
    found, unknown = read_extract(pa.array(["62000000000000273", "62000000000000274"]), extract)
    assert found.to_pylist() == ["CS00000027", None]
    assert unknown.to_pylist() == [False, True]
    either = use(**{"as": "extract", "pattern": r"((?:NC|CS)\d{8})"})
    assert read_extract(pa.array(["NC00000006"]), either)[0].to_pylist() == ["NC00000006"]


@pytest.mark.parametrize(
    ("delivered", "name"),
    [
        ("伍 明磊", "伍明磊"),
        ("苗\u3000建平", "苗建平"),
        ("古扎丽努尔．热依汗", "古扎丽努尔·热依汗"),
        ("阿牛･海来", "阿牛·海来"),
        ("苏日娜-阿拉坦", "苏日娜·阿拉坦"),
        ("张三（亡）", "张三"),
        ("李\ue863", "李䶮"),
        ("陆贵?", "陆贵?"),
        ("那顺·", "那顺"),
    ],
)
def test_names(delivered: str, name: str) -> None:
    assert read_names(pa.array([delivered])).to_pylist() == [name]


def test_words_for_nothing_are_nothing() -> None:
    assert trimmed(pa.array([" 无 ", "NULL", "\u3000", "无锡"]), ("", "NULL", "无")).to_pylist() == [
        None,
        None,
        None,
        "无锡",
    ]
