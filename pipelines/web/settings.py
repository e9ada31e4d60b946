"""Where the site works and how strict it is: from the environment, with loopback defaults for a first look."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.base.settings import Where

_KEY_BYTES = 32
_REVIEW_WORKDAYS = {
    "death": 10,
    "conflict": 10,
    "authorisation": 10,
    "custody": 15,
    "duplicate": 15,
    "pay_list": 15,
    "population": 15,
    "identity": 15,
    "amount": 15,
    "eligibility": 20,
}


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """Local periods are settings: an office sets its own."""

    where: Where
    secret: str = field(repr=False)
    is_behind_https: bool = False
    session_minutes: int = 60
    # Working days from publication to a decision, by track: local periods, the shortest of a household's counts.
    review_workdays: Mapping[str, int] = field(default_factory=lambda: dict(_REVIEW_WORKDAYS))
    notice_workdays: int = 5  # from the decision to the service of its notice
    reply_workdays: int = 15  # from service to the end of the reply period
    objection_workdays: int = 15  # from an objection to the new decision
    appeal_days: int = 60  # 行政复议法第二十条
    lawsuit_months: int = 6  # 行政诉讼法第四十六条
    office: str = "县级人民政府民政部门"  # who signs a notice
    contact: str = "请向所在村（社区）或乡镇（街道）社会救助窗口咨询"
    publicity_days: int = 7  # a public list stays up, whole days
    publicity_effects: tuple[str, ...] = ("raise", "reduce", "remove")  # decisions that are made public
    page_rows: int = 50
    login_limit: str = "5 per 15 minutes"  # wrong ones, for one user name
    address_limit: str = "60 per 15 minutes"  # sign-ins from one address
    reveal_limit: str = "30 per hour"  # whole id numbers, for one account
    brand: tuple[str, str] = ("低保核对预警平台", "Hedui cross-check")


def from_environment(where: Where) -> WebSettings:
    """HEDUI_WEB_SECRET, or a key kept in a file only its owner may read; HEDUI_WEB_HTTPS=1 behind a TLS proxy."""
    return WebSettings(
        where=where,
        secret=os.environ.get("HEDUI_WEB_SECRET") or _kept_key(where.home / "web.key"),
        is_behind_https=os.environ.get("HEDUI_WEB_HTTPS", "") == "1",
        office=os.environ.get("HEDUI_WEB_OFFICE") or WebSettings.office,
        contact=os.environ.get("HEDUI_WEB_CONTACT") or WebSettings.contact,
        session_minutes=int(os.environ.get("HEDUI_WEB_SESSION_MINUTES") or 60),
    )


def _kept_key(path: Path) -> str:
    """Made once. Two processes that start together agree: the second finds the first one's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(_KEY_BYTES))
    return path.read_text(encoding="ascii")
