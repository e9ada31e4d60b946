"""The verdicts and targets in force for a run: part of its key, so that a verdict makes the next run another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipelines.base.errors import StoreCorrupt
from pipelines.base.ids import digest_parts
from pipelines.s4_link.judgements import JUDGEMENTS, UNSURE

if TYPE_CHECKING:
    from pipelines.run.month import Run
    from pipelines.store.judged import Judgement
    from pipelines.store.ledger import Ledger

About = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Targets:
    """How often the weakest match, and the weakest review, may be wrong: numerator and denominator."""

    match_error: tuple[int, int]
    review_error: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The latest verdict on each pair of likenesses, without the unsure ones; `until` is the last that changed it."""

    verdicts: dict[About, Judgement]
    until: int

    @property
    def digest(self) -> str:
        return digest_parts(
            part for about, said in sorted(self.verdicts.items()) for part in (*about, said.verdict)
        )


def latest(judgements: Iterable[Judgement]) -> dict[About, Judgement]:
    """The last word on each pair of likenesses, unsure ones too."""
    return {said.about: said for said in judgements}


def in_force(judgements: Iterable[Judgement]) -> InForce:
    """What the verdicts come to. One that repeats what was in force changes nothing and makes no other run."""
    verdicts: dict[About, Judgement] = {}
    until = 0
    for said in judgements:
        before = verdicts.pop(said.about, None)
        if said.verdict != UNSURE:
            verdicts[said.about] = said
        if (before.verdict if before else UNSURE) != said.verdict:
            until = said.sequence
    return InForce(verdicts=verdicts, until=until)


def judgement_key(ledger: Ledger, jurisdiction: str) -> dict[str, Any] | None:
    """What of the verdicts a run depends on; None as long as nobody judged anything."""
    now_in_force = in_force(ledger.judgements(jurisdiction))
    if not now_in_force.until:
        return None
    return {"until": now_in_force.until, "in_force": now_in_force.digest}


def judgements_table(run: Run) -> pa.Table | None:
    """The verdicts in force when the run was opened, for `link`; None when there are none."""
    key = run.key.get("judgements")
    if not key:
        return None
    given = run.shop.ledger.judgements(run.jurisdiction)
    then = in_force(said for said in given if said.sequence <= key["until"])
    if then.digest != key["in_force"]:
        raise StoreCorrupt(
            "the ledger's verdicts are not those the run was opened with",
            place=run.run_id,
            remedy="use the ledger the run was opened with, or run the month again",
        )
    rows = [
        {"source": said.source, **said.likeness, "verdict": said.verdict}
        for _, said in sorted(then.verdicts.items())
    ]
    return pa.Table.from_pylist(rows, schema=JUDGEMENTS) if rows else None


def approved_targets(ledger: Ledger, jurisdiction: str) -> Targets | None:
    """The targets a person approved last; None when nobody did and those of settings.yaml hold."""
    given = ledger.approvals(jurisdiction)
    if not given:
        return None
    return Targets(match_error=_parts(given[-1].match_error), review_error=_parts(given[-1].review_error))


def target_key(ledger: Ledger, jurisdiction: str) -> dict[str, list[int]] | None:
    """The approved targets as a run's key holds them."""
    targets = approved_targets(ledger, jurisdiction)
    if targets is None:
        return None
    return {"match_error": [*targets.match_error], "review_error": [*targets.review_error]}


def targets_of(run: Run) -> Targets | None:
    """The targets that were approved when the run was opened; None when those of settings.yaml hold."""
    key = run.key.get("link_targets")
    if not key:
        return None
    match, review = ((int(part[0]), int(part[1])) for part in (key["match_error"], key["review_error"]))
    return Targets(match_error=match, review_error=review)


def _parts(fraction: str) -> tuple[int, int]:
    numerator, denominator = fraction.split("/")
    return int(numerator), int(denominator)
