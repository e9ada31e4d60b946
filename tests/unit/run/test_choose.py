"""Which delivery speaks for a month."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.base.errors import NoDeliveries, PackInvalid, UnknownCode
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.policy import load_pack
from pipelines.run.choose import check_usable, choose, needed_lists
from pipelines.run.landing import land
from pipelines.run.month import settle
from pipelines.run.shop import open_shop
from tests.unit.run.parts import drop, vehicle_file

OCTOBER = Period.parse("2026-10")


@pytest.fixture
def where(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "inbox").mkdir()
    return {"home": str(tmp_path / "home"), "inbox": str(tmp_path / "inbox"), "jurisdiction": "demo"}


def dropped(
    where: dict[str, Any], batch: str, count: int, state: str = "A", day: str = "20261006"
) -> dict[str, Any]:
    drop(Path(where["inbox"]), "vehicle", batch, *vehicle_file(count, state, day))
    return land(f"vehicle/{batch}", where)


def chosen(where: dict[str, Any]) -> list[str]:
    return [row.delivery for row in choose(open_shop(Where.of(where)), "vehicle", OCTOBER).used]


def test_the_statement_with_the_latest_as_of_counts_however_it_arrived(where: dict[str, Any]) -> None:
    dropped(where, "20261009_01", 3, day="20261005")
    dropped(where, "20261007_01", 2, day="20261006")
    assert chosen(where) == ["vehicle/20261007_01"]


def test_a_corrected_resend_of_the_same_day_replaces_the_earlier_batch(where: dict[str, Any]) -> None:
    dropped(where, "20261006_01", 3)
    dropped(where, "20261020_01", 4)
    assert chosen(where) == ["vehicle/20261020_01"]


def test_a_refused_delivery_never_replaces_a_sound_one(where: dict[str, Any]) -> None:
    dropped(where, "20261006_01", 3)
    refused = dropped(where, "20261020_01", 4, state="Z")
    assert (refused["status"], refused["cause"]) == ("refused", "UnknownCode")
    assert chosen(where) == ["vehicle/20261006_01"]
    assert settle("vehicle", "2026-10", where)["refused"] == 1


def test_a_source_whose_every_delivery_was_refused_stops_with_its_cause_unless_waived(
    where: dict[str, Any],
) -> None:
    dropped(where, "20261006_01", 3, state="AZ")
    with pytest.raises(UnknownCode, match="--without vehicle") as caught:
        settle("vehicle", "2026-10", where)
    assert "'AZ'" in str(caught.value) and "line 2" in str(caught.value)
    assert settle("vehicle", "2026-10", where | {"without": ["vehicle"]})["status"] == "waived"


def test_a_source_that_sent_nothing_is_told_and_does_not_stop(where: dict[str, Any]) -> None:
    choice = choose(open_shop(Where.of(where)), "vehicle", OCTOBER)
    check_usable(choice, {})
    assert choice.status == "not_received"


def test_landing_the_same_bytes_again_is_no_new_fact(where: dict[str, Any]) -> None:
    first = dropped(where, "20261006_01", 3)
    assert land("vehicle/20261006_01", where) == first


def test_other_bytes_under_the_same_batch_number_are_landed_anew_and_count(where: dict[str, Any]) -> None:
    first = dropped(where, "20261006_01", 3)
    second = dropped(where, "20261006_01", 5)
    assert (first["accepted"], second["accepted"]) == (3, 5)
    choice = choose(open_shop(Where.of(where)), "vehicle", OCTOBER)
    assert [row.accepted_records for row in choice.used] == [5]


def test_a_list_the_place_does_not_have_is_not_waited_for(where: dict[str, Any]) -> None:
    choice = choose(open_shop(Where.of(where)), "tekun", OCTOBER)
    check_usable(choice, needed_lists(load_pack("yunxi")))
    with pytest.raises(NoDeliveries, match=r"\[tekun\] has not arrived.*--without tekun"):
        check_usable(choice, needed_lists(load_pack("demo")))


def test_a_list_the_place_does_not_have_stops_the_month_when_it_comes_all_the_same(
    where: dict[str, Any],
) -> None:
    extract = Path(__file__).parents[2] / "sources" / "tekun" / "extract"
    (path,) = extract.iterdir()
    drop(Path(where["inbox"]), "tekun", "20261028_01", path.name, path.read_bytes(), 3, "20261028")
    land("tekun/20261028_01", where)
    choice = choose(open_shop(Where.of(where)), "tekun", OCTOBER)
    check_usable(choice, needed_lists(load_pack("demo")))
    with pytest.raises(PackInvalid, match="the place has no such list"):
        check_usable(choice, needed_lists(load_pack("yunxi")))


def test_authorisations_are_waited_for_only_where_they_are_delivered(where: dict[str, Any]) -> None:
    choice = choose(open_shop(Where.of(where)), "authorisation", OCTOBER)
    check_usable(choice, needed_lists(load_pack("yunxi")))
    with pytest.raises(NoDeliveries, match="nobody may be looked up"):
        check_usable(choice, needed_lists(load_pack("demo")))
