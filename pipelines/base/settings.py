"""Where a run works: home, inbox, jurisdiction and ledger, from arguments first and the environment second."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.errors import InboxNotFound

DEFAULT_HOME = "var"
DEFAULT_JURISDICTION = "demo"


@dataclass(frozen=True, kw_only=True)
class Where:
    """The places of a run. `without` names sources the operator goes on without, knowingly."""

    home: Path
    inbox: Path | None
    jurisdiction: str
    ledger: str
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, object] | None = None) -> Where:
        """From a mapping with keys home, inbox, jurisdiction, ledger, without; else HEDUI_HOME, HEDUI_INBOX …"""
        stated = {key: value for key, value in (given or {}).items() if value}
        home = Path(str(stated.get("home") or os.environ.get("HEDUI_HOME") or DEFAULT_HOME)).absolute()
        inbox = stated.get("inbox") or os.environ.get("HEDUI_INBOX")
        without = stated.get("without") or ()
        return cls(
            home=home,
            inbox=Path(str(inbox)).absolute() if inbox else None,
            jurisdiction=str(
                stated.get("jurisdiction") or os.environ.get("HEDUI_JURISDICTION") or DEFAULT_JURISDICTION
            ),
            ledger=str(
                stated.get("ledger")
                or os.environ.get("HEDUI_LEDGER")
                or f"sqlite:///{home / 'ledger.sqlite'}"
            ),
            without=tuple(sorted(str(name) for name in without))
            if isinstance(without, (list, tuple))
            else (),
        )

    @property
    def checkpoints(self) -> Path:
        """Where the log's signed checkpoints go; best a folder that those who write the ledger cannot change."""
        return Path(os.environ.get("HEDUI_CHECKPOINTS") or self.home / "checkpoints").absolute()

    @property
    def signing_key(self) -> Path | None:
        """The private key's file, where one was named."""
        named = os.environ.get("HEDUI_SIGNING_KEY")
        return Path(named).absolute() if named else None

    @property
    def master_key(self) -> Path | None:
        """The master key's file, where one was named: best outside the home."""
        named = os.environ.get("HEDUI_MASTER_KEY")
        return Path(named).absolute() if named else None

    @property
    def cipher(self) -> str:
        """How new data is encrypted: aes-256-gcm or sm4-gcm."""
        return os.environ.get("HEDUI_CIPHER") or "aes-256-gcm"

    @property
    def lake_root(self) -> Path:
        return self.home / "lake"

    def need_inbox(self) -> Path:
        """The inbox folder, or InboxNotFound."""
        if self.inbox is None:
            raise InboxNotFound("no inbox was named", remedy="give --inbox DIR or set HEDUI_INBOX")
        if not self.inbox.is_dir():
            raise InboxNotFound(
                "the inbox does not exist",
                place=str(self.inbox),
                remedy="check the path; it holds one folder per source, each with <yyyymmdd_nn> batch folders",
            )
        return self.inbox
