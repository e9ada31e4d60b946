"""`hedui airflow run|up`: the month through the real DAGs on the embedded default, or Airflow kept open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.keys import tell_first_key
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.cockpit import run_month
from pipelines.cockpit import up as keep_up
from pipelines.run.published import published_run
from pipelines.run.told import told_accounts, told_summary

app = typer.Typer(no_args_is_help=True, help="内嵌 Airflow / the embedded Airflow")
_Inbox = Annotated[Path, typer.Option(help="收件目录 / inbox folder", envvar="HEDUI_INBOX")]
_Without = Annotated[list[str] | None, typer.Option(help="明知缺此来源仍继续 / go on without this source")]
_Port = Annotated[int | None, typer.Option(help="默认取空闲端口 / a free one by default")]


@app.command("run")
def run(
    month: Month,
    inbox: _Inbox,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    port: _Port = None,
    without: _Without = None,
) -> None:
    """启动 Airflow，跑完一个月的 DAG，再全部停止 / start Airflow, run the month's DAGs, stop all of it."""
    where = {
        "home": str(home.absolute()),
        "inbox": str(inbox.absolute()),
        "jurisdiction": jurisdiction,
        "without": without or [],
    }
    tell_first_key(home)
    with say.progress() as bar:
        task = bar.add_task("Airflow", total=None)
        result = run_month(
            month=month,
            where=where,
            port=port,
            progress=lambda what, at, of: bar.update(task, description=what, completed=at, total=of),
        )
    published = published_run(month, where)
    say.lines(told_accounts(published.run_id, where, say.lang))
    say.lines(told_summary(published.run_id, where))
    say(
        f"Airflow: {len(result.runs)} 个 DAG 运行、{result.tasks} 个任务，"
        f"启动 {result.boot_seconds} 秒，共 {result.seconds} 秒",
        f"Airflow: {len(result.runs)} DAG runs, {result.tasks} tasks, "
        f"boot {result.boot_seconds} s, {result.seconds} s in all",
    )
    index = published.shop.reports.root / published.report_partition / "index.html"
    say(f"报告: {index}", f"report: {index}")


@app.command("up")
def up(
    inbox: _Inbox, home: Home = DEFAULT_HOME, jurisdiction: Jurisdiction = "demo", port: _Port = None
) -> None:
    """保持 Airflow 运行，直到 Ctrl-C / keep Airflow running until Ctrl-C."""
    where = {"home": str(home.absolute()), "inbox": str(inbox.absolute()), "jurisdiction": jurisdiction}
    tell_first_key(home)
    with say.progress() as bar:
        task = bar.add_task("Airflow", total=None)
        keep_up(
            where=where,
            port=port,
            progress=lambda what, at, of: bar.update(task, description=what, completed=at, total=of),
            show=say.plain,
        )
