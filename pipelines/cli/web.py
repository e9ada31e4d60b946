"""`hedui web`: the review site on this machine; `hedui web demo-accounts`: accounts to try it with."""

from __future__ import annotations

from typing import Annotated

import typer
from flask import Flask

from pipelines.base.settings import Where
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say

app = typer.Typer(no_args_is_help=False, help="核实网站 / the review site")
_LOOPBACK = "127.0.0.1"


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8731,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """在本机打开核实网站（仅限本机访问） / serve the review site, on loopback only."""
    if context.invoked_subcommand is not None:
        return
    from werkzeug.serving import run_simple

    from pipelines.web.projecting import start_keeping

    made = _made(Where.of({"home": home, "jurisdiction": jurisdiction}))
    start_keeping(made.extensions["hedui"])
    say(f"核实网站: http://{_LOOPBACK}:{port}/", f"review site: http://{_LOOPBACK}:{port}/")
    run_simple(_LOOPBACK, port, made, threaded=True)


@app.command("demo-accounts")
def demo_accounts(home: Home = DEFAULT_HOME, jurisdiction: Jurisdiction = "demo") -> None:
    """为演示城市建立各角色账号并打印密码（仅限本机登录） / one account a role, passwords printed."""
    from pipelines.web.demo import make_demo_accounts

    for account in make_demo_accounts(_made(Where.of({"home": home, "jurisdiction": jurisdiction}))):
        say.plain(f"{account.username:<18} {account.password}  {account.area}".rstrip())


def _made(where: Where) -> Flask:
    from pipelines.web.app import create_app
    from pipelines.web.projecting import show_latest
    from pipelines.web.settings import from_environment

    made = create_app(from_environment(where))
    show_latest(made.extensions["hedui"])
    return made
