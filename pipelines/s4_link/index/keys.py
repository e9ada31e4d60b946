"""Sorted keys of the small side: which members have a key, asked for a whole batch of rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.s4_link.index.codes import Codes, Octets
from pipelines.s4_link.people import Rows, Truths

_LEAST_BITS, _SPARSE_BITS, _WORD = 8, 4, 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """Distinct keys in order; members of key k are `members[starts[k]:starts[k + 1]]`, in order.

    `marks` says of the first bits of a key whether any key begins with them: nearly every stranger ends there.
    """

    keys: Codes
    starts: Rows
    members: Rows
    marks: Octets
    shift: np.uint64

    @classmethod
    def of(cls, codes: Codes, members: Rows) -> Keys:
        """The keys of these members; a pair given twice counts once. Codes must be evenly spread."""
        order = _in_order(codes, members)
        codes, members = codes[order], members[order]
        same = codes[1:] == codes[:-1]
        kept = np.append(True, ~same | (members[1:] != members[:-1]))[: len(codes)]
        codes, members = codes[kept], members[kept]
        first = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])[: len(codes)])
        keys, starts = codes[first], first
        bits = max(_LEAST_BITS, len(keys).bit_length() + _SPARSE_BITS)
        shift = np.uint64(_WORD - bits)
        marks = np.zeros(1 << bits, dtype=np.uint8)
        marks[keys >> shift] = 1
        return cls(keys=keys, starts=np.append(starts, len(codes)), members=members, marks=marks, shift=shift)

    def found(self, codes: Codes) -> tuple[Rows, Rows]:
        """Of these codes: the places of those that are keys, and which key each is."""
        maybe = np.flatnonzero(self.marks[codes >> self.shift])
        asked = codes[maybe]
        order = np.argsort(asked)  # neighbours in the table are then asked for one after the other
        key = np.empty(len(asked), dtype=np.int64)
        key[order] = np.searchsorted(self.keys, asked[order])
        key[key == len(self.keys)] = 0
        hit = self.keys[key] == asked if len(self.keys) else np.zeros(len(asked), dtype=np.bool_)
        return maybe[hit], key[hit]

    def holds(self, codes: Codes) -> Truths:
        """For each code: is it a key."""
        held = np.zeros(len(codes), dtype=np.bool_)
        held[self.found(codes)[0]] = True
        return held

    def spread(self, key: Rows) -> tuple[Rows, Rows]:
        """The members of each of these keys: the place of the key in the list, and the member."""
        sizes = self.starts[key + 1] - self.starts[key]
        at = np.repeat(np.arange(len(key)), sizes)
        within = np.arange(len(at)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return at, self.members[self.starts[key][at] + within]

    def members_of(self, key: Rows) -> Rows:
        """How many members each of these keys has."""
        sizes: Rows = self.starts[key + 1] - self.starts[key]
        return sizes


def _in_order(codes: Codes, members: Rows) -> Rows:
    """By code, then member. Few codes repeat, so that only those are ordered by both."""
    order: Rows = np.argsort(codes)
    found = codes[order]
    tied = np.zeros(len(codes), dtype=np.bool_)
    tied[1:] = found[1:] == found[:-1]
    tied[:-1] |= tied[1:]
    among = order[tied]
    order[tied] = among[np.lexsort((members[among], codes[among]))]
    return order
