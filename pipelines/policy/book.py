"""The rule book of a place for its citizens, in plain Chinese or English, made from the pack alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.policy.pack import Pack, cited
from pipelines.policy.words import name_of, programme_name, step_shown

_HERE = Path(__file__).parent
_GROUPS = {
    "income": ("收入与标准", "Income and standards"),
    "assets": ("财产", "Property"),
    "amount": ("金额", "Amounts"),
    "deaths": ("人口变化", "Changes in the household"),
    "support": ("特困供养", "Destitute support"),
    "supplement": ("分类施保与补贴", "Supplements"),
    "tiers": ("分层救助", "Tiers of assistance"),
    "exit": ("渐退", "Gradual exit"),
}
_OTHER = ("其他", "Other")


@dataclass(frozen=True, kw_only=True)
class BookRow:
    """One dated value in words; the name stands with the first of its values."""

    name: str
    path: str
    since: str
    value: str
    citation: str
    is_to_verify: bool
    note: str


def book_page(pack: Pack, lang: str, sentences: Mapping[str, tuple[str, str]]) -> str:
    """One page of HTML. `sentences` says in both languages what each rule asks."""
    pick = 0 if lang == "zh" else 1
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("book.html.j2").render(
        lang=lang,
        title=pack.title[lang],
        pack=pack,
        rules=[(code, sentences[code][pick], rule.shadow) for code, rule in pack.rules.items()],
        missing=[name_of(path, lang) for path in pack.missing],
        programmes=[
            (programme_name(name, lang), name_of(standard, lang))
            for name, standard in sorted(pack.programmes.items())
        ],
        groups=list(_groups(pack, lang)),
        authorisation=pack.authorisation,
    )


def _groups(pack: Pack, lang: str) -> Iterable[tuple[str, list[BookRow]]]:
    heads = {path.split(".", maxsplit=1)[0] for path in pack.parameters}
    # What has no heading of its own comes last.
    known = [head for head in _GROUPS if head in heads]
    for head in [*known, *sorted(heads - set(known))]:
        title = _GROUPS.get(head, _OTHER)[0 if lang == "zh" else 1]
        paths = [path for path in sorted(pack.parameters) if path.startswith(f"{head}.")]
        yield title, [row for path in paths for row in _rows(pack, path, lang)]


def _rows(pack: Pack, path: str, lang: str) -> Iterable[BookRow]:
    for number, (day, step) in enumerate(pack.parameters[path].items()):
        yield BookRow(
            name="" if number else name_of(path, lang),
            path=path,
            since=day.isoformat(),
            value=step_shown(step, lang),
            citation=cited(step.citation, step.verify),
            is_to_verify=step.verify,
            note=step.note,
        )
