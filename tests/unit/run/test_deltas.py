"""A full file and its deltas: which rows hold, and which deliveries speak at all."""

from datetime import date

import pyarrow as pa

from pipelines.run.choose import _full_and_deltas
from pipelines.run.deltas import replaced_by_later
from pipelines.store.ledger import LandingRow

FULL, FIRST, SECOND = "hukou/20261001_01", "hukou/20261008_01", "hukou/20261015_01"


def records(*rows: tuple[str, str | None, str, str | None]) -> pa.Table:
    """(record_id, id_no, delivery, change), each delivery one file whose lines are in this order."""
    names = ("record_id", "id_no", "delivery", "change")
    schema = pa.schema(
        [*((name, pa.string()) for name in (*names, "file_name")), pa.field("row_no", pa.int32())]
    )
    return pa.Table.from_pylist(
        [
            {**dict(zip(names, row, strict=True)), "file_name": "HK.csv", "row_no": number}
            for number, row in enumerate(rows, start=1)
        ],
        schema=schema,
    )


def gone(*rows: tuple[str, str | None, str, str | None]) -> set[str]:
    return replaced_by_later(records(*rows), "id_no", [FULL, FIRST, SECOND])


def test_an_update_replaces_the_row_of_the_full_file_and_no_other() -> None:
    assert gone(("a", "1", FULL, None), ("b", "2", FULL, None), ("c", "1", FIRST, "update")) == {"a"}


def test_a_deletion_takes_the_row_away_and_is_no_row_itself() -> None:
    assert gone(("a", "1", FULL, None), ("b", "1", FIRST, "delete")) == {"a", "b"}


def test_a_person_deleted_and_created_again_later_is_there() -> None:
    rows = (("a", "1", FULL, None), ("b", "1", FIRST, "delete"), ("c", "1", SECOND, "create"))
    assert gone(*rows) == {"a", "b"}


def test_two_people_with_one_number_in_the_full_file_both_stay() -> None:
    assert gone(("a", "1", FULL, None), ("b", "1", FULL, None)) == set()


def test_of_two_updates_in_one_delta_the_later_line_holds() -> None:
    rows = (("a", "1", FULL, None), ("b", "1", FIRST, "update"), ("c", "1", FIRST, "update"))
    assert gone(*rows) == {"a", "b"}


def test_a_delete_after_an_update_in_one_delta_deletes() -> None:
    rows = (("a", "1", FULL, None), ("b", "1", FIRST, "update"), ("c", "1", FIRST, "delete"))
    assert gone(*rows) == {"a", "b", "c"}


def test_an_update_after_a_delete_in_one_delta_brings_the_person_back() -> None:
    rows = (("a", "1", FULL, None), ("b", "1", FIRST, "delete"), ("c", "1", FIRST, "update"))
    assert gone(*rows) == {"a", "b"}
    ten = [("b", "1", FIRST, "update"), *((f"x{n}", f"9{n}", FIRST, "update") for n in range(9))]
    assert gone(("a", "1", FULL, None), *ten, ("c", "1", FIRST, "delete")) == {"a", "b", "c"}


def test_rows_without_a_number_replace_nothing() -> None:
    assert gone(("a", None, FULL, None), ("b", None, FIRST, "update"), ("c", None, SECOND, "create")) == set()


def test_the_order_is_that_of_the_statements_and_not_of_the_rows() -> None:
    assert gone(("c", "1", SECOND, "update"), ("b", "1", FIRST, "update"), ("a", "1", FULL, None)) == {
        "a",
        "b",
    }


def landing(delivery: str, part: str, as_of: date) -> LandingRow:
    return LandingRow(
        landing_key=delivery, source="hukou", delivery=delivery, files_digest="", code_digest="", status="accepted",
        cause=None, reason=None, received_at=as_of, as_of=as_of, part=part, physical_lines=1, accepted_records=1,
        quarantine_rows=0, person_records=1, valid_ids=1, repeated_ids=0, manifest_digest="",
    )  # fmt: skip


def chosen(*rows: LandingRow) -> list[str]:
    return [row.delivery for row in _full_and_deltas(list(rows))]


def test_a_delta_without_a_full_file_says_nothing() -> None:
    assert chosen(landing(FIRST, "delta", date(2026, 10, 8))) == []


def test_a_delta_older_than_the_full_file_is_already_in_it() -> None:
    full = landing(FIRST, "", date(2026, 10, 8))
    assert chosen(landing(FULL, "delta", date(2026, 10, 1)), full) == [FIRST]


def test_the_deltas_after_the_latest_full_file_are_read_in_the_order_of_their_dates() -> None:
    rows = [
        landing(SECOND, "delta", date(2026, 10, 15)),
        landing("hukou/20260901_01", "", date(2026, 9, 1)),
        landing(FULL, "", date(2026, 10, 1)),
        landing(FIRST, "delta", date(2026, 10, 8)),
    ]
    assert chosen(*rows) == [FULL, FIRST, SECOND]
