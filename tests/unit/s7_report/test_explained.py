"""One plain sentence for every link and every review, in both languages, with words for all there is."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts.linked import LINKED_MATCH, LINKED_REVIEW
from pipelines.lineage.explaining import ModelFigures, probability_ppm, waterfall
from pipelines.s4_link.settings import FIELDS as COMPARED
from pipelines.s4_link.settings import LEVELS as LEVELS_OF
from pipelines.s4_link.settings import default_settings
from pipelines.wording.explained import PHRASES, PRIORS, RULES, TO_CHECK, explained, percent
from pipelines.wording.labels import FIELDS, LEVELS, METHODS, REVIEW_REASONS
from pipelines.wording.texts import texts

ZH, EN = texts("zh"), texts("en")
MODEL = ModelFigures(
    priors={"open": -16_000, "stranger": -16_000, "former": -25_000},
    match_odds=7_994,
    review_odds=-2_807,
    match_error="1/256",
    review_error="7/8",
)
ACCUSING = ("违规", "骗", "欺诈", "违法", "fraud", "cheat", "violation")


def said_by(column: str, contract: Any) -> list[str]:
    """The values a contract names: exact_id · exact_id15 · …"""
    return next(one.doc.split(" · ") for one in contract.columns if one.name == column)


def pair(*compared: tuple[str, str, int], prior: str = "open", **said: Any) -> dict[str, Any]:
    total = sum(weight for _, _, weight in compared)
    comparisons = [
        {"field": field, "level": level, "weight": weight, "record_value": "张建国", "member_value": "张建国"}
        for field, level, weight in compared
    ]
    return {
        "record_id": "L-1", "method": "scored", "rule": "name_and_birth", "model": "M-1", "weight": total,
        "probability_ppm": probability_ppm(MODEL.priors[prior] + total), "comparisons": comparisons,
        "prior_kind": prior,
    } | said  # fmt: skip


def told(row: dict[str, Any]) -> tuple[str, str]:
    fall = waterfall(row, {"M-1": MODEL})
    return explained(fall, ZH), explained(fall, EN)


REPAIRED = pair(
    ("id", "one_edit", 20_000), ("name", "equal", 2_000), ("birth_date", "in_id", 0), ("sex", "in_id", 0),
    ("address", "same_village", 5_800), ("company", "missing", 0), method="repaired_id",
)  # fmt: skip
CONFLICT = pair(
    ("id", "equal", 30_000), ("name", "different", -12_000), ("birth_date", "in_id", 0),
    ("address", "missing", 0), method="exact_id", reason="identity_conflict",
)  # fmt: skip
FORMER = pair(
    ("id", "differ_valid", -7_000), ("name", "equal", 12_000), ("birth_date", "equal", 15_000),
    ("address", "same_number", 14_000), reason="below_match_threshold", prior="former",
)  # fmt: skip
WEAK = pair(
    ("id", "missing", 0), ("name", "equal", 10_000), ("birth_date", "one_part_differs", -3_000),
    ("sex", "equal", 1_000), ("address", "same_village", 7_000), reason="below_match_threshold",
)  # fmt: skip
BARE = pair(
    ("id", "missing", 0), ("name", "equal", 13_000), ("birth_date", "missing", 0),
    ("address", "same_village", 5_000), reason="name_only", method="name_only",
)  # fmt: skip


def test_a_repaired_number_is_told_with_what_else_agrees() -> None:
    assert told(REPAIRED) == (
        "身份证号有一处笔误，改正后一致、住址在同一村、姓名相同；因此判为同一人（约99.972%）。",
        "The id number has one slip and agrees once that is corrected, the address is in the same village, "
        "the name is the same; therefore held to be the same person (about 99.972%).",
    )


def test_a_number_under_another_name_says_whose_number_to_ask_for() -> None:
    assert told(CONFLICT) == (
        "支持：身份证号相同；不支持：姓名不同；号码相同而姓名不符，因此未判为同一人；请核实该号码属于谁。",
        "For it: the id number is the same; against it: the name is another; the number is the same and the names "
        "are not, so it is not held to be the same person; please check whose number it is.",
    )


def test_strong_evidence_that_may_never_match_says_so() -> None:
    zh, en = told(FORMER)
    assert zh.endswith("是同一人的可能性约99.80%，但仅凭此类依据不作匹配；请核实身份证号。")
    assert en.endswith(
        "about 99.80% likely, but such evidence is never a match by itself; please check the id number."
    )


def test_weak_evidence_says_what_is_missing_what_differs_and_what_to_check() -> None:
    zh, en = told(WEAK)
    assert zh == (
        "支持：姓名相同、住址在同一村、性别相同；不支持：出生日期的年、月、日之一不同；缺少：身份证号；"
        "是同一人的可能性约33.3%，低于匹配所需（约99.60%）；请核实身份证号、出生日期。"
    )
    assert "missing: the id number; about 33.3% likely" in en


def test_a_name_alone_is_told_to_be_never_enough() -> None:
    zh, en = told(BARE)
    assert zh.endswith("除姓名和地点外没有其他一致之处，不足以判定；请核实身份证号、出生日期。")
    assert en.endswith("which is never enough; please check the id number, the birth date.")


def test_two_members_who_fit_alike_are_told_as_undecided() -> None:
    zh, _ = told(BARE | {"reason": "tie", "method": "scored"})
    assert zh.endswith("另有成员同样符合，因此均未采用；请核实登记的是哪一位。")


def test_a_lent_number_is_told_to_come_from_the_hukou_register() -> None:
    zh, en = told(pair(("id", "equal", 30_000), ("name", "equal", 12_000), method="lent_id"))
    assert zh.startswith("名单中的身份证号缺失或有误，采用户籍登记中的号码；身份证号相同、姓名相同；")
    assert en.startswith("The list's own number was missing or faulty and the hukou register's is used; ")


def test_a_verdict_is_told_as_a_persons_whatever_the_weights_say() -> None:
    zh, en = told(pair(("name", "different", -12_000), method="judged"))
    assert zh == "姓名不同；经具名人员判断为同一人。"
    assert en.endswith("a named person has judged that it is the same person.")


def test_a_link_of_an_older_run_is_told_without_a_figure() -> None:
    row = pair(("id", "equal", 30_000), ("name", "equal", 9_000), method="exact_id")
    row |= {"model": None, "probability_ppm": None, "rule": None, "prior_kind": None}
    assert told(row)[0] == "身份证号相同、姓名相同；因此判为同一人。"


def test_every_level_of_every_field_has_words_in_both_languages() -> None:
    assert set(PHRASES) == set(COMPARED) <= set(FIELDS)
    for field, levels in LEVELS_OF.items():
        assert set(PHRASES[field]) == set(levels), field
        assert set(levels) <= set(LEVELS), field
        for level in levels:
            assert ZH.gettext(PHRASES[field][level]) != PHRASES[field][level], (field, level)
    assert set(TO_CHECK) == set(COMPARED)


@pytest.mark.parametrize("method", said_by("method", LINKED_MATCH))
def test_every_method_has_words_and_a_sentence(method: str) -> None:
    assert ZH.gettext(METHODS[method]) != METHODS[method]
    zh, en = told(REPAIRED | {"method": method})
    assert zh.endswith("。") and en.endswith(".")


@pytest.mark.parametrize("reason", said_by("reason", LINKED_REVIEW))
def test_every_review_reason_has_words_and_says_what_to_check(reason: str) -> None:
    assert ZH.gettext(REVIEW_REASONS[reason]) != REVIEW_REASONS[reason]
    zh, en = told(WEAK | {"reason": reason})
    assert "请核实" in zh and "please check" in en


def test_every_blocking_rule_and_every_prior_has_words() -> None:
    rules = {"exact_id", "exact_id15", "judged", *(rule.name for rule in default_settings().blocking)}
    assert rules == set(RULES)
    assert set(PRIORS) == set(MODEL.priors)


def test_no_sentence_accuses_or_shows_a_value() -> None:
    rows = [
        WEAK | {"comparisons": pair((field, level, weight))["comparisons"], "reason": reason}
        for field, levels in LEVELS_OF.items()
        for level in levels
        for weight in (-1_000, 0, 1_000)
        for reason in ("", *said_by("reason", LINKED_REVIEW))
    ]
    sentences = [sentence for row in rows for sentence in told(row)]
    assert [text for text in sentences if any(word in text for word in ACCUSING)] == []
    assert [text for text in sentences if "张建国" in text or "%(" in text] == []


def test_a_probability_is_cut_and_never_told_as_certain() -> None:
    shown = [percent(ppm, EN) for ppm in (999_999, 999_989, 998_999, 450_999, 1_000, 999)]
    assert shown == [
        "above 99.999%", "about 99.998%", "about 99.89%", "about 45.0%", "about 0.1%", "below 0.1%",
    ]  # fmt: skip
    assert percent(999_999, ZH) == "高于99.999%"
