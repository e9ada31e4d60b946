"""Texts: null tokens, blanks, full-width forms."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

# Unicode blanks incl. the ideographic space; RE2's \s is ASCII only.
BLANKS = r"[\s\x{00A0}\x{2000}-\x{200F}\x{3000}\x{FEFF}]+"


def trimmed(raw: pa.Array, null_tokens: tuple[str, ...]) -> pa.Array:
    """The value without outer blanks; null where it is one of the source's words for 'nothing'."""
    outer = pc.replace_substring_regex(raw, pattern=f"^{BLANKS}|{BLANKS}$", replacement="")
    nothing = pc.is_in(outer, value_set=pa.array(null_tokens, pa.string()))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), outer)


def squeezed(values: pa.Array) -> pa.Array:
    """Without any blank."""
    return pc.replace_substring_regex(values, pattern=BLANKS, replacement="")


def half_width(values: pa.Array) -> pa.Array:
    """Full-width digits, letters and signs in their plain form (NFKC; ㎡ becomes m2)."""
    return pc.utf8_normalize(values, form="NFKC")
