"""Who is at the terminal, and what for: recorded with every look at people's data."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from pipelines.base.errors import PurposeMissing

ROUTINE = "日常核对 routine cross-check"
_LONGEST = {"actor": 100, "purpose": 400}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """`name` is what HEDUI_USER states, else the operating system's user, which stands beside it in any case."""

    name: str
    os_user: str


def actor() -> Actor:
    """Who this program runs for."""
    os_user = _os_user()
    return Actor(name=_short(os.environ.get("HEDUI_USER", ""), "actor") or os_user, os_user=os_user)


def purpose_of(stated: str | None) -> str:
    """The stated purpose, else HEDUI_PURPOSE, else routine work. PurposeMissing where it has to be stated each time."""
    given = _short(stated or "", "purpose")
    if given:
        return given
    if os.environ.get("HEDUI_PURPOSE_REQUIRED", "") not in ("", "0"):
        raise PurposeMissing(
            "nothing is shown before the purpose is stated",
            place="HEDUI_PURPOSE_REQUIRED",
            remedy='say what for: --purpose "…"; it is recorded with your name',
        )
    return _short(os.environ.get("HEDUI_PURPOSE", ""), "purpose") or ROUTINE


def _os_user() -> str:
    """By the number of the running user: the environment cannot change it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _short(text: str, what: str) -> str:
    return " ".join(text.split())[: _LONGEST[what]].strip()
