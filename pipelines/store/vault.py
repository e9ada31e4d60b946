"""Keys at rest: a data key a unit, wrapped by the master key, in a file of its own. Without that file the unit is gone.

<home>/keys/master.key            the master key, or the file HEDUI_MASTER_KEY names: lines, the first in force
<home>/keys/data/<unit>.key       the wrapped data key of a partition or a delivered file, or the word of its erasure
<home>/keys/data/join.key         the wrapped join key: keyed hashes of ids, the same in every month and after a rotation
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag

from pipelines.base.errors import Erased, KeyMissing, StoreCorrupt
from pipelines.base.files import put_once
from pipelines.base.secret import read_secret_text
from pipelines.base.settings import Where
from pipelines.store.sealed import KEY_BYTES, CipherName, DataKey, decrypt, encrypt, keyed

_MASTER, _WRAPPED, _ERASED = "hedui-master/1", "hedui-data-key/1", "hedui-erased/1"
_NONCE_BYTES = 12
_ENDING = ".key"
JOIN = "join"


class Vault:
    """The data keys of a home."""

    def __init__(
        self, folder: Path, master: Path, cipher: CipherName = CipherName.AES, *, may_make: bool = False
    ) -> None:
        self.folder, self.master, self.cipher, self._may_make = folder, master, cipher, may_make

    def key_for(self, unit: str) -> DataKey:
        """The unit's key, made when there is none; of rivals all take the first. Erased when it was destroyed."""
        path = self.path(unit)
        if not path.is_file():
            if self._may_make:
                self.make_master()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked(fcntl.LOCK_SH):
                key = DataKey(cipher=self.cipher, secret=secrets.token_bytes(KEY_BYTES))
                put_once(path, _wrapped(unit, key, _first(self._masters())), 0o600)
        return self.key(unit)

    def key(self, unit: str) -> DataKey:
        """The key of a unit: Erased when it was destroyed under an order, StoreCorrupt when it is simply not there."""
        path = self.path(unit)
        if not path.is_file():
            raise StoreCorrupt("its data key is not there", place=unit, remedy="restore keys/ from backup")
        words = path.read_text(encoding="utf-8", errors="replace").split()
        if words[:1] == [_ERASED]:
            raise Erased(
                f"was erased under order {' '.join(words[1:])}",
                place=unit,
                remedy="hedui verify names the order; what was kept is shown by hedui trace",
            )
        return _unwrapped(unit, words, self._masters())

    def check_not_erased(self, unit: str) -> None:
        """Erased when the unit's key was destroyed; nothing otherwise."""
        if self.path(unit).is_file():
            self.key(unit)

    def known(self, unit: str) -> DataKey | None:
        """The unit's key while there is one: None when it was destroyed or never made."""
        try:
            return self.key(unit) if self.path(unit).is_file() else None
        except Erased:
            return None

    def is_destroyed(self, unit: str) -> bool:
        """Whether the word of its erasure stands where its key stood."""
        path = self.path(unit)
        return path.is_file() and path.read_bytes().startswith(_ERASED.encode())

    def destroy(self, unit: str, order: str) -> None:
        """Overwrite the wrapped key and leave the word of its erasure. Once more changes nothing."""
        path = self.path(unit)
        if self.is_destroyed(unit):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_file():
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        _replace(path, f"{_ERASED} {order}\n".encode())

    def units(self) -> Iterator[tuple[str, str]]:
        """Every unit with the state of its key: the master's id, or `erased`."""
        for path in sorted(self.folder.rglob(f"*{_ENDING}")):
            words = path.read_text(encoding="utf-8", errors="replace").split()
            unit = path.relative_to(self.folder).as_posix().removesuffix(_ENDING)
            yield unit, "erased" if words[:1] == [_ERASED] else words[2]

    def keyed_hash(self, number: str) -> str:
        """An id number as a name to join by: HMAC-SHA-256 with the join key, 64 hex characters."""
        return keyed(self.key_for(JOIN).secret, number.strip().upper().encode()).hex()

    def rotate(self) -> tuple[str, int]:
        """A new master key: every data key is wrapped by it, then the old one is overwritten. Its id, how many keys.

        Stopped half-way it is repeated whole: until the end the file holds both keys.
        """
        with self._locked(fcntl.LOCK_EX):
            masters = [secrets.token_bytes(KEY_BYTES), *self._masters().values()]
            _replace(self.master, _master_text(masters))
            count = sum(self._rewrap(unit) for unit, state in list(self.units()) if state != "erased")
            with self.master.open("r+b") as file:
                file.write(bytes(len(_master_text(masters))))
                file.flush()
                os.fsync(file.fileno())
            _replace(self.master, _master_text(masters[:1]))
        return master_id(masters[0]), count

    def path(self, unit: str) -> Path:
        return self.folder / f"{unit}{_ENDING}"

    def make_master(self) -> bool:
        """Whether a master key was made now: only where none is there. Of rivals one stays."""
        self.master.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return not self.master.exists() and put_once(self.master, new_master(), 0o600)

    def master_ids(self) -> list[str]:
        """The ids of the master keys in the file, the one in force first."""
        return list(self._masters())

    def _rewrap(self, unit: str) -> bool:
        masters = self._masters()
        words = self.path(unit).read_text(encoding="utf-8").split()
        _replace(self.path(unit), _wrapped(unit, _unwrapped(unit, words, masters), _first(masters)))
        return True

    def _masters(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for line in read_secret_text(self.master).splitlines():
            words = line.split()
            raw = base64.b64decode(words[2], validate=True) if len(words) == len((_MASTER, "id", "")) else b""
            if words[:1] != [_MASTER] or len(raw) != KEY_BYTES or words[1] != master_id(raw):
                raise KeyMissing(
                    "the file holds no master key", place=str(self.master), remedy="hedui keys new FILE"
                )
            found[words[1]] = raw
        return found

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        """No key is wrapped by an old master key while another process rotates."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)


def open_vault(where: Where) -> Vault:
    """The vault of a home. A master key that was named is never made; the home's own with the first data key."""
    keys = where.home / "keys"
    if where.cipher not in list(CipherName):
        raise KeyMissing(
            f"no cipher is called [{where.cipher}]",
            place="HEDUI_CIPHER",
            remedy=f"one of {', '.join(CipherName)}",
        )
    return Vault(
        keys / "data",
        where.master_key or keys / "master.key",
        CipherName(where.cipher),
        may_make=where.master_key is None,
    )


def new_master() -> bytes:
    """The text of a master key's file."""
    return _master_text([secrets.token_bytes(KEY_BYTES)])


def master_id(raw: bytes) -> str:
    """Eight hex characters that name a master key and betray nothing of it."""
    return hashlib.sha256(b"hedui master id" + raw).hexdigest()[:8]


def _master_text(masters: list[bytes]) -> bytes:
    lines = (f"{_MASTER} {master_id(raw)} {base64.b64encode(raw).decode()}\n" for raw in masters)
    return "".join(lines).encode()


def _first(masters: dict[str, bytes]) -> tuple[str, bytes]:
    return next(iter(masters.items()))


def _wrapped(unit: str, key: DataKey, master: tuple[str, bytes]) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    data = nonce + encrypt(key.cipher, master[1], nonce, key.secret, unit.encode())
    return f"{_WRAPPED} {key.cipher} {master[0]} {base64.b64encode(data).decode()}\n".encode()


def _unwrapped(unit: str, words: list[str], masters: dict[str, bytes]) -> DataKey:
    damaged = StoreCorrupt("its data key was changed", place=unit, remedy="restore keys/ from backup")
    if len(words) != len((_WRAPPED, "", "", "")) or words[0] != _WRAPPED:
        raise damaged
    if words[2] not in masters:
        raise KeyMissing(
            f"is sealed under master key {words[2]}, which the file does not hold",
            place=unit,
            remedy="name the file with HEDUI_MASTER_KEY",
        )
    try:
        cipher, data = CipherName(words[1]), base64.b64decode(words[3], validate=True)
        nonce, sealed = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
        return DataKey(cipher=cipher, secret=decrypt(cipher, masters[words[2]], nonce, sealed, unit.encode()))
    except (ValueError, InvalidTag):
        raise damaged from None


def _replace(path: Path, data: bytes) -> None:
    """Another content under the same name, whole and lasting."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    put_once(unfinished, data, 0o600)
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
