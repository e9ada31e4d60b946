"""A month's candidates for help (应保未保) as a list an officer can work through, names masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipelines.run import tables
from pipelines.run.published import published_run, read_table
from pipelines.wording.candidate_words import candidate_sentence, candidate_title, masked_name
from pipelines.wording.texts import Language


def candidate_rows(month: str | None, where: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
    """CANDIDATE with household number, masked name and the sentence in both languages, by kind and household."""
    run = published_run(month, where)
    members = {row["record_id"]: row for row in run.read("compose", "household_member").to_pylist()}
    households = {row["record_id"]: row for row in run.read("compose", "household").to_pylist()}
    before = tables.previous(run, "compose", "household")
    for row in [] if before is None else before.to_pylist():
        households.setdefault(row["record_id"], row)
    return [
        _told(row, households[row["household_id"]], members.get(row["subject"]))
        for row in read_table(run, "candidate").to_pylist()
    ]


def _told(
    row: Mapping[str, Any], household: Mapping[str, Any], member: Mapping[str, Any] | None
) -> dict[str, Any]:
    person = masked_name(member["name"] if member else household["head_name"])
    return {
        "candidate": row["record_id"],
        "kind": row["kind"],
        "household_id": row["household_id"],
        "household_no": household["household_no"],
        "town": household["town"],
        "village": household["village"],
        "person": person,
        "consent": row["consent"],
        "zh": candidate_sentence(row, person, "zh"),
        "en": candidate_sentence(row, person, "en"),
        "citation": row["citation"],
        "derived_from": row["derived_from"],
    }


def candidate_lines(rows: list[dict[str, Any]], lang: Language) -> list[str]:
    """Counts by kind, then a line each."""
    counts = Counter(row["kind"] for row in rows)
    heads = [f"{candidate_title(kind, lang)}: {count}" for kind, count in sorted(counts.items())]
    return [*heads, *(f"{row['candidate']}  {row['household_no']}  {row[lang]}" for row in rows)]
