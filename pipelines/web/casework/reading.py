"""What was entered into a form, read question by question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipelines.base.errors import PeriodInvalid
from pipelines.base.period import Period
from pipelines.web.casework.forms import FORMS, Field
from pipelines.wording.masking import holds_id, printable
from pipelines.wording.texts import N_

Values = dict[str, Any]
Faults = dict[str, str]  # field → what is wrong, a message
_MONEY = re.compile(r"(\d{1,7})(?:\.(\d{1,2}))?")


def read(action: str, form: Mapping[str, str], chinese: Callable[[str], str]) -> tuple[Values, Faults]:
    """What was entered, and what is wrong with it by itself. Money in 分, months YYYY-MM, days YYYY-MM-DD.

    A usual reason becomes its Chinese words, before those the person adds.
    """
    values: Values = {}
    faults: Faults = {}
    for field in FORMS[action]:
        if field.kind == "picture":
            continue
        given = printable(form.get(field.name, "")).strip()[: field.most]
        if not given:
            values[field.name] = None
            if field.missing:
                faults[field.name] = field.missing
            continue
        values[field.name], fault = _value(field, given)
        if fault:
            faults[field.name] = fault
    template = values.pop("template", None)
    if template:
        values["words"] = "\n".join(text for text in (chinese(template), values["words"]) if text)
        faults.pop("words", None)
    return values, faults


def _value(field: Field, given: str) -> tuple[Any, str]:
    if field.kind == "choice":
        known = given in {code for code, _ in field.choices}
        return (given, "") if known else (None, field.missing or N_("Choose one of the list"))
    if field.kind == "money":
        return _money(given)
    if field.kind == "month":
        return _month(given)
    if field.kind == "day":
        return _day(given)
    # What is recorded is never taken back: a number in it would stand there for good.
    return (given, N_("Leave whole id numbers out of it")) if holds_id(given) else (given, "")


def _money(given: str) -> tuple[Any, str]:
    found = _MONEY.fullmatch(given.replace(",", ""))
    if not found:
        return None, N_("Enter an amount in yuan, such as 812.50")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")), ""


def _month(given: str) -> tuple[Any, str]:
    try:
        return str(Period.parse(given)), ""
    except PeriodInvalid:
        return None, N_("Enter a month as year and month, such as 2026-11")


def _day(given: str) -> tuple[Any, str]:
    try:
        return date.fromisoformat(given).isoformat(), ""
    except ValueError:
        return None, N_("Enter a day as year, month and day, such as 2026-11-23")
