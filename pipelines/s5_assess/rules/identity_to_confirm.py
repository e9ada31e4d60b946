"""Pairs under review that would matter if they were true. One line per member; nothing of it is counted.

value: records under review; detail: balances, businesses, deaths, dwellings, non_residential, pensions,
vehicles, wages (counts), reasons, sources
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="identity_to_confirm",
    sentence_zh="有登记记录可能属于该成员，需先核实身份。",
    sentence_en="Registry records may be this member's: confirm the identity first.",
    unit="count",
    basis="",
    parameters={
        "dwelling_limit": "assets.dwellings.limit",
        "balance_months": "assets.financial.months",
    },
    reads_last_day=True,
)
