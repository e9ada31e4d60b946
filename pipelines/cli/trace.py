"""`hedui trace FLAG_ID`: flag → rule and figures → match → standardised record → the line as delivered."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.lineage.explaining import models_of
from pipelines.lineage.trace import trace
from pipelines.run.access import look, people_of
from pipelines.run.keeping import evidence_of
from pipelines.run.published import published_run
from pipelines.run.telling import tell


def command(
    record_id: Annotated[str, typer.Argument(metavar="FLAG_ID")],
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """追溯一条预警（或任一记录）直到交付文件中的原始字节 / trace a flag (or any record) to the delivered bytes."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    evidence = evidence_of(run, record_id)
    models = models_of(evidence.tables.get("link_model"))
    found = trace(record_id, evidence.tables, evidence.lines)
    households, members = people_of(found)
    look(run, verb="trace", item=record_id, households=households, members=members, purpose=purpose)
    say.lines(tell(found, say.lang.value, models))
