"""The key that signs checkpoints: a file only its owner can read, made on first use unless one was named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from pipelines.base.errors import SecretUnsafe
from pipelines.base.files import put_once
from pipelines.base.secret import read_secret
from pipelines.base.settings import Where
from pipelines.store.note import public_text, raw_public

_PRIVATE, _PUBLIC = "checkpoint.pem", "checkpoint.pub"


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """The private key, its public half in one line, and whether it was made just now."""

    private: Ed25519PrivateKey
    is_new: bool

    @property
    def public(self) -> bytes:
        return raw_public(self.private.public_key())

    @property
    def public_text(self) -> str:
        return public_text(self.public)


def signing_key(where: Where) -> SigningKey:
    """The key of HEDUI_SIGNING_KEY, or <home>/keys/checkpoint.pem, which is made when it is not there."""
    path = where.signing_key or keys_folder(where) / _PRIVATE
    is_new = where.signing_key is None and not path.exists() and _made(path)
    key = SigningKey(private=_read(path), is_new=is_new)
    public = keys_folder(where) / _PUBLIC
    if not public.exists():
        public.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_once(public, f"{key.public_text}\n".encode())
    return key


def keys_folder(where: Where) -> Path:
    return where.home / "keys"


def public_key_file(where: Where) -> Path:
    """Where the public half lies for whoever verifies. An auditor rather brings the one that was handed over."""
    return keys_folder(where) / _PUBLIC


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(read_secret(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretUnsafe(
            "it holds no Ed25519 private key (PEM, PKCS #8, without password)",
            place=str(path),
            remedy="openssl genpkey -algorithm ed25519 -out FILE && chmod 600 FILE",
        )
    return key


def _made(path: Path) -> bool:
    """Of two rivals one key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return put_once(path, text, 0o600)
