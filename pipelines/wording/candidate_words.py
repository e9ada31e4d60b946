"""Candidates for help (应保未保) in words: what is missing, since when, and the first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.wording.cases import detail_of
from pipelines.wording.masking import mask_name
from pipelines.wording.texts import N_, Language, texts

TITLES: Mapping[str, str] = {
    "elder_allowance_due": N_("Of age, without the allowance for the very old"),
    "disability_living_due": N_("Disability certificate, without the living subsidy"),
    "disability_care_due": N_("Severe disability, without the care subsidy"),
    "orphan_of_fact": N_("Child without a grown-up in the household"),
    "recent_exit": N_("Left the list since last month"),
}
_SENTENCES: Mapping[str, str] = {
    "elder_allowance_due": N_(
        "%(person)s turned %(age)s on %(date)s and no allowance for the very old was paid this month. Please tell the "
        "family how to apply."
    ),
    "disability_living_due": N_(
        "%(person)s has a valid disability certificate (level %(level)s) and no living subsidy was paid this month. "
        "Please tell the family how to apply."
    ),
    "disability_care_due": N_(
        "%(person)s has a valid certificate of severe disability (level %(level)s) and no care subsidy was paid this "
        "month. Please tell the family how to apply."
    ),
    "orphan_of_fact": N_(
        "%(person)s, %(value)s years old, lives in a household whose grown-ups have died or are in custody. Please visit "
        "and see whether the child is to be supported as an orphan of fact."
    ),
    "recent_exit": N_(
        "The household of %(person)s was on the list last month and is not any more. Please ask how it manages; look up "
        "nothing before the family agrees."
    ),
}


def candidate_title(kind: str, language: Language) -> str:
    """What a kind is called."""
    title = TITLES[kind]
    return texts(language).gettext(title)


def candidate_sentence(row: Mapping[str, Any], person: str, language: Language) -> str:
    """One plain sentence; `person` is masked already."""
    t = texts(language)
    told = detail_of(row)
    slots = {
        "person": person,
        "value": t.number(row["value"]),
        "age": t.number(int(told.get("age") or 0)),
        "date": t.day_text(str(told.get("of_age", ""))),
        "level": str(told.get("level", "")),
    }
    sentence = _SENTENCES[row["kind"]]
    return t.gettext(sentence) % slots


masked_name = mask_name
