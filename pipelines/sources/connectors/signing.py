"""How a call says who makes it: the two forms in use, as pure functions of secret and time."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pipelines.base.fetch_errors import AnswerBroken
from pipelines.sources.connectors.settings_http import Hmac, Md5

_AES_KEY_BYTES = (16, 24, 32)


def milliseconds(moment: datetime) -> str:
    """Milliseconds since 1970, without a float in between."""
    seconds = int(moment.replace(microsecond=0).timestamp())
    return str(seconds * 1000 + moment.microsecond // 1000)


def hmac_fields(settings: Hmac, *, secret: bytes, at: datetime) -> dict[str, str]:
    """Requester, service, time and Base64(HMAC-SHA256(secret, sid + rid + rtime))."""
    rtime = milliseconds(at)
    message = (settings.service + settings.requester + rtime).encode()
    sign = base64.b64encode(hmac.new(secret, message, hashlib.sha256).digest()).decode()
    named = {"rid": settings.requester, "sid": settings.service, "rtime": rtime, "sign": sign}
    return {settings.prefix + name: value for name, value in named.items()}


def md5_fields(settings: Md5, *, secret: bytes, at: datetime) -> dict[str, str]:
    """App key, time and MD5(lower(appKey) + lower(secret) + requestTime)."""
    time = milliseconds(at)
    text = settings.app_key.lower() + secret.decode().lower() + time
    # The registry's own form: MD5 is what it checks. TLS is what protects the call.
    sign = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return {"appKey": settings.app_key, "requestTime": time, "sign": sign}


def decrypted(text: str, *, key: bytes) -> bytes:
    """The working secret out of AES-ECB, PKCS7, Base64."""
    if len(key) not in _AES_KEY_BYTES:
        raise AnswerBroken(
            "the app secret is not an AES key of 16, 24 or 32 bytes", remedy="or set encrypted: false"
        )
    try:
        # ECB is the registry's choice for one short random secret; nothing of ours is encrypted so.
        block = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305
        padded = block.update(base64.b64decode(text, validate=True)) + block.finalize()
        unpadder = padding.PKCS7(128).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise AnswerBroken(
            "the working secret cannot be decrypted", remedy="is the app secret the one of this service?"
        ) from None
