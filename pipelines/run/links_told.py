"""The linkage of a run as tables of text, and explained pairs; personal values are masked as on the report's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pipelines.lineage.explaining import Models, waterfall
from pipelines.run.explained_told import bits, explained_lines
from pipelines.run.link_figures import Figures
from pipelines.run.told import aligned
from pipelines.wording.explained import RULES, explained
from pipelines.wording.identity import masked
from pipelines.wording.labels import FIELDS, lenient, level_title
from pipelines.wording.texts import LANGUAGES, Language, Texts, texts

Entry = Mapping[str, Any]
Rows = list[tuple[str, ...]]
_TITLES: Mapping[str, tuple[str, str]] = {
    "links": ("匹配与待确认（按来源和方法）", "links and reviews by source and method"),
    "rules": (
        "候选规则：代价，以及号码被隐去后找回的比例",
        "blocking rules: cost, and recall where the number is hidden",
    ),
    "hidden": ("隐去号码的检验", "the check with hidden numbers"),
    "calibration": ("校准：应为同一人与实为同一人", "calibration: one person as expected and as found"),
    "models": ("先验与阈值（比特）", "priors and thresholds, in bits"),
    "weights": ("权重（比特）：起始与习得", "weights in bits: starting and learned"),
}


def figure_lines(figures: Figures, language: Language) -> list[str]:
    """Every section as an aligned table."""
    t = texts(language)
    lines: list[str] = []
    for name, (zh, en) in _TITLES.items():
        rows = _SECTIONS[name](figures[name], t)
        lines += ["", zh if t.is_zh else en] if lines else [zh if t.is_zh else en]
        lines += ["  ".join(row).rstrip() for row in aligned(rows)] if len(rows) > 1 else ["—"]
    return lines


def pair_lines(pairs: Iterable[Entry], models: Models, language: Language) -> list[str]:
    """Each pair with its sentence and its waterfall."""
    t = texts(language)
    lines: list[str] = []
    for at, pair in enumerate(pairs, start=1):
        lines += ["", f"{at}. {pair['record_id']}  {pair['record']}  {pair['member_id']}"]
        told = explained_lines(
            waterfall(pair, models), language, lambda field, value: masked(field, value, t)
        )
        lines += [f"   {line}" for line in told]
    return lines


def pair_document(pair: Entry, models: Models) -> dict[str, Any]:
    """An explained pair for a machine: no personal value in full."""
    fall, t = waterfall(pair, models), texts("en")
    kept = ("record_id", "record", "table_name", "source", "member_id", "household_id")
    steps = [
        {
            "field": step.field,
            "level": step.level,
            "weight": step.weight,
            "total": step.total,
            "record": masked(step.field, step.record_value, t),
            "member": masked(step.field, step.member_value, t),
        }
        for step in fall.steps
    ]
    return {name: pair[name] for name in kept} | {
        "method": fall.method,
        "reason": fall.reason,
        "rule": fall.rule,
        "model": fall.model,
        "prior": {"kind": fall.kind, "odds": fall.prior},
        "steps": steps,
        "odds": fall.odds,
        "probability_ppm": fall.probability_ppm,
        "thresholds": {
            "match": fall.figures.match_odds if fall.figures else None,
            "review": fall.figures.review_odds if fall.figures else None,
        },
        "sentence": {language: explained(fall, texts(language)) for language in LANGUAGES},
    }


def _links(entries: Sequence[Entry], t: Texts) -> Rows:
    methods = sorted({name for entry in entries for name in entry["matches"]})
    reasons = sorted({name for entry in entries for name in entry["reviews"]})
    words = ("来源", "匹配", "待确认", "待确认占比") if t.is_zh else ("source", "matches", "reviews", "share")
    shown = [f"? {name}" for name in reasons]
    rows: Rows = [(words[0], *methods, words[1], *shown, words[2], words[3])]
    total = {
        name: {kind: sum(entry[name].get(kind, 0) for entry in entries) for kind in kinds}
        for name, kinds in (("matches", methods), ("reviews", reasons))
    }
    for source, counts in (*((entry["source"], entry) for entry in entries), ("=", total)):
        by_method = [counts["matches"].get(name, 0) for name in methods]
        by_reason = [counts["reviews"].get(name, 0) for name in reasons]
        both = sum(by_method) + sum(by_reason)
        figures = (*by_method, sum(by_method), *by_reason, sum(by_reason))
        rows.append((source, *map(str, figures), t.share(sum(by_reason), both)))
    return rows


def _rules(entries: Sequence[Entry], t: Texts) -> Rows:
    damages = sorted({damage for entry in entries for damage in entry["reached"]})
    words = ("规则", "配对", "略过的块") if t.is_zh else ("rule", "pairs", "blocks left out")
    rows: Rows = [(*words, *damages, "")]
    for entry in entries:
        reached = [entry["reached"].get(damage) for damage in damages]
        shares = [t.share(one["count"], one["of"]) if one else "—" for one in reached]
        counts = (str(entry["pairs"]), str(entry["blocks_left_out"]))
        rows.append((entry["rule"], *counts, *shares, lenient(RULES, entry["rule"], t)))
    return rows


def _hidden(entries: Sequence[Entry], t: Texts) -> Rows:
    head = ("号码", "行数", "找到候选", "匹配", "", "误匹配")
    rows: Rows = [head if t.is_zh else ("number", "rows", "reached", "matched", "", "wrong")]
    for entry in entries:
        counts = [entry[name] for name in ("rows", "reached", "matched")]
        share = t.share(entry["matched"], entry["rows"])
        rows.append((entry["damage"], *map(str, counts), share, str(entry["wrong"])))
    return rows


def _calibration(entries: Sequence[Entry], t: Texts) -> Rows:
    head = ("号码", "比特（含先验）", "配对", "应为", "实为")
    rows: Rows = [head if t.is_zh else ("number", "bits with the prior", "pairs", "expected", "found")]
    for at, entry in enumerate(entries):
        counts = [str(entry[name]) for name in ("pairs", "expected", "found")]
        rows.append((entry["damage"], _band(entries, at), *counts))
    return rows


def _band(entries: Sequence[Entry], at: int) -> str:
    """The bounds of a band: from its own to the next one's."""
    least = entries[at]["least"]
    following = entries[at + 1] if at + 1 < len(entries) else None
    below = following["least"] if following and following["damage"] == entries[at]["damage"] else None
    low = "" if least is None else f"{least // 1000:+d}"
    return f"{low} … {'' if below is None else f'{below // 1000:+d}'}".strip()


