"""Canonical tables: one row per person a registry row names, ids, names, dates and money standardised."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, TRUTH, WHOLE, Column, Contract, Sensitivity
from pipelines.contracts.parts import ADDRESS, ADDRESS_KEY, PERSON, PLACE

_PERSONAL = Sensitivity.PERSONAL

RECIPIENT = Contract(
    name="recipient",
    grain="One row per person named on one row of an assistance list.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="household_no", type=TEXT, nullable=False, doc="the list's own household number"),
        Column(name="programme", type=TEXT, nullable=False, doc="dibao_urban · dibao_rural · tekun"),
        Column(name="town", type=TEXT, doc="township or street; empty on member lists that do not carry it"),
        Column(name="village", type=TEXT, doc="village or community"),
        Column(name="is_head", type=TRUTH, nullable=False, doc="head of household"),
        Column(
            name="is_covered", type=TRUTH, nullable=False, doc="benefits; false for family who only count"
        ),
        Column(name="relation", type=TEXT, doc="relation to the head, as delivered"),
        Column(name="category", type=TEXT, doc="full (全额) or partial (差额); of 特困: institution or home"),
        Column(
            name="covered_stated", type=WHOLE, doc="persons covered, as the list states for the household"
        ),
        Column(name="household_amount", type=FEN, doc="分 a month for the whole household"),
        Column(name="person_amount", type=FEN, doc="分 a month for each covered person"),
        Column(name="start_date", type=DATE, doc="first month of benefit"),
        Column(name="account_no", type=TEXT, sensitivity=Sensitivity.SENSITIVE, doc="account paid into"),
    ),
)

PAYMENT = Contract(
    name="payment",
    grain="One row per payment instruction: household and month.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="household_no", type=TEXT, nullable=False, doc="the list's own household number"),
        Column(name="pay_month", type=TEXT, nullable=False, doc="YYYY-MM the payment is for"),
        Column(name="amount", type=FEN, nullable=False, doc="分"),
        Column(name="account_no", type=TEXT, sensitivity=Sensitivity.SENSITIVE, doc="account paid into"),
        Column(name="state", type=TEXT, nullable=False, doc="paid · returned"),
    ),
)

VEHICLE = Contract(
    name="vehicle",
    grain="One row per motor vehicle and registered owner.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="vehicle_no", type=TEXT, nullable=False, doc="the register's serial number (XH)"),
        Column(name="plate_no", type=TEXT, sensitivity=_PERSONAL, doc="plate"),
        Column(
            name="plate_type",
            type=TEXT,
            nullable=False,
            doc="GA/T 16 plate type: 02 small car, 07 motorcycle …",
        ),
        Column(
            name="vehicle_type",
            type=TEXT,
            nullable=False,
            doc="GA/T 16 vehicle type: K33 saloon, M21, N11, T11 …",
        ),
        Column(name="use_code", type=TEXT, doc="GA/T 16 use: A private, F freight …"),
        Column(name="brand", type=TEXT, doc="brand"),
        Column(name="model", type=TEXT, doc="model"),
        Column(
            name="status",
            type=TEXT,
            nullable=False,
            doc="status letters, one or more: A normal, B, E, M, P gone …",
        ),
        Column(name="first_registered_date", type=DATE, doc="first registration"),
        Column(name="is_mortgaged", type=TRUTH, doc="mortgaged"),
    ),
)

PROPERTY = Contract(
    name="property",
    grain="One row per registered right in real property and owner.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(
            name="unit_no",
            type=TEXT,
            doc="real-property unit number (28 characters) where the register has one",
        ),
        Column(name="certificate_no", type=TEXT, nullable=False, doc="certificate number"),
        Column(name="location", type=TEXT, sensitivity=_PERSONAL, doc="where it lies, blanks out"),
        Column(name="use", type=TEXT, nullable=False, doc="dwelling · parking · shop · office"),
        Column(name="area", type=WHOLE, doc="building area in 0.01 m²"),
        Column(name="right_state", type=TEXT, nullable=False, doc="current · historical"),
        Column(name="sharing", type=TEXT, nullable=False, doc="sole · common"),
        Column(name="registered_date", type=DATE, doc="registration"),
        Column(
            name="price",
            type=FEN,
            sensitivity=Sensitivity.SENSITIVE,
            doc="transaction price in 分, often empty",
        ),
        Column(name="is_mortgaged", type=TRUTH, doc="mortgaged"),
    ),
)

PENSION = Contract(
    name="pension",
    grain="One row per pension paid to a person in a month.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="pension_kind", type=TEXT, nullable=False, doc="employee · resident"),
        Column(name="pension_no", type=TEXT, doc="the scheme's personal number"),
        Column(name="pay_month", type=TEXT, nullable=False, doc="YYYY-MM it is paid for"),
        Column(name="amount", type=FEN, nullable=False, sensitivity=Sensitivity.SENSITIVE, doc="分 a month"),
        Column(name="start_date", type=DATE, doc="first month of pension"),
        Column(name="state", type=TEXT, nullable=False, doc="paid · suspended · ended"),
    ),
)

DEATH = Contract(
    name="death",
    grain="One row per death as one registry records it; the same death may stand in several.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="registry", type=TEXT, nullable=False, doc="police · cremation · medical"),
        Column(name="death_date", type=DATE, nullable=False, sensitivity=_PERSONAL, doc="date of death"),
        Column(name="recorded_date", type=DATE, doc="date of cancellation or cremation"),
    ),
)
