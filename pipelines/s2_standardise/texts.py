"""Texts: null tokens, blanks, full-width forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Unicode blanks incl. the ideographic space; RE2's \s is ASCII only.
BLANKS = r"[\s\x{00A0}\x{2000}-\x{200F}\x{3000}\x{FEFF}]+"


# A rewriting rule is slow and most cells need none. Which may need one is seen on their UTF-8 bytes.
_MAY_BE_BLANK = b"\t\n\x0b\x0c\r \xc2\xe2\xe3\xef"  # first bytes of every sign in BLANKS
# NFKC leaves ASCII and U+4000–U+9FFF (first bytes E4–E9) alone; following bytes are below C0.
_MAY_BE_WIDE = bytes(first for first in range(0xC0, 0x100) if not 0xE4 <= first <= 0xE9)  # noqa: PLR2004


def trimmed(raw: pa.Array, null_tokens: tuple[str, ...]) -> pa.Array:
    """The value without outer blanks; null where it is one of the source's words for 'nothing'."""
    outer = rewritten(raw, _MAY_BE_BLANK, _without_outer_blanks)
    nothing = pc.is_in(outer, value_set=pa.array(null_tokens, pa.string()))
    if not pc.any(nothing).as_py():
        return outer
    return pc.if_else(nothing, pa.scalar(None, pa.string()), outer)


def squeezed(values: pa.Array) -> pa.Array:
    """Without any blank."""
    return rewritten(values, _MAY_BE_BLANK, _without_blanks)


def half_width(values: pa.Array) -> pa.Array:
    """Full-width digits, letters and signs in their plain form (NFKC; ㎡ becomes m2)."""
    return rewritten(values, _MAY_BE_WIDE, _normal_form)


def rewritten(values: pa.Array, octets: bytes, rewrite: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """`rewrite` of the values that hold one of these bytes; it must leave every other value as it is."""
    where = _holding(values, octets)
    if not len(where):
        return values
    if len(where) * 2 > len(values):
        return rewrite(values)
    mask = np.zeros(len(values), dtype=bool)
    mask[where] = True
    return pc.replace_with_mask(values, pa.array(mask), rewrite(values.take(pa.array(where))))


def each_once(
    values: pa.Array, read: Callable[[pa.Array], tuple[pa.Array, pa.Array]]
) -> tuple[pa.Array, pa.Array]:
    """What `read` makes of the values, each distinct value read once. `read` must judge each value alone."""
    coded = values.dictionary_encode()
    if len(coded.dictionary) * 2 > len(values):
        return read(values)
    # The empty value is one more distinct value, at the end.
    distinct = pa.concat_arrays([coded.dictionary, pa.nulls(1, values.type)])
    codes = coded.indices.fill_null(len(coded.dictionary))
    clean, unknown = read(distinct)
    return clean.take(codes), unknown.take(codes)


def _holding(values: pa.Array, octets: bytes) -> np.ndarray:
    """Places of the values that hold one of the bytes (some that hold none may be named beside them)."""
    _, bounds_buffer, data_buffer = values.buffers()
    if not len(values) or data_buffer is None:
        return np.zeros(0, dtype=np.int64)
    bounds = np.frombuffer(bounds_buffer, dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8)[bounds[0] : bounds[-1]]
    wanted = np.zeros(256, dtype=bool)
    wanted[list(octets)] = True
    hits = np.flatnonzero(wanted[data]) + bounds[0]
    places: np.ndarray = np.searchsorted(bounds, hits, side="right") - 1
    first: np.ndarray = np.diff(places, prepend=-1) > 0
    return np.asarray(places[first])


def _without_outer_blanks(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, pattern=f"^{BLANKS}|{BLANKS}$", replacement="")


def _without_blanks(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, pattern=BLANKS, replacement="")


def _normal_form(values: pa.Array) -> pa.Array:
    return pc.utf8_normalize(values, form="NFKC")
