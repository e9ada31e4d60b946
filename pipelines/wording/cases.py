"""One flagged household with everything the month's tables say of it, found by key and in a fixed order."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken
from pipelines.wording.data import ReportData
from pipelines.wording.labels import REASONS
from pipelines.wording.masking import safe_table

Row = Mapping[str, Any]
_CODE_ORDER = {code: place for place, code in enumerate(REASONS)}


@dataclass(frozen=True, kw_only=True)
class EvidenceRecord:
    """One registry record that speaks of a household."""

    table: str
    row: Row
    as_of: str
    member_ids: tuple[str, ...]
    codes: tuple[str, ...]  # reason codes whose figures rest on it


@dataclass(frozen=True, kw_only=True)
class Case:
    """A flagged household. Lists are ordered by total keys."""

    household: Row
    assessed: Row
    previous: Row | None
    members: Mapping[str, Row]
    flags: tuple[Row, ...]
    lines: tuple[Row, ...]
    matches: tuple[Row, ...]
    reviews: tuple[Row, ...]
    statuses: tuple[Row, ...]
    evidence: tuple[EvidenceRecord, ...]
    authorisations: tuple[Row, ...]

    @property
    def household_id(self) -> str:
        return str(self.household["record_id"])

    @property
    def open_pairs(self) -> list[Row]:
        """The pairs under review that a flag of the household rests on."""
        shown = {record.row["record_id"] for record in self.evidence if "identity_to_confirm" in record.codes}
        return [pair for pair in self.reviews if pair["record"] in shown]

    @property
    def missing_sources(self) -> list[str]:
        """Every source a rule needs for this household and did not have; others could not change the result."""
        return sorted({source for row in (*self.flags, self.assessed) for source in row["missing_sources"]})

    def as_of(self, source: str) -> str:
        """The day the source's delivery describes, YYYY-MM-DD, or empty."""
        return next((str(row["as_of"]) for row in self.statuses if row["source"] == source), "")


def detail_of(flag: Row) -> dict[str, Any]:
    """The slots of a flag's sentence."""
    detail = json.loads(flag["detail"] or "{}")
    if not isinstance(detail, dict):
        raise ContractBroken("detail is not a JSON object", place=f"flag {flag['record_id']}")
    return detail


def flag_order(flag: Row) -> tuple[Any, ...]:
    """Reason, township, village, household: the order of the list and the workbook."""
    if flag["code"] not in _CODE_ORDER:
        what = f"no words for the reason [{flag['code']}]"
        raise ContractBroken(what, place="report", remedy="add it to labels.py")
    place = (flag["town"], flag["village"], flag["household_no"])
    return (_CODE_ORDER[flag["code"]], *place, flag["subject"], flag["record_id"])


def active_flags(data: ReportData) -> list[Row]:
    """Every flag of the month that stands (opened or kept), in order."""
    return _flags_where(data, pc.not_equal(data.flags["state"], "closed"))


def closed_flags(data: ReportData) -> list[Row]:
    """Flags of the month before that no longer stand."""
    return _flags_where(data, pc.equal(data.flags["state"], "closed"))


def _flags_where(data: ReportData, mask: pa.ChunkedArray) -> list[Row]:
    return sorted(safe_table(data.flags.filter(mask)).to_pylist(), key=flag_order)


def _rows_of(table: pa.Table, column: str, wanted: pa.Array) -> list[Row]:
    """The rows about these households, in the order of record_id."""
    chosen = table.filter(pc.is_in(table[column], value_set=wanted))
    return list(safe_table(chosen.sort_by("record_id")).to_pylist())


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _records_by_id(data: ReportData, wanted: pa.Array) -> dict[str, tuple[str, Row]]:
    found: dict[str, tuple[str, Row]] = {}
    for name in sorted(data.records):
        for row in _rows_of(data.records[name], "record_id", wanted):
            found[row["record_id"]] = (name, row)
    return found


