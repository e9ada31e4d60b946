"""Personal names: blanks out, one form of the dot, notes in brackets off, private-use characters mapped."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference
from pipelines.s2_standardise.texts import half_width, squeezed

DOT = "·"
_PRIVATE = r"[\x{E000}-\x{F8FF}]"
_NOTE = r"[（(\[【][^）)\]】]*[）)\]】]$"


def read_names(values: pa.Array) -> pa.Array:
    """Names of trimmed texts. A character lost to U+FFFD, ? or * stays: the linkage treats it as any one."""
    plain = squeezed(half_width(values))
    plain = pc.replace_substring_regex(plain, pattern=_NOTE, replacement="")
    plain = pc.replace_substring_regex(plain, pattern=_dots(), replacement=DOT)
    plain = pc.utf8_trim(plain, characters=DOT)
    if not pc.any(pc.match_substring_regex(plain, _PRIVATE)).as_py():
        return plain
    for private, real in _private_use():
        plain = pc.replace_substring(plain, pattern=private, replacement=real)
    return plain


@cache
def _dots() -> str:
    forms = "".join(reference.table("middle_dot_variants.csv")["char"].to_pylist())
    return "[" + "".join("\\" + form if form in ".-]\\^" else form for form in forms if form.strip()) + "]"


@cache
def _private_use() -> tuple[tuple[str, str], ...]:
    table = reference.table("pua_map.csv")
    codes = (chr(int(code.removeprefix("U+"), 16)) for code in table["pua_cp936_java_gbk"].to_pylist())
    return tuple(zip(codes, table["char"].to_pylist(), strict=True))
