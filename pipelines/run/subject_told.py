"""A subject pack as text a person can read, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.wording.labels import METHODS, REASONS, REVIEW_REASONS, STANDINGS, STATES, lenient
from pipelines.wording.texts import Language, Texts, texts

_HEADS = {
    "queried": ("查询过的来源", "Sources asked"),
    "matches": ("匹配到的记录", "Records found"),
    "reviews": ("待确认的记录", "Records to confirm"),
    "flags": ("预警", "Flags"),
    "candidates": ("应保未保线索", "Help perhaps owed"),
    "judgements": ("配对判断", "Verdicts on pairs"),
    "cases": ("个案", "Cases"),
    "steps": ("核实与听取陈述", "Steps"),
    "determinations": ("认定", "Determinations"),
    "notices": ("告知", "Notices"),
    "objections": ("异议", "Objections"),
    "looks": ("查看记录", "Looks"),
    "files": ("导出文件", "Files exported"),
}
Row = Mapping[str, Any]


def subject_lines(pack: Row, language: Language) -> Iterator[str]:
    """Month by month, then decisions, looks and files. Where there is nothing it says so."""
    t = texts(language)
    yield f"{pack['household_id']} · {pack['member_id']} · {pack['name']}"
    for month in pack["months"]:
        yield ""
        yield f"{month['month']} · {month['run_id']}"
        own = month["authorisation"]
        word = lenient(STANDINGS, own["standing"], t)
        scope = ", ".join(own["scope"]) or "—"
        label = "授权" if t.is_zh else "Authorisation"
        yield f"  {label}: {word} [{own['standing']}]  {scope}"
        for name in ("queried", "matches", "reviews", "flags", "candidates"):
            yield from _section(name, month[name], t, "  ")
    yield ""
    for name, rows in pack["decided"].items():
        yield from _section(name, rows, t, "")
    for name in ("looks", "files"):
        yield from _section(name, pack[name], t, "")


def _section(name: str, rows: list[dict[str, Any]], t: Texts, indent: str) -> Iterator[str]:
    zh, en = _HEADS[name]
    title = zh if t.is_zh else en
    yield f"{indent}{title}: {len(rows) or '—'}"
    yield from (f"{indent}  {_row(row, t)}" for row in rows)


def _row(row: Row, t: Texts) -> str:
    words = {"method": METHODS, "reason": REVIEW_REASONS, "code": REASONS, "state": STATES}
    said = {
        name: lenient(words[name], value, t) if name in words and isinstance(value, str) else value
        for name, value in row.items()
    }
    return " · ".join(f"{name}={value}" for name, value in said.items() if value not in (None, "", []))
