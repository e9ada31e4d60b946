"""The pairs that the registry left, decided: those with the same number first, then what they do not settle."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.s4_link.company import Companions
from pipelines.s4_link.comparisons import Levels, counted_once, levels_of
from pipelines.s4_link.decisions import Decided, decide_exact, decide_scored
from pipelines.s4_link.index import Index, Paired
from pipelines.s4_link.judgements import Verdicts
from pipelines.s4_link.learning import agreeing, learn
from pipelines.s4_link.model import Model, weigh
from pipelines.s4_link.people import People, Rows, Truths, person_codes
from pipelines.s4_link.settings import LinkSettings
from pipelines.s4_link.sift import EXACT_STEPS, Sieved


@dataclass(frozen=True, kw_only=True)
class Cascaded:
    """What became of the pairs nobody has judged, by rows of the kept records and of the members.

    `levels` are those of the pairs with the same number, which the model is learned from.
    """

    exact: Decided
    exact_rules: pa.Array
    scored: Decided
    scored_rules: pa.Array
    levels: Levels
    companions: Companions
    model: Model


def cascade(
    found: Sieved, left: People, right: People, index: Index, verdicts: Verdicts, settings: LinkSettings
) -> Cascaded:
    """Decide on the pairs of `found`. `left` are its records and `right` all members."""
    pairs = _open_pairs(found, right, verdicts)
    raw = levels_of(left, right, pairs.exact)
    known = agreeing(raw, settings)
    companions = Companions.of(left, right, (known.records, known.members))
    raw = companions.compared(raw, linked_themselves=True)
    model = learn(exact=raw, records=left, sieved=found, members=right, index=index, settings=settings)
    exact = decide_exact(weigh(counted_once(raw, left, right, settings), left, right, model), right, settings)
    pairs = pairs.without_settled(known.records).without_strangers(left, right, settings)
    residual = companions.compared(levels_of(left, right, pairs.residual))
    compared = weigh(counted_once(residual, left, right, settings), left, right, model)
    scored = decide_scored(compared, right, model, settings)
    return Cascaded(
        exact=exact,
        exact_rules=pairs.exact_rules.take(pa.array(exact.at)),
        scored=scored,
        scored_rules=pairs.residual_rules.take(pa.array(scored.at)),
        levels=raw,
        companions=companions,
        model=model,
    )


@dataclass(frozen=True, kw_only=True)
class _Pairs:
    """Pairs nobody has judged, by rows of the kept records and of the members; the rule that found each."""

    exact: tuple[Rows, Rows]
    exact_rules: pa.Array
    residual: tuple[Rows, Rows]
    residual_rules: pa.Array

    def without_settled(self, records: Rows) -> _Pairs:
        """A record whose number and name are a member's looks for nobody else."""
        return self._with_residual(~np.isin(self.residual[0], records))

    def without_strangers(self, left: People, right: People, settings: LinkSettings) -> _Pairs:
        """A pair that its names alone rule out is not compared any further: most pairs are."""
        names = levels_of(left, right, self.residual, fields=("name",))
        return self._with_residual(~names.is_level("name", settings.never.get("name", frozenset())))

    def _with_residual(self, kept: Truths) -> _Pairs:
        return dataclasses.replace(
            self,
            residual=(self.residual[0][kept], self.residual[1][kept]),
            residual_rules=self.residual_rules.filter(pa.array(kept)),
        )


def _open_pairs(found: Sieved, members: People, verdicts: Verdicts) -> _Pairs:
    pairs = found.pairs
    records = np.searchsorted(found.rows, pairs.records)
    is_open = ~verdicts.removes(records, pairs.members, person_codes(members))
    is_exact = pairs.steps < EXACT_STEPS
    exact, residual = np.flatnonzero(is_open & is_exact), np.flatnonzero(is_open & ~is_exact)
    names = _rule_names(pairs)
    return _Pairs(
        exact=(records[exact], pairs.members[exact]),
        exact_rules=names.take(pa.array(exact)),
        residual=(records[residual], pairs.members[residual]),
        residual_rules=names.take(pa.array(residual)),
    )


def _rule_names(pairs: Paired) -> pa.Array:
    return pa.array(list(pairs.pairs_by_step), pa.string()).take(pa.array(pairs.steps.astype(np.int32)))
