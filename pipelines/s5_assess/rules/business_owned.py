"""Counted members have a post or share in more live businesses of the pack's capital than the limit.

Which roles count is the pack's: a nominal member of a co-operative never does. A live business whose capital
is not known gives "cannot_verify"; what may be a kiosk without employees gives "to_confirm".
detail: businesses: [{capital (分), established, kind, roles}], capital_from (分), kiosks, unknown_capital (businesses)
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="business_owned",
    sentence_zh="家庭成员在达到注册资本限额的存续市场主体中任职或持股。",
    sentence_en="Counted members have a post or share in live businesses of more capital than is allowed.",
    unit="count",
    basis="assets.businesses.capital",
    sources=("assets.businesses.sources",),
    parameters={"limit": "assets.businesses.limit", "capital": "assets.businesses.capital"},
)
