"""The signed checkpoint of the log as text: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519. Pure.

Origin, size and root, a line with the run, an empty line, a signature. What is not written exactly so is refused:
a text that says the same in other bytes is another text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "hedui/ledger"
_ED25519 = b"\x01"  # the note's number for this kind of signature
_KEY_HASH, _KEY = 4, 32  # bytes
_NOTE = re.compile(
    r"(?P<body>(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[0-9A-Za-z+/]{43}=)\nrun (?P<run>[^\n]*)\n)"
    r"\n— (?P<name>[^\n ]+) (?P<signature>[0-9A-Za-z+/]+={0,2})\n"
)


class NoteRefused(ValueError):
    """A checkpoint or a public key that is not what it must be, and why."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The state of the log at one time: how many leaves, and the root over them."""

    size: int
    root: bytes
    run_id: str
    origin: str = ORIGIN

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\nrun {self.run_id}\n"


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint with its signature."""
    public = raw_public(key.public_key())
    signature = key_hash(checkpoint.origin, public) + key.sign(checkpoint.body.encode())
    return f"{checkpoint.body}\n— {checkpoint.origin} {_b64(signature)}\n"


def opened(text: str, public: bytes, origin: str = ORIGIN) -> Checkpoint:
    """The checkpoint a text holds; NoteRefused unless the key signed exactly this text."""
    found = _NOTE.fullmatch(text)
    if found is None:
        raise NoteRefused("it has not the form of a checkpoint")
    checkpoint = Checkpoint(
        origin=found["origin"], size=int(found["size"]), root=_unb64(found["root"]), run_id=found["run"]
    )
    if found["name"] != origin or checkpoint.origin != origin:
        raise NoteRefused("it is of another log")
    signature = _unb64(found["signature"])
    if signature[:_KEY_HASH] != key_hash(origin, public):
        raise NoteRefused("another key signed it")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[_KEY_HASH:], found["body"].encode())
    except InvalidSignature:
        raise NoteRefused("its signature is wrong") from None
    return checkpoint


def key_hash(name: str, public: bytes) -> bytes:
    """The short number by which a note names its key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_HASH]


def public_text(public: bytes, name: str = ORIGIN) -> str:
    """A public key in one line: name, short number, key (a note's verifier key)."""
    return f"{name}+{key_hash(name, public).hex()}+{_b64(_ED25519 + public)}"


def public_of(text: str, name: str = ORIGIN) -> bytes:
    """The key that such a line holds."""
    words = text.removesuffix("\n").split("+", 2)
    try:
        public = _unb64(words[-1])[1:]
    except NoteRefused:
        public = b""
    if len(public) != _KEY or text.removesuffix("\n") != public_text(public, name):
        raise NoteRefused("it is no public key of this log")
    return public


def raw_public(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    """Only the one way to write it: spare bits at the end must be nought."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise NoteRefused("it is not base64") from None
    if _b64(data) != text:
        raise NoteRefused("it is not base64 as it is written")
    return data
