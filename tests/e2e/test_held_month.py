"""A registry's delivery held by a shock gate through a whole month, and released by a named person."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.run.published import published_run, read_table
from tests.e2e.village import MONTH, Hedui, only, terminal, village
from tests.unit.run.parts import drop

pytestmark = pytest.mark.xdist_group("held")
NEXT = "2026-11"
OFFERED = "vehicle/20261201_01"
_ID, _NAME, _STATE = 10, 11, 15


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


class Place:
    """A village whose vehicle register arrives anew, and what its months say."""

    def __init__(self, folder: Path, hedui: Hedui) -> None:
        self.hedui, self.home = hedui, folder / "home"
        self.inbox = village(folder)
        only(self.inbox, "vehicle")
        sound = self.inbox / "vehicle/20261006_01/VEH_FULL_20261006.csv"
        self.header, *self.lines = sound.read_text(encoding="gb18030").splitlines()
        shutil.rmtree(self.inbox / "vehicle")

    def run(self, month: str, *more: str) -> tuple[int, str]:
        return self.hedui("run", "--month", month, "--inbox", self.inbox, "--home", self.home, *more)

    def deliveries(self, *more: object) -> tuple[int, str]:
        return self.hedui("deliveries", "--home", self.home, *more)

    def table(self, month: str, name: str) -> list[dict[str, Any]]:
        run = published_run(month, {"home": str(self.home), "jurisdiction": "demo"})
        return list(read_table(run, name).to_pylist())

    def vehicles(self, month: str) -> dict[str, str]:
        """Household → state of its flag that it owns a vehicle."""
        return {
            flag["household_id"]: flag["state"]
            for flag in self.table(month, "flag")
            if flag["code"] == "vehicle_owned"
        }

    def deliver(self, batch: str, lines: list[str]) -> None:
        data = "".join(f"{line}\r\n" for line in [self.header, *lines]).encode("gb18030")
        drop(self.inbox, "vehicle", batch, f"VEH_FULL_{batch[:8]}.csv", data, len(lines), batch[:8])

    def car_of(self, member: dict[str, Any], number: int) -> str:
        """A line of the register in force, made out to the member."""
        cells = self.lines[number].split(",")
        cells[_ID], cells[_NAME], cells[_STATE] = member["id18"], member["name"], "A"
        return ",".join(cells)


def people_of(place: Place) -> list[dict[str, Any]]:
    """One member each of three households that own no vehicle."""
    assert place.run(MONTH, "--without", "vehicle")[0] == 0
    found: dict[str, dict[str, Any]] = {}
    owners = {line.split(",")[_ID] for line in place.lines}
    members = place.table(MONTH, "household_member")
    taken = {row["household_id"] for row in members if row["id18"] in owners}
    for row in members:
        if row["id_state"] == "valid18" and row["household_id"] not in taken:
            found.setdefault(row["household_id"], row)
    return list(found.values())[:3]


def _is_told_as_held(place: Place, page: str) -> None:
    """In the assessment, in the accounts, in the report and by `hedui deliveries`."""
    lines = [row for row in place.table(NEXT, "assessed_line") if row["rule"] == "vehicle_owned"]
    assert {row["verdict"] for row in lines} == {"cannot_verify"}
    states = {row["reason"] for row in place.table(NEXT, "source_status") if row["source"] == "vehicle"}
    assert states == {"held"}
    (file,) = [row for row in place.table(NEXT, "delivery") if row["delivery"] == OFFERED]
    assert (file["status"], file["cause"]) == ("held", "DeliveryHeld")
    assert "允许相差50%" in file["reason"]
    (account,) = [row for row in place.table(NEXT, "line_account") if row["delivery"] == OFFERED]
    assert (account["status"], account["loaded"]) == ("held", 0)
    assert OFFERED in page
    assert "允许相差50%" in page
    _, told = place.deliveries("--month", NEXT, "--source", "vehicle")
    assert re.search(rf"{OFFERED} .*Held.*50 % either way are allowed", told), told


def test_a_held_registry_says_cannot_verify_until_a_named_person_releases_it(
    tmp_path: Path, hedui: Hedui
) -> None:
    """A third of the register's lines: held, and the month runs without it. One car stays, one goes, one comes."""
    place = Place(tmp_path, hedui)
    staying, leaving, coming = people_of(place)
    ordinary = [line for line in place.lines if line.split(",")[_STATE] == "A"]
    place.lines = ordinary
    first = [place.car_of(staying, 0), place.car_of(leaving, 1), *ordinary[2:]]
    place.deliver("20261006_01", first)
    assert place.run(MONTH)[0] == 0
    before = place.vehicles(MONTH)
    assert {before[one["household_id"]] for one in (staying, leaving)} == {"opened"}
    assert coming["household_id"] not in before

    place.deliver("20261201_01", [first[0], place.car_of(coming, 1), *ordinary[2 : len(ordinary) // 3]])
    code, said = place.run(NEXT)
    assert code == 0, said
    assert re.search(rf"held .*{OFFERED}", said), said
    held = place.vehicles(NEXT)
    assert "closed" not in held.values()  # by a registry that was not looked at
    assert coming["household_id"] not in held
    _is_told_as_held(place, Path(re.findall(r"report: (.*)", said)[-1]).read_text(encoding="utf-8"))

    release = ("--release", OFFERED, "--by", "李工", "--reason", "register split, confirmed by phone")
    assert place.deliveries(*release)[0] == 0
    code, said = place.run(NEXT)
    assert code == 0, said
    after = place.vehicles(NEXT)
    assert [after[one["household_id"]] for one in (staying, leaving, coming)] == ["kept", "closed", "opened"]
    run = published_run(NEXT, {"home": str(place.home), "jurisdiction": "demo"})
    revisions = [row["revision"] for row in run.shop.ledger.publications() if row["month"] == NEXT]
    assert revisions == [1, 2]
    (found,) = run.shop.ledger.releases().values()
    assert (found.delivery, found.released_by, found.reason) == (OFFERED, "李工", release[-1])
    code, told = place.deliveries("--month", NEXT, "--source", "vehicle")
    assert "released by 李工: register split, confirmed by phone" in told


def test_a_held_list_of_recipients_stops_the_month_with_its_code_and_the_command_that_releases_it(
    tmp_path: Path, hedui: Hedui
) -> None:
    place = Place(tmp_path, hedui)
    only(place.inbox)
    (batch,) = (place.inbox / "dibao_rural").iterdir()
    (file,) = [path for path in batch.iterdir() if path.suffix != ".ok"]
    header, *lines = file.read_bytes().decode("gb18030").splitlines()
    # Ten times the amounts: no sum of them is impossible, all of them together are.
    moved = [re.sub(r",(\d+),([\d/]+)$", lambda found: f",{found[1]}0,{found[2]}", line) for line in lines]
    data = "".join(f"{line}\r\n" for line in [header, *moved]).encode("gb18030")
    name = file.name.replace("20261028", "20261029")
    drop(place.inbox, "dibao_rural", "20261029_01", name, data, len(moved), "20261029")
    code, said = place.run(MONTH)
    assert code == 27, said
    assert "DeliveryHeld: the list [dibao_rural] is held" in said
    assert "hedui deliveries --release" in said
    _, told = place.deliveries("--source", "dibao_rural")
    assert re.search(r"dibao_rural/20261029_01 .*Held", told), told
    assert (
        place.deliveries("--release", "dibao_rural/20261029_01", "--by", "李工", "--reason", "as agreed")[0]
        == 0
    )
    assert place.run(MONTH)[0] == 0
