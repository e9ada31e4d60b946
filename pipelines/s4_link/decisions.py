"""What becomes of each pair: match, review with its reason, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.database import in_memory
from pipelines.s4_link.lent import LENT_BY
from pipelines.s4_link.model import Compared, Model
from pipelines.s4_link.people import People, Rows, Truths, person_codes
from pipelines.s4_link.queries import answer
from pipelines.s4_link.settings import LEVELS, LinkSettings

MATCH = "match"
CONFLICT = "identity_conflict"
_REPAIRED = frozenset({"one_edit"})


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Pairs that are kept: their places in `compared`, outcome (match or a review's reason), method."""

    compared: Compared
    at: Rows
    outcomes: list[str]
    methods: list[str]


def decide_exact(compared: Compared, members: People, settings: LinkSettings) -> Decided:
    """Same number and agreeing name: a match. Same number and nobody of that name: an identity conflict."""
    agrees = compared.is_level("name", settings.names_that_agree)
    settled = np.isin(compared.records, compared.records[agrees])
    kept = np.flatnonzero(agrees | ~settled)
    is_old = compared.is_level("id", frozenset({"equal_15"}))
    is_lent = np.asarray(members.rows[LENT_BY].is_valid(), dtype=np.bool_)[compared.members]
    return Decided(
        compared=compared,
        at=kept,
        outcomes=[MATCH if agree else CONFLICT for agree in agrees[kept].tolist()],
        methods=[
            _exact_method(*one) for one in zip(is_old[kept].tolist(), is_lent[kept].tolist(), strict=True)
        ],
    )


def _exact_method(is_old: bool, is_lent: bool) -> str:
    if is_lent:
        return "lent_id"
    return "exact_id15" if is_old else "exact_id"


def decide_scored(compared: Compared, members: People, model: Model, settings: LinkSettings) -> Decided:
    """The residual: thresholds, what a match needs, ties, and the bounded name-only reviews."""
    bare, shown = _holds(compared, settings.name_only.nothing_else), _shown(compared, members, settings)
    kept = np.flatnonzero(~ruled_out(compared, settings) & (~bare | shown))
    pairs = pa.table(
        {
            "at": pa.array(kept),
            "record": pa.array(compared.records[kept]),
            "member": pa.array(compared.members[kept]),
            "person": pa.array(person_codes(members)[compared.members[kept]]),
            "odds": pa.array(compared.odds[kept]),
            "may_match": pa.array(_may_match(compared, settings)[kept] & ~bare[kept]),
            "is_name_only": pa.array(bare[kept]),
        }
    )
    found = _outcomes(pairs, model, settings)
    outcomes = found["outcome"].to_pylist()
    at = np.asarray(found["at"], dtype=np.int64)
    repaired = compared.is_level("id", _REPAIRED)[at].tolist()
    methods = [_method(*one) for one in zip(outcomes, repaired, strict=True)]
    return Decided(compared=compared, at=at, outcomes=outcomes, methods=methods)


def _method(outcome: str, repaired: bool) -> str:
    if outcome == "name_only":
        return "name_only"
    return "repaired_id" if repaired else "scored"


def _outcomes(pairs: pa.Table, model: Model, settings: LinkSettings) -> pa.Table:
    limits: Mapping[str, int] = {
        "match_odds": model.match_odds,
        "review_odds": model.review_odds,
        "tie_margin": settings.tie_margin,
        "most_per_record": settings.most_reviews_per_record,
        "most_per_member": settings.name_only.most_per_member,
    }
    with in_memory(settings.threads) as con:
        con.register("pair", pairs)
        return answer(con, "decide", limits)


def ruled_out(compared: Compared, settings: LinkSettings) -> Truths:
    """Pairs at a level that is never one person, whatever else agrees."""
    never = np.zeros(len(compared.total), dtype=np.bool_)
    for field, levels in settings.never.items():
        never |= compared.is_level(field, levels)
    return never


def _may_match(compared: Compared, settings: LinkSettings) -> Truths:
    """Whether the evidence is of a kind that may match at all, whatever its weight."""
    enough = np.zeros(len(compared.total), dtype=np.bool_)
    for needs in settings.match_needs:
        enough |= _holds(compared, needs)
    allowed: Truths = enough & ~compared.is_level("id", settings.match_never_id)
    return allowed


def _holds(compared: Compared, condition: Mapping[str, frozenset[str]]) -> Truths:
    """For each pair: is every field at one of the levels the condition names."""
    holds = np.ones(len(compared.total), dtype=np.bool_)
    for field, levels in condition.items():
        holds &= compared.is_level(field, levels)
    return holds


def _shown(compared: Compared, members: People, settings: LinkSettings) -> Truths:
    """Of those: a rare name, one person among the members, in the same place."""
    rules = settings.name_only
    equal = compared.levels.of["name"] == LEVELS["name"].index("equal")
    rare = compared.weights["name"] >= rules.min_name_weight
    single = persons_with_name(members)[compared.members] <= rules.most_members_with_name
    shown: Truths = equal & rare & single & compared.is_level("address", rules.address_levels)
    return shown


def persons_with_name(members: People) -> Rows:
    """For each member: how many different persons among the members have that name."""
    names = pc.dictionary_encode(members.rows["name_key"].combine_chunks(), null_encoding="encode")
    codes = np.asarray(names.indices, dtype=np.int64)
    persons = person_codes(members)
    count = int(persons.max(initial=0)) + 1
    pairs = np.sort(codes * count + persons)
    once = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    counts = np.bincount(pairs[once] // count, minlength=max(len(names.dictionary), 1))
    each: Rows = counts[codes]
    return each
