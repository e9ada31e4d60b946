"""Sealed files: what lies on the disk is ciphertext, chunk by chunk; every digest anybody records is of the plaintext.

A sealed file is MAGIC, one byte for the cipher, 16 bytes of key id, 16 bytes of salt, then chunks of 1 MiB with their tags.
The file's key is HMAC-SHA-256(data key, header); a chunk's nonce is its number and whether it is the last, so that no chunk
can be moved, dropped or cut off. A file without MAGIC is read as it lies: older homes, and what is meant to be opened by people.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Blocks
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines.base.errors import StoreCorrupt

MAGIC = b"hedui\x00s1"
CHUNK = 1 << 20
KEY_BYTES, ID_BYTES, TAG_BYTES = 32, 16, 16
_SALT_BYTES = 16
HEADER_BYTES = len(MAGIC) + 1 + ID_BYTES + _SALT_BYTES
_SM4_KEY_BYTES = 16


class CipherName(StrEnum):
    """How chunks and data keys are encrypted; both with a tag over every byte."""

    AES = "aes-256-gcm"
    SM4 = "sm4-gcm"


_CODES = {CipherName.AES: 1, CipherName.SM4: 2}
_NAMES = {code: name for name, code in _CODES.items()}


@dataclass(frozen=True, kw_only=True)
class DataKey:
    """The key of one unit: a partition, or one delivered file."""

    cipher: CipherName
    secret: bytes

    @property
    def key_id(self) -> bytes:
        """Names the key and betrays nothing of it."""
        return keyed(self.secret, b"hedui key id")[:ID_BYTES]


FindKey = Callable[[], DataKey]  # asked for only when a file is sealed


def keyed(secret: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.digest(secret, data, "sha256")


def encrypt(cipher: CipherName, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    """Ciphertext and tag; `bound` is not hidden, but cannot be changed either."""
    if cipher is CipherName.AES:
        return AESGCM(key).encrypt(nonce, data, bound)
    work = Blocks(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(bound)
    return work.update(data) + work.finalize() + work.tag


def decrypt(cipher: CipherName, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    """The plaintext; InvalidTag when a single bit of anything is another."""
    if cipher is CipherName.AES:
        return AESGCM(key).decrypt(nonce, data, bound)
    if len(data) < TAG_BYTES:
        raise InvalidTag
    tag = data[-TAG_BYTES:]
    work = Blocks(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce, tag)).decryptor()
    work.authenticate_additional_data(bound)
    return work.update(data[:-TAG_BYTES]) + work.finalize()


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer(io.RawIOBase):
    """A file being written, sealed when it has a key. Counts and hashes the plaintext; synced when closed."""

    def __init__(self, path: Path, key: DataKey | None) -> None:
        self._file = path.open("xb")
        self._hash, self.size = hashlib.sha256(), 0
        self._key, self._held, self._number = key, bytearray(), 0
        if key:
            code = _CODES[key.cipher]
            self._header = MAGIC + bytes([code]) + key.key_id + secrets.token_bytes(_SALT_BYTES)
            self._secret = keyed(key.secret, self._header)
            self._file.write(self._header)

    @property
    def digest(self) -> str:
        """SHA-256 of the plaintext so far."""
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self.size += len(view)
        if not self._key:
            self._file.write(view)
            return len(view)
        self._held += view
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(view)

    def close(self) -> None:
        if self._file.closed:
            return
        if self._key:
            self._put(bytes(self._held), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        super().close()

    def _put(self, data: bytes, *, is_last: bool) -> None:
        if not self._key:
            return
        nonce = _nonce(self._number, is_last)
        self._file.write(encrypt(self._key.cipher, self._secret, nonce, data, self._header))
        self._number += 1


class Opened(io.RawIOBase):
    """A file being read at any place, plaintext whatever lies on the disk. StoreCorrupt where it was changed."""

    def __init__(self, path: Path, find_key: FindKey) -> None:
        self._path, self._file, self._at = path, path.open("rb"), 0
        self._kept: tuple[int, bytes] = (-1, b"")
        size = path.stat().st_size
        self._header = self._file.read(HEADER_BYTES)
        self.is_sealed = self._header.startswith(MAGIC)
        if not self.is_sealed:
            self.size = size
            return
        try:
            key = _fitting(self._header, find_key(), path)
        except BaseException:
            self._file.close()
            raise
        self._cipher, self._secret = key.cipher, keyed(key.secret, self._header)
        body = size - HEADER_BYTES
        self._chunks = max(1, -(-body // (CHUNK + TAG_BYTES)))
        self.size = max(0, body - self._chunks * TAG_BYTES)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        end = self.size if size is None or size < 0 else min(self.size, self._at + size)
        found = b"".join(self._between(self._at, end))
        self._at = max(self._at, end)
        return found

    def readall(self) -> bytes:
        return self.read()

    def blocks(self) -> Iterator[bytes]:
        """All of it in order, a chunk at a time, down to the last tag."""
        for number in range(self._chunks if self.is_sealed else -(-self.size // CHUNK)):
            if block := self._chunk(number):
                yield block

    def close(self) -> None:
        self._file.close()
        super().close()

    def _between(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            number, skip = divmod(start, CHUNK)
            piece = self._chunk(number)[skip : skip + end - start]
            if not piece:
                return
            yield piece
            start += len(piece)

    def _chunk(self, number: int) -> bytes:
        if self._kept[0] != number:
            self._kept = (number, self._read(number))
        return self._kept[1]

    def _read(self, number: int) -> bytes:
        if not self.is_sealed:
            self._file.seek(number * CHUNK)
            return self._file.read(CHUNK)
        self._file.seek(HEADER_BYTES + number * (CHUNK + TAG_BYTES))
        data = self._file.read(CHUNK + TAG_BYTES)
        nonce = _nonce(number, number == self._chunks - 1)
        try:
            return decrypt(self._cipher, self._secret, nonce, data, self._header)
        except InvalidTag:
            raise _changed(self._path) from None


def _fitting(header: bytes, key: DataKey, path: Path) -> DataKey:
    said = header[len(MAGIC) + 1 : len(MAGIC) + 1 + ID_BYTES]
    if len(header) < HEADER_BYTES or _NAMES.get(header[len(MAGIC)]) is not key.cipher or said != key.key_id:
        raise _changed(path)
    return key


def _changed(path: Path) -> StoreCorrupt:
    return StoreCorrupt(
        "the sealed bytes are not those that were written",
        place=path.name,
        remedy="restore the file from backup",
    )
