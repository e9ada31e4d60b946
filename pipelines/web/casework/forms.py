"""The forms of casework, field by field, and what each must say before anything is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.web.casework.actions import EFFECTS
from pipelines.wording.texts import N_

Kind = Literal["choice", "words", "money", "month", "day", "text", "picture"]
_MOST_WORDS = 4000


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form. `missing` is what is said when it is not answered."""

    name: str
    kind: Kind
    label: str
    missing: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    most: int = _MOST_WORDS


_FOUND = (
    ("upheld", N_("The query is right")),
    ("not_upheld", N_("The query is not right")),
    ("unclear", N_("It cannot be told yet")),
)
_EFFECTS = tuple(EFFECTS.items())
TEMPLATES = (
    N_("Checked on the spot; the record is another person's."),
    N_("Checked on the spot; the record is out of date and was corrected by the register."),
    N_("The household confirmed the facts and had the matter explained."),
    N_("The household's members have changed; the list is updated."),
    N_("The income or property is above the limit of the rule named."),
)
_TEMPLATE_CHOICES = tuple((text, text) for text in TEMPLATES)


def _words(label: str, missing: str, hint: str = "") -> Field:
    return Field(name="words", kind="words", label=label, missing=missing, hint=hint)


_DECIDING = (
    Field(
        name="effect",
        kind="choice",
        label=N_("What is recommended"),
        missing=N_("Choose what you recommend"),
        choices=_EFFECTS,
    ),
    Field(
        name="amount_after",
        kind="money",
        label=N_("Amount a month after the decision (yuan)"),
        hint=N_("Needed when the amount goes up or down."),
    ),
    Field(name="from_month", kind="month", label=N_("From which month"), hint=N_("For example 2026-11.")),
    Field(
        name="phase_out_until",
        kind="month",
        label=N_("Last month of the phase-out period"),
        hint=N_("Only when aid stops after a phase-out period."),
    ),
    Field(name="template", kind="choice", label=N_("Usual reason"), choices=_TEMPLATE_CHOICES),
    _words(
        N_("Grounds"), N_("Give a reason"), N_("Facts, their source and date, the rule, what was verified.")
    ),
)
FORMS: Mapping[str, tuple[Field, ...]] = {
    "check": (
        Field(
            name="found",
            kind="choice",
            label=N_("What the check found"),
            missing=N_("Say what the check found"),
            choices=_FOUND,
        ),
        _words(
            N_("What you saw and heard"),
            N_("Write what you saw and heard"),
            N_("Whom you asked, when, and what papers you saw."),
        ),
        Field(
            name="next",
            kind="choice",
            label=N_("Next"),
            missing=N_("Choose what comes next"),
            choices=(
                ("visit_due", N_("Send for home visit")),
                ("township_review", N_("Submit to the township")),
            ),
        ),
    ),
    "visit": (
        Field(name="day", kind="day", label=N_("Day of the visit"), missing=N_("Enter the day of the visit")),
        Field(
            name="second_officer",
            kind="text",
            label=N_("The second officer's name"),
            missing=N_("Two officers visit; name the other one"),
            most=50,
        ),
        Field(
            name="present",
            kind="text",
            label=N_("Who was at home"),
            missing=N_("Write who was at home"),
            most=200,
        ),
        Field(
            name="found",
            kind="choice",
            label=N_("What the visit found"),
            missing=N_("Say what the visit found"),
            choices=_FOUND,
        ),
        _words(
            N_("Home, belongings, income, health, care"),
            N_("Write what the visit found"),
            N_("Only what matters to this query."),
        ),
        Field(
            name="picture",
            kind="picture",
            label=N_("Picture"),
            hint=N_("JPEG or PNG, up to 1.5 MB. No faces, no papers with id numbers."),
        ),
    ),
    "recommend": _DECIDING,
    "hear": (
        Field(
            name="told_on",
            kind="day",
            label=N_("Day the household was told what is intended and why"),
            missing=N_("Enter the day the household was told"),
        ),
        Field(
            name="way",
            kind="choice",
            label=N_("How it answered"),
            missing=N_("Say how the household answered"),
            choices=(
                ("in_person", N_("in person")),
                ("by_phone", N_("by telephone")),
                ("in_writing", N_("in writing")),
                ("none", N_("not at all before the period ended")),
            ),
        ),
        _words(
            N_("What the household says"),
            N_("Write what the household says"),
            N_("In its own words where you can."),
        ),
        Field(
            name="next",
            kind="choice",
            label=N_("After that"),
            missing=N_("Choose what comes next"),
            choices=(
                ("district_review", N_("The recommendation stands: submit to the district")),
                ("township_review", N_("The recommendation is to be thought over: back to the township")),
            ),
        ),
    ),
    "confirm": (_words(N_("Reason of the decision"), N_("Give a reason")),),
    "serve": (
        Field(
            name="served_on", kind="day", label=N_("Day of service"), missing=N_("Enter the day of service")
        ),
        Field(
            name="way",
            kind="choice",
            label=N_("Way of service"),
            missing=N_("Choose the way of service"),
            choices=(
                ("direct", N_("handed over")),
                ("left", N_("left at home before witnesses")),
                ("post", N_("by post")),
                ("public", N_("by public announcement")),
            ),
        ),
        Field(
            name="receiver",
            kind="text",
            label=N_("Who received it"),
            missing=N_("Write who received it"),
            most=100,
        ),
    ),
    "object": (
        Field(
            name="received_on",
            kind="day",
            label=N_("Day it was received"),
            missing=N_("Enter the day it came"),
        ),
        _words(N_("Grounds of the objection"), N_("Write the grounds"), N_("In the household's own words.")),
    ),
    "recheck": (
        Field(
            name="basis",
            kind="choice",
            label=N_("Data of the re-check"),
            missing=N_("Say which data the re-check rests on"),
            choices=(
                ("fresh", N_("A run published after the objection")),
                ("unchanged", N_("No registry has delivered since; the run shown stands")),
            ),
        ),
        *_DECIDING,
    ),
    "close": (
        Field(
            name="words",
            kind="words",
            label=N_("Remark"),
            hint=N_("The reply period is over; nobody objected."),
        ),
    ),
    "send_back": (_words(N_("What is missing"), N_("Write what is missing")),),
    "recall": (_words(N_("Why you take it back"), N_("Write why you take it back")),),
    "extend": (
        Field(name="until", kind="day", label=N_("New deadline"), missing=N_("Enter the new deadline")),
        _words(N_("Grounds"), N_("Give a reason")),
    ),
    "note": (_words(N_("Note"), N_("Write the note")),),
}
