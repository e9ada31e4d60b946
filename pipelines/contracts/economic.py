"""Canonical tables of what people earn and own: contributions, funds, accounts, taxed income, businesses."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, Column, Contract, Sensitivity
from pipelines.contracts.parts import ADDRESS, ADDRESS_KEY, PERSON, PLACE

_SENSITIVE = Sensitivity.SENSITIVE

CONTRIBUTION = Contract(
    name="contribution",
    grain="One row per person, month and insurance paid for. The base is bounded, so it is weak evidence of a wage.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="payer", type=TEXT, nullable=False, doc="employee · flexible (no wage behind it)"),
        Column(name="employer", type=TEXT, doc="employer, or the pool of flexible payers"),
        Column(name="fee_month", type=TEXT, nullable=False, doc="YYYY-MM the contribution is for"),
        Column(
            name="base", type=FEN, nullable=False, sensitivity=_SENSITIVE, doc="contribution base, 分 a month"
        ),
        Column(name="own_amount", type=FEN, doc="分 paid by the person"),
        Column(name="employer_amount", type=FEN, doc="分 paid by the employer"),
    ),
)

PROVIDENT_FUND = Contract(
    name="provident_fund",
    grain="One row per housing provident fund account.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="account_no", type=TEXT, nullable=False, sensitivity=_SENSITIVE, doc="account number"),
        Column(name="employer", type=TEXT, doc="employer"),
        Column(name="base", type=FEN, sensitivity=_SENSITIVE, doc="contribution base, 分 a month"),
        Column(name="own_amount", type=FEN, doc="分 a month by the person"),
        Column(name="employer_amount", type=FEN, doc="分 a month by the employer"),
        Column(name="balance", type=FEN, nullable=False, sensitivity=_SENSITIVE, doc="balance in 分"),
        Column(name="paid_to_month", type=TEXT, doc="YYYY-MM paid up to"),
        Column(name="state", type=TEXT, nullable=False, doc="active · sealed · closed · frozen"),
        Column(name="opened_date", type=DATE, doc="opening"),
    ),
)

BANK_BALANCE = Contract(
    name="bank_balance",
    grain="One row per account or holding a financial institution answers for.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="institution", type=TEXT, nullable=False, doc="bank, insurer or broker"),
        Column(
            name="account_kind", type=TEXT, nullable=False, doc="deposit · securities · wealth · insurance"
        ),
        Column(
            name="account_no", type=TEXT, sensitivity=_SENSITIVE, doc="account number, masked by the sender"
        ),
        Column(
            name="balance", type=FEN, nullable=False, sensitivity=_SENSITIVE, doc="分 on the day asked about"
        ),
        Column(name="asked_date", type=DATE, nullable=False, doc="the day of the balance"),
    ),
)

TAXED_INCOME = Contract(
    name="taxed_income",
    grain="One row per person, withholding agent and kind of income in a tax period.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(
            name="income_kind", type=TEXT, nullable=False, doc="wage · labour · author · royalty · business"
        ),
        Column(
            name="amount", type=FEN, nullable=False, sensitivity=_SENSITIVE, doc="income of the period in 分"
        ),
        Column(name="period_start", type=DATE, nullable=False, doc="first day of the tax period"),
        Column(name="period_end", type=DATE, nullable=False, doc="last day of the tax period"),
        Column(name="tax", type=FEN, doc="tax due in 分"),
        Column(name="agent", type=TEXT, doc="withholding agent"),
    ),
)

BUSINESS = Contract(
    name="business",
    grain="One row per registered business. It names no person: see business_role.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        Column(name="business_no", type=TEXT, nullable=False, doc="the register's number of the business"),
        Column(name="credit_code", type=TEXT, doc="unified social credit code, upper case"),
        Column(name="business_name", type=TEXT, doc="name"),
        Column(
            name="business_kind", type=TEXT, nullable=False, doc="individual · company · cooperative · other"
        ),
        Column(name="state", type=TEXT, nullable=False, doc="live · cancelled · revoked · moved_out"),
        Column(name="capital", type=FEN, doc="registered capital in 分"),
        Column(name="established_date", type=DATE, doc="established"),
        *PLACE,
    ),
)

BUSINESS_ROLE = Contract(
    name="business_role",
    grain="One row per person and post or share in a business.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        Column(name="business_no", type=TEXT, nullable=False, doc="the register's number of the business"),
        Column(
            name="role",
            type=TEXT,
            nullable=False,
            doc="operator · legal_representative · shareholder · cooperative_member · officer",
        ),
        Column(name="share", type=FEN, sensitivity=_SENSITIVE, doc="subscribed capital of the person in 分"),
    ),
)
