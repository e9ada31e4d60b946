"""Pairs drawn for people to judge: so many of each kind, the same ones for the same run and seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import NotFound
from pipelines.run.judged_pairs import BY_SCORE, JUDGED, MATCH, run_to_judge
from pipelines.run.judging import Targets, targets_of
from pipelines.run.month import Run
from pipelines.run.published import read_table
from pipelines.s4_link import default_settings

MILLION = 1_000_000
_NEAR = 8  # odds within this factor of the threshold: three bits
Stratum: TypeAlias = tuple[str, str, str, bool]  # match or review, method, source, near the threshold
_PLAIN = ("record_id", "source", "method", "probability_ppm")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A pair of linked_match or linked_review to be judged."""

    pair: str
    source: str
    method: str
    outcome: str  # match, or the reason of the review
    is_near: bool
    probability_ppm: int | None
    record: str
    member_id: str
    household_id: str
    comparisons: list[dict[str, Any]]
    verdict: str | None  # given already on this very pair


def draw(
    *,
    count: int,
    seed: str,
    methods: tuple[str, ...] = (),
    source: str | None = None,
    run_id: str | None = None,
    month: str | None = None,
    where: Mapping[str, object] | None = None,
) -> list[Drawn]:
    """Every kind of pair takes its turn until enough are drawn; the same pairs for the same run and seed."""
    if count < 1:
        raise NotFound("a sample needs at least one pair", place=f"--n {count}")
    run = run_to_judge(run_id, month, where)
    targets = targets_in_force(run)
    strata: dict[Stratum, list[str]] = defaultdict(list)
    for row in _plain_rows(run):
        wanted = row["method"] != JUDGED and (not methods or row["method"] in methods)
        if wanted and source in (None, row["source"]):
            near = is_near(row["probability_ppm"], row["method"], targets)
            strata[_stratum(row["outcome"], row["method"], row["source"], near)].append(row["record_id"])
    return _told(run, _in_turns(strata, seed)[:count])


def targets_in_force(run: Run) -> Targets:
    """Those approved when the run was opened, else those of settings.yaml."""
    approved = targets_of(run)
    if approved:
        return approved
    match, review = (
        Fraction(error) for error in (default_settings().match_error, default_settings().review_error)
    )
    return Targets(
        match_error=(match.numerator, match.denominator), review_error=(review.numerator, review.denominator)
    )


def is_near(ppm: int | None, method: str, targets: Targets) -> bool:
    """Whether the odds of a scored pair are within a factor of eight of those a match needs."""
    if ppm is None or method not in BY_SCORE:
        return False
    wrong, of = targets.match_error
    odds, needed = ppm * wrong, (of - wrong) * (MILLION - ppm)
    return needed <= odds * _NEAR and odds <= needed * _NEAR


def _plain_rows(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in ("linked_match", "linked_review"):
        table = read_table(run, name)
        columns = [*_PLAIN, *(["reason"] if name == "linked_review" else [])]
        found += [row | {"outcome": row.get("reason", MATCH)} for row in table.select(columns).to_pylist()]
    return found


def _stratum(outcome: str, method: str, source: str, near: bool) -> Stratum:
    return ("match" if outcome == MATCH else "review", method, source, near)


def _shuffled(pairs: list[str], seed: str) -> list[str]:
    """By a digest keyed with the seed: neither the order of rows nor the number of other pairs shows."""
    key = blake2b(seed.encode(), digest_size=32).digest()
    return sorted(pairs, key=lambda pair: (blake2b(pair.encode(), key=key, digest_size=16).digest(), pair))


def _in_turns(strata: dict[Stratum, list[str]], seed: str) -> list[str]:
    """Kinds take turns, those near the threshold first; within a kind its sources take turns."""
    kinds: dict[tuple[bool, str, str], dict[str, list[str]]] = defaultdict(dict)
    for (kind, method, source, near), pairs in strata.items():
        kinds[(not near, kind, method)][source] = _shuffled(pairs, seed)
    by_kind = [
        _dealt([sources[name] for name in _shuffled(list(sources), seed)])
        for _, sources in sorted(kinds.items())
    ]
    return _dealt(by_kind)


def _dealt(piles: list[list[str]]) -> list[str]:
    """One from each pile in turn, until all are empty."""
    rounds = max(map(len, piles), default=0)
    return [pile[turn] for turn in range(rounds) for pile in piles if turn < len(pile)]


def _told(run: Run, chosen: list[str]) -> list[Drawn]:
    words = {said.pair: said.verdict for said in run.shop.ledger.judgements(run.jurisdiction)}
    targets = targets_in_force(run)
    rows: dict[str, Drawn] = {}
    for name in ("linked_match", "linked_review"):
        table = read_table(run, name)
        wanted = pc.is_in(table["record_id"], value_set=pa.array(chosen, pa.string()))
        for row in table.filter(wanted).to_pylist():
            ppm = row["probability_ppm"]
            rows[row["record_id"]] = Drawn(
                pair=row["record_id"],
                source=row["source"],
                method=row["method"],
                outcome=row.get("reason", MATCH),
                is_near=is_near(ppm, row["method"], targets),
                probability_ppm=ppm,
                record=row["record"],
                member_id=row["member_id"],
                household_id=row["household_id"],
                comparisons=row["comparisons"],
                verdict=words.get(row["record_id"]),
            )
    return [rows[pair] for pair in chosen]
