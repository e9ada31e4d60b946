"""`hedui …`: one verb a module. An error is one sentence with place and remedy, and its own exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipelines.base import log
from pipelines.base.errors import HeduiError
from pipelines.base.faults import masked
from pipelines.cli import (
    access,
    accuracy,
    airflow,
    bundle,
    candidates,
    check,
    checkpoint,
    deliveries,
    doctor,
    export,
    fetch,
    flow,
    hold,
    judge,
    judgements,
    keys,
    links,
    papers,
    policy,
    purge,
    rederive,
    run,
    score,
    simulate,
    sources,
    statement,
    subject,
    trace,
    verify,
    web,
    whatif,
)
from pipelines.cli.speech import Lang, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Hedui 核对: household economic status cross-check. 居民家庭经济状况核对。",
)


@app.callback()
def _common(
    lang: Annotated[Lang, typer.Option(help="语言 / language", envvar="HEDUI_LANG")] = Lang.zh,
) -> None:
    say.lang = lang


for _verb in (
    simulate,
    fetch,
    run,
    check,
    candidates,
    deliveries,
    links,
    judge,
    trace,
    verify,
    checkpoint,
    rederive,
    bundle,
    export,
    score,
    whatif,
    flow,
    subject,
    purge,
    statement,
    doctor,
):
    app.command(_verb.__name__.rsplit(".", maxsplit=1)[-1])(_verb.command)
app.add_typer(judgements.app, name="judgements")
app.add_typer(access.app, name="access")
app.add_typer(keys.app, name="keys")
app.add_typer(hold.app, name="hold")
app.add_typer(policy.app, name="policy")
app.add_typer(accuracy.app, name="accuracy")
app.add_typer(sources.app, name="sources")
app.add_typer(airflow.app, name="airflow")
app.add_typer(web.app, name="web")
app.add_typer(papers.app, name="papers")


def main() -> None:
    """Run a verb; 0 when it did what was asked, else the cause's exit code (pipelines/base/errors.py)."""
    log.configure()
    try:
        masked(app)()
    except HeduiError as error:
        say.error(error)
        sys.exit(error.exit_code)
