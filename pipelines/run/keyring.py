"""The master key and the data keys of a home: new, rotate, list. No key is ever shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.errors import SecretUnsafe
from pipelines.base.files import put_once
from pipelines.base.settings import Where
from pipelines.store.vault import JOIN, Vault, new_master, open_vault


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """Where the master key lies, which it is, and how many data keys there are, by what they open."""

    master: Path
    master_id: str
    cipher: str
    live: Mapping[str, int]
    erased: Mapping[str, int]


def first_key(where: Mapping[str, object] | None = None) -> Path | None:
    """Make the home's master key where none is there and none was named: its file, when it was made now."""
    place = Where.of(where)
    if place.master_key is not None:
        return None
    vault = Vault(place.home / "keys" / "data", place.home / "keys" / "master.key")
    return vault.master if vault.make_master() else None


def new_key(path: Path) -> None:
    """Write a new master key to a file that is not there yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not put_once(path, new_master(), 0o600):
        raise SecretUnsafe("the file is there already", place=str(path), remedy="name another")


def rotate(where: Mapping[str, object] | None = None) -> tuple[str, int]:
    """Wrap every data key by a new master key: its id, and how many keys."""
    return open_vault(Where.of(where)).rotate()


def keyring(where: Mapping[str, object] | None = None) -> Keyring:
    """What there is."""
    vault = open_vault(Where.of(where))
    live: Counter[str] = Counter()
    erased: Counter[str] = Counter()
    for unit, state in vault.units():
        (erased if state == "erased" else live)[_kind(unit)] += 1
    return Keyring(
        master=vault.master,
        master_id=vault.master_ids()[0],
        cipher=str(vault.cipher),
        live=dict(sorted(live.items())),
        erased=dict(sorted(erased.items())),
    )


def _kind(unit: str) -> str:
    return unit if unit == JOIN else "/".join(unit.split("/")[:2])
