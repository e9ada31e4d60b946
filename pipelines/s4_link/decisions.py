"""What becomes of each pair: match, review with its reason, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.comparisons import Compared
from pipelines.s4_link.people import People, Rows, Truths, person_codes
from pipelines.s4_link.queries import answer
from pipelines.s4_link.settings import LEVELS, LinkSettings

MATCH = "match"
CONFLICT = "identity_conflict"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Pairs that are kept: their places in `compared`, outcome (match or a review's reason), method."""

    compared: Compared
    at: Rows
    outcomes: list[str]
    methods: list[str]


def decide_exact(compared: Compared, settings: LinkSettings) -> Decided:
    """Same number and agreeing name: a match. Same number and nobody of that name: an identity conflict."""
    agrees = compared.is_level("name", settings.names_that_agree)
    settled = np.isin(compared.records, compared.records[agrees])
    kept = np.flatnonzero(agrees | ~settled)
    is_old = compared.is_level("id", frozenset({"equal_15"}))
    return Decided(
        compared=compared,
        at=kept,
        outcomes=[MATCH if agree else CONFLICT for agree in agrees[kept].tolist()],
        methods=["exact_id15" if old else "exact_id" for old in is_old[kept].tolist()],
    )


def decide_scored(
    con: duckdb.DuckDBPyConnection, compared: Compared, members: People, settings: LinkSettings
) -> Decided:
    """The residual: thresholds, what a match needs, ties, and the bounded name-only reviews."""
    bare, shown = _bare(compared, settings), _shown(compared, members, settings)
    kept = np.flatnonzero(~_never(compared, settings) & (~bare | shown))
    pairs = pa.table(
        {
            "at": pa.array(kept),
            "record": pa.array(compared.records[kept]),
            "member": pa.array(compared.members[kept]),
            "person": pa.array(person_codes(members)[compared.members[kept]]),
            "weight": pa.array(compared.total[kept]),
            "may_match": pa.array(_may_match(compared, settings)[kept] & ~bare[kept]),
            "is_name_only": pa.array(bare[kept]),
        }
    )
    found = _outcomes(con, pairs, settings)
    outcomes = found["outcome"].to_pylist()
    methods = ["name_only" if outcome == "name_only" else "scored" for outcome in outcomes]
    at = np.asarray(found["at"], dtype=np.int64)
    return Decided(compared=compared, at=at, outcomes=outcomes, methods=methods)


def _outcomes(con: duckdb.DuckDBPyConnection, pairs: pa.Table, settings: LinkSettings) -> pa.Table:
    con.register("pair", pairs)
    limits: Mapping[str, int] = {
        "match_threshold": settings.match_threshold,
        "review_threshold": settings.review_threshold,
        "tie_margin": settings.tie_margin,
        "most_per_record": settings.most_reviews_per_record,
        "most_per_member": settings.name_only.most_per_member,
    }
    return answer(con, "decide", limits)


def _never(compared: Compared, settings: LinkSettings) -> Truths:
    never = np.zeros(len(compared.total), dtype=np.bool_)
    for field, levels in settings.never.items():
        never |= compared.is_level(field, levels)
    return never


def _may_match(compared: Compared, settings: LinkSettings) -> Truths:
    """Whether the evidence is of a kind that may match at all, whatever its weight."""
    enough = np.zeros(len(compared.total), dtype=np.bool_)
    for needs in settings.match_needs:
        holds = np.ones(len(compared.total), dtype=np.bool_)
        for field, levels in needs.items():
            holds &= compared.is_level(field, levels)
        enough |= holds
    allowed: Truths = enough & ~compared.is_level("id", settings.match_never_id)
    return allowed


def _bare(compared: Compared, settings: LinkSettings) -> Truths:
    """Nothing but name and place can speak for the pair."""
    rules = settings.name_only
    no_birth = compared.is_level("birth_date", rules.birth_levels)
    bare: Truths = no_birth & compared.is_level("id", rules.id_levels)
    return bare


def _shown(compared: Compared, members: People, settings: LinkSettings) -> Truths:
    """Of those: a rare name, one person among the members, in the same place."""
    rules = settings.name_only
    equal = compared.levels["name"] == LEVELS["name"].index("equal")
    rare = compared.weights["name"] >= rules.min_name_weight
    single = persons_with_name(members)[compared.members] <= rules.most_members_with_name
    shown: Truths = equal & rare & single & compared.is_level("address", rules.address_levels)
    return shown


def persons_with_name(members: People) -> Rows:
    """For each member: how many different persons among the members have that name."""
    names = pc.dictionary_encode(members.rows["name_key"].combine_chunks(), null_encoding="encode")
    codes = np.asarray(names.indices, dtype=np.int64)
    persons = np.unique(np.stack([codes, person_codes(members)]), axis=1)
    counts = np.bincount(persons[0], minlength=max(len(names.dictionary), 1))
    each: Rows = counts[codes]
    return each
