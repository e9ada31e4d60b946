"""The key facts of a registry record as short labelled values, personal ones masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pipelines.base.period import Period
from pipelines.s7_report.cases import Row
from pipelines.s7_report.labels import CODES, lenient
from pipelines.s7_report.masking import mask_place, mask_plate, mask_tail, short
from pipelines.s7_report.texts import Texts

Fact = tuple[str, str]  # label, value


def key_facts(table: str, row: Row, t: Texts) -> list[Fact]:
    """What the record says, without what it left empty."""
    facts = _FACTS.get(table, _no_facts)(row, t)
    return [(label, value) for label, value in facts if value]


def _day(value: date | None, t: Texts) -> str:
    return t.day(value) if value else ""


def _month(value: str | None, t: Texts) -> str:
    return t.month(Period.parse(value)) if value else ""


def _area(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths // 100:,}.{hundredths % 100:02d} m²"


def _no_facts(row: Row, t: Texts) -> list[Fact]:
    return []


def _vehicle(row: Row, t: Texts) -> list[Fact]:
    model = " ".join(part for part in (row["brand"], row["model"]) if part)
    return [
        (t.gettext("Plate"), mask_plate(row["plate_no"])),
        (t.gettext("Vehicle"), short(model)),
        (t.gettext("Vehicle type"), short(row["vehicle_type"])),
        (t.gettext("Plate type"), short(row["plate_type"])),
        (t.gettext("Status"), short(row["status"])),
        (t.gettext("First registered"), _day(row["first_registered_date"], t)),
    ]


def _property(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Use"), lenient(CODES, row["use"], t)),
        (t.gettext("Area"), _area(row["area"])),
        (t.gettext("Location"), mask_place(row["location"])),
        (t.gettext("Right"), lenient(CODES, row["right_state"], t)),
        (t.gettext("Sharing"), lenient(CODES, row["sharing"], t)),
        (t.gettext("Certificate"), mask_tail(row["certificate_no"])),
        (t.gettext("Registered"), _day(row["registered_date"], t)),
    ]


def _pension(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Kind"), lenient(CODES, row["pension_kind"], t)),
        (t.gettext("Amount"), t.yuan(row["amount"])),
        (t.gettext("For month"), _month(row["pay_month"], t)),
        (t.gettext("State"), lenient(CODES, row["state"], t)),
        (t.gettext("Since"), _day(row["start_date"], t)),
    ]


def _death(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Date of death"), _day(row["death_date"], t)),
        (t.gettext("Recorded on"), _day(row["recorded_date"], t)),
    ]


def _payment(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Amount"), t.yuan(row["amount"])),
        (t.gettext("For month"), _month(row["pay_month"], t)),
        (t.gettext("State"), lenient(CODES, row["state"], t)),
        (t.gettext("Account"), mask_tail(row["account_no"])),
    ]


def _recipient(row: Row, t: Texts) -> list[Fact]:
    amount = row["household_amount"]
    person_amount = row["person_amount"]
    return [
        (t.gettext("Listed amount"), "" if amount is None else t.yuan(amount)),
        (t.gettext("Per covered person"), "" if person_amount is None else t.yuan(person_amount)),
    ]


_FACTS: Mapping[str, Callable[[Row, Texts], list[Fact]]] = {
    "vehicle": _vehicle,
    "property": _property,
    "pension": _pension,
    "death": _death,
    "payment": _payment,
    "recipient": _recipient,
}
