"""What a verification found wrong, each with the item by name, and how much it looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ALTERED, MISSING, ADDED = "altered", "missing", "added"
REORDERED, ROLLED_BACK, FORKED = "reordered", "rolled_back", "forked"
UNSIGNED, UNGUARDED, UNERASED = "unsigned", "unguarded", "unerased"
ERASED = "erased"  # no fault: under an order that the ledger holds

KINDS = {
    ALTERED: "被改动",
    MISSING: "缺失",
    ADDED: "多出",
    REORDERED: "次序被改",
    ROLLED_BACK: "被回退",
    FORKED: "分叉",
    UNSIGNED: "未签名",
    UNGUARDED: "未设防",
    UNERASED: "应销毁而未销毁",
    ERASED: "已依令销毁",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One item that is not as it was recorded."""

    kind: str
    item: str  # row, file or checkpoint; codes and paths only
    zh: str
    en: str

    def told(self, is_zh: bool) -> str:
        if is_zh:
            return f"{KINDS[self.kind]}：{self.item}（{self.zh}）"
        return f"{self.kind.replace('_', ' ')}: {self.item} ({self.en})"


@dataclass(kw_only=True)
class Verified:
    """What was counted, by kind of thing, and what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    erased: list[Finding] = field(default_factory=list)  # what is gone and should be

    def add(self, kind: str, item: str, zh: str, en: str) -> None:
        self.findings.append(Finding(kind=kind, item=item, zh=zh, en=en))

    def add_erased(self, item: str, order_no: str) -> None:
        self.counts["erased"] += 1
        said = Finding(kind=ERASED, item=item, zh=f"令号 {order_no}", en=f"under order {order_no}")
        self.erased.append(said)

    def take(self, other: Verified) -> None:
        """What another part of the verification found."""
        self.counts += other.counts
        self.findings += other.findings
        self.erased += other.erased
