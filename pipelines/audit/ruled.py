"""A rule in words with every parameter it was applied with, as in force in the month, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.base.period import Period
from pipelines.policy import Pack, Parameter
from pipelines.policy.words import name_of, shown
from pipelines.s5_assess.rules import RULES

_STANDS_FOR = ("programme.",)  # a basis that depends on the household's programme is named by the line


def rule_in_words(
    code: str, lines: Iterable[Mapping[str, Any]], pack: Pack, period: Period
) -> dict[str, Any]:
    """What the rule says, zh and en, and its parameters; those the flag's own lines cite stand among them."""
    rule = RULES[code]
    paths = {*rule.parameters.values(), *rule.sources, *(line["parameter"] for line in lines)}
    if rule.basis and not rule.basis.startswith(_STANDS_FOR):
        paths.add(rule.basis)
    stated = sorted(path for path in paths if path and pack.states(path, period))
    return {
        "rule": code,
        "zh": rule.sentence_zh,
        "en": rule.sentence_en,
        "pack": {"jurisdiction": pack.jurisdiction, "digest": pack.digest, "title": dict(pack.title)},
        "parameters": [_told(pack.value(path, period)) for path in stated],
    }


def _told(parameter: Parameter) -> dict[str, Any]:
    value = parameter.value
    return {
        "path": parameter.path,
        "name": {lang: name_of(parameter.path, lang) for lang in ("zh", "en")},
        "value": value if isinstance(value, int) else list(value),
        "unit": parameter.unit,
        "shown": {lang: shown(value, parameter.unit, lang) for lang in ("zh", "en")},
        "valid_from": parameter.valid_from,
        "citation": parameter.cited,
    }
