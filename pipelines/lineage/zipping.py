"""A folder as one zip, the same bytes for the same files: names in order, no time, no owner, nothing compressed."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o600 << 16


def zipped(folder: Path, top: str) -> bytes:
    """Every file below the folder, under one folder called `top`.

    Stored and not deflated: another version of zlib would deflate to other bytes.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", _NO_TIME)
                entry.create_system, entry.external_attr = _UNIX, _MODE
                archive.writestr(entry, path.read_bytes())
    return out.getvalue()
