"""Canonical tables of who people are: register, marriage, disability, custody, other payments, authorisation."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, Column, Contract, Sensitivity
from pipelines.contracts.parts import ADDRESS, ADDRESS_KEY, PERSON, PLACE

_SENSITIVE = Sensitivity.SENSITIVE

REGISTERED_PERSON = Contract(
    name="registered_person",
    grain="One row per person in the household register (hukou). A hukou book is not a household.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="former_name", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="former name"),
        Column(name="book_no", type=TEXT, doc="number of the hukou book"),
        Column(name="relation", type=TEXT, doc="relation to the book's head, GB/T 4761 code"),
        Column(name="town", type=TEXT, doc="town code"),
        Column(name="village", type=TEXT, doc="village or community"),
        Column(name="state", type=TEXT, nullable=False, doc="registered · dead · moved_out"),
        Column(name="death_date", type=DATE, sensitivity=Sensitivity.PERSONAL, doc="date of death"),
        Column(
            name="change",
            type=TEXT,
            doc="what a delta line does: create · update · delete; empty in a full file",
        ),
    ),
)

MARRIAGE = Contract(
    name="marriage",
    grain="One row per person of a registered couple and event; slot 0 and 1 of a row are the couple.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="event", type=TEXT, nullable=False, doc="marriage · divorce · annulled · reissued"),
        Column(name="event_date", type=DATE, nullable=False, doc="registration"),
        Column(name="certificate_no", type=TEXT, nullable=False, doc="certificate number"),
        Column(name="office", type=TEXT, doc="registry office"),
    ),
)

DISABILITY = Contract(
    name="disability",
    grain="One row per disability certificate. Its number is the id number and the category and level behind it.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(
            name="certificate_no", type=TEXT, nullable=False, sensitivity=_SENSITIVE, doc="certificate number"
        ),
        Column(
            name="category",
            type=TEXT,
            nullable=False,
            sensitivity=_SENSITIVE,
            doc="visual · hearing · speech …",
        ),
        Column(
            name="level", type=TEXT, nullable=False, sensitivity=_SENSITIVE, doc="1 to 4, 1 the most severe"
        ),
        Column(name="state", type=TEXT, nullable=False, doc="valid · cancelled · expired · moved_out"),
        Column(name="issued_date", type=DATE, doc="issue"),
    ),
)

CUSTODY = Contract(
    name="custody",
    grain="One row per person and term in custody; only state held takes a person out of the household.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(
            name="former_name", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="former name or alias"
        ),
        Column(name="place", type=TEXT, doc="where held"),
        Column(
            name="state",
            type=TEXT,
            nullable=False,
            sensitivity=_SENSITIVE,
            doc="held · medical · released · community",
        ),
        Column(name="start_date", type=DATE, nullable=False, doc="start of the term"),
        Column(name="end_date", type=DATE, doc="end of the term"),
    ),
)

PROGRAMME_PAYMENT = Contract(
    name="programme_payment",
    grain="One row per payment of another programme to a person in a month.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(
            name="programme",
            type=TEXT,
            nullable=False,
            doc="elder_allowance · disability_living · disability_care · preferential · farmland · temporary_aid",
        ),
        Column(name="pay_month", type=TEXT, nullable=False, doc="YYYY-MM it is paid for"),
        Column(name="amount", type=FEN, nullable=False, sensitivity=_SENSITIVE, doc="分"),
        Column(
            name="account_no",
            type=TEXT,
            sensitivity=_SENSITIVE,
            doc="account; its holder is often a relative",
        ),
    ),
)

AUTHORISATION = Contract(
    name="authorisation",
    grain="One row per person, programme and authorisation to look the person up.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="household_no", type=TEXT, nullable=False, doc="the list's own household number"),
        Column(name="authorisation_no", type=TEXT, nullable=False, doc="number of the signed form"),
        Column(name="scope", type=TEXT, nullable=False, doc="all, or source names joined by a comma"),
        Column(name="signed_date", type=DATE, nullable=False, doc="signed"),
        Column(name="valid_to", type=DATE, nullable=False, doc="last day it holds"),
        Column(
            name="withdrawn_date", type=DATE, doc="the day it was withdrawn; from then on it does not hold"
        ),
    ),
)
