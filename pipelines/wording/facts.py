"""The key facts of a registry record as short labelled values, personal ones masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pipelines.base.period import Period
from pipelines.wording.cases import Row
from pipelines.wording.codes import in_words
from pipelines.wording.labels import CODES, lenient
from pipelines.wording.masking import mask_place, mask_plate, mask_tail, short
from pipelines.wording.texts import Texts

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


def _yuan(value: int | None, t: Texts) -> str:
    return "" if value is None else t.yuan(value)


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
    return [
        (t.gettext("Listed amount"), _yuan(row["household_amount"], t)),
        (t.gettext("Per covered person"), _yuan(row["person_amount"], t)),
    ]


def _contribution(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Paid"), in_words("contribution", "payer", row, t)),
        (t.gettext("Employer"), short(row["employer"] or "")),
        (t.gettext("Contribution base"), t.yuan(row["base"])),
        (t.gettext("For month"), _month(row["fee_month"], t)),
    ]


def _provident_fund(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Employer"), short(row["employer"] or "")),
        (t.gettext("Contribution base"), _yuan(row["base"], t)),
        (t.gettext("Account balance"), t.yuan(row["balance"])),
        (t.gettext("Paid up to"), _month(row["paid_to_month"], t)),
        (t.gettext("State"), in_words("provident_fund", "state", row, t)),
        (t.gettext("Account"), mask_tail(row["account_no"])),
    ]


def _bank_balance(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Institution"), short(row["institution"])),
        (t.gettext("Kind"), in_words("bank_balance", "account_kind", row, t)),
        (t.gettext("Account balance"), t.yuan(row["balance"])),
        (t.gettext("Balance on"), _day(row["asked_date"], t)),
        (t.gettext("Account"), mask_tail(row["account_no"])),
    ]


def _taxed_income(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Kind"), in_words("taxed_income", "income_kind", row, t)),
        (t.gettext("Income of the period"), t.yuan(row["amount"])),
        (t.gettext("Period"), f"{_day(row['period_start'], t)} – {_day(row['period_end'], t)}"),
        (t.gettext("Withholding agent"), short(row["agent"] or "")),
    ]


def _business(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Business"), short(row["business_name"] or "")),
        (t.gettext("Kind"), in_words("business", "business_kind", row, t)),
        (t.gettext("State"), in_words("business", "state", row, t)),
        (t.gettext("Registered capital"), _yuan(row["capital"], t)),
        (t.gettext("Established"), _day(row["established_date"], t)),
        (t.gettext("Business number"), short(row["business_no"])),
    ]


def _business_role(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Post or share"), in_words("business_role", "role", row, t)),
        (t.gettext("Subscribed capital"), _yuan(row["share"], t)),
        (t.gettext("Business number"), short(row["business_no"])),
    ]


def _registered_person(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("State"), in_words("registered_person", "state", row, t)),
        (t.gettext("Date of death"), _day(row["death_date"], t)),
        (t.gettext("Hukou book"), mask_tail(row["book_no"])),
        (t.gettext("Address"), mask_place(row["address"])),
    ]


def _marriage(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Event"), in_words("marriage", "event", row, t)),
        (t.gettext("Registered"), _day(row["event_date"], t)),
        (t.gettext("Registry office"), short(row["office"] or "")),
    ]


def _disability(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Category"), in_words("disability", "category", row, t)),
        (t.gettext("Level"), in_words("disability", "level", row, t)),
        (t.gettext("State"), in_words("disability", "state", row, t)),
        (t.gettext("Issued"), _day(row["issued_date"], t)),
    ]


def _custody(row: Row, t: Texts) -> list[Fact]:
    """Where a person is held stays in the register."""
    return [
        (t.gettext("State"), in_words("custody", "state", row, t)),
        (t.gettext("Since"), _day(row["start_date"], t)),
        (t.gettext("Until"), _day(row["end_date"], t)),
    ]


def _programme_payment(row: Row, t: Texts) -> list[Fact]:
    return [
        (t.gettext("Kind"), in_words("programme_payment", "programme", row, t)),
        (t.gettext("Amount"), t.yuan(row["amount"])),
        (t.gettext("For month"), _month(row["pay_month"], t)),
        (t.gettext("Account"), mask_tail(row["account_no"])),
    ]


def _registry_fact(row: Row, t: Texts) -> list[Fact]:
    """A registry nobody has written a table for: what it states in its own words."""
    return [
        (t.gettext("Kind"), short(row["fact_kind"])),
        (t.gettext("Number"), mask_tail(row["fact_no"])),
        (t.gettext("Date"), _day(row["fact_date"], t)),
        (t.gettext("Amount"), _yuan(row["amount"], t)),
    ]


_FACTS: Mapping[str, Callable[[Row, Texts], list[Fact]]] = {
    "vehicle": _vehicle,
    "property": _property,
    "pension": _pension,
    "death": _death,
    "payment": _payment,
    "recipient": _recipient,
    "contribution": _contribution,
    "provident_fund": _provident_fund,
    "bank_balance": _bank_balance,
    "taxed_income": _taxed_income,
    "business": _business,
    "business_role": _business_role,
    "registered_person": _registered_person,
    "marriage": _marriage,
    "disability": _disability,
    "custody": _custody,
    "programme_payment": _programme_payment,
    "registry_fact": _registry_fact,
}
