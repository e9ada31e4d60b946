"""A pair on a terminal: its sentence, how it was found and decided, and the waterfall of its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipelines.lineage.explaining import Step, Waterfall
from pipelines.run.told import aligned
from pipelines.wording.explained import PRIORS, RULES, explained, percent
from pipelines.wording.labels import FIELDS, METHODS, REVIEW_REASONS, lenient, level_title
from pipelines.wording.texts import Language, Texts, texts

Shown = Callable[[str, str | None], str]
"""A field's value as the reader may see it."""


def whole(_: str, value: str | None) -> str:
    """For an auditor: the value itself."""
    return value or "—"


def explained_lines(fall: Waterfall, language: Language, shown: Shown = whole) -> Iterator[str]:
    """The sentence, then how it came about, then every weight with the running total."""
    t = texts(language)
    yield explained(fall, t)
    yield " · ".join(_how(fall, t))
    rows = [_row(step, shown, t) for step in fall.steps]
    if fall.prior is not None:
        rows.insert(0, _first(fall, fall.prior, t))
    for row in aligned(rows) if rows else ():
        yield "  ".join(row).rstrip()
    yield _result(fall, t)


def _how(fall: Waterfall, t: Texts) -> list[str]:
    """Method, reason of a review, blocking rule, thresholds, model."""
    how = [f"{lenient(METHODS, fall.method, t)} [{fall.method}]"]
    if fall.reason:
        how.append(f"{lenient(REVIEW_REASONS, fall.reason, t)} [{fall.reason}]")
    if fall.rule:
        found_by = "候选规则" if t.is_zh else "found by"
        how.append(f"{found_by} {lenient(RULES, fall.rule, t)} [{fall.rule}]")
    if fall.figures and fall.figures.match_odds is not None and fall.figures.review_odds is not None:
        words = ("匹配 ≥", "待确认 ≥") if t.is_zh else ("match ≥", "review ≥")
        how.append(f"{words[0]} {bits(fall.figures.match_odds)} ({fall.figures.match_error})")
        how.append(f"{words[1]} {bits(fall.figures.review_odds)} ({fall.figures.review_error})")
    return [*how, *([fall.model] if fall.model else [])]


def _first(fall: Waterfall, prior: int, t: Texts) -> tuple[str, ...]:
    before = t.gettext("Before comparing")
    return (before, bits(prior), bits(prior), f"{lenient(PRIORS, fall.kind, t)} [{fall.kind}]", "")


def _row(step: Step, shown: Shown, t: Texts) -> tuple[str, ...]:
    return (
        lenient(FIELDS, step.field, t),
        bits(step.weight),
        bits(step.total),
        f"{level_title(step.field, step.level, t)} [{step.level}]",
        f"{shown(step.field, step.record_value)} | {shown(step.field, step.member_value)}",
    )


def _result(fall: Waterfall, t: Texts) -> str:
    word = "合计" if t.is_zh else "total"
    sure = percent(fall.probability_ppm, t)
    return f"{word} {bits(fall.end)} bit" + (f" = {sure}" if sure and fall.odds is not None else "")


def bits(weight: int) -> str:
    """+14.850 of 14850 thousandths."""
    sign = "−" if weight < 0 else "+"
    return f"{sign}{abs(weight) // 1000}.{abs(weight) % 1000:03d}"
