"""What `hedui deliveries` says, holds, and their release by a named person."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.base.errors import DeliveryHeld, NotFound
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.cli import app
from pipelines.run import choose as choosing
from pipelines.run import holds
from pipelines.run.arrivals import arrivals, release
from pipelines.run.choose import SourceChoice, check_usable, choose
from pipelines.run.landing import land, partition_of
from pipelines.run.shop import open_shop
from pipelines.sources.spec import Gates, load_spec
from tests.unit.run.parts import drop, vehicle_file

OCTOBER = Period.parse("2026-10")


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An empty place; the vehicle register may differ by 50 % from one delivery to the next."""
    spec = load_spec("vehicle").model_copy(update={"gates": Gates(rows_band_percent=50)})
    for module in ("arrivals", "choose"):
        monkeypatch.setattr(f"pipelines.run.{module}.load_spec", lambda _name: spec)
    (tmp_path / "inbox").mkdir()
    return {"home": str(tmp_path / "home"), "inbox": str(tmp_path / "inbox"), "jurisdiction": "demo"}


def dropped(where: dict[str, Any], batch: str, count: int, state: str = "A", day: str = "20261006") -> None:
    drop(Path(where["inbox"]), "vehicle", batch, *vehicle_file(count, state, day))
    land(f"vehicle/{batch}", where)


def told(where: dict[str, Any], month: str | None = None) -> dict[str, str]:
    return {found.delivery: found.status for found in arrivals(where, month=month, source="vehicle")}


def choice(where: dict[str, Any]) -> SourceChoice:
    return choose(open_shop(Where.of(where)), "vehicle", OCTOBER)


def test_every_fate_of_a_delivery_is_told(where: dict[str, Any]) -> None:
    dropped(where, "20261005_01", 4, day="20261005")
    dropped(where, "20261006_01", 4, day="20261006")
    dropped(where, "20261007_01", 4, day="20261006")
    dropped(where, "20261008_01", 4, state="Z", day="20261008")
    dropped(where, "20261009_01", 0, day="20260901")
    assert told(where) == {
        "vehicle/20261005_01": "accepted",
        "vehicle/20261006_01": "repeated",
        "vehicle/20261007_01": "repeated",
        "vehicle/20261008_01": "refused",
        "vehicle/20261009_01": "empty",
    }
    assert told(where, "2026-10") == {
        "vehicle/20261005_01": "repeated",
        "vehicle/20261006_01": "repeated",
        "vehicle/20261007_01": "accepted",
        "vehicle/20261008_01": "refused",
        "vehicle/20261009_01": "empty",
    }


def test_the_same_bytes_signed_off_with_another_date_are_a_repetition(where: dict[str, Any]) -> None:
    name, data, rows, _ = vehicle_file(4, day="20261005")
    for batch, day in (("20261005_01", "20261005"), ("20261006_01", "20261006")):
        drop(Path(where["inbox"]), "vehicle", batch, name, data, rows, day)
        land(f"vehicle/{batch}", where)
    assert told(where) == {"vehicle/20261005_01": "accepted", "vehicle/20261006_01": "repeated"}
    assert told(where, "2026-10") == {"vehicle/20261005_01": "repeated", "vehicle/20261006_01": "accepted"}


def test_a_file_refused_for_its_sign_off_and_sent_again_rightly_is_no_repetition(
    where: dict[str, Any],
) -> None:
    name, data, rows, day = vehicle_file(4)
    for batch, stated in (("20261005_01", rows + 5), ("20261006_01", rows)):
        drop(Path(where["inbox"]), "vehicle", batch, name, data, stated, day)
        land(f"vehicle/{batch}", where)
    assert told(where) == {"vehicle/20261005_01": "refused", "vehicle/20261006_01": "accepted"}


def test_a_delivery_too_unlike_the_one_before_holds_the_source_until_a_person_releases_it(
    where: dict[str, Any],
) -> None:
    dropped(where, "20261005_01", 10)
    dropped(where, "20261006_01", 3)
    held = choice(where)
    check_usable(held, {})
    assert (held.status, held.used) == ("held", ())
    assert "3 records after 10" in held.reason
    assert told(where)["vehicle/20261006_01"] == "held"
    release("vehicle/20261006_01", "李工", "登记机关确认", where)
    assert choice(where).status == "used"
    assert [row.delivery for row in choice(where).used] == ["vehicle/20261006_01"]
    assert told(where)["vehicle/20261006_01"] == "accepted"


def test_a_held_delivery_is_no_measure_for_the_next_one(where: dict[str, Any]) -> None:
    dropped(where, "20261005_01", 10)
    dropped(where, "20261006_01", 3)
    dropped(where, "20261007_01", 11)
    assert choice(where).status == "used"
    dropped(where, "20261008_01", 3)
    assert choice(where).status == "held"


def test_the_order_of_landing_does_not_decide_what_is_held(where: dict[str, Any]) -> None:
    dropped(where, "20261006_01", 3)
    assert choice(where).status == "used"
    dropped(where, "20261005_01", 10)
    assert choice(where).status == "held"


def test_a_held_list_of_recipients_stops_the_month_and_says_how_to_go_on(where: dict[str, Any]) -> None:
    dropped(where, "20261005_01", 10)
    dropped(where, "20261006_01", 3)
    lists = choice(where)
    spec = lists.spec.model_copy(update={"table": "recipient"})
    with pytest.raises(DeliveryHeld, match="--release"):
        check_usable(
            SourceChoice(
                spec=spec, seen=lists.seen, used=(), status=choosing.HELD, reason="x", held=lists.held
            ),
            {"vehicle": "its households' flags would be closed"},
        )


def test_only_a_held_delivery_can_be_released_and_only_by_name_and_with_a_reason(
    where: dict[str, Any],
) -> None:
    dropped(where, "20261005_01", 10)
    with pytest.raises(NotFound, match="is not held"):
        release("vehicle/20261005_01", "李工", "x", where)
    dropped(where, "20261006_01", 3)
    with pytest.raises(NotFound, match="a name and a reason"):
        release("vehicle/20261006_01", " ", "x", where)


def test_the_terminal_lists_deliveries_and_their_cause_in_both_languages(where: dict[str, Any]) -> None:
    dropped(where, "20261005_01", 10)
    dropped(where, "20261006_01", 3)
    zh = CliRunner().invoke(app, ["deliveries", "--home", where["home"], "--source", "vehicle"])
    assert "暂缓使用" in zh.output and "记录3条，上次10条" in zh.output
    release_words = ["--release", "vehicle/20261006_01", "--by", "Li", "--reason", "confirmed"]
    done = CliRunner().invoke(app, ["--lang", "en", "deliveries", "--home", where["home"], *release_words])
    assert "released by Li" in done.output
    en = CliRunner().invoke(
        app, ["--lang", "en", "deliveries", "--home", where["home"], "--source", "vehicle"]
    )
    assert "released by Li: confirmed" in en.output


def test_the_files_of_a_held_delivery_are_marked_with_the_reason(where: dict[str, Any]) -> None:
    dropped(where, "20261005_01", 10)
    shop = open_shop(Where.of(where))
    row = shop.ledger.history("vehicle")[0]
    files = shop.lake.read(partition_of(row), "delivery")
    marked = holds.marked(files, {row.delivery: "too few"}).to_pylist()
    assert [(file["status"], file["cause"], file["reason"]) for file in marked] == [
        ("held", "DeliveryHeld", "too few")
    ]