class _Shelf:
    """The month's tables cut down to the flagged households and grouped by household."""

    def __init__(self, data: ReportData, flags: list[Row], wanted: frozenset[str] = frozenset()) -> None:
        ids = pa.array(sorted({flag["household_id"] for flag in flags} | wanted), type=pa.string())
        self.flags = _grouped(flags, "household_id")
        self.households = {row["record_id"]: row for row in _rows_of(data.households, "record_id", ids)}
        self.assessed = {
            row["household_id"]: row for row in _rows_of(data.assessed_households, "household_id", ids)
        }
        self.members = _grouped(_rows_of(data.members, "household_id", ids), "household_id")
        self.lines = _grouped(_rows_of(data.assessed_lines, "household_id", ids), "household_id")
        self.matches = _grouped(_rows_of(data.matches, "household_id", ids), "household_id")
        self.reviews = _grouped(_rows_of(data.reviews, "household_id", ids), "household_id")
        self.statuses = _grouped(_rows_of(data.source_status, "household_id", ids), "household_id")
        forms = data.authorisations
        self.authorisations = _grouped(
            [] if forms is None else _rows_of(forms, "household_id", ids), "household_id"
        )
        before = data.previous
        rows = [] if before is None else _rows_of(before, "household_id", ids)
        self.previous = {row["household_id"]: row for row in rows}
        self.records = _records_by_id(data, pa.array(sorted(self._named_records()), type=pa.string()))
        self.as_of = {
            (row["delivery"], row["file_name"]): str(row["as_of"])
            for row in data.deliveries.select(["delivery", "file_name", "as_of"]).to_pylist()
        }

    def _named_records(self) -> set[str]:
        """Records that a match, a review pair, a figure or a flag of these households names."""
        named: set[str] = set()
        for groups in (self.matches, self.reviews):
            named |= {row["record"] for rows in groups.values() for row in rows}
        for household in self.households.values():
            named |= set(household["derived_from"])
        for groups in (self.lines, self.flags):
            named |= {source for rows in groups.values() for row in rows for source in row["derived_from"]}
        return named


def cases(data: ReportData, flags: list[Row]) -> Iterator[Case]:
    """The flagged households, by household number."""
    shelf = _Shelf(data, flags)
    for household in sorted(
        shelf.households.values(), key=lambda row: (row["household_no"], row["record_id"])
    ):
        yield _case(shelf, household)


def case_of(data: ReportData, household_id: str) -> Case:
    """One household, flagged or not."""
    flags = [row for row in active_flags(data) if row["household_id"] == household_id]
    shelf = _Shelf(data, flags, frozenset({household_id}))
    return _case(shelf, shelf.households[household_id])


def _case(shelf: _Shelf, household: Row) -> Case:
    key = household["record_id"]
    if key not in shelf.assessed:
        raise ContractBroken(f"no assessment of the flagged household [{key}]", place="assessed_household")
    lines = sorted(
        shelf.lines.get(key, []), key=lambda row: (_CODE_ORDER.get(row["rule"], 99), row["subject"])
    )
    return Case(
        household=household,
        assessed=shelf.assessed[key],
        previous=shelf.previous.get(key),
        members={row["record_id"]: row for row in _head_first(shelf.members.get(key, []))},
        flags=tuple(shelf.flags[key]),
        lines=tuple(lines),
        matches=tuple(shelf.matches.get(key, [])),
        reviews=tuple(shelf.reviews.get(key, [])),
        statuses=tuple(sorted(shelf.statuses.get(key, []), key=lambda row: str(row["source"]))),
        evidence=_evidence(shelf, key, lines),
        authorisations=tuple(shelf.authorisations.get(key, ())),
    )


def _head_first(members: list[Row]) -> list[Row]:
    return sorted(members, key=lambda row: (not row["is_head"], not row["is_covered"], row["record_id"]))


def _evidence(shelf: _Shelf, key: str, lines: list[Row]) -> tuple[EvidenceRecord, ...]:
    """Records of the household's matches, and those its flags rest on.

    A pair under review that would change nothing is left out: it says nothing about the household.
    """
    members_of: dict[str, set[str]] = defaultdict(set)
    pairs = [*shelf.matches.get(key, []), *shelf.reviews.get(key, [])]
    for pair in pairs:
        members_of[pair["record"]].add(pair["member_id"])
    codes_of = _codes_by_record(shelf, key, lines, {pair["record_id"]: pair["record"] for pair in pairs})
    named = {match["record"] for match in shelf.matches.get(key, [])} | set(codes_of)
    return tuple(
        _evidence_record(shelf, record, members_of[record], codes_of.get(record, set()))
        for record in sorted(named)
        if record in shelf.records
    )


def _evidence_record(shelf: _Shelf, record: str, members: set[str], codes: set[str]) -> EvidenceRecord:
    table, row = shelf.records[record]
    return EvidenceRecord(
        table=table,
        row=row,
        as_of=shelf.as_of.get((row["delivery"], row["file_name"]), ""),
        member_ids=tuple(sorted(members)),
        codes=tuple(sorted(codes, key=lambda code: _CODE_ORDER[code])),
    )


def _codes_by_record(
    shelf: _Shelf, key: str, lines: list[Row], record_of: Mapping[str, str]
) -> dict[str, set[str]]:
    """Which flags' figures rest on which record, directly or through a match."""
    flagged = {(flag["code"], flag["subject"]) for flag in shelf.flags[key]}
    rows = [(line["rule"], line) for line in lines if (line["rule"], line["subject"]) in flagged]
    rows += [(flag["code"], flag) for flag in shelf.flags[key]]
    if ("paid_differs_from_list", "") in flagged:
        rows.append(("paid_differs_from_list", shelf.households[key]))  # its list row and its payment
    codes: dict[str, set[str]] = defaultdict(set)
    for code, row in rows:
        for source in row["derived_from"]:
            codes[record_of.get(source, source)].add(code)
    return codes
