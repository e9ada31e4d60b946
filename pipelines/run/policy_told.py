"""Packs told in lines: what is in force, what differs, what lint found; and the rule book with every rule's words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.base.errors import PackInvalid
from pipelines.base.period import Period
from pipelines.policy import Pack, Parameter, load_pack, read_pack
from pipelines.policy.book import book_page
from pipelines.policy.compare import Difference, Side
from pipelines.policy.lint import Finding
from pipelines.policy.pack import cited
from pipelines.policy.words import name_of, shown, step_shown
from pipelines.s5_assess.rules import RULES

_AT = "@"
_KINDS = {
    "value": ("数值", "value"),
    "basis": ("依据", "basis"),
    "only_before": ("仅前者", "only before"),
    "only_after": ("仅后者", "only after"),
    "error": ("错误", "error"),
    "missing": ("缺", "missing"),
    "doubt": ("存疑", "doubt"),
    "verify": ("待核实", "to be verified"),
}


def pack_at(name: str) -> Pack:
    """`demo`, or `demo@2023-12`: the pack as it stood in that month, for whatever month it is asked."""
    pack, _, month = name.partition(_AT)
    loaded = load_pack(pack)
    return loaded.pinned(Period.parse(month)) if month else loaded


def side(name: str, month: str) -> Side:
    """A pack, partial ones too, in a month; the month may stand in the name."""
    pack, _, own = name.partition(_AT)
    if not (own or month):
        raise PackInvalid("in which month?", place=name, remedy=f"write {name}@YYYY-MM, or give --month")
    return Side(pack=read_pack(pack), period=Period.parse(own or month))


def word(kind: str, lang: str) -> str:
    return _KINDS[kind][0 if lang == "zh" else 1]


def pack_lines(pack: Pack, month: str, lang: str) -> Iterator[str]:
    """The pack in one month, or with every dated value."""
    zh = lang == "zh"
    yield f"{pack.jurisdiction} {pack.title[lang]}{f' ← {pack.extends}' if pack.extends else ''}  {pack.digest[:12]}"
    if pack.missing:
        yield (
            "  不完整，不能运行；缺：" if zh else "  partial, no month runs with it; missing: "
        ) + ", ".join(pack.missing)
    for code, rule in pack.rules.items():
        yield f"  {code} [{rule.track}]{' shadow' if rule.shadow else ''}"
    if month:
        for parameter in pack.in_force(Period.parse(month)).values():
            yield from _parameter_lines(parameter, lang)
        return
    for path, steps in sorted(pack.parameters.items()):
        yield f"{path}  {name_of(path, lang)}"
        for day, step in steps.items():
            yield f"  {day}  {step_shown(step, lang)}  {cited(step.citation, step.verify)}"


def _parameter_lines(parameter: Parameter, lang: str) -> Iterator[str]:
    yield f"{parameter.path}  {name_of(parameter.path, lang)}"
    yield f"  {parameter.valid_from}  {shown(parameter.value, parameter.unit, lang)}  {parameter.cited}"


def difference_lines(found: list[Difference], lang: str) -> Iterator[str]:
    """Each difference with both values and both citations."""
    for one in found:
        yield f"{one.path}  {name_of(one.path, lang)}  [{word(one.kind, lang)}]"
        for mark, parameter, said in (("-", one.before, one.said_before), ("+", one.after, one.said_after)):
            if parameter is not None:
                value = shown(parameter.value, parameter.unit, lang)
                yield f"  {mark} {value}  {parameter.valid_from}  {parameter.cited}"
            elif said:
                yield f"  {mark} {said}"


def finding_lines(found: list[Finding], lang: str) -> Iterator[str]:
    """Each finding with its place and what to do."""
    for one in found:
        yield f"  [{word(one.kind, lang)}] {one.place}: {one.said}"
        yield f"      → {one.remedy}"


def write_books(pack: Pack, out: Path) -> list[Path]:
    """The rule book in both languages."""
    out.mkdir(parents=True, exist_ok=True)
    sentences = {code: (rule.sentence_zh, rule.sentence_en) for code, rule in RULES.items()}
    written = []
    for lang in ("zh", "en"):
        path = out / f"{pack.jurisdiction}.{lang}.html"
        path.write_text(book_page(pack, lang, sentences), encoding="utf-8")
        written.append(path)
    return written
