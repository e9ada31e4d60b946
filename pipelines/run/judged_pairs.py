"""A person's verdict on a pair shown in a report: find the pair, keep what was judged and how the machine saw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow.compute as pc

from pipelines.base.errors import NotFound
from pipelines.base.settings import Where
from pipelines.run.judging import in_force
from pipelines.run.month import Run, resume
from pipelines.run.published import published_run, read_table
from pipelines.run.shop import open_shop
from pipelines.s4_link.judgements import NEGATIVE, POSITIVE, UNSURE
from pipelines.s4_link.likeness import LIKENESS, likeness_digest, likenesses
from pipelines.store.judged import Judgement

VERDICT_WORDS: Mapping[str, str] = {"same": POSITIVE, "different": NEGATIVE, "unsure": UNSURE}
MATCH, JUDGED = "match", "judged"
BY_SCORE = ("scored", "repaired_id")  # methods whose pairs a target turns into matches or reviews
_LONGEST = {"by": 100, "reason": 2000}


@dataclass(frozen=True, kw_only=True)
class Given:
    """A recorded verdict, and how far it reaches: the rows of that run that say exactly the same."""

    judgement: Judgement
    rows_alike: int
    is_bare: bool  # neither number nor birth date: other people of that name may look the same

    @property
    def changes_next_run(self) -> bool:
        return self.judgement.verdict != UNSURE


def judge(
    pair: str,
    *,
    verdict: str,
    by: str,
    reason: str,
    run_id: str | None = None,
    month: str | None = None,
    where: Mapping[str, object] | None = None,
) -> Given:
    """Record a verdict (same, different, unsure) on a pair of the named or the published run."""
    _check_words(pair, verdict, by, reason)
    run = run_to_judge(run_id, month, where)
    found = _in_run(run, pair) or _earlier(run, pair)
    if found is None:
        raise NotFound(
            f"no pair is called [{pair}]",
            place=run.run_id,
            remedy="take the id (L-…) from the report, and name its run: --run R-… or --month YYYY-MM",
        )
    said = replace(
        found, verdict=VERDICT_WORDS[verdict], judged_by=by.strip(), reason=reason.strip(), judged_at=None
    )
    return Given(
        judgement=run.shop.ledger.add_judgement(said),
        rows_alike=_rows_alike(run, said),
        is_bare=not said.likeness["record"]["id_no"] and not said.likeness["record"]["birth_date"],
    )


def run_to_judge(run_id: str | None, month: str | None, where: Mapping[str, object] | None) -> Run:
    """The named run, or the published one of the month (of the latest month when none is named)."""
    return resume(run_id, where) if run_id else published_run(month, where)


def judgement_rows(
    where: Mapping[str, object] | None = None, *, source: str | None = None
) -> list[tuple[Judgement, bool]]:
    """Every verdict, oldest first, and whether it is the one in force."""
    shop = open_shop(Where.of(where))
    given = shop.ledger.judgements(shop.where.jurisdiction)
    standing = {said.sequence for said in in_force(given).verdicts.values()}
    return [(said, said.sequence in standing) for said in given if source in (None, said.source)]


def _check_words(pair: str, verdict: str, by: str, reason: str) -> None:
    if verdict not in VERDICT_WORDS:
        raise NotFound(f"no verdict is called [{verdict}]", place=pair, remedy="same, different or unsure")
    if not by.strip() or not reason.strip():
        raise NotFound("a verdict needs a name and a reason", place=pair, remedy="give --by and --reason")
    for name, text in (("by", by), ("reason", reason)):
        if len(text.strip()) > _LONGEST[name]:
            raise NotFound(f"--{name} is longer than {_LONGEST[name]} characters", place=pair)


def _in_run(run: Run, pair: str) -> Judgement | None:
    for name in ("linked_match", "linked_review"):
        table = read_table(run, name)
        rows = table.filter(pc.equal(table["record_id"], pair)).to_pylist()
        if rows:
            return _as_first_seen(run, _unjudged(run, rows[0]))
    return None


def _unjudged(run: Run, row: dict[str, Any]) -> Judgement:
    record, member = likenesses(row["comparisons"])
    return Judgement(
        jurisdiction=run.jurisdiction,
        run_id=run.run_id,
        pair=row["record_id"],
        record=row["record"],
        member_id=row["member_id"],
        source=row["source"],
        table_name=row["table_name"],
        method=row["method"],
        outcome=row.get("reason", MATCH),
        probability_ppm=row["probability_ppm"],
        model=row["model"],
        record_likeness=likeness_digest([row["source"], *(record[name] for name in LIKENESS)]),
        member_likeness=likeness_digest([member[name] for name in LIKENESS]),
        likeness={"record": record, "member": member},
        verdict="",
        judged_by="",
        reason="",
    )


def _as_first_seen(run: Run, seen: Judgement) -> Judgement:
    """A link by judgement says nothing about the machine: what it made of the pair before stays on record."""
    if seen.method != JUDGED:
        return seen
    before = [said for said in run.shop.ledger.judgements(run.jurisdiction) if said.about == seen.about]
    if not before:
        return seen
    first = before[-1]
    return replace(
        seen,
        method=first.method,
        outcome=first.outcome,
        probability_ppm=first.probability_ppm,
        model=first.model,
    )


def _earlier(run: Run, pair: str) -> Judgement | None:
    """A pair judged to be two people is in no later run: it is found where it was judged."""
    given = [said for said in run.shop.ledger.judgements(run.jurisdiction) if said.pair == pair]
    return given[-1] if given else None


def _rows_alike(run: Run, said: Judgement) -> int:
    """Registry rows of this run that say exactly the same and met the same member; 0 when the run has none."""
    records = set()
    for name in ("linked_match", "linked_review"):
        table = read_table(run, name)
        about = pc.and_(pc.equal(table["source"], said.source), pc.equal(table["member_id"], said.member_id))
        for row in table.filter(about).select(["record", "comparisons"]).to_pylist():
            if likenesses(row["comparisons"])[0] == said.likeness["record"]:
                records.add(row["record"])
    return len(records)
