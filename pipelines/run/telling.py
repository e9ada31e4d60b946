"""A trace as text: one line a record, its own facts beside the raw ones, the delivered bytes at the end.

A match is told by its sentence and the waterfall behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.lineage.explaining import Models, waterfall
from pipelines.lineage.trace import Node
from pipelines.run.explained_told import explained_lines
from pipelines.sources.spec import load_spec
from pipelines.wording.texts import Language

_QUIET = {
    "record_id",
    "derived_from",
    "source",
    "delivery",
    "file_name",
    "row_no",
    "slot",
    "cells",
    "comparisons",
}
_IN_THE_WATERFALL = {"method", "rule", "model", "weight", "probability_ppm", "reason"}
_TITLES = {
    "flag": ("预警", "flag"),
    "assessed_line": ("规则与数值", "rule and figures"),
    "linked_match": ("匹配", "match"),
    "linked_review": ("待确认的匹配", "match to confirm"),
    "household": ("家庭", "household"),
    "household_member": ("家庭成员", "household member"),
    "landed_line": ("交付的原始行", "line as delivered"),
    "delivery": ("交付文件", "delivered file"),
    "": ("（见其自身追溯）", "(trace it by its own id)"),
}
_RECORD = ("标准化记录", "standardised record")


def tell(node: Node, lang: Language, models: Models) -> Iterator[str]:
    """The tree as indented text in one language. It shows full values: the caller is an auditor at a terminal."""
    yield from _tell(node, "", lang, models, set())


def _tell(node: Node, indent: str, lang: Language, models: Models, told: set[str]) -> Iterator[str]:
    title = _TITLES.get(node.table, _RECORD)[0 if lang == "zh" else 1]
    yield f"{indent}{title} [{node.record_id}]"
    if node.record_id in told:
        yield f"{indent}  {'（同上）' if lang == 'zh' else '(as above)'}"
        return
    told.add(node.record_id)
    for line in _facts(node, lang, models):
        yield f"{indent}  {line}"
    for parent in node.parents:
        yield from _tell(parent, f"{indent}    ", lang, models, told)


def _facts(node: Node, lang: Language, models: Models) -> Iterator[str]:
    is_pair = "comparisons" in node.row
    quiet = _QUIET | _IN_THE_WATERFALL if is_pair else _QUIET
    facts = {
        key: value for key, value in node.row.items() if key not in quiet and value not in (None, "", [])
    }
    if facts:
        yield " · ".join(f"{key}={value}" for key, value in facts.items())
    if is_pair:
        yield from explained_lines(waterfall(node.row, models), lang)
    if node.delivered is not None:
        yield f"bytes {node.row['byte_offset']}+{node.row['byte_length']}: {node.delivered.hex(' ')}"
        yield f"text: {_text(node)}"


def _text(node: Node) -> str:
    layout = load_spec(node.row["source"]).layout_of(node.row["file_name"])
    form = layout.format if layout else None
    encoding = getattr(form, "encoding", "utf-8")  # a worksheet row is XML
    return (node.delivered or b"").decode(encoding, "replace")
