"""Other error targets tried on a finished run: what would change, how the judged pairs fall, and a person's approval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import NotFound
from pipelines.run.judge_rates import Band, Rate, bands, rates
from pipelines.run.judge_sample import targets_in_force
from pipelines.run.judged_pairs import BY_SCORE, run_to_judge
from pipelines.run.judging import Targets, latest
from pipelines.run.month import Run
from pipelines.run.published import read_table
from pipelines.s4_link.judgements import NEGATIVE, POSITIVE
from pipelines.store.judged import Approval, Judgement

MILLION = 1_000_000
CANDIDATES = ("1/64", "1/256", "1/1024", "1/4096")
_BELOW = ("below_match_threshold",)
_LONGEST_NAME, _LONGEST_REASON, _LONGEST_ERROR = 100, 2000, 40

Parts = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A pair of targets on one run. Only pairs decided by their score move; `unseen`: more reviews would come.

    `is_proposed` is the one the verdicts speak for; a person decides.
    """

    match_error: str
    review_error: str
    is_in_force: bool
    is_proposed: bool
    matches: int
    reviews: int
    match_to_review: int
    match_to_nothing: int
    review_to_match: int
    review_to_nothing: int
    unseen: bool
    judged_same_matched: int
    judged_different_matched: int
    judged_same_below: int


@dataclass(frozen=True, kw_only=True)
class JudgementReport:
    """What the verdicts say about the linkage, and what other targets would do to a run."""

    run_id: str
    month: str
    judged: int
    rates: list[Rate]
    bands: list[Band]
    effects: list[Effect]


def judgement_report(
    *,
    match_errors: Sequence[str] = (),
    review_errors: Sequence[str] = (),
    run_id: str | None = None,
    month: str | None = None,
    where: Mapping[str, object] | None = None,
) -> JudgementReport:
    """Error rates of everything judged so far, and every candidate target on the named or published run."""
    run = run_to_judge(run_id, month, where)
    said = list(latest(run.shop.ledger.judgements(run.jurisdiction)).values())
    now = targets_in_force(run)
    reviews = [fraction_of(text) for text in review_errors] or [Fraction(*now.review_error)]
    tried = [
        Targets(match_error=_pair(match), review_error=_pair(review))
        for match in sorted({fraction_of(text) for text in match_errors or CANDIDATES}, reverse=True)
        for review in sorted(set(reviews), reverse=True)
        if match <= review
    ]
    return JudgementReport(
        run_id=run.run_id,
        month=str(run.period),
        judged=len(said),
        rates=rates(said),
        bands=bands(said),
        effects=_effects(run, said, [now, *(targets for targets in tried if targets != now)]),
    )


def approve(
    match_error: str,
    *,
    by: str,
    reason: str,
    review_error: str | None = None,
    run_id: str | None = None,
    month: str | None = None,
    where: Mapping[str, object] | None = None,
) -> tuple[Approval, list[Effect]]:
    """Record the targets of later runs, with the before and after the person is shown."""
    if not by.strip() or not reason.strip():
        raise NotFound("an approval needs a name and a reason", remedy="give --by and --reason")
    if len(by.strip()) > _LONGEST_NAME or len(reason.strip()) > _LONGEST_REASON:
        raise NotFound(f"--by has at most {_LONGEST_NAME} characters and --reason {_LONGEST_REASON}")
    run = run_to_judge(run_id, month, where)
    now = targets_in_force(run)
    wanted = Targets(
        match_error=_pair(fraction_of(match_error)),
        review_error=_pair(fraction_of(review_error)) if review_error else now.review_error,
    )
    if Fraction(*wanted.match_error) > Fraction(*wanted.review_error):
        raise NotFound("a match may not be wrong more often than a review", place="--match-error")
    said = list(latest(run.shop.ledger.judgements(run.jurisdiction)).values())
    effects = _effects(run, said, [now, wanted])
    approval = Approval(
        jurisdiction=run.jurisdiction,
        run_id=run.run_id,
        match_error=_text(wanted.match_error),
        review_error=_text(wanted.review_error),
        effect=[asdict(effect) for effect in effects],
        approved_by=by.strip(),
        reason=reason.strip(),
    )
    return run.shop.ledger.add_approval(approval), effects


