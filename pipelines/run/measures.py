"""What a landing is measured by: persons, valid and repeated ids, and the profile of each canonical table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s3_validate import Profile, profile


class Measures:
    """Of the accepted records of a landing, part after part. Memory holds eight bytes a person, for repeats."""

    def __init__(self) -> None:
        self._records = self._persons = 0
        self._ids: dict[str, list[npt.NDArray[np.int64]]] = {}
        self._profiles: dict[str, Profile] = {}

    def add(self, table: str, records: pa.Table) -> None:
        """The accepted records of a part."""
        self._records += len(records)
        self._profiles = added(self._profiles, profiles({table: records}))
        if "id18" in records.column_names:
            self._persons += len(records)
            # The check character follows from the 17 digits before it.
            digits = pc.utf8_slice_codeunits(pc.drop_null(records["id18"]), 0, 17).cast(pa.int64())
            self._ids.setdefault(table, []).append(digits.to_numpy())

    def row(self) -> dict[str, Any]:
        """As the ledger keeps them with a landing."""
        of_tables = [np.concatenate(parts) for parts in self._ids.values()]
        valid = sum(len(ids) for ids in of_tables)
        return {
            "accepted_records": self._records,
            "person_records": self._persons,
            "valid_ids": valid,
            "repeated_ids": sum(_repeated(ids) for ids in of_tables),
            "profile": stored(self._profiles),
        }


def _repeated(ids: npt.NDArray[np.int64]) -> int:
    """How many stand behind an equal one."""
    ordered = np.sort(ids)
    return int(np.count_nonzero(ordered[1:] == ordered[:-1]))


def profiles(tables: Mapping[str, pa.Table]) -> dict[str, Profile]:
    """The profile of each canonical table of a landing, or of a part of one."""
    return {table: profile(records) for table, records in sorted(tables.items())}


def added(one: Mapping[str, Profile], two: Mapping[str, Profile]) -> dict[str, Profile]:
    """The profiles of two parts of a landing together."""
    return {
        table: one.get(table, Profile()).plus(two.get(table, Profile())) for table in sorted({*one, *two})
    }


def stored(found: Mapping[str, Profile]) -> dict[str, Any]:
    """As the ledger keeps profiles."""
    return {table: profile.to_json() for table, profile in sorted(found.items())}
