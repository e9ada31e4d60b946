"""The `gates:` of a source YAML: what a delivery is measured by before it counts."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnGate(_Strict):
    """What is believed of a column whatever came before: 分 of money, 0.01 m² of area, the year of a date,
    the bytes of a text (three a Chinese character). Amounts of zero and below are not asked; a band reaches to the next quarter decade.
    """

    middle: tuple[int, int] | None = None  # the middle one of all values lies in here
    usual: tuple[int, int] | None = None  # all values lie in here but for
    outside_permille: int = 20  # this many in a thousand
    surname_permille: int | None = None  # at least so many texts in a thousand begin with a surname


class Gates(_Strict):
    """How far a delivery may differ from the one before; beyond that it is held until a person releases it."""

    rows_band_percent: int | None = None  # records, more or fewer
    oldest_as_of_days: int | None = None  # age of the data on the day they arrive
    valid_id_drop_points: int | None = None  # share of valid id numbers, percentage points
    repeated_id_rise_points: int | None = None  # share of repeated id numbers, percentage points
    quarantined_permille: int | None = None  # records put aside, of all; asked of the first delivery too
    moved_permille: int | None = None  # values of a column that seem to be in another unit (×100, ×10,000, ÷)
    emptied_points: int | None = None  # share of empty (and zero) cells of a column, percentage points
    # Two columns of one kind: how unlike its own past each must be before they may be taken for exchanged, and by
    # how much the share of records in which one is the larger (the later) may rise; percentage points.
    exchanged_points: int | None = None
    reordered_points: int | None = None
    order: tuple[tuple[str, str], ...] = ()  # the first never exceeds the second (amounts, dates) but for
    reversed_permille: int = 50  # this many in a thousand
    columns: dict[str, ColumnGate] = {}  # canonical column → what is believed of it, first delivery included

    @property
    def named(self) -> set[str]:
        """Every column a gate is about."""
        return {*self.columns, *(name for pair in self.order for name in pair)}
