"""Split the records of a delivery into accepted and quarantined, with a reason for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ExpectationStopped
from pipelines.contracts.quality import EXPECTATION_RESULT, QUARANTINE
from pipelines.s3_validate.rows import failing_rows
from pipelines.s3_validate.suite import Expectation, Suite
from pipelines.s3_validate.verdict import Verdict, Verdicts
from pipelines.sources.spec import SourceSpec

_FAULTS = {
    "cell_count": "the line has another number of cells than the header",
    "quote_stray": "a quotation mark opens or closes where none may",
    "width": "the line is not as wide as the layout says",
    "deleted": "the record is marked as deleted in the file",
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Accepted records and quarantine rows (one per record and rule) of one batch."""

    accepted: pa.Table
    quarantined: pa.Table


@dataclass(frozen=True, kw_only=True)
class Validated:
    """The same of a whole delivery, and all verdicts. `refusal` when an expectation that stops failed."""

    accepted: pa.Table
    quarantined: pa.Table
    results: pa.Table
    refusal: ExpectationStopped | None


def validate(*, records: pa.Table, suite: Suite, delivery: str, as_of: date) -> Validated:
    """Judge the records of a delivery that is at hand as a whole."""
    judge = Judge(suite=suite, delivery=delivery, as_of=as_of)
    judged = judge.judge(records)
    results, refusal = judge.results()
    return Validated(
        accepted=judged.accepted, quarantined=judged.quarantined, results=results, refusal=refusal
    )


class Judge:
    """Judges the records of one canonical table of a delivery, batch after batch.

    Beside the record's own columns an expectation may use name_or_id, id_is_valid and as_of; dates are
    ISO texts.
    """

    def __init__(self, *, suite: Suite, delivery: str, as_of: date) -> None:
        self._suite, self._delivery, self._as_of = suite, delivery, as_of
        self._verdicts = Verdicts(suite)
        self._counted: dict[str, int] = {}

    def judge(self, records: pa.Table) -> Judged:
        """Part the batch; Great Expectations sees its rows too, when enough of them have come."""
        if not len(records):
            return Judged(accepted=records, quarantined=QUARANTINE.empty())
        judged = _judged(records, self._as_of)
        self._verdicts.add(judged)
        bad = np.zeros(len(records), dtype=bool)
        rows: list[dict[str, object]] = []
        for expectation in self._suite.expectations:
            if expectation.consequence == "quarantine":
                mask = failing_rows(judged, expectation.type, expectation.kwargs)
                failed = pc.sum(mask).as_py() or 0
                self._counted[expectation.rule] = self._counted.get(expectation.rule, 0) + failed
                if failed:
                    bad |= mask.to_numpy().astype(bool)
                    rows += _quarantine(records.filter(mask), expectation)
        return Judged(
            accepted=records.filter(pa.array(~bad)) if bad.any() else records,
            quarantined=pa.Table.from_pylist(rows, schema=QUARANTINE.schema),
        )

    def results(self) -> tuple[pa.Table, ExpectationStopped | None]:
        """EXPECTATION_RESULT over all batches, and what stops the delivery."""
        found = self._verdicts.all()
        self._check_agreement(found)
        rows = [_result(verdict, self._suite, self._delivery) for verdict in found]
        table = pa.Table.from_pylist(rows, schema=EXPECTATION_RESULT.schema)
        return table, _refusal(found, self._suite, self._delivery)

    def _check_agreement(self, found: list[Verdict]) -> None:
        """The verdict and the quarantine rows come from two programs: they must count the same."""
        for verdict in found:
            counted = self._counted.get(verdict.rule, verdict.unexpected)
            if counted != verdict.unexpected:
                raise AssertionError(
                    f"{self._suite.name} {verdict.rule}: "
                    f"Great Expectations counts {verdict.unexpected}, we {counted}"
                )


