"""The account of every line."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import LinesUnbalanced
from pipelines.s1_land import Fates, account
from pipelines.s2_standardise import standardise
from pipelines.s3_validate import quarantine_faults
from pipelines.sources.spec import load_spec
from tests.unit.s1_land.parts import VEHICLE_HEADER, land_vehicles, text_file, vehicles


def account_of(
    lines: list[str], *, in_force: bool = True, lose: int = 0, shut: tuple[int, ...] = ()
) -> dict[str, object]:
    data = text_file([VEHICLE_HEADER, *lines])
    result = land_vehicles(data, len([line for line in lines if line.strip()]))
    records = standardise(batches=result.batches, spec=load_spec("vehicle")).records["vehicle"]
    file = ("vehicle/20261006_01", "VEH_FULL_20261006.csv")
    fates = Fates(
        records=records.slice(lose),
        quarantine=quarantine_faults(result.lines),
        used={file} if in_force else set(),
        not_authorised=frozenset(f"{file[0]}/{file[1]}#{row}" for row in shut),
    )
    return account(files=result.files, lines=result.lines, fates=fates).to_pylist()[0]


def test_a_clean_file_is_loaded_whole() -> None:
    row = account_of(vehicles(4))
    assert (row["physical_lines"], row["header_lines"], row["loaded"], row["quarantined"]) == (5, 1, 4, 0)


def test_a_superseded_file_keeps_its_lines_in_the_account() -> None:
    row = account_of(vehicles(4), in_force=False)
    assert (row["status"], row["superseded"], row["loaded"]) == ("superseded", 4, 0)


def test_lines_about_people_who_may_not_be_looked_up_are_counted_apart_and_not_loaded() -> None:
    row = account_of(vehicles(4), shut=(2, 3))
    assert (row["loaded"], row["not_authorised"], row["records"]) == (2, 2, 2)


def test_a_superseded_file_has_no_line_that_is_not_authorised() -> None:
    row = account_of(vehicles(4), in_force=False, shut=(2,))
    assert (row["superseded"], row["not_authorised"]) == (4, 0)


def test_a_line_that_got_lost_on_the_way_stops_the_run() -> None:
    with pytest.raises(LinesUnbalanced, match="4 data lines, 3 accounted for"):
        account_of(vehicles(4), lose=1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["sound", "repeat", "short", "quote", "blank"]),
        min_size=1,
        max_size=25,
    )
)
def test_whatever_is_wrong_with_the_lines_they_all_add_up(kinds: list[str]) -> None:
    made = vehicles(len(kinds))
    forms = {
        "sound": lambda at: made[at],
        "repeat": lambda _: made[0],
        "short": lambda at: made[at].rsplit(",", 2)[0] + f"{at}",
        "quote": lambda at: made[at].replace("五菱牌", '"五菱牌'),
        "blank": lambda _: "",
    }
    row = account_of([forms[kind](at) for at, kind in enumerate(kinds)])
    assert row["physical_lines"] == len(kinds) + 1
    assert row["blank_lines"] == kinds.count("blank")
    assert row["quarantined"] == kinds.count("short") + kinds.count("quote")
    assert row["loaded"] + row["duplicates"] == kinds.count("sound") + kinds.count("repeat")


def test_no_fate_is_negative() -> None:
    row = account_of([*vehicles(2), vehicles(2)[0]])
    assert all(value >= 0 for value in row.values() if isinstance(value, int))
    assert pc.sum(pa.array([row["duplicates"]])).as_py() == 1
