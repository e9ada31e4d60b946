"""Our way: the scoring engine of s4_link with the file's schema in benchmarks/schemas, no code for the file."""

from __future__ import annotations

from pathlib import Path

from benchmarks.linkage_files import Labelled
from benchmarks.linkage_ways import Answer


def ours(file: Labelled) -> Answer:
    from pipelines.s4_link.scoring import assigned, clustered, parse_schema, score

    schema = parse_schema(Path(__file__).with_name("schemas").joinpath(f"{file.name}.yaml").read_text())
    scored = score(file.left, file.right, schema)
    ids = scored.rows.ids
    kept = assigned(scored)
    grouped = None
    if file.right is None:
        grouped = clustered(scored)
    answer = Answer(
        left=ids.take(scored.left[kept]),
        right=ids.take(scored.right[kept]),
        scores=scored.totals[kept].astype(float),
        own=scored.is_match[kept],
        candidates=len(scored.left),
    )
    if len(kept) < len(scored.left):
        answer.every = ids.take(scored.left), ids.take(scored.right)
    if grouped is not None:
        answer.clusters = dict(zip(ids.to_pylist(), map(str, grouped.tolist()), strict=True))
    return answer
