"""Secrets are read from files that only their owner can read; they never stand in a YAML, a log or an error."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pipelines.base.errors import SecretUnsafe

_OTHERS = 0o077
_MOST_BYTES = 64 * 1024


def read_secret(path: Path) -> bytes:
    """The bytes of a secret file without its last line end. SecretUnsafe names the file, never the content."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SecretUnsafe(
            f"the secret file cannot be opened: {error.strerror}",
            place=str(path),
            remedy="write the secret there, owned by the account that fetches, with mode 600",
        ) from None
    try:
        # The opened file is checked, not the name: a link (as mounted secrets are) leads to what is checked.
        _check(os.fstat(descriptor), path)
        secret = os.read(descriptor, _MOST_BYTES).rstrip(b"\r\n")
    finally:
        os.close(descriptor)
    if not secret:
        raise SecretUnsafe("the secret file is empty", place=str(path))
    return secret


def _check(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise SecretUnsafe("the secret is not a plain file", place=str(path))
    if found.st_mode & _OTHERS:
        raise SecretUnsafe(
            f"the secret file has mode {stat.S_IMODE(found.st_mode):o}: others may read it",
            place=str(path),
            remedy="chmod 600, and change the secret: it may have been read",
        )


def read_secret_text(path: Path) -> str:
    """A secret as text."""
    try:
        return read_secret(path).decode("utf-8")
    except UnicodeDecodeError:
        raise SecretUnsafe("the secret is not UTF-8 text", place=str(path)) from None
