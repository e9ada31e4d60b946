"""`hedui links`: a month's linkage: links and reviews, blocking rules, weights, priors, calibration; explained pairs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.base.errors import NotFound
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.lineage.explaining import models_of
from pipelines.run.access import look
from pipelines.run.link_figures import link_figures, of_table, pairs_of
from pipelines.run.links_told import figure_lines, pair_document, pair_lines
from pipelines.run.published import published_run, read_table


def command(
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    table: Annotated[
        str | None, typer.Option(help="只看一张表 / one canonical table: vehicle, property …")
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="METHOD", help="逐条说明某方法或某待确认原因的配对 / explain pairs of a method or reason"
        ),
    ] = None,
    count: Annotated[int, typer.Option("--n", min=1, help="条数 / how many pairs")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """匹配情况：按来源与方法的数量、候选规则、权重、先验、校准 / a month's linkage and why pairs were linked."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    whole = read_table(run, "link_model")
    matches, reviews, model = (
        of_table(found, table)
        for found in (read_table(run, "linked_match"), read_table(run, "linked_review"), whole)
    )
    if table is not None and not model.num_rows:
        linked = ", ".join(sorted(whole["table_name"].unique().to_pylist()))
        raise NotFound(f"no table called [{table}] was linked", place=run.run_id, remedy=f"one of {linked}")
    models = models_of(model)
    pairs = pairs_of(explain, count, matches, reviews) if explain else None
    if pairs is not None:
        look(
            run,
            verb="links",
            item=f"--explain {explain}",
            households=(pair["household_id"] for pair in pairs),
            members=(pair["member_id"] for pair in pairs),
            purpose=purpose,
        )
    if as_json:
        document = (
            link_figures(matches, reviews, model)
            if pairs is None
            else {"pairs": [pair_document(pair, models) for pair in pairs]}
        )
        say.plain(json.dumps({"run": run.run_id} | document, ensure_ascii=False, indent=2))
        return
    if pairs is None:
        say.lines(figure_lines(link_figures(matches, reviews, model), say.lang.value))
        return
    say.lines(pair_lines(pairs, models, say.lang.value))
