"""Opens Hedui's sealed files for the stand-alone verifier. It imports nothing of Hedui either; docs/evidence.md says the form.

A sealed file: 8 bytes of mark, 1 of cipher, 16 of key id, 16 of salt, chunks of 1 MiB with a tag of 16 bytes each.
"""

import base64
import hmac
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEALED, HEAD, CHUNK = b"hedui\x00s1", 41, (1 << 20) + 16


def opened(path: Path, home: Path, master: str | None) -> bytes | None:
    """What a file holds: itself, or what the data key of its unit opens; None when no key does."""
    data, where = path.read_bytes(), path.relative_to(home)
    if data[: len(SEALED)] != SEALED:
        return data
    named = [at.as_posix() for at in (where, *where.parents) if (home / f"keys/data/{at}.key").is_file()]
    try:
        lines = Path(master or home / "keys/master.key").read_text().splitlines()
        masters = {name: base64.b64decode(text) for _, name, text in map(str.split, lines)}
        unit = named[0]
        _, cipher, name, text = (home / f"keys/data/{unit}.key").read_text().split()
        wrapped, head, rest = base64.b64decode(text), data[:HEAD], data[HEAD:]
        secret = plain(cipher, masters[name], wrapped[:12], wrapped[12:], unit.encode())
        key, last = hmac.digest(secret, head, "sha256"), max(0, -(-len(rest) // CHUNK) - 1)
        chunks = ((n, rest[n * CHUNK : (n + 1) * CHUNK]) for n in range(last + 1))
        nonces = ((n.to_bytes(11, "big") + bytes([n == last]), part) for n, part in chunks)
        return b"".join(plain(cipher, key, nonce, part, head) for nonce, part in nonces)
    except (ValueError, LookupError, OSError, InvalidTag):
        return None


def plain(cipher: str, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    """GCM with a tag at the end of the data."""
    algorithm = algorithms.SM4(key[:16]) if cipher == "sm4-gcm" else algorithms.AES(key)
    work = Cipher(algorithm, modes.GCM(nonce, data[-16:])).decryptor()
    work.authenticate_additional_data(bound)
    return work.update(data[:-16]) + work.finalize()


def is_destroyed(home: Path, unit: str) -> bool:
    """Whether the word of its erasure stands where the unit's key stood."""
    word = home / f"keys/data/{unit}.key"
    return word.is_file() and word.read_bytes().startswith(b"hedui-erased/")
