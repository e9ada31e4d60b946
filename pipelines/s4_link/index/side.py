"""One side of the linkage by columns: every key part a blocking rule may name, as codes, worked out when asked for."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.addresses import parse_address
from pipelines.s4_link.index.codes import (
    Coded,
    Codes,
    date_codes,
    digest,
    is_known,
    joined,
    name_codes,
    text_codes,
)
from pipelines.s4_link.index.numbers import OpenNumbers, ending_codes, open_numbers, prefix_codes, valid_codes
from pipelines.s4_link.people import PLACE_COLUMNS, Rows, Truths
from pipelines.s4_link.places import beginnings, member_places

REPAIR = "id_repair"
_CUT = np.uint64(
    1100
)  # the code of a number is its seventeen digits times eleven plus the check digit: here 00 and 0
PLACE_PARTS = frozenset({"village", "town"})


class Side:
    """The people of a registry batch or of the lists, by row number."""

    def __init__(self, columns: dict[str, pa.Array]) -> None:
        self._columns = columns
        self.rows = len(columns["name"])
        self.has_number = is_known(columns["id18"])
        self.open_rows: Rows = np.flatnonzero(~self.has_number)
        self._places: dict[str, Codes] = {}
        self._placed = np.zeros(self.rows, dtype=np.bool_)

    @classmethod
    def of_records(cls, batch: pa.RecordBatch | pa.Table) -> Side:
        """Registry records."""
        column = next((name for name in PLACE_COLUMNS if name in batch.schema.names), None)
        return cls(_columns(batch) | {"place": _column(batch, column) if column else None})

    @classmethod
    def of_members(cls, members: pa.Table) -> Side:
        """Household members; town and village stand for an address that does not say the village."""
        return cls(_columns(members) | {"place": member_places(members)})

    @cached_property
    def numbers(self) -> Codes:
        """The code of each valid number; 0 elsewhere."""
        codes = np.zeros(self.rows, dtype=np.uint64)
        codes[self.has_number] = valid_codes(self._columns["id18"].drop_null()).astype(np.uint64)
        return codes

    @cached_property
    def looks_cut(self) -> Truths:
        """Valid numbers that end as a spreadsheet cuts them: one in eleven cut numbers passes the checksum."""
        found: Truths = self.has_number & (self.numbers % _CUT == 0)
        return found

    @cached_property
    def is_old_form(self) -> Truths:
        """Whether the number was written with fifteen digits."""
        return np.asarray(pc.equal(self._columns["id_state"], "valid15"), dtype=np.bool_)

    @cached_property
    def names(self) -> Coded:
        return name_codes(self._columns["name"])

    @cached_property
    def births(self) -> Coded:
        return date_codes(self._columns["birth_date"])

    @cached_property
    def sexes(self) -> Coded:
        return text_codes(self._columns["sex"])

    @cached_property
    def _shown(self) -> OpenNumbers:
        """What the open rows show of their numbers, by place among the open rows."""
        rows = pa.array(self.open_rows)
        return open_numbers(self._columns["id_no"].take(rows), self._columns["id_state"].take(rows))

    @cached_property
    def prefixes(self) -> Coded:
        return self._visible(prefix_codes(self.numbers.astype(np.int64)), self._shown.prefix)

    @cached_property
    def endings(self) -> Coded:
        return self._visible(ending_codes(self.numbers.astype(np.int64)), self._shown.ends)

    def _visible(self, codes: Codes, shown: Coded) -> Coded:
        known = self.has_number.copy()
        codes[self.open_rows], known[self.open_rows] = shown.codes, shown.known
        return Coded(codes=codes, known=known)

    def keys(self, rows: Rows, parts: tuple[str, ...]) -> tuple[Rows, Codes]:
        """The rows among these that have a key of these parts, and the keys; a damaged number gives several."""
        at, coded = rows, []
        if REPAIR in parts:
            at, repaired = self._repaired(rows)
            coded.append(repaired)
        coded += [self._part(part, at) for part in parts if part != REPAIR]
        key = joined(coded)
        return at[key.known], key.codes[key.known]

    def _repaired(self, rows: Rows) -> tuple[Rows, Coded]:
        """A valid number stands for itself, a damaged one for itself and all its repairs."""
        own = rows[self.has_number[rows]]
        wanted = np.zeros(self.rows, dtype=np.bool_)
        wanted[rows] = True
        at, codes = own, self.numbers[own]
        if len(own) < len(rows):
            traces = self._shown.repairs
            row = self.open_rows[traces.at]
            at = np.concatenate([own, row[wanted[row]]])
            codes = np.concatenate([codes, traces.codes[wanted[row]]])
        return at, Coded(codes=codes, known=np.ones(len(at), dtype=np.bool_))

    def _part(self, part: str, rows: Rows) -> Coded:
        if part in PLACE_PARTS:
            return self._place(part, rows)
        coded: Coded = getattr(self, _PARTS[part])
        return Coded(codes=coded.codes[rows], known=coded.known[rows])

    def _place(self, part: str, rows: Rows) -> Coded:
        """Village or town, worked out only for rows that some rule needs it of."""
        wanted = np.zeros(self.rows, dtype=np.bool_)
        wanted[rows] = True
        new = np.flatnonzero(wanted & ~self._placed)
        if not self._places:
            self._places = {name: np.zeros(self.rows, dtype=np.uint64) for name in PLACE_PARTS}
        if len(new) and self._columns["place"] is not None:
            found = _place_codes(self._columns["place"].take(pa.array(new)))
            for name in PLACE_PARTS:
                self._places[name][new] = found[name]
        self._placed[new] = True
        codes = self._places[part][rows]
        return Coded(codes=codes, known=codes != 0)


_PARTS = {
    "name_key": "names",
    "birth_date": "births",
    "sex": "sexes",
    "id_prefix14": "prefixes",
    "id_ends": "endings",
}
_NEEDED = ("name", "id_no", "id_state", "id18", "birth_date", "sex")


def _columns(rows: pa.RecordBatch | pa.Table) -> dict[str, Any]:
    return {name: _column(rows, name) for name in _NEEDED}


def _column(rows: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    column = rows.column(name)
    plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return plain.dictionary_decode() if pa.types.is_dictionary(plain.type) else plain


def _place_codes(places: pa.Array) -> dict[str, Codes]:
    texts, which = beginnings(places)
    codes = np.array([_codes_of_place(text) for text in texts], dtype=np.uint64).reshape(-1, 2)
    return {"village": codes[which, 0], "town": codes[which, 1]}


@lru_cache(maxsize=1 << 16)
def _codes_of_place(text: str) -> tuple[int, int]:
    """Village and town; 0 for one that the text does not name."""
    parsed = parse_address(text)
    return tuple(digest(part) if part else 0 for part in (parsed.village, parsed.town))  # type: ignore[return-value]
