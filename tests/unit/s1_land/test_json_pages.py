"""Answers of a query service: what is refused, and that a cell keeps what was sent."""

import json
from typing import Any

import pytest

from pipelines.base.errors import LayoutBroken, MissingColumn
from pipelines.s1_land import DeliveredFile, LandedWhole
from pipelines.s2_standardise import standardise
from pipelines.sources.spec import load_spec
from tests.unit.s1_land.parts import landed

ROW = {
    "xm": "陈馨怡", "zjlx": "01", "zjhm": "730723200103261722", "khyh": "甲银行", "zhlx": "储蓄",
    "zh": "6210****0001", "ye": "12.50", "dw": "元", "cxrq": "2026-10-05",
}  # fmt: skip


def page(rows: list[dict[str, Any]], total: int | str | None = None, code: str = "00") -> dict[str, Any]:
    return {
        "code": code,
        "msg": "rows",
        "data": {"total": len(rows) if total is None else total, "rows": rows},
    }


def land_pages(*pages: dict[str, Any] | str) -> LandedWhole:
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in pages]
    files = [
        DeliveredFile(
            name=f"page_{number:04d}.json", data=text.encode("utf-8", "surrogatepass"), sign_off=None
        )
        for number, text in enumerate(texts, start=1)
    ]
    return landed("bank", *files)


def test_pages_that_sum_to_the_stated_total_are_taken() -> None:
    other = {**ROW, "zh": "6210****0002"}
    result = land_pages(page([ROW], 2), page([other], 2))
    assert result.refusal is None
    assert result.lines["kind"].to_pylist() == ["header", "data"] * 2


def test_the_bytes_at_a_rows_address_are_its_object_also_after_chinese() -> None:
    rows = [{**ROW, "xm": name} for name in ("陈馨怡", "古扎丽努尔·热依汗", "李四")]
    text = json.dumps(page(rows), ensure_ascii=False, indent=2)
    for line, row in zip(land_pages(text).lines.to_pylist()[1:], rows, strict=True):
        cut = text.encode()[line["byte_offset"] : line["byte_offset"] + line["byte_length"]]
        assert json.loads(cut) == row


def test_the_name_of_the_list_may_stand_in_a_value_before_it() -> None:
    text = (
        '{"note":{"rows":[{"no":1}],"data":"\\"rows\\":[{}]"},'
        + json.dumps(page([ROW]), ensure_ascii=False)[1:]
    )
    line = land_pages(text).lines.to_pylist()[1]
    cut = text.encode()[line["byte_offset"] : line["byte_offset"] + line["byte_length"]]
    assert json.loads(cut) == ROW


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([page([ROW], code="99")], "answered code"),
        ([page([ROW], 2)], "the pages hold 1 rows and state"),
        ([page([ROW], 3), page([{**ROW, "zh": "2"}], 3)], "the pages hold 2 rows"),
        ([page([ROW], 2), page([{**ROW, "zh": "2"}], 3)], "the pages hold 2 rows"),
        ([page([ROW], "many")], "the pages hold 1 rows"),
        ([page([ROW], 2), page([ROW], 2)], "two pages hold the same rows"),
        (['{"code":"00"}'], "the page has no"),
        (["[]"], "the page has no"),
        (['{"code":"00","data":{"total":1,"rows":"x"}}'], "no list of rows"),
        (['{"code":"00","data":{"total":1,"rows":{"xm":"x"}}}'], "no list of rows"),
        (['{"code":"00","data":{"total":1,"rows":[1]}}'], "no list of rows"),
        (['{"code":"00","data":{"total":1,"rows":[['], "not JSON"),
        (["[" * 100_000], "not JSON"),
        ([""], "not JSON"),
        ([json.dumps(page([ROW])) + "{}"], "not JSON"),
        ([json.dumps(page([{**ROW, "ye": float("nan")}]))], "not JSON"),
        ([json.dumps(page([ROW])).replace('"ye"', '"ye": "1", "ye"')], "stands twice"),
        ([json.dumps(page([{**ROW, "xm": ["陈", "馨怡"]}]))], "not one value"),
        ([json.dumps(page([{**ROW, "xm": "\ud800"}]))], "not one value in whole characters"),
    ],
)
def test_an_answer_that_is_not_whole_and_good_is_refused(pages: list[Any], words: str) -> None:
    result = land_pages(*pages)
    assert isinstance(result.refusal, LayoutBroken)
    assert words in str(result.refusal)
    assert result.lines.num_rows == 0
    assert min(result.files["physical_lines"].to_pylist()) >= 0


@pytest.mark.parametrize("change", [{"new": "1"}, {"xm": None}])
def test_a_row_with_another_set_of_keys_is_refused_at_its_number(change: dict[str, Any]) -> None:
    other = {**ROW, **change} if "new" in change else {key: ROW[key] for key in ROW if key != "xm"}
    refusal = land_pages(page([ROW, other])).refusal
    assert isinstance(refusal, MissingColumn)
    assert "row 2" in refusal.place


@pytest.mark.parametrize(
    ("sent", "cell"),
    [("null", ""), ("12.50", "12.50"), ("1.10", "1.10"), ("123456789012345678901.5", "123456789012345678901.5"),
     ("1e400", "1e400"), ("730723200103261722", "730723200103261722"), ("true", "true"), ('"\\u9648"', "陈")],
)  # fmt: skip
def test_a_number_keeps_its_own_digits_and_null_is_empty(sent: str, cell: str) -> None:
    text = json.dumps(page([ROW]), ensure_ascii=False).replace('"12.50"', sent)
    result = land_pages(text)
    header, row = result.lines["cells"].to_pylist()
    assert dict(zip(header, row, strict=True))["ye"] == cell


@pytest.mark.parametrize(
    ("amount", "unit", "fen"),
    [("12.5", "元", 1250), ("0.1071", "万元", 107100), ("1,219.14", "元", 121914), ("12.5", "角", None), ("12.5", "", None)],
)  # fmt: skip
def test_each_row_names_its_own_unit_and_an_unknown_unit_is_no_number(
    amount: str, unit: str, fen: int | None
) -> None:
    result = land_pages(page([{**ROW, "ye": amount, "dw": unit}, {**ROW, "ye": "1", "dw": "万元"}]))
    found = standardise(batches=result.batches, spec=load_spec("bank"))
    assert found.records["bank_balance"]["balance"].to_pylist() == [fen, 1_000_000]
    assert found.unhandled.num_rows == (fen is None)
