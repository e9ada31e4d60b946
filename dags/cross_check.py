"""The month's cross-check: starts when every source has settled the same month, ends with one publication."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, AssetAll, PartitionedAssetTimetable, chain, task

from dags import asked, wiring
from pipelines import flow


@task
def open_run(**context: Any) -> Any:
    from pipelines import run

    where = asked.where(context)
    return {**run.open_run(asked.month(context), where), "where": where}


@task
def compose(opened: dict[str, Any]) -> list[str]:
    """The members; ends with the tables to link after the lender, one mapped task each."""
    from pipelines import run

    run.compose_run(opened["run_id"], opened["where"])
    return [table for table in opened["tables"] if table != flow.LENDER]


@task
def link(table: str, opened: dict[str, Any]) -> Any:
    from pipelines import run

    return run.link_run(opened["run_id"], table, opened["where"])


@task
def stage(name: str, opened: dict[str, Any]) -> Any:
    """A stage that takes the whole run: `pipelines.run.<name>_run`."""
    from pipelines import run

    return getattr(run, f"{name}_run")(opened["run_id"], opened["where"])


with DAG(
    dag_id="cross_check",
    schedule=PartitionedAssetTimetable(assets=AssetAll(*map(wiring.asset, wiring.SOURCES))),
    default_args=wiring.DEFAULT_ARGS,
    tags=["cross_check"],
    doc_md=__doc__,
    **wiring.ONE_AT_A_TIME,
):
    opened = open_run()
    tables = compose(opened)
    lender = link.override(task_id="link_lender")(flow.LENDER, opened)
    linked = link.partial(opened=opened).expand(table=tables)
    rest = [stage.override(task_id=name)(name, opened) for name in ("assess", "flag", "report", "publish")]
    chain(tables, lender, linked, *rest)
