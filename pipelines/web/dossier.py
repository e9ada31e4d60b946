"""Everything a published month says of one household, in the shape the sentences are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from pipelines.lineage.explaining import Models, models_of
from pipelines.lineage.published import PublishedMonth
from pipelines.wording.cases import Case, active_flags, cases
from pipelines.wording.reading import household_data

_MOST_KEPT = 32  # an officer goes back and forth between the pages of a case
# By lake as well as by run: two sites in one process may each have a run of that name.
_KEPT: dict[tuple[str, str, str], Dossier] = {}
_MODELS: dict[tuple[str, str], Models] = {}  # of the run asked last


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A case of a month. `files` are the delivered files by delivery and name."""

    case: Case
    models: Models
    files: dict[tuple[str, str], dict[str, Any]]
    month: PublishedMonth


def dossier(month: PublishedMonth, household_id: str) -> Dossier | None:
    """The household's case, or nothing when the month has no standing flag of it. A published month never changes."""
    key = (str(month.lake.root), month.run_id, household_id)
    if key not in _KEPT:
        found = _dossier(month, household_id)
        if found is None:
            return None
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return _KEPT[key]


def _dossier(month: PublishedMonth, household_id: str) -> Dossier | None:
    data = household_data(month, household_id)
    found = list(cases(data, active_flags(data)))
    if not found:
        return None
    files = {(row["delivery"], row["file_name"]): row for row in data.deliveries.to_pylist()}
    return Dossier(case=found[0], models=_models(month), files=files, month=month)


def id_number(month: PublishedMonth, household_id: str, member_id: str) -> str | None:
    """A member's whole number: for a reveal that has been logged, and nothing else."""
    members = month.of_household("household_member", household_id)
    chosen = members.filter(pc.equal(members["record_id"], member_id))
    return None if not chosen.num_rows else (chosen["id_no"][0].as_py() or "")


def _models(month: PublishedMonth) -> Models:
    key = (str(month.lake.root), month.run_id)
    if key not in _MODELS:
        _MODELS.clear()
        _MODELS[key] = models_of(month.table("link_model"))
    return _MODELS[key]
