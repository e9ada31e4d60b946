"""Who stands beside a person: in the same row (a couple, two owners) or the same hukou book.

When a companion is linked by number to a member of a household, the others of that row are likely to be of it
too: a comparison like any other, except that it needs the exact links first.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.comparisons import Levels
from pipelines.s4_link.people import People, Rows
from pipelines.s4_link.settings import LEVELS

_MOST = 30  # persons in one book; more is a collective household or a number that means nothing
_MISSING, _TOGETHER, _APART = (LEVELS["company"].index(level) for level in ("missing", "together", "apart"))


@dataclass(frozen=True, kw_only=True)
class Companions:
    """Which households the exact links of each company lead to, and how many records lead there."""

    company_of: Rows  # by record
    household_of: Rows  # by member
    households: int
    pairs: Rows  # company and household as one number, in order
    records: Rows  # how many records of the company lead to the household
    linked: Rows  # by company: how many records are linked at all

    @classmethod
    def of(cls, records: People, members: People, exact: tuple[Rows, Rows]) -> Companions:
        """From the pairs with the same number and an agreeing name."""
        company, households = _codes(records.rows["company"]), _codes(members.rows["group"])
        count = int(households.max(initial=0)) + 1
        pair = company[exact[0]] * count + households[exact[1]]
        once = np.unique(np.stack([pair, exact[0]]), axis=1)
        pairs, leading = np.unique(once[0], return_counts=True)
        size = int(company.max(initial=0)) + 1
        return cls(
            company_of=company,
            household_of=households,
            households=count,
            pairs=pairs,
            records=leading,
            linked=np.bincount(company[np.unique(exact[0])], minlength=size),
        )

    def compared(self, levels: Levels, *, linked_themselves: bool = False) -> Levels:
        """The pairs with the level of their company. An exact pair is not its own companion."""
        own = int(linked_themselves)
        company = self.company_of[levels.records]
        wanted = company * self.households + self.household_of[levels.members]
        at = np.minimum(np.searchsorted(self.pairs, wanted), max(len(self.pairs) - 1, 0))
        leading = np.zeros(len(wanted), dtype=np.int64)
        if len(self.pairs):
            leading = np.where(self.pairs[at] == wanted, self.records[at], 0)
        others = self.linked[company] - own
        found = np.where(leading > own, _TOGETHER, _APART)
        found[(others < 1) | (others > _MOST)] = _MISSING
        return dataclasses.replace(levels, of={**levels.of, "company": found.astype(np.int8)})


def _codes(values: pa.ChunkedArray) -> Rows:
    coded = pc.dictionary_encode(values.combine_chunks(), null_encoding="encode")
    return np.asarray(coded.indices, dtype=np.int64)