def fraction_of(text: str) -> Fraction:
    """1/512; NotFound for anything that is not a part of 1."""
    try:
        fraction = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise NotFound(f"[{text}] is not a fraction", remedy="write it as 1/512") from error
    if not 0 < fraction < 1 or len(str(fraction)) > _LONGEST_ERROR:
        raise NotFound(f"[{text}] is not between 0 and 1", remedy="write it as 1/512")
    return fraction


def reaches(ppm: Parts, error: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which probabilities are at least 1 − error, to the millionth that is kept of them."""
    wrong, of = error
    allowed = -(-MILLION * wrong // of)
    reached: npt.NDArray[np.bool_] = MILLION - ppm <= allowed
    return reached


def _effects(run: Run, said: list[Judgement], tried: list[Targets]) -> list[Effect]:
    matches, reviews = (read_table(run, name) for name in ("linked_match", "linked_review"))
    scored, below = _ppm(matches, "method", BY_SCORE, run), _ppm(reviews, "reason", _BELOW, run)
    fixed = matches.num_rows - len(scored), reviews.num_rows - len(below)
    same, different = (_judged_ppm(said, verdict) for verdict in (POSITIVE, NEGATIVE))
    now = tried[0]
    effects = [_effect(targets, now, scored, below, fixed, same, different) for targets in tried]
    proposed = min(effects, key=_worth)
    return [replace(effect, is_proposed=effect is proposed) for effect in effects]


def _worth(effect: Effect) -> tuple[int, int, int]:
    """A false link weighs most, then a missed one; of equals the one that moves fewest pairs."""
    moved = (
        effect.match_to_review + effect.match_to_nothing + effect.review_to_match + effect.review_to_nothing
    )
    return effect.judged_different_matched, effect.judged_same_below, moved


def _effect(
    targets: Targets,
    now: Targets,
    scored: Parts,
    below: Parts,
    fixed: tuple[int, int],
    same: Parts,
    different: Parts,
) -> Effect:
    stays = reaches(scored, targets.match_error) if targets != now else np.ones(len(scored), dtype=np.bool_)
    # A review that reaches today's threshold is held back by its kind of evidence, and would be by any other.
    rises = reaches(below, targets.match_error) & ~reaches(below, now.match_error)
    seen = reaches(below, targets.review_error) if targets != now else np.ones(len(below), dtype=np.bool_)
    to_review = int((~stays & reaches(scored, targets.review_error)).sum())
    return Effect(
        match_error=_text(targets.match_error),
        review_error=_text(targets.review_error),
        is_in_force=targets == now,
        is_proposed=False,
        matches=fixed[0] + int(stays.sum()) + int(rises.sum()),
        reviews=fixed[1] + int((seen & ~rises).sum()) + to_review,
        match_to_review=to_review,
        match_to_nothing=int((~stays).sum()) - to_review,
        review_to_match=int(rises.sum()),
        review_to_nothing=int((~seen & ~rises).sum()),
        unseen=Fraction(*targets.review_error) > Fraction(*now.review_error),
        judged_same_matched=int(reaches(same, targets.match_error).sum()),
        judged_different_matched=int(reaches(different, targets.match_error).sum()),
        judged_same_below=int((~reaches(same, targets.match_error)).sum()),
    )


def _ppm(table: pa.Table, column: str, values: tuple[str, ...], run: Run) -> Parts:
    """The probabilities of the pairs that a threshold decides."""
    found = table.filter(pc.is_in(table[column], value_set=pa.array(values, pa.string())))
    if found["probability_ppm"].null_count:
        raise NotFound(
            "the run was made before links had a probability",
            place=run.run_id,
            remedy=f"run the month again: hedui run --month {run.period}",
        )
    return np.asarray(found["probability_ppm"], dtype=np.int64)


def _judged_ppm(said: Iterable[Judgement], verdict: str) -> Parts:
    """Of judged pairs that a threshold decided: their probabilities when they were judged."""
    return np.array(
        [
            one.probability_ppm
            for one in said
            if one.verdict == verdict and one.method in BY_SCORE and one.probability_ppm is not None
        ],
        dtype=np.int64,
    )


def _pair(fraction: Fraction) -> tuple[int, int]:
    return fraction.numerator, fraction.denominator


def _text(parts: tuple[int, int]) -> str:
    return f"{parts[0]}/{parts[1]}"
