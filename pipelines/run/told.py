"""What a finished run says on a terminal: the deliveries with their line accounts, and the month in a few lines."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.run.month import resume
from pipelines.run.reporting import report_data
from pipelines.s7_report import summary_lines

_FATES = ("loaded", "quarantined", "duplicates", "superseded", "not_authorised")
_FIRST_WIDE = "\u2e80"
_HEADS = {
    "zh": ("交付文件", "状态", "物理行", "表头/表尾/空行", "入库", "隔离", "重复", "被替代", "未授权"),
    "en": (
        "file",
        "status",
        "lines",
        "head/tail/blank",
        "loaded",
        "quarantined",
        "duplicate",
        "superseded",
        "not auth.",
    ),
}


def told_accounts(run_id: str, where: Mapping[str, object] | None, lang: str) -> list[str]:
    """The account of every delivered file: lines − header/trailer/blank = what became of them."""
    run = resume(run_id, where)
    rows: list[tuple[str, ...]] = [_HEADS[lang]]
    accounts = run.read("compose", "line_account").to_pylist()
    for account in accounts:
        rows.append(
            (
                f"{account['delivery']}/{account['file_name']}",
                account["status"],
                str(account["physical_lines"]),
                "/".join(str(account[f"{part}_lines"]) for part in ("header", "trailer", "blank")),
                *(str(account[fate]) for fate in _FATES),
            )
        )
    lines = ["  ".join((*row[1:], row[0])) for row in aligned(rows)]
    refused = [row for row in run.read("compose", "delivery").to_pylist() if row["status"] == "refused"]
    return lines + [f"! {row['reason']}" for row in refused] + [f"! {text}" for text in run.key["unread"]]


def told_summary(run_id: str, where: Mapping[str, object] | None) -> list[str]:
    """The month in a few lines, Chinese and then English."""
    run = resume(run_id, where)
    return summary_lines(report_data(run), run.period)


def aligned(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The cells padded to the widest of their column."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        tuple(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if char >= _FIRST_WIDE else 1 for char in text)
