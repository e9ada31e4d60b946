"""A pair in words: one plain sentence on why it is held to be one person, or why a person must look at it.

No value of a person is in a sentence, only what the comparison of two values found.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.lineage.explaining import MILLION, Step, Waterfall, probability_ppm
from pipelines.wording.labels import lenient
from pipelines.wording.texts import N_, Texts

PHRASES: Mapping[str, Mapping[str, str]] = {
    "id": {
        "equal": N_("the id number is the same"),
        "equal_15": N_("the id number is the same, once in its 15-digit form"),
        "one_edit": N_("the id number has one slip and agrees once that is corrected"),
        "equal_damaged": N_("the id number has the same fault on both sides"),
        "two_edits": N_("the id number has two characters different"),
        "cut_agrees": N_("the id number was cut off and the rest agrees"),
        "masked_agrees": N_("the id number is masked and what shows agrees"),
        "few_digits": N_("only a few digits of the id number can be read, and these agree"),
        "one_digit_15": N_("the id number has one digit different, once in its 15-digit form"),
        "differ_valid": N_("the two id numbers differ and both are valid"),
        "differ": N_("the id numbers differ and one is faulty"),
        "missing": N_("the id number is missing on one side"),
    },
    "name": {
        "equal": N_("the name is the same"),
        "variant": N_("the name has a variant form of a character"),
        "homophone": N_("the name has one character different, of the same sound"),
        "look_alike": N_("the name has one character different, of similar shape"),
        "lost_character": N_("the name has lost a rare character and the rest agrees"),
        "cut_name": N_("the name was cut short and the rest agrees"),
        "first_part": N_("one name is the first part of the other"),
        "long_one_edit": N_("the name is long and differs in one letter"),
        "surname_changed": N_("the given name is the same and the surname is another"),
        "different": N_("the name is another"),
        "missing": N_("the name is missing on one side"),
    },
    "birth_date": {
        "equal": N_("the birth date is the same"),
        "in_id": N_("the birth date is counted with the id number"),
        "parts_swapped": N_("the birth date has day and month swapped"),
        "one_part_differs": N_("the birth date differs in year, month or day"),
        "different": N_("the birth date is another"),
        "missing": N_("the birth date is missing on one side"),
    },
    "sex": {
        "equal": N_("the sex is the same"),
        "in_id": N_("the sex is counted with the id number"),
        "different": N_("the sex is another"),
        "missing": N_("the sex is missing on one side"),
    },
    "address": {
        "same_number": N_("the address is the same to the house number"),
        "same_village": N_("the address is in the same village"),
        "number_differs": N_("the address is in the same village, at another number"),
        "same_town": N_("the address is in the same township"),
        "similar_text": N_("the address reads much the same"),
        "other_village": N_("the address is in another village of the same township"),
        "different_place": N_("the address is in another place"),
        "missing": N_("the address is missing on one side"),
    },
    "company": {
        "together": N_("somebody entered beside them is linked by number to the same household"),
        "apart": N_("those entered beside them are linked by number to other households only"),
        "missing": N_("nobody entered beside them is linked by number"),
    },
}
RULES: Mapping[str, str] = {
    "exact_id": N_("same id number"),
    "exact_id15": N_("same id number, 15-digit form"),
    "judged": N_("a person's verdict"),
    "name_and_birth": N_("same name and birth date"),
    "name_and_village": N_("same name and village"),
    "near_id": N_("id numbers one slip apart"),
    "cut_id": N_("same first 14 digits of the id number"),
    "masked_id": N_("same ends of the id number"),
    "birth_and_village": N_("same birth date, sex and village"),
}
PRIORS: Mapping[str, str] = {
    "open": N_("how many rows are about a member"),
    "stranger": N_("how many rows are about a member; the row's number is nobody's on the list"),
    "former": N_("how many rows bear a former number; both numbers are valid"),
}
# What a person would look at, by the field that is missing or speaks against.
TO_CHECK: Mapping[str, str] = {
    "id": N_("the id number"),
    "name": N_("the name"),
    "birth_date": N_("the birth date"),
    "sex": N_("the sex"),
    "address": N_("the address"),
    "company": N_("who else is in the row"),
}
_WORTH_FINDING = ("id", "birth_date", "address")  # when missing; the others decide little
_DECIDING = ("id", "birth_date")


def explained(fall: Waterfall, t: Texts) -> str:
    """The one sentence of a link or a review."""
    parts = _review(fall, t) if fall.reason else _match(fall, t)
    text = (t.gettext("; ")).join(part for part in parts if part)
    return text[:1].upper() + text[1:] + t.gettext(".")


def percent(ppm: int | None, t: Texts) -> str:
    """Millionths as percent, cut and never rounded up to certainty."""
    if ppm is None:
        return ""
    if ppm >= MILLION - 10:
        return t.gettext("above 99.999%")
    if ppm < MILLION // 1000:
        return t.gettext("below 0.1%")
    places = 1 if ppm < MILLION * 99 // 100 else 2 if ppm < MILLION * 999 // 1000 else 3
    shown = ppm // 10 ** (4 - places)
    return t.gettext("about %(share)s%%") % {
        "share": f"{shown // 10**places}.{shown % 10**places:0{places}d}"
    }


def _match(fall: Waterfall, t: Texts) -> list[str]:
    agree, differ = _said(fall, t)
    lent = t.gettext("the list's own number was missing or faulty and the hukou register's is used")
    parts = [lent if fall.method == "lent_id" else "", t.joined(agree)]
    if differ:
        but = t.gettext("but %(differ)s") if agree else "%(differ)s"
        parts.append(but % {"differ": t.joined(differ)})
    if fall.method == "judged":
        return [*parts, t.gettext("a named person has judged that it is the same person")]
    sure = percent(fall.probability_ppm, t)
    if not sure:
        return [*parts, t.gettext("therefore held to be the same person")]
    return [*parts, t.gettext("therefore held to be the same person (%(sure)s)") % {"sure": sure}]


def _review(fall: Waterfall, t: Texts) -> list[str]:
    agree, differ = _said(fall, t)
    missing = [t.gettext(TO_CHECK[field]) for field in _missing(fall)]
    parts = [t.gettext("for it: %(agree)s") % {"agree": t.joined(agree)}] if agree else []
    if differ:
        parts.append(t.gettext("against it: %(differ)s") % {"differ": t.joined(differ)})
    if missing and fall.reason != "identity_conflict":
        parts.append(t.gettext("missing: %(fields)s") % {"fields": t.joined(missing)})
    return [*parts, *_undecided(fall, t)]


def _undecided(fall: Waterfall, t: Texts) -> list[str]:
    """Why it is no match, and what to check."""
    if fall.reason == "identity_conflict":
        return [
            t.gettext(
                "the number is the same and the names are not, so it is not held to be the same person"
            ),
            t.gettext("please check whose number it is"),
        ]
    if fall.reason == "tie":
        return [
            t.gettext("another member fits about as well, so neither is taken"),
            t.gettext("please check which of them is meant"),
        ]
    if fall.reason == "another_record":
        return [
            t.gettext("a person has one record there, and another one fits the member as well or better"),
            t.gettext("please check which of them is meant"),
        ]
    check = t.gettext("please check %(fields)s") % {"fields": _to_check(fall, t)}
    if fall.reason == "name_only":
        return [t.gettext("nothing beyond name and place agrees, which is never enough"), check]
    return [_below(fall, t), check]


def _below(fall: Waterfall, t: Texts) -> str:
    sure, figures = percent(fall.probability_ppm, t), fall.figures
    if not sure or figures is None or figures.match_odds is None or fall.odds is None:
        return t.gettext("not enough to be sure")
    if fall.odds >= figures.match_odds:
        return t.gettext("%(sure)s likely, but such evidence is never a match by itself") % {"sure": sure}
    needed = percent(probability_ppm(figures.match_odds), t)
    slots = {"sure": sure, "needed": needed}
    return t.gettext("%(sure)s likely, less than a match needs (%(needed)s)") % slots


def _to_check(fall: Waterfall, t: Texts) -> str:
    against = [step.field for step in fall.steps if step.weight < 0 and step.field in TO_CHECK]
    wanted = [*(field for field in _missing(fall) if field in _DECIDING), *against]
    return t.joined([t.gettext(TO_CHECK[field]) for field in wanted or _DECIDING])


def _missing(fall: Waterfall) -> list[str]:
    return [step.field for step in fall.steps if step.level == "missing" and step.field in _WORTH_FINDING]


def _said(fall: Waterfall, t: Texts) -> tuple[list[str], list[str]]:
    """What agrees and what differs, the heavier first; levels that weigh nothing are not told."""
    heavy = sorted(fall.steps, key=lambda step: -abs(step.weight))
    return (
        [_phrase(step, t) for step in heavy if step.weight > 0],
        [_phrase(step, t) for step in heavy if step.weight < 0],
    )


def _phrase(step: Step, t: Texts) -> str:
    return lenient(PHRASES.get(step.field, {}), step.level, t)
