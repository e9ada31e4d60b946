"""Drop small deliveries into an inbox."""

import hashlib
from pathlib import Path

from tests.unit.s1_land.parts import VEHICLE_HEADER, text_file, vehicles


def vehicle_file(count: int, state: str = "A", day: str = "20261006") -> tuple[str, bytes, int, str]:
    """Name, bytes, rows and as_of of a vehicle extract."""
    return f"VEH_FULL_{day}.csv", text_file([VEHICLE_HEADER, *vehicles(count, state)]), count, day


def drop(inbox: Path, source: str, batch: str, name: str, data: bytes, rows: int, day: str) -> Path:
    """A file with its sign-off in <inbox>/<source>/<batch>/."""
    folder = inbox / source / batch
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    (folder / f"{name}.ok").write_text(f"{name}|{rows}|{md5}|{day}\n", encoding="utf-8")
    return folder / name
