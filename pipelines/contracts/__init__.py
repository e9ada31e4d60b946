"""One typed contract per table: grain, key, Arrow schema, sensitivity; `conform()` refuses anything else.

`by_name(name)` finds a contract; `ALL` lists them in the order of the flow.
"""

from __future__ import annotations

from pipelines.base.errors import NotFound
from pipelines.contracts import (
    arrival,
    assessed,
    canonical,
    civil,
    economic,
    flagged,
    generic,
    household,
    linked,
    quality,
)
from pipelines.contracts.contract import Column, Contract, Sensitivity, conform

ALL: tuple[Contract, ...] = (
    arrival.DELIVERY,
    arrival.LANDED_LINE,
    arrival.LINE_ACCOUNT,
    canonical.RECIPIENT,
    canonical.PAYMENT,
    canonical.VEHICLE,
    canonical.PROPERTY,
    canonical.PENSION,
    canonical.DEATH,
    economic.CONTRIBUTION,
    economic.PROVIDENT_FUND,
    economic.BANK_BALANCE,
    economic.TAXED_INCOME,
    economic.BUSINESS,
    economic.BUSINESS_ROLE,
    civil.REGISTERED_PERSON,
    civil.MARRIAGE,
    civil.DISABILITY,
    civil.CUSTODY,
    civil.PROGRAMME_PAYMENT,
    civil.AUTHORISATION,
    generic.REGISTRY_FACT,
    quality.UNHANDLED,
    quality.QUARANTINE,
    quality.EXPECTATION_RESULT,
    quality.QUALITY_SCORE,
    quality.QUARANTINE_SAMPLE,
    household.HOUSEHOLD,
    household.HOUSEHOLD_MEMBER,
    household.MEMBER_AUTHORISATION,
    household.SOURCE_STATUS,
    linked.LINKED_MATCH,
    linked.LINKED_REVIEW,
    linked.LINK_MODEL,
    linked.LENT_NUMBER,
    assessed.ASSESSED_LINE,
    assessed.CANDIDATE,
    assessed.POPULATION_EVENT,
    assessed.ASSESSED_HOUSEHOLD,
    flagged.FLAG,
)

_BY_NAME = {contract.name: contract for contract in ALL}


def by_name(name: str) -> Contract:
    """The contract of a table, or NotFound with the names there are."""
    if name not in _BY_NAME:
        raise NotFound(f"no table is called [{name}]", remedy=f"one of: {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


__all__ = ["ALL", "Column", "Contract", "Sensitivity", "by_name", "conform"]
