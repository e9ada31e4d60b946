"""Expectation suites as JSON that Great Expectations itself loads; our words stand in each `meta`.

`meta` of an expectation: rule (its id), why, owner, consequence (quarantine · warn · stop), sentence {zh, en}.
A quarantine consequence needs a row-level expectation that `rows.failing_rows` can read too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.base.errors import SpecInvalid
from pipelines.reference import EXPECTATIONS_ROOT
from pipelines.s3_validate.rows import ROW_LEVEL
from pipelines.sources.spec import SourceSpec, suite_path

_OWN = "source"
_CONSEQUENCES = ("quarantine", "warn", "stop")
_META = ("rule", "why", "owner", "consequence", "sentence")


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One expectation: Great Expectations' type and kwargs, and our meta."""

    type: str
    kwargs: dict[str, Any]
    rule: str
    why: str
    owner: str
    consequence: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        named = [self.kwargs[key] for key in ("column", "column_A", "column_B") if key in self.kwargs]
        return (*named, *self.kwargs.get("column_list", ()))


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A suite: its name (`canonical/vehicle`), its expectations, and the JSON Great Expectations loads."""

    name: str
    expectations: tuple[Expectation, ...]
    document: dict[str, Any]

    def only(self, chosen: tuple[Expectation, ...]) -> Suite:
        """A suite of some of its expectations."""
        rules = {expectation.rule for expectation in chosen}
        entries = [entry for entry in self.document["expectations"] if entry["meta"]["rule"] in rules]
        return Suite(
            name=self.name,
            expectations=tuple(one for one in self.expectations if one.rule in rules),
            document={**self.document, "expectations": entries},
        )


def load_suite(name: str) -> Suite:
    """The suite under expectations/<name>.json; SpecInvalid when a meta key is missing or wrong.

    `source/<source>` is a source's own suite, which a city keeps beside its YAML.
    """
    kind, _, source = name.partition("/")
    return _suite_at(suite_path(source) if kind == _OWN else EXPECTATIONS_ROOT / f"{name}.json", name)


def suite_for(spec: SourceSpec, table: str) -> Suite:
    """What the records of a source are held against: its own suite where it has one, else the table's."""
    if table == spec.table and suite_path(spec.source).is_file():
        return load_suite(f"{_OWN}/{spec.source}")
    return load_suite(f"canonical/{table}")


@cache
def _suite_at(path: Path, name: str) -> Suite:
    return read_suite(path, name)


def read_suite(path: Path, name: str) -> Suite:
    """A suite from any file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise SpecInvalid(f"the suite cannot be read: {error}", place=path.name) from error
    expectations = tuple(_expectation(entry, path.name) for entry in document["expectations"])
    rules = [expectation.rule for expectation in expectations]
    if len(set(rules)) != len(rules):
        raise SpecInvalid("two expectations have the same rule id", place=path.name)
    return Suite(name=name, expectations=expectations, document=document)


def _expectation(entry: dict[str, Any], file_name: str) -> Expectation:
    meta = entry.get("meta", {})
    missing = [key for key in _META if not meta.get(key)]
    if missing:
        raise SpecInvalid(
            f"an expectation lacks {missing} in its meta", place=f"{file_name} {entry.get('type')}"
        )
    if meta["consequence"] not in _CONSEQUENCES:
        raise SpecInvalid(f"[{meta['consequence']}] is no consequence", place=f"{file_name} {meta['rule']}")
    if meta["consequence"] == "quarantine" and entry["type"] not in ROW_LEVEL:
        raise SpecInvalid(
            f"[{entry['type']}] cannot name rows to quarantine", place=f"{file_name} {meta['rule']}"
        )
    return Expectation(
        type=entry["type"],
        kwargs=dict(entry["kwargs"]),
        rule=meta["rule"],
        why=meta["why"],
        owner=meta["owner"],
        consequence=meta["consequence"],
    )
