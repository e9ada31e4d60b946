"""A YAML file as plain values, with the line of every key: errors can say where.

Dates stay text: a date that does not exist must be our error, not the parser's. A key standing twice in
one mapping is refused: YAML itself would silently keep the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.base.errors import PackInvalid

_DATE_TAG = "tag:yaml.org,2002:timestamp"


class _TextDates(yaml.SafeLoader):
    """The safe loader without timestamps."""


_TextDates.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != _DATE_TAG]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, kw_only=True)
class MarkedFile:
    """A parsed file: its mapping, and the 1-based line of every dotted key path."""

    name: str
    data: Mapping[str, Any]
    lines: Mapping[str, int]

    def place(self, path: str) -> str:
        """`yunxi/assets.yaml:7 assets.vehicles.limit`; the nearest key above when the path has no line."""
        known = path
        while known and known not in self.lines:
            known = known.rpartition(".")[0]
        line = f":{self.lines[known]}" if known else ""
        return f"{self.name}{line} {path}".strip()


def read_marked(path: Path) -> MarkedFile:
    """The file as a mapping with lines; PackInvalid names file and line when it is not one."""
    name = f"{path.parent.name}/{path.name}"
    loader = _TextDates(path.read_text(encoding="utf-8"))
    lines: dict[str, int] = {}
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise PackInvalid("is not a mapping of keys", place=name, remedy="start with `key:`")
        _mark(node, name, "", lines)
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        raise PackInvalid("is not valid YAML", place=_where(name, error), remedy=_problem(error)) from error
    finally:
        loader.dispose()
    return MarkedFile(name=name, data=data, lines=lines)


def _mark(node: yaml.MappingNode, name: str, above: str, lines: dict[str, int]) -> None:
    for key_node, value_node in node.value:
        key = str(key_node.value)
        path = f"{above}.{key}" if above else key
        line = key_node.start_mark.line + 1
        if path in lines:
            raise PackInvalid(
                f"[{key}] stands twice in one place, first on line {lines[path]}",
                place=f"{name}:{line} {path}",
                remedy="keep one: two values from the same date overlap",
            )
        lines[path] = line
        if isinstance(value_node, yaml.MappingNode):
            _mark(value_node, name, path, lines)


def _where(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return name if mark is None else f"{name}:{mark.line + 1}"


def _problem(error: Exception) -> str:
    return str(getattr(error, "problem", None) or "check the indentation and quotes on that line")
