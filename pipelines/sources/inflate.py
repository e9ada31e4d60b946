"""What is inside a packed delivery, within bounds: gz and zip members, and the worksheet of a workbook.

Bytes are counted while they come out, so that a small bomb cannot fill the memory; paths inside archives
are ignored; a gzip member's checksum is verified (some readers do not).
"""

from __future__ import annotations

import gzip
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

LARGEST = 2 << 30  # what the readers take
LARGEST_SHEET = 512 << 20
_PIECE = 1 << 20
_ALWAYS_ALLOWED = 64 << 20
_LARGEST_RATIO = 200  # lists shrink 5 to 50 times; only a bomb shrinks more

_BOOK, _TARGETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_FIRST_SHEET = re.compile(rb"<sheet\b[^>]*?\br:id=\"([^\"]+)\"")
_LINK = re.compile(rb"<Relationship\b[^>]*>")
_ID = re.compile(rb"\bId=\"([^\"]+)\"")
_TARGET = re.compile(rb"\bTarget=\"([^\"]+)\"")
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    RuntimeError,  # encrypted; NotImplementedError: a method Python does not know
    OverflowError,
)


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
            return _member(archive, _first_sheet_name(archive), LARGEST_SHEET)
    except Unpackable:
        raise
    except _ZIP_FAULTS as error:
        raise Unpackable(f"the workbook cannot be opened: {error}") from error


def _first_sheet_name(archive: zipfile.ZipFile) -> str:
    """The member of the sheet the workbook lists first; the lowest number where the list cannot be followed."""
    names = set(archive.namelist())
    sheets = {name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")}
    if not sheets:
        raise Unpackable("no worksheet in the file")
    listed = _listed_first(archive) if {_BOOK, _TARGETS} <= names else ""
    return listed if listed in sheets else min(sheets, key=lambda name: (len(name), name))


def _listed_first(archive: zipfile.ZipFile) -> str:
    """Sheet order is the workbook's list, not the members' numbers; empty when there is no such list."""
    first = _FIRST_SHEET.search(_member(archive, _BOOK, LARGEST_SHEET))
    for link in _LINK.findall(_member(archive, _TARGETS, LARGEST_SHEET)):
        link_id, target = _ID.search(link), _TARGET.search(link)
        if first and link_id and target and link_id[1] == first[1]:
            path: str = target[1].decode("utf-8")
            return path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
    return ""


def _gz(data: bytes, largest: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as member:
            return _bounded(member.read, min(largest, _allowed(len(data))))
    except (OSError, EOFError, zlib.error) as error:
        raise Unpackable(f"the gz cannot be opened: {error}") from error


def _zip(data: bytes, largest: int) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if len(files) != 1:
                raise Unpackable(f"the zip holds {len(files)} files, one is agreed")
            allowed = min(largest, _allowed(files[0].compress_size))
            return _member(archive, files[0].filename, allowed)
    except Unpackable:
        raise
    except _ZIP_FAULTS as error:
        raise Unpackable(f"the zip cannot be opened: {error}") from error


def _member(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    with archive.open(name) as member:
        return _bounded(member.read, largest)


def _allowed(packed_size: int) -> int:
    """How far so many packed bytes may inflate."""
    return max(_ALWAYS_ALLOWED, packed_size * _LARGEST_RATIO)


def _bounded(read: Callable[[int], bytes], largest: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := read(_PIECE):
        size += len(piece)
        if size > largest:
            raise Unpackable(f"it inflates to more than {largest >> 20} MiB")
        pieces.append(piece)
    return b"".join(pieces)
