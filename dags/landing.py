"""One DAG per source: fetch where it has a connector, find the month's deliveries, land each, settle what it offers."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, task

from dags import asked, fetching, wiring

DOC = """**{zh}** · {en}, from {publisher} ({cadence}).

A refused delivery is a result; the run fails when every delivery of the month was refused.
Nothing received is told as such and fails only for a list of recipients. Alerts: `alerts.jsonl` in the home folder."""


def landing(source: str) -> None:
    """The tasks of a source, inside its DAG."""
    offered = wiring.asset(source)

    @task
    def find(**context: Any) -> list[str]:
        from pipelines import run

        return list(run.find(source, asked.month(context), asked.where(context)))

    @task
    def land(delivery: str, **context: Any) -> Any:
        from pipelines import run

        return run.land(delivery, asked.where(context))

    @task(outlets=[offered], trigger_rule="none_failed")
    def settle(**context: Any) -> Any:
        from pipelines import run

        month, where = asked.month(context), asked.where(context)
        settled = run.settle(source, month, where)
        event = context["outlet_events"][offered]
        event.extra = {**settled, "where": where}
        event.add_partitions(month)
        return settled

    found = find()
    fetching.before(source, found)
    land.expand(delivery=found) >> settle()


for name, head in wiring.SOURCES.items():
    with DAG(
        dag_id=f"landing_{name}",
        schedule=wiring.calendar(head["schedule"]),
        default_args=wiring.DEFAULT_ARGS | {"owner": head["owner"]},
        tags=["landing", head["table"]],
        doc_md=DOC.format(**head["title"], publisher=head["publisher"]["en"], cadence=head["cadence"]),
        **wiring.ONE_AT_A_TIME,
    ):
        landing(name)
