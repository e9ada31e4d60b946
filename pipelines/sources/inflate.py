"""What is inside a packed delivery, within bounds: gz and zip members, and the worksheet of a workbook.

Bytes are counted while they come out, so that a small bomb cannot fill the memory; paths inside archives
are ignored; a gzip member's checksum is verified (some readers do not).
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

LARGEST = 4 << 30
LARGEST_SHEET = 512 << 20
_PIECE = 1 << 20


class Unpackable(ValueError):
    """The container is broken, holds more than one file, or inflates beyond the bound."""


def unpacked(data: bytes, packed: str, largest: int = LARGEST) -> bytes:
    """The one file in a gz or zip; the data itself when it is not packed."""
    if packed == "gz":
        return _gz(data, largest)
    if packed == "zip":
        return _zip(data, largest)
    return data


def first_sheet(data: bytes) -> bytes:
    """The inflated XML of the first worksheet."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [
                name
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
            ]
            if not names:
                raise Unpackable("no worksheet in the file")
            return _member(archive, min(names, key=lambda name: (len(name), name)), LARGEST_SHEET)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unpackable(f"the workbook cannot be opened: {error}") from error


def _gz(data: bytes, largest: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as member:
            return _bounded(member.read, largest)
    except (OSError, EOFError, zlib.error) as error:
        raise Unpackable(f"the gz cannot be opened: {error}") from error


def _zip(data: bytes, largest: int) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if len(files) != 1:
                raise Unpackable(f"the zip holds {len(files)} files, one is agreed")
            return _member(archive, files[0].filename, largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unpackable(f"the zip cannot be opened: {error}") from error


def _member(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    with archive.open(name) as member:
        return _bounded(member.read, largest)


def _bounded(read: Callable[[int], bytes], largest: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := read(_PIECE):
        size += len(piece)
        if size > largest:
            raise Unpackable(f"it inflates to more than {largest >> 20} MiB")
        pieces.append(piece)
    return b"".join(pieces)
