"""Registries that are empty, broken or one name over and over: a clear error or bounded time, never a wrong link."""

from __future__ import annotations

import time
import tracemalloc
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipelines.base.errors import ContractBroken
from pipelines.s4_link import Linked, default_settings, link
from pipelines.s4_link.index import Index
from pipelines.s4_link.sift import NEEDED, sieve
from tests.unit.s4_link.link_cases import (
    crowd,
    deaths,
    found,
    linked,
    members,
    number,
    person,
    reviewed,
    told,
)

LISTED = person("李卫东", number("1968-07-01", "123"))


def _linked(batches: list[pa.RecordBatch], *people: dict[str, Any]) -> Linked:
    return link(
        batches=batches,
        table_name="death",
        members=members(*people),
        judgements=None,
        settings=default_settings(),
    )


def _bare(who: dict[str, Any]) -> dict[str, Any]:
    """The same person with no number; what stood inside it is gone too."""
    return person(who["name"], address=who.get("address"))


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_an_empty_registry_links_to_nothing(batches: int) -> None:
    empty = pa.RecordBatch.from_pylist([], schema=deaths().schema)
    result = _linked([empty] * batches, LISTED)
    assert found(result) == reviewed(result) == {}
    assert result.stats.records == 0
    assert told(result, "prior", "rows", "with_number")["of"] == 0


def test_empty_batches_between_others_change_nothing() -> None:
    empty = pa.RecordBatch.from_pylist([], schema=deaths().schema)
    (batch,) = deaths(LISTED, *crowd(50)).combine_chunks().to_batches()
    one, other = _linked([batch], LISTED), _linked([empty, batch, empty], LISTED)
    assert one.matches.equals(other.matches)
    assert one.model.equals(other.model)


def test_a_list_without_members_links_to_nothing() -> None:
    assert found(linked([LISTED], [])) == {}


@pytest.mark.parametrize("sides", ["records", "members", "both"])
def test_all_numbers_missing_on_one_side_or_both_takes_nobody_for_another(sides: str) -> None:
    people = [LISTED, *crowd(200)]
    bare = [_bare(who) for who in people]
    records, lists = (bare if sides != "members" else people), (bare if sides != "records" else people)
    result = _linked(deaths(*records).combine_chunks().to_batches(), *lists)
    rows = result.matches.select(["record", "member_id"]).to_pylist()
    assert all(row["record"][1:] == row["member_id"][1:] for row in rows)
    assert not set(result.stats.matches) & {"exact_id", "exact_id15", "repaired_id"}
    assert result.stats.records == 201


def test_null_and_empty_names_meet_nobody_by_name() -> None:
    result = linked([person(None), person("")], [person(None), person(""), LISTED])
    assert found(result) == reviewed(result) == {}


def test_a_nameless_row_of_the_birth_date_and_village_is_at_most_put_to_a_person() -> None:
    result = linked([person(None, birth_date="1968-07-01", sex="M")], [LISTED], listed=500)
    assert found(result) == {}
    assert reviewed(result) == {("d0", "m0"): "below_match_threshold"}


def test_two_nameless_rows_of_one_number_are_a_conflict_to_look_at() -> None:
    nameless = person(None, LISTED["id_no"])
    assert reviewed(linked([nameless], [LISTED])) == {("d0", "m0"): "identity_conflict"}


@pytest.mark.parametrize("column", NEEDED)
def test_a_batch_that_lacks_a_column_is_refused_by_its_name(column: str) -> None:
    batches = deaths(LISTED).drop_columns([column]).to_batches()
    with pytest.raises(ContractBroken, match=rf"columns missing \['{column}'\]"):
        _linked(batches, LISTED)


_ROWS, _BATCH, _NAMESAKES, _BYTES = 1_000_000, 100_000, 2_000, 400_000_000


def test_one_name_a_million_times_takes_bounded_time_and_its_blocks_are_counted() -> None:
    same = {"name": "李卫东", "birth_date": date(1968, 7, 1), "sex": "M", "address": "九里岗村"}
    batch = _repeated(same | {"id_state": "missing", "source": "death_medical"})
    born = {"birth_date": "1968-07-01", "sex": "M"}
    index = Index.of(members(*(person("李卫东", **born) for _ in range(_NAMESAKES))), default_settings())
    tracemalloc.start()
    before = time.process_time()
    sieved = sieve(index, [batch] * (_ROWS // _BATCH), default_settings())
    assert time.process_time() - before < 10
    assert tracemalloc.get_traced_memory()[1] < _BYTES  # laid out, one batch's block alone would be 6 GB
    tracemalloc.stop()
    assert sieved.size == _ROWS
    assert len(sieved.pairs.records) == sieved.records.num_rows == 0
    skipped = {rule for rule, count in sieved.pairs.blocks_skipped.items() if count}
    assert skipped == {"name_and_birth", "name_and_village", "birth_and_village"}


def _repeated(values: dict[str, Any]) -> pa.RecordBatch:
    schema = deaths().schema
    names = [*NEEDED, "address"]
    columns = {
        name: pa.repeat(pa.scalar(values.get(name), schema.field(name).type), _BATCH) for name in names
    }
    columns["record_id"] = pa.array([f"d{at}" for at in range(_BATCH)])
    return pa.RecordBatch.from_pydict(columns)
