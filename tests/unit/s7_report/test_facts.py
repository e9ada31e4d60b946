"""What a registry record says on a household's page: labelled, in words, with personal values masked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines import flow
from pipelines.wording.facts import key_facts
from pipelines.wording.texts import texts
from tests.unit.s7_report.tables import table

ZH, EN = texts("zh"), texts("en")

SAID: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "contribution": (
        {"payer": "flexible", "employer": None, "base": 394500, "fee_month": "2024-05"},
        [("缴费方式", "个人缴费（灵活就业）"), ("缴费（缴存）基数", "3,945.00元"), ("所属月份", "2024年5月")],
    ),
    "provident_fund": (
        {"state": "sealed", "balance": 1200005, "base": None, "account_no": "730700123456"},
        [("余额", "12,000.05元"), ("状态", "封存"), ("账号", "****3456")],
    ),
    "bank_balance": (
        {"institution": "华夏银行", "account_kind": "wealth", "balance": 23545, "asked_date": date(2024, 6, 10),
         "account_no": "6210****0007"},
        [("金融机构", "华夏银行"), ("类别", "理财"), ("余额", "235.45元"), ("余额日期", "2024年6月10日"), ("账号", "****0007")],
    ),
    "taxed_income": (
        {"income_kind": "labour", "amount": 840011, "period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31),
         "agent": "云溪某公司"},
        [("类别", "劳务报酬所得"), ("税款所属期收入", "8,400.11元"), ("税款所属期", "2023年1月1日 – 2023年12月31日"),
         ("扣缴义务人", "云溪某公司")],
    ),
    "business": (
        {"business_name": "云溪建材", "business_kind": "cooperative", "state": "revoked", "capital": None,
         "business_no": "7307"},
        [("市场主体", "云溪建材"), ("类别", "农民专业合作社"), ("状态", "吊销"), ("主体编号", "7307")],
    ),
    "business_role": (
        {"role": "officer", "share": 4000000, "business_no": "7307"},
        [("职务或身份", "董事、监事或经理"), ("认缴出资", "40,000.00元"), ("主体编号", "7307")],
    ),
    "registered_person": (
        {"state": "dead", "death_date": date(2024, 6, 2), "book_no": "730701000012", "address": "河西村3组12号"},
        [("状态", "死亡注销"), ("去世日期", "2024年6月2日"), ("户口簿", "****0012"), ("住址", "河西村*组**号")],
    ),
    "marriage": (
        {"event": "divorce", "event_date": date(2020, 5, 20), "office": "云溪县民政局"},
        [("登记事项", "离婚登记"), ("登记日期", "2020年5月20日"), ("登记机关", "云溪县民政局")],
    ),
    "disability": (
        {"category": "hearing", "level": "2", "state": "valid", "issued_date": date(2019, 1, 2)},
        [("类别（残疾）", "听力"), ("等级", "二级"), ("状态", "有效"), ("发证日期", "2019年1月2日")],
    ),
    "custody": (
        {"state": "held", "start_date": date(2023, 1, 2), "end_date": date(2026, 1, 1), "place": "某监狱"},
        [("状态", "在押"), ("起始", "2023年1月2日"), ("截止", "2026年1月1日")],
    ),
    "programme_payment": (
        {"programme": "elder_allowance", "amount": 5000, "pay_month": "2024-06", "account_no": "6200000000000013"},
        [("类别", "高龄津贴"), ("金额", "50.00元"), ("所属月份", "2024年6月"), ("账号", "****0013")],
    ),
    "registry_fact": (
        {"fact_kind": "墓位", "fact_no": "730700123456", "fact_date": date(2022, 4, 5), "amount": 9},
        [("类别", "墓位"), ("编号", "****3456"), ("日期", "2022年4月5日"), ("金额", "0.09元")],
    ),
}  # fmt: skip


def row_of(name: str, said: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = table(name, [said]).to_pylist()[0]
    return row


@pytest.mark.parametrize("name", SAID)
def test_a_record_says_its_facts_in_words_and_masks_what_is_personal(name: str) -> None:
    said, facts = SAID[name]
    assert key_facts(name, row_of(name, said), ZH) == facts


@pytest.mark.parametrize("name", SAID)
def test_english_says_as_many_facts_without_a_chinese_label(name: str) -> None:
    facts = key_facts(name, row_of(name, SAID[name][0]), EN)
    assert len(facts) == len(SAID[name][1])
    assert [label for label, _ in facts if not label.isascii()] == []


def test_every_registry_has_facts_to_show() -> None:
    shown_elsewhere = {"vehicle", "property", "pension", "death"}
    assert set(flow.REGISTRIES) | {"business"} == set(SAID) | shown_elsewhere


def test_a_code_nobody_has_put_in_words_is_shown_as_it_stands() -> None:
    facts = dict(key_facts("custody", row_of("custody", {"state": "elsewhere"}), ZH))
    assert facts["状态"] == "elsewhere"