def _models(entries: Sequence[Entry], t: Texts) -> Rows:
    head = ("表", "来源", "模型", "行数", "有号码", "号码匹配", "先验 open", "stranger", "former")
    if not t.is_zh:
        head = ("table", "sources", "model", "rows", "with number", "matched by it", "prior open", *head[-2:])
    limits = ("匹配 ≥", "待确认 ≥") if t.is_zh else ("match ≥", "review ≥")
    rows: Rows = [(*head, *limits)]
    for entry in entries:
        counts = [entry["counts"].get(name) for name in ("rows", "with_number", "matched_by_number")]
        priors = [entry["priors"].get(kind) for kind in ("open", "stranger", "former")]
        thresholds = [entry["thresholds"].get(name) for name in ("match", "review")]
        rows.append(
            (
                entry["table_name"],
                entry["sources"],
                entry["model"],
                *("—" if count is None else str(count) for count in counts),
                *map(_bits, priors),
                *(f"{_bits(one['odds'])} ({one['error']})" if one else "—" for one in thresholds),
            )
        )
    return rows


def _weights(entries: Sequence[Entry], t: Texts) -> Rows:
    head = ("项目", "比对结果", "起始", "习得：最低", "最高", "真配对中", "m", "u", "")
    if not t.is_zh:
        head = ("field", "level", "starting", "learned: lowest", "highest", "true pairs", "m", "u", "")
    given, counted = ("给定", "u 按频率计") if t.is_zh else ("given", "u by frequency")
    rows: Rows = [head]
    for entry in entries:
        by_frequency = counted if entry["start"] is None else ""
        rows.append(
            (
                lenient(FIELDS, entry["field"], t),
                f"{entry['level']}: {level_title(entry['field'], entry['level'], t)}",
                _bits(entry["start"]),
                _bits(entry["lowest"]),
                _bits(entry["highest"]),
                f"{entry['count']}/{entry['of']}",
                _rate(entry["m_ppb"]),
                _rate(entry["u_ppb"]),
                by_frequency if entry["is_learned"] else given,
            )
        )
    return rows


def _bits(weight: int | None) -> str:
    return "—" if weight is None else bits(weight)


def _rate(ppb: int | None) -> str:
    """A share of so many billionths, with six places."""
    return "" if ppb is None else f"{ppb // 1000 // 1_000_000}.{ppb // 1000 % 1_000_000:06d}"


_SECTIONS: Mapping[str, Callable[[Sequence[Entry], Texts], Rows]] = {
    "links": _links,
    "rules": _rules,
    "hidden": _hidden,
    "calibration": _calibration,
    "models": _models,
    "weights": _weights,
}
