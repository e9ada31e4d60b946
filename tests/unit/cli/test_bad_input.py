"""Bad input: a clear error with file, place and remedy, its own exit code, and nothing half-written."""

import shutil
from pathlib import Path

import pytest

from pipelines.policy.model import PACKS_ROOT
from pipelines.store.ledger import Ledger
from tests.e2e.village import Hedui, terminal
from tests.fixtures.city import MONTH, City
from tests.unit.run.parts import drop, vehicle_file
from tests.unit.s1_land.parts import VEHICLE_HEADER, text_file, vehicles

SMALL = ("dibao_urban", "dibao_rural", "tekun", "payment", "authorisation")
Told = Hedui


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def inbox(city: City, tmp_path: Path) -> Path:
    """The lists of the demo city and nothing else."""
    for source in SMALL:
        shutil.copytree(city.inbox / source, tmp_path / "inbox" / source)
    return tmp_path / "inbox"


def run(hedui: Told, inbox: Path, *more: object, month: str = MONTH) -> tuple[int, str]:
    return hedui("run", "--month", month, "--inbox", inbox, "--home", inbox.parent / "home", *more)


def published(inbox: Path) -> int:
    ledger = inbox.parent / "home" / "ledger.sqlite"
    return len(Ledger(f"sqlite:///{ledger}").publications()) if ledger.exists() else 0


def test_an_inbox_that_does_not_exist(hedui: Told, tmp_path: Path) -> None:
    code, said = run(hedui, tmp_path / "nowhere")
    assert code == 10
    assert "the inbox does not exist" in said and "nowhere" in said and "remedy" in said
    assert not (tmp_path / "home" / "ledger.sqlite").exists()


def test_a_month_without_deliveries(hedui: Told, inbox: Path) -> None:
    code, said = run(hedui, inbox, month="2031-01")
    assert code == 11
    assert "no delivery speaks about 2031-01" in said
    assert published(inbox) == 0


def test_a_month_that_is_no_month(hedui: Told, inbox: Path) -> None:
    code, said = run(hedui, inbox, month="2026-1O")
    assert (code, "YYYY-MM" in said) == (15, True)


def test_a_missing_column(hedui: Told, inbox: Path) -> None:
    data = text_file([VEHICLE_HEADER.replace(",ZT", ""), *vehicles(2)])
    drop(inbox, "vehicle", "20261006_01", "VEH_FULL_20261006.csv", data, 2, "20261006")
    code, said = run(hedui, inbox)
    assert code == 21
    assert "VEH_FULL_20261006.csv line 1" in said and "['ZT']" in said and "--without vehicle" in said
    assert published(inbox) == 0


def test_a_wrong_encoding(hedui: Told, inbox: Path) -> None:
    data = text_file([VEHICLE_HEADER, *vehicles(3)]) + "后来改成了另一种编码的一行\r\n".encode()
    drop(inbox, "vehicle", "20261006_01", "VEH_FULL_20261006.csv", data, 4, "20261006")
    code, said = run(hedui, inbox)
    assert code == 22
    assert "line 5" in said and "one encoding" in said
    assert published(inbox) == 0


def test_an_unknown_vehicle_status_code(hedui: Told, inbox: Path) -> None:
    drop(inbox, "vehicle", "20261006_01", *vehicle_file(3, state="AZ"))
    code, said = run(hedui, inbox)
    assert code == 23
    assert "column [ZT]" in said and "'AZ'" in said and "line 2" in said and "sources/vehicle.yaml" in said
    assert published(inbox) == 0


def test_a_pack_with_a_mistyped_key(
    hedui: Told, inbox: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packs = tmp_path / "packs"
    shutil.copytree(PACKS_ROOT, packs)
    for path in (packs / "demo").glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("dwellings:", "dwelings:"), encoding="utf-8")
    monkeypatch.setattr("pipelines.run.month.load_pack", lambda name: _load(name, packs))
    code, said = run(hedui, inbox)
    assert code == 13
    assert "dwelings" in said and "dwellings" in said and ".yaml" in said
    assert published(inbox) == 0


def _load(name: str, packs: Path) -> object:
    from pipelines.policy import load_pack

    return load_pack(name, packs)


def test_a_pack_that_does_not_exist(hedui: Told, inbox: Path) -> None:
    code, said = run(hedui, inbox, "--jurisdiction", "atlantis")
    assert code == 13
    assert "atlantis" in said and "demo" in said


def test_a_missing_list_of_recipients(hedui: Told, inbox: Path) -> None:
    shutil.rmtree(inbox / "dibao_rural")
    code, said = run(hedui, inbox)
    assert code == 11
    assert "dibao_rural" in said and "would close its households' flags" in said


def test_going_on_knowingly_without_a_refused_source_says_so_in_every_household(
    hedui: Told, inbox: Path
) -> None:
    drop(inbox, "vehicle", "20261006_01", *vehicle_file(3, state="AZ"))
    code, said = run(hedui, inbox, "--without", "vehicle")
    assert code == 0, said
    out = inbox.parent / "status.csv"
    code, said = hedui(
        "export", "source_status", "--month", MONTH, "--out", out, "--home", inbox.parent / "home"
    )
    assert code == 0, said
    lines = [line for line in out.read_text(encoding="utf-8").splitlines() if '"vehicle"' in line]
    assert len(lines) == 1251
    assert all('"not_checked","waived"' in line for line in lines)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("trace", "F-NONE"), 33, "no record of the month"),
        (("export", "flags", "--month", MONTH, "--out", "x.csv"), 33, "one of: delivery"),
        (("export", "flag", "--month", "2020-01", "--out", "x.csv"), 33, "is published"),
        (("export", "flag", "--month", MONTH, "--out", "x.docx"), 33, ".parquet or .csv"),
    ],
)
def test_asking_for_what_is_not_there(
    hedui: Told, done_month: object, words: tuple[str, ...], code: int, part: str, tmp_path: Path
) -> None:
    given = [str(tmp_path / word) if word.startswith("x.") else word for word in words]
    found, said = hedui(*given, "--home", done_month.where["home"])  # type: ignore[attr-defined]
    assert (found, part in said) == (code, True), said
    assert list(tmp_path.iterdir()) == []


def test_a_word_the_command_line_does_not_know(hedui: Told) -> None:
    assert hedui("run", "--moth", MONTH)[0] == 2


def test_doctor_finds_all_in_order(hedui: Told, tmp_path: Path) -> None:
    code, said = hedui("doctor", "--home", tmp_path)
    assert code == 0, said
    assert "All in order" in said
