"""The small side in memory: for every blocking rule which members have a key. Built once, then only read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.s4_link.index.codes import Codes, mixed
from pipelines.s4_link.index.keys import Keys
from pipelines.s4_link.index.side import PLACE_PARTS, REPAIR, Side
from pipelines.s4_link.people import Rows, Truths
from pipelines.s4_link.settings import BlockingRule, LinkSettings

EXACT, EXACT_15 = "exact_id", "exact_id15"


@dataclass(frozen=True, kw_only=True)
class RuleKeys:
    """The members under one rule.

    Rows without a valid number may meet all members; rows whose valid number is nobody's only `waiting` ones:
    those without a valid number of their own or with one that may be cut, or all, if the rule is made for former numbers. `cheap` holds the
    waiting members' keys without the place: it costs an address to know, and most rows end before that.
    """

    rule: BlockingRule
    step: int
    every: Keys
    waiting: Keys
    cheap_parts: tuple[str, ...]
    cheap: Keys | None


@dataclass(frozen=True, kw_only=True)
class Index:
    """Members by id number and by the keys of every rule. `steps` names the steps of the cascade."""

    steps: tuple[str, ...]
    numbers: Keys
    names: Codes
    is_old_form: Truths
    rules: tuple[RuleKeys, ...]
    most_pairs_per_block: int

    @classmethod
    def of(cls, members: pa.Table, settings: LinkSettings) -> Index:
        """The index of these household members under the rules and limits of the settings."""
        side = Side.of_members(members)
        numbered = np.flatnonzero(side.has_number)
        # a repaired number is the strongest of the residual steps: a pair keeps the first step that finds it
        rules = sorted(settings.blocking, key=lambda rule: REPAIR not in rule.parts)
        return cls(
            steps=(EXACT, EXACT_15, *(rule.name for rule in rules)),
            numbers=Keys.of(mixed(side.numbers[numbered]), numbered),
            names=side.names.codes,
            is_old_form=side.is_old_form,
            rules=tuple(_rule_keys(side, rule, step) for step, rule in enumerate(rules, start=2)),
            most_pairs_per_block=settings.most_pairs_per_block,
        )


def _rule_keys(side: Side, rule: BlockingRule, step: int) -> RuleKeys:
    every = _keys(side, np.arange(side.rows), rule.parts)
    doubtful = np.flatnonzero(~side.has_number | side.looks_cut)
    waiting = every if rule.both_valid else _keys(side, doubtful, rule.parts)
    cheap_parts = tuple(part for part in rule.parts if part not in PLACE_PARTS)
    is_placed = bool(cheap_parts) and len(cheap_parts) < len(rule.parts)
    asked = np.arange(side.rows) if rule.both_valid else doubtful
    cheap = _keys(side, asked, cheap_parts) if is_placed else None
    return RuleKeys(rule=rule, step=step, every=every, waiting=waiting, cheap_parts=cheap_parts, cheap=cheap)


def _keys(side: Side, rows: Rows, parts: tuple[str, ...]) -> Keys:
    at, codes = side.keys(rows, parts)
    return Keys.of(codes, at)
