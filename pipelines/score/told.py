"""A score as aligned text."""

from __future__ import annotations

from pipelines.score.counts import Counts, Share
from pipelines.score.score import Score


def score_lines(result: Score) -> list[str]:
    """The score as aligned text: precision and recall with 95 % intervals, and the counts behind them."""
    lines = [_heading("links"), _line("all", result.links)]
    lines += [_line(name, counts) for name, counts in result.links_by_source.items()]
    lines += ["", _heading("links by damage (recall only)")]
    lines += [_line(name, counts, precision=False) for name, counts in result.links_by_damage.items()]
    lines += ["", _heading("links by group")]
    lines += [_line(name, counts) for name, counts in result.links_by_group.items()]
    lines += ["", _heading("flags"), _line("all", result.flags)]
    lines += [_line(name, counts) for name, counts in result.flags_by_code.items()]
    lines += ["", _heading("candidates for help")]
    lines += [_line(name, counts) for name, counts in result.candidates_by_kind.items()]
    lines += ["", f"pairs in review: {result.reviews_right} right, {result.reviews_wrong} wrong"]
    if result.members_unknown:
        lines.append(f"members the truth does not know: {result.members_unknown}")
    return lines


def _heading(title: str) -> str:
    return f"{title:<30}{'precision':>24}{'recall':>26}{'found':>8}{'false':>7}{'missed':>8}{'review':>8}"


def _line(name: str, counts: Counts, *, precision: bool = True) -> str:
    shown = _percent(counts.precision) if precision else "-"
    numbers = f"{counts.found:>8}{counts.false:>7}{counts.missed:>8}{counts.in_review:>8}"
    return f"{name:<30}{shown:>24}{_percent(counts.recall):>26}{numbers}"


def _percent(share: Share) -> str:
    if share.value is None:
        return "-"
    low, high = (float(bound) * 100 for bound in share.interval)
    return f"{float(share.value) * 100:.2f} % [{low:.1f}–{high:.1f}]"
