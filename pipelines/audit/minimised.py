"""Rows as a bundle shows them: names, numbers and addresses masked, figures whole. And who and what is inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines import contracts
from pipelines.base.ids import short_id
from pipelines.contracts.contract import Sensitivity
from pipelines.wording.identity import masked
from pipelines.wording.masking import mask_day, mask_id, mask_name, mask_place, mask_plate, mask_tail
from pipelines.wording.texts import texts

MASKED, WHOLE = "masked", "whole"
_OMITTED = frozenset(("cells", "name_raw", "id_raw"))  # the raw lines hold them
_NUMBERS = frozenset(("id_no", "id18"))
_KINDS = {"plate_no": mask_plate, "account_no": mask_tail, "certificate_no": mask_tail, "fact_no": mask_tail}
Row = Mapping[str, Any]


def minimised(table: str, row: Row) -> dict[str, Any]:
    """The row without what the raw line holds anyway, its personal values masked; dates as texts."""
    kinds = {one.name: one.sensitivity for one in contracts.by_name(table).columns}
    return {
        name: _shown(name, row[name], kinds[name])
        for name in row
        if name not in _OMITTED and row[name] not in (None, "", [])
    }


def form_of(name: str, sensitivity: Sensitivity) -> str:
    """How a column stands in the bundle's tables: masked or whole."""
    is_masked = name in _KINDS or sensitivity in (Sensitivity.IDENTIFYING, Sensitivity.PERSONAL)
    return MASKED if is_masked else WHOLE


def _shown(name: str, value: Any, sensitivity: Sensitivity) -> Any:
    if name == "comparisons":
        return [_comparison(one) for one in value]
    text = value.isoformat() if isinstance(value, date) else value
    if form_of(name, sensitivity) == WHOLE:
        return text
    if name in _KINDS:
        return _KINDS[name](str(text))
    if name in _NUMBERS:
        return mask_id(str(text))
    if isinstance(value, date):
        return mask_day(str(text))
    return mask_name(str(text)) if sensitivity is Sensitivity.IDENTIFYING else mask_place(str(text))


def _comparison(one: Row) -> dict[str, Any]:
    values = {side: masked(one["field"], one[side], texts("en")) for side in ("record_value", "member_value")}
    return {**one, **values}


@dataclass(kw_only=True)
class Person:
    """One person as the rows name them: the same name and number are the same person here."""

    name: str
    id_no: str
    records: set[str] = field(default_factory=set)
    raw_lines: set[str] = field(default_factory=set)

    def told(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "id_no": self.id_no,
            "records": sorted(self.records),
            "in_raw_lines": sorted(self.raw_lines),
        }


def persons_in(rows: Iterable[tuple[str, Row]]) -> list[dict[str, Any]]:
    """Everybody the rows name, masked, with the records and the raw lines that name them."""
    found: dict[str, Person] = {}
    for _table, row in rows:
        name, number = row.get("name") or "", row.get("id_no") or ""
        if not (name or number):
            continue
        key = short_id("N", name, number)
        person = found.setdefault(key, Person(name=mask_name(name), id_no=mask_id(number)))
        person.records.add(row["record_id"])
        person.raw_lines |= {parent for parent in row["derived_from"] if "#" not in parent and ":" in parent}
    return [found[key].told() for key in sorted(found, key=lambda key: min(found[key].records))]


def fields_in(tables: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each column of these tables that says something of a person, and how it stands in the bundle."""
    for table in sorted(set(tables)):
        for column in contracts.by_name(table).columns:
            if column.sensitivity is not Sensitivity.PLAIN:
                form = "left out" if column.name in _OMITTED else form_of(column.name, column.sensitivity)
                yield {
                    "table": table,
                    "column": column.name,
                    "sensitivity": column.sensitivity.value,
                    "form": MASKED if column.name == "comparisons" else form,
                }


def delivered_fields(lines: Sequence[Row]) -> dict[str, list[str]]:
    """By delivered file: what its lines hold in full, as its source's description names the columns."""
    from pipelines.sources.spec import load_spec

    found = {}
    for line in lines:
        layout = load_spec(line["source"]).layout_of(line["file_name"])
        name = f"{line['delivery']}/{line['file_name']}"
        found[name] = sorted(layout.delivered_columns) if layout else []
    return dict(sorted(found.items()))
