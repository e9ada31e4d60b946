"""The evidence bundle of flags: one zip that proves itself offline, with nothing in it that the flags do not rest on.

What it says of the flags (evidence/slice) is attested: the digest of its manifest is a row of the ledger under a signed
checkpoint. The report's pages and the partitions' manifests are proved by the run's own rows.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.audit.bundle_proofs import logged_rows, sealed_over
from pipelines.audit.minimised import delivered_fields, fields_in, minimised, persons_in
from pipelines.audit.raw_lines import named_in, raw_lines
from pipelines.audit.readme import write_readme
from pipelines.audit.resting import Ref, Rows, by_id, evidence_rows, resting
from pipelines.audit.ruled import rule_in_words
from pipelines.base.errors import NotFound
from pipelines.base.ids import digest_bytes, digest_file, short_id
from pipelines.lineage.proofs import STAND_ALONE, write_files_list, write_proofs
from pipelines.lineage.zipping import zipped
from pipelines.run.month import Run
from pipelines.run.tables import landing_partition
from pipelines.store.documents import BUNDLE, keep, key_of
from pipelines.store.signing import signing_key

_MANIFEST = "manifest.json"
_SLICE, _REPORT = "evidence/slice", "evidence/report"
_STAGES = ("compose", "assess", "flag")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What was written, and how much is inside."""

    bundle_id: str
    path: Path
    sha256: str
    flags: int
    raw_lines: int
    persons: int
    files: int


def write_bundle(run: Run, flag_ids: Sequence[str], out: Path) -> Bundle:
    """The bundle of these flags of a published run. The same flags of the same run give the same bytes."""
    wanted = sorted(set(flag_ids))
    rows = evidence_rows(run, wanted)
    _check_there(wanted, rows)
    with TemporaryDirectory(prefix="hedui-bundle-") as temporary:
        folder = Path(temporary)
        counted = _write_slice(run, wanted, rows, folder / _SLICE)
        _copy_published(run, rows, folder)
        bundle_id = short_id("B", run.run_id, digest_file(folder / _SLICE / _MANIFEST))
        kept = keep(
            run.shop.ledger,
            run.shop.lake,
            BUNDLE,
            f"{run.run_id}/{bundle_id}",
            folder / _SLICE / _MANIFEST,
        )
        deliveries = {row["delivery"] for (table, _), row in rows.items() if table == "delivery"}
        refs = [*logged_rows(run, deliveries), ("artefact", key_of(BUNDLE, kept))]
        log, signed = sealed_over(run, refs)
        write_proofs(folder, log, refs, signed, signing_key(run.shop.where).public_text)
        shutil.copyfile(STAND_ALONE, folder / STAND_ALONE.name)
        write_readme(folder, run, bundle_id, wanted)
        write_files_list(folder)
        data = zipped(folder, bundle_id)
        files = sum(path.is_file() for path in folder.rglob("*"))
    _put(out, data)
    return Bundle(
        bundle_id=bundle_id,
        path=out,
        sha256=digest_bytes(data),
        flags=len(wanted),
        files=files,
        **counted,
    )


def _check_there(wanted: Iterable[str], rows: Rows) -> None:
    missing = sorted(set(wanted) - {record_id for table, record_id in rows if table == "flag"})
    if missing:
        raise NotFound(
            f"the month has no flag called [{missing[0]}]", remedy="hedui export flag lists the flags"
        )


def _write_slice(run: Run, wanted: Sequence[str], rows: Rows, folder: Path) -> dict[str, int]:
    """Rows, rules, raw lines and the list of persons; the manifest that names them last."""
    lines = [row for (table, _), row in rows.items() if table == "landed_line"]
    files = {record_id: row for (table, record_id), row in rows.items() if table == "delivery"}
    ids, pack = by_id(rows), run.pack
    for flag_id in wanted:
        mine = resting(flag_id, ids)
        _write_json(folder / "flags" / f"{flag_id}.json", _flag_document(flag_id, mine))
    for code in sorted({rows["flag", flag_id]["code"] for flag_id in wanted}):
        cited = [row for (t, _), row in rows.items() if t == "assessed_line" and row["rule"] == code]
        _write_json(folder / "rules" / f"{code}.json", rule_in_words(code, cited, pack, run.period))
    told = []
    (folder / "lines").mkdir(parents=True)
    for number, line in enumerate(raw_lines(run, lines, files), start=1):
        path = f"lines/{number:04}.bin"
        (folder / path).write_bytes(line.data)
        told.append(line.told(path))
    _write_json(folder / "lines.json", told)
    persons = _personal_data(run, rows, lines)
    _write_json(folder / "personal_data.json", persons)
    _write_manifest(folder, run, wanted)
    return {"raw_lines": len(lines), "persons": len(persons["persons"])}


def _flag_document(flag_id: str, rows: Rows) -> dict[str, Any]:
    order = sorted(rows, key=lambda ref: (ref[0] != "flag", ref))
    return {
        "flag_id": flag_id,
        "rows": [{"table": ref[0], "row": minimised(ref[0], rows[ref])} for ref in order],
    }


def _personal_data(run: Run, rows: Rows, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Who is inside and with what: rows masked, raw lines whole, the report's pages masked."""
    named: dict[Ref, Mapping[str, Any]] = {**rows}
    named |= {(table, row["record_id"]): row for table, row in named_in(run, lines)}
    return {
        "persons": persons_in((ref[0], row) for ref, row in named.items()),
        "fields_of_tables": list(fields_in(table for table, _ in rows)),
        "fields_of_raw_lines": delivered_fields(lines),
        "whole": "evidence/slice/lines/*.bin, and cells in evidence/slice/lines.json",
        "masked": "evidence/slice/flags/*.json, evidence/report/**/households/*.html",
    }


def _write_manifest(folder: Path, run: Run, wanted: Sequence[str]) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: {"sha256": digest_file(folder / name)} for name in names}
    _write_json(folder / _MANIFEST, {"made_from": {"run": run.run_id, "flags": list(wanted)}, "files": files})


def _copy_published(run: Run, rows: Rows, folder: Path) -> None:
    """The pages of the flags' households, and the manifests of what the run published and landed."""
    households = {row["household_id"] for (table, _), row in rows.items() if table == "flag"}
    report = run.shop.reports
    pages = [
        name
        for name in report.manifest(run.report_partition).files
        if Path(name).parent.name == "households" and Path(name).stem in households
    ]
    for name in [*pages, "style.css"]:
        _put_bytes(folder / _REPORT / name, report.document(run.report_partition, name))
    _copy(report.root / run.report_partition / _MANIFEST, folder / _REPORT / _MANIFEST)
    for stage in [*_STAGES, *sorted(_linked(rows))]:
        _copy_manifest(run, run.partition(stage), folder / "evidence/stages" / stage)
    for delivery in sorted({row["delivery"] for (table, _), row in rows.items() if table == "delivery"}):
        _copy_manifest(run, landing_partition(run, delivery), folder / "evidence/landings" / delivery)


def _linked(rows: Rows) -> set[str]:
    return {
        f"link-{row['table_name']}"
        for (table, _), row in rows.items()
        if table in ("linked_match", "linked_review")
    }


def _copy_manifest(run: Run, partition: str, folder: Path) -> None:
    _copy(run.shop.lake.root / partition / _MANIFEST, folder / _MANIFEST)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_bytes(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_json(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def _put(out: Path, data: bytes) -> None:
    """Whole under its name, readable by its owner alone: it holds personal data."""
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)
    unfinished.replace(out)
