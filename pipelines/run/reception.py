"""Takes the batches of a delivery as they are landed: standardise, judge, write, measure, one batch after another."""

from __future__ import annotations

import pyarrow as pa

from pipelines.base.errors import ContractBroken, DeliveryRefused
from pipelines.contracts import by_name
from pipelines.contracts.arrival import LANDED_LINE
from pipelines.contracts.batch import Batch
from pipelines.contracts.quality import EXPECTATION_RESULT, QUARANTINE, UNHANDLED
from pipelines.run.measures import Measures
from pipelines.s1_land import Delivery
from pipelines.s2_standardise import counted_once, standardise
from pipelines.s3_validate import Judge, check_unhandled, quarantine_faults, suite_for
from pipelines.sources.spec import SourceSpec
from pipelines.store.partition import PartitionWriter


class Reception:
    """What a delivery becomes beyond its landed lines. Memory holds one batch and what was set aside."""

    def __init__(self, spec: SourceSpec, delivery: Delivery, writer: PartitionWriter) -> None:
        self._spec, self._writer = spec, writer
        self._judges = {
            table: Judge(suite=suite_for(spec, table), delivery=delivery.delivery_id, as_of=delivery.as_of)
            for table in spec.tables
        }
        self._standardised = dict.fromkeys(spec.tables, 0)
        self._unhandled: list[pa.Table] = [UNHANDLED.empty()]
        self._quarantine: list[pa.Table] = [QUARANTINE.empty()]
        self._unfit: ContractBroken | None = None
        self.measures = Measures()
        self.results = EXPECTATION_RESULT.empty()
        for table in ("landed_line", *spec.tables):
            writer.add(table, by_name(table).empty())

    def take(self, batch: Batch) -> None:
        """One batch through the next two stages; a DeliveryRefused ends the delivery."""
        self._writer.add("landed_line", batch.lines)
        self._quarantine.append(quarantine_faults(batch.lines))
        done = standardise(batches=[batch], spec=self._spec)
        self._unhandled.append(done.unhandled)
        for table, records in done.records.items():
            self._standardised[table] += len(records)
            judged = self._judges[table].judge(records)
            self._quarantine.append(judged.quarantined)
            self.measures.add(table, judged.accepted)
            self._write(table, judged.accepted)

    def refusal(self) -> DeliveryRefused | None:
        """What only the whole delivery can say: too many values in no known form, an expectation that stops."""
        try:
            check_unhandled(self.unhandled, max(self._standardised.values()), self._spec)
        except DeliveryRefused as error:
            return error
        judged = [judge.results() for judge in self._judges.values()]
        self.results = pa.concat_tables([results for results, _ in judged])
        refusal = next((refusal for _, refusal in judged if refusal), None)
        if refusal is None and self._unfit:
            raise self._unfit
        return refusal

    @property
    def unhandled(self) -> pa.Table:
        return counted_once(pa.concat_tables(self._unhandled))

    def write_rest(self) -> None:
        """What stands once a delivery."""
        self._writer.add("unhandled", self.unhandled)
        self._writer.add("quarantine", pa.concat_tables(self._quarantine))
        self._writer.add("expectation_result", self.results)

    def _write(self, table: str, accepted: pa.Table) -> None:
        """Records that fit no contract wait for the verdict: where it stops the delivery, that is the cause."""
        try:
            if self._unfit is None:
                self._writer.add(table, accepted)
        except ContractBroken as error:
            self._unfit = error


def refused_files(files: pa.Table, error: DeliveryRefused) -> pa.Table:
    """All files of a refused delivery. A refusal of the whole (pages that do not sum up) has no file of its own."""
    rows = files.to_pylist()
    for row in rows:
        if row["status"] != "refused":
            row.update(status="refused", cause=error.cause, reason=str(error))
    return pa.Table.from_pylist(rows, schema=files.schema)


def refused_tables(files: pa.Table, results: pa.Table) -> dict[str, pa.Table]:
    """The tables of a refused delivery: one quarantine row a file, no records."""
    quarantine = [
        {
            **{key: row[key] for key in ("source", "delivery", "file_name")},
            "record_id": f"{row['record_id']}={row['cause']}",
            "row_no": None,
            "slot": None,
            "rule": row["cause"],
            "why": row["reason"],
            "derived_from": [row["record_id"]],
        }
        for row in files.to_pylist()
    ]
    return {
        "delivery": files,
        "landed_line": LANDED_LINE.empty(),
        "unhandled": UNHANDLED.empty(),
        "quarantine": pa.Table.from_pylist(quarantine, schema=QUARANTINE.schema),
        "expectation_result": results,
    }
