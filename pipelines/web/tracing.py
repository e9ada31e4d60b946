"""From a flag to the delivered lines, as rows of a table: what, where it stands, and by which digest it can be held."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.web.dossier import Dossier
from pipelines.wording.cases import EvidenceRecord, Row
from pipelines.wording.labels import METHODS, REASONS, VERDICTS, lenient, source_title, strict
from pipelines.wording.masking import short
from pipelines.wording.reason import Reason
from pipelines.wording.texts import Texts


@dataclass(frozen=True, kw_only=True)
class RuleStep:
    title: str
    verdict: str
    value: str
    limit: str
    parameter: str
    valid_from: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class LineStep:
    """One delivered line, and the digest of the file it stands in."""

    source: str
    record_id: str
    method: str
    delivery: str
    file_name: str
    row_no: int
    as_of: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class FlagSteps:
    flag_id: str
    title: str
    month: str
    rules: list[RuleStep]
    lines: list[LineStep]


def steps_of(found: Dossier, t: Texts) -> list[FlagSteps]:
    """Every standing flag of the case with the rule lines and delivered lines behind it."""
    return [
        FlagSteps(
            flag_id=flag["record_id"],
            title=strict(REASONS, flag["code"], t),
            month=flag["first_month"],
            rules=[_rule(line, t) for line in found.case.lines if _is_behind(line, flag)],
            lines=[_line(found, record, t) for record in Reason(flag=flag, case=found.case).records],
        )
        for flag in found.case.flags
    ]


def _is_behind(line: Row, flag: Row) -> bool:
    return (line["rule"], line["subject"]) == (flag["code"], flag["subject"])


def _rule(line: Row, t: Texts) -> RuleStep:
    return RuleStep(
        title=strict(REASONS, line["rule"], t),
        verdict=strict(VERDICTS, line["verdict"], t),
        value=t.measure(line["value"], line["unit"]),
        limit=t.measure(line["limit"], line["unit"]),
        parameter=short(line["parameter"]),
        valid_from=short(line["valid_from"]),
        citation=short(line["citation"]),
    )


def _line(found: Dossier, record: EvidenceRecord, t: Texts) -> LineStep:
    row = record.row
    file = found.files.get((row["delivery"], row["file_name"]), {})
    methods = [match["method"] for match in found.case.matches if match["record"] == row["record_id"]]
    return LineStep(
        source=source_title(row["source"], t),
        record_id=short(row["record_id"]),
        method=lenient(METHODS, methods[0], t) if methods else "",
        delivery=short(row["delivery"]),
        file_name=short(row["file_name"]),
        row_no=row["row_no"],
        as_of=record.as_of,
        sha256=str(file.get("sha256", "")),
    )