def quarantine_faults(lines: pa.Table) -> pa.Table:
    """Quarantine rows for lines that could not be read as records at all."""
    faulty = lines.filter(pc.and_(pc.is_valid(lines["fault"]), pc.equal(lines["kind"], "data")))
    rows = [
        {
            **{key: line[key] for key in ("source", "delivery", "file_name", "row_no")},
            "record_id": f"{line['record_id']}={line['fault']}",
            "slot": None,
            "rule": line["fault"],
            "why": _FAULTS[line["fault"]],
            "derived_from": [line["record_id"]],
        }
        for line in faulty.to_pylist()
        if line["repeats"] is None
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE.schema)


def _judged(records: pa.Table, as_of: date) -> pa.Table:
    """The records with the columns expectations may use beside their own."""
    table = records
    for at, field in enumerate(table.schema):
        if pa.types.is_date(field.type):
            table = table.set_column(at, field.name, _iso(table[field.name]))
    if "id_no" in table.column_names:
        table = table.append_column("name_or_id", pc.coalesce(table["name"], table["id_no"]))
        table = table.append_column("id_is_valid", pc.is_valid(table["id18"]))
    return table.append_column("as_of", pa.repeat(as_of.isoformat(), len(table)))


def _iso(dates: pa.ChunkedArray) -> pa.Array:
    """ISO texts of dates, each distinct date written once."""
    coded = dates.combine_chunks().dictionary_encode()
    return pc.strftime(coded.dictionary, format="%Y-%m-%d").take(coded.indices)


def _by_rule(suite: Suite, rule: str) -> Expectation:
    return next(expectation for expectation in suite.expectations if expectation.rule == rule)


def _quarantine(failing: pa.Table, expectation: Expectation) -> list[dict[str, object]]:
    columns = ("record_id", "source", "delivery", "file_name", "row_no", "slot", "derived_from")
    return [
        {
            **record,
            "record_id": f"{record['record_id']}={expectation.rule}",
            "rule": expectation.rule,
            "why": expectation.why,
        }
        for record in failing.select(columns).to_pylist()
    ]


def _result(verdict: Verdict, suite: Suite, delivery: str) -> dict[str, object]:
    expectation = _by_rule(suite, verdict.rule)
    return {
        "record_id": f"{delivery}={suite.name}={verdict.rule}",
        "source": delivery.split("/", maxsplit=1)[0],
        "delivery": delivery,
        "suite": suite.name,
        "rule": verdict.rule,
        "success": verdict.success,
        "observed": verdict.observed,
        "unexpected": verdict.unexpected,
        "consequence": expectation.consequence,
        "why": expectation.why,
        "owner": expectation.owner,
        "derived_from": [],
    }


def _refusal(found: list[Verdict], suite: Suite, delivery: str) -> ExpectationStopped | None:
    for verdict in found:
        expectation = _by_rule(suite, verdict.rule)
        if not verdict.success and expectation.consequence == "stop":
            return ExpectationStopped(
                f"[{verdict.rule}] failed, observed [{verdict.observed}]: {expectation.why}",
                place=f"{delivery} expectations/{suite.name}.json",
                remedy=f"ask {expectation.owner}; explain the delivery, do not widen the bound to fit it",
            )
    return None


def check_unhandled(unhandled: pa.Table, records: int, spec: SourceSpec) -> None:
    """ExpectationStopped when one column holds more values no reader understands than the YAML allows."""
    counts: dict[tuple[str, str], int] = {}
    for row in unhandled.to_pylist():
        place = (f"{row['delivery']}/{row['file_name']}", row["column"])
        counts[place] = counts.get(place, 0) + row["rows"]
    for (file, column), rows in sorted(counts.items()):
        if rows * 100 > records * spec.unhandled_limit_percent:
            raise ExpectationStopped(
                f"column [{column}]: {rows} of {records} values are in no known form",
                place=file,
                remedy=f"see the table unhandled; the limit is {spec.unhandled_limit_percent} % (YAML of the source)",
            )
