"""Files on their way to the inbox, each with its sign-off, and the note of which true person stands where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.simulate.draw import Ints


@dataclass(frozen=True, kw_only=True)
class Bearers:
    """Who stands on which row and slot of one delivered file, and how they were written."""

    source: str
    delivery: str
    file_name: str
    row_no: Ints
    slot: Ints
    person: Ints
    marks: Ints


def batch(day: date, turn: int = 1) -> str:
    """The name of a batch folder: the day and its running number."""
    return f"{day:%Y%m%d}_{turn:02d}"


class Outbox:
    """Writes deliveries below `<root>/inbox` and remembers their bearers."""

    def __init__(self, root: Path) -> None:
        self._inbox = root / "inbox"
        self.bearers: list[Bearers] = []
        self.files = 0
        self.rows = 0

    def post(
        self,
        source: str,
        batch: str,
        file_name: str,
        data: bytes,
        rows: int,
        *,
        md5: str | None = None,
        signed: bool = True,
    ) -> str:
        """One file, as a rule with its sign-off, into the folder `yyyymmdd_nn`; returns the delivery's name."""
        folder = self._inbox / source / batch
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file_name).write_bytes(data)
        if signed:
            digest = md5 or hashlib.md5(data, usedforsecurity=False).hexdigest()
            sign_off = f"{file_name}|{rows}|{digest}|{batch[:8]}\n"
            (folder / f"{file_name}.ok").write_bytes(sign_off.encode())
        self.files += 1
        self.rows += rows
        return f"{source}/{batch}"

    def note(
        self,
        delivery: str,
        file_name: str,
        person: Ints,
        marks: Ints,
        *,
        row_no: Ints | None = None,
        slot: Ints | int = 0,
    ) -> None:
        """These people stand on these rows (by default one after the other, slot 0)."""
        rows = np.arange(1, len(person) + 1) if row_no is None else row_no
        self.bearers.append(
            Bearers(
                source=delivery.split("/", maxsplit=1)[0],
                delivery=delivery,
                file_name=file_name,
                row_no=rows,
                slot=np.broadcast_to(np.asarray(slot, dtype=np.int64), rows.shape),
                person=person,
                marks=marks,
            )
        )
