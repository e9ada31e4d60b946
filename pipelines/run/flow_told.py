"""What `hedui flow` says on a terminal, in Chinese or English."""

from __future__ import annotations

from pipelines.run.flow_statement import ALL, EXIT, JOIN, FlowStatement, Stock
from pipelines.run.told import aligned

_HEAD = {
    "zh": ("类别（户/人）", "期初", "新增", "退出", "期末"),
    "en": ("programme (households/persons)", "opening", "joined", "left", "closing"),
}
PROGRAMMES = {
    "zh": {"dibao_urban": "城市低保", "dibao_rural": "农村低保", "tekun": "特困", ALL: "合计"},
    "en": {
        "dibao_urban": "urban dibao",
        "dibao_rural": "rural dibao",
        "tekun": "destitute support",
        ALL: "all",
    },
}
MOVEMENTS = {"zh": {JOIN: "新增", EXIT: "退出"}, "en": {JOIN: "joined", EXIT: "left"}}
CAUSES = {
    "zh": {
        "moved": "转入或转出其他户、其他类别",
        "newly_granted": "期内新批准",
        "granted_before": "期初前已批准（恢复或补录）",
        "member_added": "户内增加保障对象",
        "member_removed": "户内减少保障对象",
        "death_flagged": "期初有死亡登记提示",
        "exit_suggested": "期初核对建议退出",
        "not_known": "原因未知，见办理档案",
    },
    "en": {
        "moved": "from or to another household or programme",
        "newly_granted": "granted since the opening month",
        "granted_before": "granted before it (restored or entered late)",
        "member_added": "person added to a household",
        "member_removed": "person taken from a household",
        "death_flagged": "a death was reported at the opening",
        "exit_suggested": "an exit was suggested at the opening",
        "not_known": "not known: see the office's file",
    },
}


def flow_lines(statement: FlowStatement, lang: str) -> list[str]:
    """The statement by programme, then the causes."""
    programmes, causes, movements = PROGRAMMES[lang], CAUSES[lang], MOVEMENTS[lang]
    lines = [
        (
            programmes.get(line.programme, line.programme),
            *map(_stock, (line.opening, line.joins, line.exits, line.closing)),
        )
        for line in statement.lines
    ]
    rows: list[tuple[str, ...]] = [
        (
            movements[one.movement],
            programmes.get(one.programme, one.programme),
            f"{one.households}/{one.persons}",
            causes[one.cause],
        )
        for one in statement.causes
    ]
    span = f"{statement.opening_month} → {statement.closing_month}"
    told = ["  ".join(row) for row in aligned([_HEAD[lang], *lines])]
    return [span, *told, *("  ".join(row) for row in (aligned(rows) if rows else []))]


def _stock(stock: Stock) -> str:
    return f"{stock.households}/{stock.persons}"
