"""`hedui fetch`: bring what the registries have ready into the inbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.base.errors import HeduiError
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.run.fetching import bring
from pipelines.run.told import aligned
from pipelines.sources.connectors.declared import connector_of
from pipelines.sources.spec import source_names

_HEADS = {
    "zh": ("来源", "结果", "文件", "行", "请求", "未取", "未授权", "批次"),
    "en": ("source", "result", "files", "rows", "requests", "left", "not sent", "batch"),
}
_RESULTS = {
    "fetched": ("已取回", "fetched"),
    "nothing_new": ("无新交付", "nothing new"),
    "by_hand": ("由人工投递", "delivered by hand"),
    "failed": ("未取回", "failed"),
}
_COUNTS = ("files", "rows", "requests", "remaining", "not_sent")


def command(
    month: Month,
    inbox: Annotated[Path, typer.Option(help="收件目录 / inbox folder", envvar="HEDUI_INBOX")],
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="默认全部 / all by default")
    ] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """从各单位取回已备好的交付 / bring what the registries have ready. One that fails does not stop the others."""
    where = {"home": home, "inbox": inbox, "jurisdiction": jurisdiction}
    asked = list(dict.fromkeys(sources or source_names()))
    for name in asked:
        connector_of(name)  # a slip in one setting is told before anybody is called
    errors: list[HeduiError] = []
    found = [_brought(name, month, where, errors) for name in asked]
    if as_json:
        say.plain(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        say.lines("  ".join(row).rstrip() for row in aligned([_HEADS[say.lang.value], *map(_row, found)]))
    for error in errors[1:]:
        say.error(error)
    if errors:
        raise errors[0]


def _brought(name: str, month: str, where: dict[str, object], errors: list[HeduiError]) -> dict[str, Any]:
    try:
        return bring(name, month, where)
    except HeduiError as error:
        errors.append(error)
        return {
            "source": name,
            "status": "failed",
            "cause": error.cause,
            "place": error.place,
            "what": error.what,
            "remedy": error.remedy,
            "exit_code": error.exit_code,
        }


def _row(found: dict[str, Any]) -> tuple[str, ...]:
    zh, en = _RESULTS[found["status"]]
    result = zh if say.lang.value == "zh" else en
    if found["status"] == "failed":
        return (found["source"], result, *("" for _ in _COUNTS), found["cause"])
    if found["status"] == "by_hand":
        return (found["source"], result, *("" for _ in _COUNTS), "")
    batches = " ".join(name.split("/", maxsplit=1)[1] for name in found["deliveries"])
    return (found["source"], result, *(str(found[count]) for count in _COUNTS), batches)
