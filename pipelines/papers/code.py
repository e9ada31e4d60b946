"""The check code of a paper: what its content is, in sixteen characters anyone can type.

It is a digest of everything the paper says, so a paper changed by one character has another code; it holds no
personal data and cannot be turned back.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Mapping
from typing import Any

import qrcode
from qrcode.image.svg import SvgPathImage

_GROUP = 4
_LENGTH = 16
_FORM = re.compile(r"[A-Z2-7]{16}")
_QR_BORDER = 2


def code_of(content: Mapping[str, Any]) -> str:
    """XXXX-XXXX-XXXX-XXXX, from the letters A-Z and the digits 2-7: 80 bits."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return grouped(base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:_LENGTH])


def grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_code(typed: str) -> str | None:
    """A code as somebody typed it, in its one form; nothing where it cannot be one."""
    bare = re.sub(r"[\s\-–—]", "", typed).upper().replace("0", "O").replace("1", "I").replace("8", "B")
    return grouped(bare) if _FORM.fullmatch(bare) else None


def qr_svg(url: str) -> str:
    """The address as a QR drawing, the same bytes every time."""
    code = qrcode.QRCode(border=_QR_BORDER, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(url)
    code.make(fit=True)
    drawn = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(drawn)
    return drawn.getvalue().decode()
