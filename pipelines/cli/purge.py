"""`hedui purge`: erase, under an order, what is past its term; with --dry-run only say what that would be."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.purging import Plan, plan_purge, purge
from pipelines.run.terms import HELD, NO_TERM, NOT_OVER, UNDER_WAY
from pipelines.store.retained import Order

_STAYS = {
    NOT_OVER: ("期限未到", "term not over"),
    NO_TERM: ("规则包未规定期限", "the pack states no term"),
    HELD: ("暂停销毁", "held"),
    UNDER_WAY: ("个案或异议办理中", "a case or an objection is under way"),
}


def command(
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")],
    order: Annotated[str, typer.Option(help="销毁令文号 / number of the order")] = "",
    by: Annotated[str, typer.Option(help="姓名 / your name")] = "",
    reason: Annotated[str, typer.Option(help="理由 / why")] = "保存期限届满 / term over",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看不做 / only say what it would do")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """依令销毁已过保存期限的原始数据（销毁其密钥） / erase raw data past its term by destroying its keys."""
    day, where = as_of.date(), {"home": home, "jurisdiction": jurisdiction}
    if dry_run:
        _tell(plan_purge(day, where), day)
        return
    done = purge(Order(order_no=order, as_of=day, reason=reason, ordered_by=by), where)
    _tell(done.plan, day)
    if not done.order_id:
        say("没有到期的数据，什么也没有销毁。", "Nothing is due; nothing was erased.")
        return
    say(
        f"已依令 {order} 销毁 {len(done.plan.due)} 项的密钥（{done.order_id}），保留 {done.kept} 户次的证据；"
        f"检查点 {done.checkpoint}。换主密钥（hedui keys rotate）后，旧备份中的密钥也不再可用。",
        f"Under order {order} the keys of {len(done.plan.due)} units are destroyed ({done.order_id}); evidence kept of "
        f"{done.kept} households of a run; checkpoint {done.checkpoint}. After `hedui keys rotate` the keys in old "
        "backups are of no use either.",
    )


def _tell(plan: Plan, day: date) -> None:
    say(f"截至 {day} 到期：", f"due on {day}:")
    for kind, count in sorted(Counter("/".join(one.unit.name.split("/")[:2]) for one in plan.due).items()):
        say.plain(f"  {kind}: {count}")
    say(
        f"  另存证据的户次：{plan.households}",
        f"  households of a run whose evidence is kept: {plan.households}",
    )
    for cause, count in plan.stays.items():
        zh, en = _STAYS[cause]
        say(f"  不销毁（{zh}）：{count}", f"  stays ({en}): {count}")
