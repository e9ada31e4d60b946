"""How rules are written: no number of their own, a grain on every statement, a sentence in both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pipelines.base.period import Period
from pipelines.policy.catalogue import RULES as CODES
from pipelines.reference import ROOT, SQL_ROOT
from pipelines.s5_assess.rules import RULES
from tests.policy.small_city import pack_named


def test_the_catalogue_and_the_rules_name_the_same_codes() -> None:
    assert tuple(RULES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_holds_no_number_of_its_own(code: str) -> None:
    python = (ROOT / "pipelines" / "s5_assess" / "rules" / f"{code}.py").read_text(encoding="utf-8")
    statement = (SQL_ROOT / "transforms" / "assess" / f"{code}.sql").read_text(encoding="utf-8")
    code_lines = [line for line in statement.splitlines() if not line.startswith("--")]
    numbers = re.findall(r"(?<![\w'-])\d+(?![\w'-])", "\n".join(code_lines))
    assert set(numbers) <= {"0", "1"}
    assert not re.findall(r"=\s*\d", python)


@pytest.mark.parametrize("folder", ["assess", "flag"])
def test_every_statement_begins_with_its_grain(folder: str) -> None:
    files = sorted((SQL_ROOT / "transforms" / folder).glob("*.sql"))
    assert files
    for file in files:
        assert file.read_text(encoding="utf-8").startswith("-- One row per ")


@pytest.mark.parametrize("code", CODES)
def test_a_rule_says_its_sentence_in_both_languages(code: str) -> None:
    rule = RULES[code]
    assert rule.sentence_zh.endswith("。")
    assert rule.sentence_en.endswith(".")
    assert not re.search("违规|骗保", rule.sentence_zh)


def test_a_rule_binds_the_last_day_and_the_packs_values() -> None:
    bound = RULES["identity_to_confirm"].bindings(pack_named("yunxi"), Period(2024, 2))
    assert bound == {
        "dwelling_limit": 1,
        "balance_months": 24,
        "last_day": date(2024, 2, 29),
    }
