"""The table of a registry the code does not know: what `hedui sources new` maps a sample to."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, Column, Contract, Sensitivity
from pipelines.contracts.parts import ADDRESS, ADDRESS_KEY, PERSON, PLACE

REGISTRY_FACT = Contract(
    name="registry_fact",
    grain="One row per person and fact of a registry without a table of its own; no rule reads it.",
    key=ADDRESS_KEY,
    columns=(
        *ADDRESS,
        *PERSON,
        *PLACE,
        Column(name="fact_kind", type=TEXT, nullable=False, doc="what the registry states, in its own word"),
        Column(
            name="fact_no", type=TEXT, sensitivity=Sensitivity.SENSITIVE, doc="the registry's number of it"
        ),
        Column(name="fact_date", type=DATE, doc="the day of it"),
        Column(name="amount", type=FEN, sensitivity=Sensitivity.SENSITIVE, doc="分"),
    ),
)
