"""The month's cross-check: starts when every source has settled the same month, ends with one publication."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, AssetAll, PartitionedAssetTimetable, chain, task

from dags import asked, wiring


@task
def open_run(**context: Any) -> Any:
    from pipelines import run

    where = asked.where(context)
    return {**run.open_run(asked.month(context), where), "where": where}


@task
def compose(opened: dict[str, Any]) -> list[str]:
    """Ends with the tables to link: mapping goes over what a task returns, one mapped task a table."""
    from pipelines import run

    run.compose_run(opened["run_id"], opened["where"])
    return list(opened["tables"])


@task
def link(table: str, opened: dict[str, Any]) -> Any:
    from pipelines import run

    return run.link_run(opened["run_id"], table, opened["where"])


def stage(name: str, opened: Any) -> Any:
    """The task of a stage that takes the whole run: `pipelines.run.<name>_run`."""

    @task(task_id=name)
    def call(opened: dict[str, Any]) -> Any:
        from pipelines import run

        return getattr(run, f"{name}_run")(opened["run_id"], opened["where"])

    return call(opened)


with DAG(
    dag_id="cross_check",
    schedule=PartitionedAssetTimetable(assets=AssetAll(*map(wiring.asset, wiring.SOURCES))),
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.PARAMS,
    tags=["cross_check"],
    doc_md=__doc__,
    max_active_runs=1,
    catchup=False,
):
    opened = open_run()
    linked = link.partial(opened=opened).expand(table=compose(opened))
    chain(linked, *(stage(name, opened) for name in ("assess", "flag", "report", "publish")))
