"""Verdicts, samples and rates as rows of text; personal values are masked as on the report's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.run.judge_rates import ALL_SOURCES, MILLION, Rate, Share
from pipelines.run.judge_sample import Drawn
from pipelines.run.judge_targets import Effect, JudgementReport
from pipelines.run.judged_pairs import MATCH, VERDICT_WORDS
from pipelines.run.told import aligned
from pipelines.s4_link.likeness import LIKENESS
from pipelines.store.judged import Judgement
from pipelines.wording.identity import masked
from pipelines.wording.labels import FIELDS, LEVELS, METHODS, REVIEW_REASONS, lenient
from pipelines.wording.texts import Language, texts

_FIELD = {"id_no": "id", "place": "address"}
_VERDICTS = {"positive": "同一人", "negative": "不是同一人", "unsure": "不确定"}
_WORDS = {verdict: word for word, verdict in VERDICT_WORDS.items()}
_HEADS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "judgements": (
        ("判断", "配对", "来源", "方法", "机器所见", "概率", "人的判断", "有效", "判断人", "日期", "理由"),
        (
            "judgement",
            "pair",
            "source",
            "method",
            "machine",
            "prob.",
            "verdict",
            "in force",
            "by",
            "on",
            "why",
        ),
    ),
    "rates": (
        ("机器所见", "方法", "来源", "同一人", "不是", "不确定", "有误", "95 % 区间"),
        ("machine", "method", "source", "same", "different", "unsure", "wrong", "95 % interval"),
    ),
    "bands": (
        ("预测概率", "判断数", "平均预测", "实为同一人", "95 % 区间"),
        ("predicted", "judged", "mean predicted", "found the same", "95 % interval"),
    ),
    "effects": (
        (
            "匹配容许错误率",
            "待确认容许错误率",
            "",
            "匹配",
            "待确认",
            "匹配→待确认",
            "匹配→无",
            "待确认→匹配",
            "待确认→无",
            "判同一人且匹配",
            "判不是却匹配",
            "判同一人未匹配",
        ),
        (
            "match error",
            "review error",
            "",
            "matches",
            "reviews",
            "match→review",
            "match→none",
            "review→match",
            "review→none",
            "same, matched",
            "different, matched",
            "same, not matched",
        ),
    ),
}


def judgement_lines(found: Iterable[tuple[Judgement, bool]], language: Language) -> list[str]:
    """One line a verdict."""
    yes = "是" if language == "zh" else "yes"
    rows = [
        (
            said.judgement_id,
            said.pair,
            said.source,
            *_seen(said.method, said.outcome, language),
            _ppm(said.probability_ppm),
            _verdict(said.verdict, language),
            yes if stands else "",
            said.judged_by,
            said.judged_at.date().isoformat() if said.judged_at else "",
            said.reason,
        )
        for said, stands in found
    ]
    return _table(_heads("judgements", language), rows)


def judgement_document(said: Judgement, stands: bool) -> dict[str, Any]:
    """A verdict for a machine: no personal value in full."""
    t = texts("en")
    people = {
        side: {name: masked(_FIELD.get(name, name), said.likeness[side][name], t) for name in LIKENESS}
        for side in ("record", "member")
    }
    at = said.judged_at.isoformat() if said.judged_at else None
    return vars(said) | {"likeness": people, "judged_at": at, "in_force": stands}


def sample_lines(drawn: Sequence[Drawn], language: Language) -> list[str]:
    """Each pair with its values side by side."""
    t = texts(language)
    lines: list[str] = []
    for at, one in enumerate(drawn, start=1):
        near = ("近阈值" if t.is_zh else "near the threshold") if one.is_near else ""
        given = _verdict(one.verdict, language) if one.verdict else ""
        method, outcome = _seen(one.method, one.outcome, language)
        head = [one.pair, one.source, method, outcome, _ppm(one.probability_ppm), near, given]
        lines.append(f"{at}. " + "  ".join(word for word in head if word))
        lines.append(f"   {one.record}")
        lines += [
            f"   {cells[0]}  {cells[1]} | {cells[2]}  {cells[3]}".rstrip()
            for cells in aligned([_compared(entry, language) for entry in one.comparisons])
        ]
    return lines


def sample_document(one: Drawn) -> dict[str, Any]:
    """A drawn pair for a machine: no personal value in full."""
    t = texts("en")
    shown = [
        {
            "field": entry["field"],
            "level": entry["level"],
            "weight": entry["weight"],
            "record": masked(entry["field"], entry["record_value"], t),
            "member": masked(entry["field"], entry["member_value"], t),
        }
        for entry in one.comparisons
    ]
    return vars(one) | {"comparisons": shown}


def report_lines(report: JudgementReport, language: Language) -> list[str]:
    """Error rates, predicted against found, and the before and after of other targets."""
    is_zh = language == "zh"
    lines = [f"{'有误比例' if is_zh else 'Share found wrong'} ({report.judged})"]
    if not report.rates:
        lines.append("尚无判断" if is_zh else "no verdict yet")
    else:
        lines += _table(_heads("rates", language), [_rate_row(rate, language) for rate in report.rates])
    if report.bands:
        lines += ["", "预测与实际" if is_zh else "Predicted against found"]
        lines += _table(
            _heads("bands", language),
            [
                (
                    f"{_ppm(band.least_ppm)} – {_ppm(band.below_ppm)}",
                    str(band.same.whole),
                    _ppm(band.predicted_ppm),
                    *_share(band.same),
                )
                for band in report.bands
            ],
        )
    title = "改变阈值：之前与之后" if is_zh else "Other thresholds: before and after"
    return [*lines, "", f"{title} ({report.month} {report.run_id})", *effect_lines(report.effects, language)]


def effect_lines(effects: Sequence[Effect], language: Language) -> list[str]:
    """The targets in force first."""
    rows = [
        (
            effect.match_error,
            effect.review_error,
            _mark(effect, language),
            str(effect.matches),
            f"{'≥' if effect.unseen else ''}{effect.reviews}",
            str(effect.match_to_review),
            str(effect.match_to_nothing),
            f"{'≤' if effect.review_to_match else ''}{effect.review_to_match}",
            str(effect.review_to_nothing),
            str(effect.judged_same_matched),
            str(effect.judged_different_matched),
            str(effect.judged_same_below),
        )
        for effect in effects
    ]
    return _table(_heads("effects", language), rows)


def _mark(effect: Effect, language: Language) -> str:
    """In force; proposed by the verdicts, unless they have nothing against what is in force."""
    if effect.is_in_force:
        return "现行" if language == "zh" else "in force"
    return ("建议" if language == "zh" else "proposed") if effect.is_proposed else ""


def _rate_row(rate: Rate, language: Language) -> tuple[str, ...]:
    every = "全部来源" if language == "zh" else "all sources"
    kind = ("匹配" if language == "zh" else "match") if rate.kind == "match" else _review(language)
    source = every if rate.source == ALL_SOURCES else rate.source
    method = lenient(METHODS, rate.method, texts(language))
    counts = (str(rate.same), str(rate.different), str(rate.unsure))
    return (kind, method, source, *counts, *_share(rate.wrong))


def _review(language: Language) -> str:
    return "待确认" if language == "zh" else "review"


def _share(share: Share) -> tuple[str, str]:
    if share.ppm is None:
        return "—", "—"
    return _ppm(share.ppm), f"{_ppm(share.low_ppm)} – {_ppm(share.high_ppm)}"


def _seen(method: str, outcome: str, language: Language) -> tuple[str, str]:
    t = texts(language)
    match = "匹配" if t.is_zh else "match"
    said = match if outcome == MATCH else lenient(REVIEW_REASONS, outcome, t)
    return lenient(METHODS, method, t), said


def _compared(entry: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    t = texts(language)
    values = (masked(entry["field"], entry[f"{side}_value"], t) for side in ("record", "member"))
    return (lenient(FIELDS, entry["field"], t), *values, lenient(LEVELS, entry["level"], t))


def _verdict(verdict: str, language: Language) -> str:
    return _VERDICTS[verdict] if language == "zh" else _WORDS[verdict]


def _ppm(ppm: int | None) -> str:
    """A share of a million in per cent, cut and not rounded: 99.9999 % never reads 100 %."""
    if ppm is None:
        return "—"
    whole, rest = divmod(ppm, MILLION // 100)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + " %"


def _heads(table: str, language: Language) -> tuple[str, ...]:
    return _HEADS[table][language != "zh"]


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return ["  ".join(row).rstrip() for row in aligned([heads, *rows])]
