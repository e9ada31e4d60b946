"""Why a household is flagged, and what would clear it, in both languages."""

from __future__ import annotations

import pytest

from pipelines.base.errors import ContractBroken
from pipelines.lineage.explaining import waterfall
from pipelines.s7_report import report
from pipelines.wording.cases import active_flags, cases
from pipelines.wording.clearing import _CLEARS, clears
from pipelines.wording.identity import bits, confidence_of, drawn
from pipelines.wording.labels import REASONS
from pipelines.wording.member_sentences import CLEARS_OF_MEMBERS
from pipelines.wording.reason import Reason
from pipelines.wording.sentences import _WHY, why
from pipelines.wording.texts import texts
from tests.unit.s7_report.tables import FLAGS, LINES, MATCHES, MONTH, REVIEWS, flag_of, line, month, table

ZH, EN = texts("zh"), texts("en")

SENTENCES = {
    "vehicle_owned": (
        "据机动车登记（截至2024年6月6日），计入的家庭成员名下计入核对的机动车1辆，规定不超过0辆。",
        "According to Motor vehicle register (as of 6 June 2024), counted members hold 1 counted motor vehicle; "
        "at most 0 is allowed.",
    ),
    "dwellings_over": (
        "据不动产登记，计入的家庭成员名下现有住房2套，规定不超过1套。",
        "According to Real property register, counted members hold 2 current dwellings; at most 1 is allowed.",
    ),
    "non_residential_owned": (
        "据房屋档案（2009年前），计入的家庭成员名下现有商铺、办公用房1处，规定不超过0处。",
        "According to House archive before 2009, counted members hold 1 shop or office; at most 0 is allowed.",
    ),
    "business_owned": (
        "据市场主体登记，计入的家庭成员在1家注册资本100,000.00元及以上的存续市场主体中任职或持股，规定不超过0家。",
        "According to Business register, counted members have a post or share in 1 live business with a registered "
        "capital of ¥100,000.00 or more; at most 0 is allowed.",
    ),
    "financial_assets_over": (
        "据金融资产查询，计入的家庭成员金融资产合计16,800.05元，高于本户限额16,800.00元（24个月×1人×700.00元）。",
        "According to Balances at financial institutions, the counted members' financial assets come to ¥16,800.05, "
        "above the limit of ¥16,800.00 (24 months × 1 person × ¥700.00).",
    ),
    "income_over_standard": (
        "据职工养老金发放（截至2024年6月30日），本户每月计入收入1,234.50元，高于本户保障标准700.00元（1人×700.00元）。",
        "According to Employee pensions paid (as of 30 June 2024), the household's counted income is ¥1,234.50 a month, "
        "above its standard of ¥700.00 a month (1 person × ¥700.00).",
    ),
    "amount_above_entitlement": (
        "当月发放700.00元；按计入的家庭成员1人，据职工养老金发放（截至2024年6月30日）每月计入收入200.05元计，"
        "应发至多499.95元，发放多出200.05元。",
        "¥700.00 was paid for the month; for 1 counted member with a counted income of ¥200.05 a month according to "
        "Employee pensions paid (as of 30 June 2024), the entitlement is at most ¥499.95, ¥200.05 less.",
    ),
    "paid_differs_from_list": (
        "据低保金发放明细，当月发放650.00元；城市低保名册为700.00元，发放比名册少50.00元。",
        "According to Dibao payments, ¥650.00 was paid for the month; the Urban dibao list states ¥700.00, ¥50.00 more.",
    ),
    "member_deceased": (
        "公安死亡注销记录：张**已于2024年4月2日去世，请核实后办理人口变更。",
        "Police death cancellations: 张** is recorded as having died on 2 April 2024. "
        "Please verify and update the household.",
    ),
    "identity_to_confirm": (
        "机动车登记中有登记可能属于张**：1项一致、1项不一致，匹配可信度低。身份证号一致而姓名不一致，请核实是否同一人。",
        "A record in Motor vehicle register may be about 张**: agreeing fields 1, differing 1; match confidence low. "
        "The id number agrees and the name does not; confirm whether it is the same person.",
    ),
}  # fmt: skip
CLEARED_BY = {
    "vehicle_owned": "如核实计入的家庭成员名下没有计入核对的机动车（已转让、已报废或不属本人），本疑点即消除。",
    "dwellings_over": "如核实计入的家庭成员名下现有住房不超过1套（同一套住房只计一次），本疑点即消除。",
    "non_residential_owned": "如核实计入的家庭成员名下没有现有商铺、办公用房，本疑点即消除。",
    "business_owned": "如核实计入的家庭成员未在注册资本100,000.00元及以上的存续市场主体中任职或持股（已注销、已退出或不属本人），"
    "本疑点即消除。",
    "financial_assets_over": "如核实计入的家庭成员金融资产合计不高于16,800.00元（账户不属本人，或款项不应计入），本疑点即消除。",
    "income_over_standard": "如每月计入收入不高于700.00元，本疑点即消除。",
    "amount_above_entitlement": "如发放金额不高于500.95元，本疑点即消除。",
    "paid_differs_from_list": "如名册与发放金额一致，或差额有审核决定为据，本疑点即消除。",
    "member_deceased": "如核实本人健在，应更正登记；否则，办理人口变更后本疑点即办结。",
    "identity_to_confirm": "如核实不是同一人，本疑点即消除；如是同一人，将按该登记重新核对本户。",
}


