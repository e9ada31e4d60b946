"""Codes of the canonical tables in words, by table and column: the same code says another thing elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.wording.cases import Row
from pipelines.wording.labels import lenient
from pipelines.wording.texts import N_, Texts

_WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("contribution", "payer"): {
        "employee": N_("through an employer"),
        "flexible": N_("on one's own (flexible employment)"),
    },
    ("provident_fund", "state"): {
        "active": N_("paid in"),
        "sealed": N_("sealed"),
        "closed": N_("closed"),
        "frozen": N_("frozen"),
    },
    ("bank_balance", "account_kind"): {
        "deposit": N_("deposit"),
        "securities": N_("securities"),
        "wealth": N_("wealth product"),
        "insurance": N_("insurance"),
    },
    ("taxed_income", "income_kind"): {
        "wage": N_("wages and salaries"),
        "labour": N_("labour services"),
        "author": N_("author's fees"),
        "royalty": N_("royalties"),
        "business": N_("business income"),
    },
    ("business", "business_kind"): {
        "individual": N_("individual business"),
        "company": N_("company"),
        "cooperative": N_("farmers' co-operative"),
        "other": N_("other"),
    },
    ("business", "state"): {
        "live": N_("live"),
        "cancelled": N_("cancelled"),
        "revoked": N_("licence revoked"),
        "moved_out": N_("moved out"),
    },
    ("business_role", "role"): {
        "operator": N_("operator"),
        "legal_representative": N_("legal representative"),
        "shareholder": N_("shareholder"),
        "cooperative_member": N_("member of a co-operative"),
        "officer": N_("director, supervisor or manager"),
    },
    ("registered_person", "state"): {
        "registered": N_("registered"),
        "dead": N_("cancelled by death"),
        "moved_out": N_("moved out"),
    },
    ("marriage", "event"): {
        "marriage": N_("marriage"),
        "divorce": N_("divorce"),
        "annulled": N_("marriage annulled"),
        "reissued": N_("certificate reissued"),
    },
    ("disability", "category"): {
        "visual": N_("visual"),
        "hearing": N_("hearing"),
        "speech": N_("speech"),
        "physical": N_("physical"),
        "intellectual": N_("intellectual"),
        "mental": N_("mental"),
        "multiple": N_("multiple"),
    },
    ("disability", "level"): {
        "1": N_("level 1"),
        "2": N_("level 2"),
        "3": N_("level 3"),
        "4": N_("level 4"),
    },
    ("disability", "state"): {
        "valid": N_("valid"),
        "cancelled": N_("cancelled"),
        "expired": N_("expired"),
        "moved_out": N_("moved out"),
    },
    ("custody", "state"): {
        "held": N_("held"),
        "medical": N_("released for medical treatment"),
        "released": N_("term served"),
        "community": N_("in the community"),
    },
    ("programme_payment", "programme"): {
        "elder_allowance": N_("allowance for the very old"),
        "disability_living": N_("living subsidy, disability"),
        "disability_care": N_("care subsidy, disability"),
        "preferential": N_("preferential pension"),
        "farmland": N_("farmland subsidy"),
        "temporary_aid": N_("temporary assistance"),
    },
}


def words_of(table: str, column: str, code: str, t: Texts) -> str:
    """What a code of a table's column means, or the code itself where nobody has put it in words."""
    return lenient(_WORDS[table, column], code, t)


def in_words(table: str, column: str, row: Row, t: Texts) -> str:
    """What the row's code means, or the code itself where nobody has put it in words."""
    return words_of(table, column, row[column], t)
