"""The drop folder: batches copied through from a mounted folder. Links and paths out of it are refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.base.fetch_errors import FetchRefused, SourceUnreachable, TransferBroken
from pipelines.sources.connectors.batch import Batch, FileInBatch, SourceInbox
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.offer import SIGN_OFF_BYTES, Offered, offered, signed_files, stated_rows
from pipelines.sources.connectors.settings import DropFolder

_PIECE = 1024 * 1024
# Every open is relative to an open folder and follows no link, so nothing can be swapped in between.
_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def fetch_folder(settings: DropFolder, *, inbox: SourceInbox, month: str) -> Fetched:
    """The oldest complete batch that the inbox does not hold yet."""
    with _open_root(settings) as root:
        ready = _ready(settings, root, inbox, month)
        if not ready:
            return Fetched(delivery=None)
        chosen, names = ready[0]
        with _open_folder(root, chosen.remote) as source, inbox.batch(chosen.name) as batch:
            rows = sum(_copy(settings, source, batch, name) for name in names)
    return Fetched(
        delivery=f"{inbox.folder.name}/{chosen.name}", files=names, rows=rows, remaining=len(ready) - 1
    )


def _ready(
    settings: DropFolder, root: int, inbox: SourceInbox, month: str
) -> list[tuple[Offered, tuple[str, ...]]]:
    found: list[tuple[Offered, tuple[str, ...]]] = []
    for one in offered(os.listdir(root), pattern=settings.batches, month=month):
        if inbox.holds(one.name):
            continue
        with _open_folder(root, one.remote) as folder:
            listed = os.listdir(folder)  # noqa: PTH208  (by descriptor: pathlib has no such thing)
        names = signed_files(listed, suffix=settings.sign_off, ignore=settings.ignore)
        if names:
            found.append((one, names))
    return found


def _copy(settings: DropFolder, folder: int, batch: Batch, name: str) -> int:
    """One file and its sign-off; the rows stated."""
    with _open_file(folder, name) as source, batch.file(name, most_bytes=settings.most_bytes) as target:
        _copy_bytes(source, target, name)
    with _open_file(folder, name + settings.sign_off) as source:
        sign_off = os.read(source, SIGN_OFF_BYTES)
    batch.carry_sign_off(name, sign_off)
    return stated_rows(sign_off)


def _copy_bytes(source: int, target: FileInBatch, name: str) -> None:
    before = os.fstat(source)
    while piece := os.read(source, _PIECE):
        target.write(piece)
    after = os.fstat(source)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        target.byte_count != after.st_size
    ):
        raise TransferBroken(
            "the file changed while it was copied", place=name, remedy="fetch again when the sender is done"
        )


@contextmanager
def _open_root(settings: DropFolder) -> Iterator[int]:
    try:
        root = os.open(settings.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise SourceUnreachable(
            f"the folder cannot be read: {error.strerror}",
            place=str(settings.folder),
            remedy="is the disk or share mounted?",
        ) from None
    try:
        yield root
    finally:
        os.close(root)


@contextmanager
def _open_folder(root: int, name: str) -> Iterator[int]:
    descriptor = _open(root, name, _NO_LINK | os.O_DIRECTORY, "the batch is a link or not a folder")
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _open_file(folder: int, name: str) -> Iterator[int]:
    descriptor = _open(folder, name, _NO_LINK, "the file is a link or cannot be read")
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FetchRefused("an entry of the batch is not a plain file", place=name)
        yield descriptor
    finally:
        os.close(descriptor)


def _open(folder: int, name: str, flags: int, what: str) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except OSError as error:
        raise FetchRefused(
            f"{what} ({error.strerror})", place=name, remedy="ask the sender for plain files"
        ) from None
