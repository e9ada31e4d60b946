"""Pictures of a home visit: small, of two kinds, kept under their digest in the site's own folder."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from pipelines.base.ids import digest_bytes
from pipelines.base.period import now
from pipelines.web.context import Site
from pipelines.web.store.pictures import add_picture
from pipelines.web.store.schema import PICTURE
from pipelines.wording.texts import N_

_MOST_BYTES = 1_500_000
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class PictureRefused(ValueError):
    """What was sent is no picture that can be kept; the text is a message."""


def keep_picture(site: Site, case_no: str, sent: FileStorage | None, by: str) -> str | None:
    """The picture's digest, or nothing when none was sent. The bytes are kept as they came; the name is not."""
    body = sent.stream.read(_MOST_BYTES + 1) if sent else b""
    if not body:
        return None
    mime = next((kind for start, kind in _BEGINNINGS.items() if body.startswith(start)), "")
    if not mime:
        raise PictureRefused(N_("Only JPEG and PNG pictures are kept"))
    if len(body) > _MOST_BYTES:
        raise PictureRefused(N_("The picture is larger than 1.5 MB"))
    digest = digest_bytes(body)
    _write(place_of(site, digest), body)
    row = {
        "case_no": case_no,
        "digest": digest,
        "mime": mime,
        "bytes": len(body),
        "added_by": by,
        "added_at": now(),
    }
    add_picture(site.engine, row)
    return digest


def picture(site: Site, case_no: str, digest: str) -> tuple[bytes, str] | None:
    """A picture of this case, and what it is; nothing for one of another."""
    query = select(PICTURE.c.mime).where(PICTURE.c.case_no == case_no, PICTURE.c.digest == digest)
    with site.engine.connect() as connection:
        mime = connection.scalar(query)
    if mime is None:
        return None
    body = place_of(site, digest).read_bytes()
    return (body, mime) if digest_bytes(body) == digest else None


def place_of(site: Site, digest: str) -> Path:
    """Where a picture's bytes stand."""
    return site.settings.where.home / "pictures" / digest


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        os.fsync(file.fileno())
    part.replace(path)