def reasons(**changed: object) -> dict[str, Reason]:
    data = month(**changed)
    return {
        flag["code"]: Reason(flag=flag, case=case)
        for case in cases(data, active_flags(data))
        for flag in case.flags
    }


def test_every_reason_has_a_sentence_and_what_would_clear_it() -> None:
    assert set(REASONS) == set(_WHY) == set(_CLEARS) | set(CLEARS_OF_MEMBERS)


@pytest.mark.parametrize("code", SENTENCES)
def test_each_reason_says_number_unit_date_and_source_in_both_languages(code: str) -> None:
    reason = reasons()[code]
    assert (why(reason, ZH).text, why(reason, EN).text) == SENTENCES[code]


@pytest.mark.parametrize("code", CLEARED_BY)
def test_what_would_clear_a_flag_uses_the_limit_exactly_as_the_rule_does(code: str) -> None:
    assert clears(reasons()[code], ZH).text == CLEARED_BY[code]


def test_the_figures_of_a_sentence_are_bold_on_the_page() -> None:
    assert "机动车<strong>1</strong>辆" in why(reasons()["vehicle_owned"], ZH).html


def test_a_payment_above_the_list_says_more_and_one_below_says_less() -> None:
    above = table(
        "flag", [flag_of(line(6, "paid_differs_from_list", value=75000, limit=70000, unit="fen"), "amount")]
    )
    assert "发放比名册多50.00元" in why(reasons(flags=above)["paid_differs_from_list"], ZH).text
    assert "发放比名册少50.00元" in why(reasons()["paid_differs_from_list"], ZH).text


def test_two_vehicles_are_plural_in_english() -> None:
    two = table("flag", [flag_of(line(1, "vehicle_owned", value=2, limit=0), "eligibility")])
    assert "hold 2 counted motor vehicles;" in why(reasons(flags=two)["vehicle_owned"], EN).text


def test_income_with_wages_says_how_much_of_it_they_are() -> None:
    detail = '{"counting": 2, "standard": 60000, "wage": 90000}'
    earned = line(4, "income_over_standard", value=130000, limit=120000, unit="fen_per_month", detail=detail)
    reason = reasons(flags=table("flag", [flag_of(earned, "eligibility")]))["income_over_standard"]
    assert "每月计入收入1,300.00元（其中工资性收入900.00元），高于" in why(reason, ZH).text
    assert "is ¥1,300.00 a month, of it ¥900.00 wages, above its standard" in why(reason, EN).text


def test_a_limit_above_nought_stays_in_what_would_clear_a_business() -> None:
    two = line(10, "business_owned", value=2, limit=1, detail='{"capital_from": 10000000}')
    reason = reasons(flags=table("flag", [flag_of(two, "eligibility")]))["business_owned"]
    assert "存续市场主体不超过1家" in clears(reason, ZH).text
    assert "2 live businesses" in why(reason, EN).text


