"""The notice of a decision to the household, word for word as it is served. Its text stands in the ledger beside its digest.

It says fact, source, date, rule, amounts, the month, and the ways to contest it. It never says what would clear the query,
and nothing of another household.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import g

from pipelines.base.period import Period
from pipelines.base.site_errors import MoveRefused
from pipelines.web.casework.actions import EFFECTS
from pipelines.web.context import site
from pipelines.web.dossier import Dossier
from pipelines.web.settings import WebSettings
from pipelines.web.store.moves import decisions_of, last_move
from pipelines.web.words import chinese
from pipelines.wording.household_page import sentences
from pipelines.wording.masking import safe_words
from pipelines.wording.texts import texts

Row = Mapping[str, Any]
# What a sentence asks of the officer ("请核实……") is not for the household.
_ASKING = re.compile(r"[，。；]?请[^。]*。$")


def notice_text(found: Dossier, row: Row, decision: Row, words: str, settings: WebSettings) -> str:
    """The notice in Chinese, a paragraph a line."""
    t, case = texts("zh"), found.case
    told = [_ASKING.sub("。", zh.text) for _, zh, _ in sentences(case, t, texts("en"))]
    facts = [f"{place}. {text}" for place, text in enumerate(told, 1)]
    raised = {flag["code"] for flag in case.flags}
    bases = sorted({line["citation"] for line in case.lines if line["rule"] in raised and line["citation"]})
    until = decision["phase_out_until"]
    lines = [
        "社会救助核实结果告知书",
        f"编号：{row['case_no']} · {decision['determination_id']}",
        f"{case.household['head_name'] or ''}（{row['household_no']}）：",
        f"经核对和核实（数据月份：{t.month(Period.parse(row['month']))}），现将你户有关情况和处理结果告知如下。",
        "一、核对反映的情况",
        *facts,
        "二、依据",
        *(bases or ["—"]),
        "三、核实情况和理由",
        words,
        "四、处理结果",
        f"{chinese(EFFECTS[decision['effect']])}。{_amounts(decision)}",
        f"自{t.month(Period.parse(decision['from_month']))}起执行。" if decision["from_month"] else "",
        f"渐退期至{t.month(Period.parse(until))}，期间继续发放。" if until else "",
        "五、如有异议",
        f"可自收到本告知书之日起{settings.reply_workdays}个工作日内，书面或口头向经办的乡镇（街道）或县级民政部门提出异议，"
        "由其他工作人员重新核对。",
        f"也可自收到之日起{settings.appeal_days}日内依法申请行政复议，或者在{settings.lawsuit_months}个月内依法提起行政诉讼。",
        f"联系方式：{settings.contact}",
        f"{settings.office}  {t.day(decision['decided_on'])}",
    ]
    return safe_words("\n".join(line for line in lines if line))


def _amounts(decision: Row) -> str:
    before, after = decision["amount_before"], decision["amount_after"]
    if before is None or after is None or before == after:
        return ""
    return f"每月金额由{_yuan(before)}调整为{_yuan(after)}。"


def _yuan(fen: int) -> str:
    return texts("zh").yuan(fen)


def current_notice(found: Dossier) -> str:
    """The notice of the decision in force of the case that is open."""
    engine, case_no = site().engine, g.case["case_no"]
    decided = [row for row in decisions_of(engine, case_no) if not row["is_replaced"]]
    if not decided:
        raise MoveRefused("nothing is decided", place=case_no)
    with engine.connect() as connection:
        confirmed = last_move(connection, case_no, "confirm")
    content = confirmed["content"] if confirmed else {}
    # The reason recommended and the one of the decision; often they are the same words.
    said = dict.fromkeys([content.get("proposal", {}).get("words"), content.get("words")])
    words = "\n".join(text for text in said if text)
    return notice_text(found, g.case, decided[-1], words, site().settings)
