"""`hedui run`: a month from inbox to published report, without Airflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.keys import tell_first_key
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.run import run_month
from pipelines.run.told import told_accounts, told_summary


def command(
    month: Month,
    inbox: Annotated[Path, typer.Option(help="收件目录 / inbox folder", envvar="HEDUI_INBOX")],
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    without: Annotated[
        list[str] | None, typer.Option(help="明知缺此来源仍继续 / go on without this source")
    ] = None,
) -> None:
    """核对一个月：接收、标准化、校验、匹配、评估、预警、报告 / run a month from its deliveries to its report."""
    where = {"home": home, "inbox": inbox, "jurisdiction": jurisdiction, "without": without or []}
    tell_first_key(home)
    with say.progress() as bar:
        task = bar.add_task(month, total=None)
        done = run_month(
            month, where, lambda what, at, of: bar.update(task, description=what, completed=at, total=of)
        )
    run_id = done["publication"]["run_id"]
    say.lines(told_accounts(run_id, where, say.lang))
    say.lines(told_summary(run_id, where))
    say(f"报告: {done['publication']['report']}", f"report: {done['publication']['report']}")
    published = done["publication"]
    say(
        f"检查点: {published['checkpoint']}（台账 {published['log_size']} 行）\n公钥: {published['public_key']}",
        f"checkpoint: {published['checkpoint']} ({published['log_size']} ledger rows)\n"
        f"public key: {published['public_key']}",
    )
