"""A batch of the inbox, written so that nobody ever sees half of it.

It is built in a folder with a dot-name beside its place: each file first under a dot-name, then under its own,
then its sign-off. The folder is renamed into place last. Whatever fails before that leaves nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pipelines.base.errors import InboxNotFound
from pipelines.base.fetch_errors import FetchRefused, TransferBroken

_SOURCE = re.compile(r"[a-z][a-z0-9_]*")
_BATCH = re.compile(r"\d{8}_\d{2}")
_LEFT_OVER = re.compile(r"\.\d{8}_\d{2}\.[0-9a-f]{8}\.part")
_NAME_BYTES = 200
_LAST_NUMBER = 99
_CONTROL = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of the batch."""

    name: str
    byte_count: int
    md5: str


def check_name(name: str) -> str:
    """The file name, or FetchRefused: a name from elsewhere must stay one plain entry of the batch folder."""
    if not name or name.startswith(".") or _CONTROL.search(name) or len(name.encode("utf-8")) > _NAME_BYTES:
        raise FetchRefused(
            "an offered file has a name that is empty, hidden, too long or has a path in it",
            remedy="ask the sender for plain file names",
        )
    return name


class FileInBatch:
    """One file being written; `write` counts and digests what passes."""

    def __init__(self, handle: BinaryIO, most_bytes: int, name: str) -> None:
        self._handle = handle
        self._most_bytes = most_bytes
        self._name = name
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.byte_count = 0

    def write(self, data: bytes) -> None:
        self.byte_count += len(data)
        if self.byte_count > self._most_bytes:
            raise TransferBroken(
                f"the file has more than the [{self._most_bytes}] bytes the source allows",
                place=self._name,
                remedy="ask the registry; raise the limit in the source's `connector` if it is right",
            )
        self._md5.update(data)
        self._handle.write(data)

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()


class Batch:
    """The folder under construction."""

    def __init__(self, folder: Path, sign_off: str) -> None:
        self._folder = folder
        self._suffix = sign_off
        self.files: list[Written] = []

    @contextmanager
    def file(self, name: str, *, most_bytes: int) -> Iterator[FileInBatch]:
        """Write one file; it bears its name when it is whole and on the disk."""
        check_name(name)
        if self._suffix and name.endswith(self._suffix):
            raise FetchRefused(
                f"a data file may not end in {self._suffix}, the inbox's sign-off suffix", place=name
            )
        hidden = self._folder / f".{name}.part"
        with _create(hidden) as handle:
            writing = FileInBatch(handle, most_bytes, name)
            yield writing
            _flush(handle)
        self._bear(hidden, name)
        self.files.append(Written(name=name, byte_count=writing.byte_count, md5=writing.md5))

    def put(self, name: str, data: bytes) -> None:
        """A small file whole."""
        with self.file(name, most_bytes=len(data)) as file:
            file.write(data)

    def sign(self, name: str, *, rows: int, as_of: date) -> None:
        """Our own sign-off, from the bytes received."""
        md5 = next(file.md5 for file in self.files if file.name == name)
        self.carry_sign_off(name, f"{name}|{rows}|{md5}|{as_of:%Y%m%d}\n".encode())

    def carry_sign_off(self, name: str, data: bytes) -> None:
        """The sender's sign-off as it came: landing judges whether it fits the bytes.

        A source without sign-offs gets none: its landing would take one for a data file.
        """
        if not self._suffix:
            return
        hidden = self._folder / f".{name}{self._suffix}.part"
        with _create(hidden) as handle:
            handle.write(data)
            _flush(handle)
        self._bear(hidden, name + self._suffix)

    def _bear(self, hidden: Path, name: str) -> None:
        place = self._folder / name
        if place.exists():
            raise FetchRefused("the batch has two files of one name", place=name)
        hidden.rename(place)


@dataclass(frozen=True, kw_only=True)
class SourceInbox:
    """`<inbox>/<source>`, held by one fetch at a time."""

    folder: Path
    sign_off: str

    def holds(self, batch: str) -> bool:
        return (self.folder / batch).exists()

    def next_batch(self, day: date) -> str:
        """The first free `yyyymmdd_nn` of the day."""
        names = (f"{day:%Y%m%d}_{number:02d}" for number in range(1, _LAST_NUMBER + 1))
        for name in names:
            if not self.holds(name):
                return name
        raise FetchRefused(
            f"the day has {_LAST_NUMBER} batches already", place=f"{self.folder.name}/{day:%Y%m%d}"
        )

    @contextmanager
    def batch(self, name: str) -> Iterator[Batch]:
        """A new batch: in place as a whole when the block ends well, gone when it does not."""
        if not _BATCH.fullmatch(name):
            raise FetchRefused("a batch folder is named yyyymmdd_nn", place=f"{self.folder.name}/{name}")
        hidden = self.folder / f".{name}.{secrets.token_hex(4)}.part"
        hidden.mkdir(mode=0o700)
        try:
            batch = Batch(hidden, self.sign_off)
            yield batch
            if not batch.files:
                hidden.rmdir()
                return
            _sync(hidden)
            if self.holds(name):
                raise FetchRefused("the batch is in the inbox already", place=f"{self.folder.name}/{name}")
            hidden.rename(self.folder / name)
            _sync(self.folder)
        except BaseException:
            shutil.rmtree(hidden, ignore_errors=True)
            raise


@contextmanager
def source_inbox(inbox: Path, source: str, sign_off: str) -> Iterator[SourceInbox]:
    """Hold the source's folder; a rival fetch is refused, and what a killed one left is swept."""
    if not inbox.is_dir():
        raise InboxNotFound("the inbox does not exist", place=str(inbox))
    if not _SOURCE.fullmatch(source):
        raise FetchRefused("a source name has small letters, digits and underscores", place=source)
    folder = inbox / source
    if folder.is_symlink():
        raise FetchRefused("the source's folder in the inbox is a link", place=source)
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _hold(descriptor, source)
        _sweep(folder)
        yield SourceInbox(folder=folder, sign_off=sign_off)
    finally:
        os.close(descriptor)


def _hold(descriptor: int, source: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FetchRefused(
            "another fetch of this source is running", place=source, remedy="wait for it to end"
        ) from None


def _sweep(folder: Path) -> None:
    """Only a fetch makes such folders, and the lock says that none is running."""
    for entry in folder.iterdir():
        if _LEFT_OVER.fullmatch(entry.name) and not entry.is_symlink():
            shutil.rmtree(entry)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _flush(handle: BinaryIO) -> None:
    handle.flush()
    os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