def test_a_flag_kept_because_nobody_could_look_tells_last_months_figures_and_says_so() -> None:
    detail = '{"counting": 2, "standard": 60000}'
    kept = flag_of(LINES[3], "eligibility", state="kept", value=130000, limit=120000, detail=detail)
    unseen = [row | {"verdict": "cannot_verify"} for row in LINES]
    changed = {"flags": table("flag", [kept]), "assessed_lines": table("assessed_line", unseen)}
    reason = reasons(**changed)["income_over_standard"]
    assert "每月计入收入1,300.00元，高于本户保障标准1,200.00元（2人×600.00元）" in why(reason, ZH).text
    assert not reason.was_seen
    assert (
        "以下为此前核对的情况"
        in report(data=month(**changed), period=MONTH).documents["households/H-0004.html"].decode()
    )


def test_a_household_without_a_counted_member_is_told_so_plainly() -> None:
    detail = '{"counting": 0, "income": 0, "materiality": 1000}'
    paid = line(7, "amount_above_entitlement", value=35000, limit=0, unit="fen_per_month", detail=detail)
    reason = reasons(flags=table("flag", [flag_of(paid, "amount")]))["amount_above_entitlement"]
    assert why(reason, ZH).text == "当月发放350.00元；登记显示本户已无计入的家庭成员，应发至多0.00元。"


def test_a_death_whose_record_is_not_at_hand_still_has_its_date_from_the_figure() -> None:
    reason = reasons(records={}, matches=table("linked_match", []))["member_deceased"]
    assert why(reason, ZH).text == "死亡登记数据记录：张**已于2024年4月2日去世，请核实后办理人口变更。"


def test_no_sentence_speaks_of_fraud_or_breach() -> None:
    told = [t for reason in reasons().values() for t in (why(reason, ZH).text, clears(reason, ZH).text)]
    assert not [text for text in told if "违规" in text or "骗" in text]


def test_a_reason_nobody_has_written_a_sentence_for_stops_the_report() -> None:
    data = month(flags=table("flag", [FLAGS[0] | {"code": "yacht_owned"}]))
    with pytest.raises(ContractBroken, match="yacht_owned"):
        active_flags(data)


def test_a_pair_under_review_that_no_flag_rests_on_is_not_shown() -> None:
    silent = [flag | {"derived_from": []} for flag in FLAGS]
    lines = table(
        "assessed_line", [line(8, "identity_to_confirm", subject="P-0008", value=1, verdict="to_confirm")]
    )
    data = month(flags=table("flag", silent), assessed_lines=lines)
    shown = {case.household_id: case for case in cases(data, active_flags(data))}
    assert shown["H-0008"].open_pairs == [] and shown["H-0008"].evidence == ()


def test_confidence_is_high_by_id_number_medium_by_other_fields_and_low_under_review() -> None:
    scored = MATCHES[0] | {"method": "scored"}
    assert [confidence_of(pair) for pair in (MATCHES[0], scored, REVIEWS[0])] == ["high", "medium", "low"]


def test_the_bars_of_a_waterfall_join_and_end_at_the_sum() -> None:
    steps = drawn(waterfall(MATCHES[0], {}), ZH)
    assert [(step.start, step.end) for step in steps] == [(0, 55), (55, 240), (240, 240), (240, 221)]
    assert [step.side for step in steps] == ["for", "for", "none", "against"]


def test_weights_are_told_in_bits_with_one_decimal() -> None:
    assert [bits(weight) for weight in (14850, -3049, 0, 49)] == ["+14.9", "−3.0", "0.0", "0.0"]


def test_amounts_are_whole_fen_never_rounded() -> None:
    amounts = [ZH.yuan(fen) for fen in (123450, 5, -100001, 9007199254740993)]
    assert amounts == ["1,234.50元", "0.05元", "−1,000.01元", "90,071,992,547,409.93元"]
    assert EN.yuan(123450) == "¥1,234.50"
