"""An evidence bundle: the same bytes each time, taken by its own verifier, refused and named after any change."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipelines.audit.bundling import write_bundle
from pipelines.audit.rederived_flags import flags_of
from pipelines.run import run_month
from pipelines.run.month import Run
from pipelines.run.published import published_run
from tests.e2e.village import MONTH, Hedui, only, terminal, village
from tests.unit.lineage.tampering import stand_alone

pytestmark = pytest.mark.xdist_group("bundle")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    inbox = village(folder)
    only(inbox, "vehicle", "death_police", "hukou")
    run_month(MONTH, {"home": str(folder / "home"), "inbox": str(inbox), "jurisdiction": "demo"})
    return folder / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return published_run(MONTH, {"home": str(home), "jurisdiction": "demo"})


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def unpacked(run: Run, tmp_path: Path) -> Path:
    """The bundle of a motor vehicle."""
    made = write_bundle(run, [flag_of(run, "vehicle_owned")], tmp_path / "one.zip")
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(tmp_path)
    return tmp_path / made.bundle_id


def flag_of(run: Run, code: str) -> str:
    flags = run.read("flag", "flag").to_pylist()
    return next(str(flag["record_id"]) for flag in flags if flag["code"] == code)


def test_a_bundle_verifies_itself_outside_the_product(
    home: Path, run: Run, hedui: Hedui, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "flag.zip"
    code, said = hedui("bundle", flag_of(run, "vehicle_owned"), "--out", out, "--home", home)
    assert code == 0, said
    assert out.stat().st_mode & 0o077 == 0  # personal data: its owner's alone
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path)
    [folder] = [path for path in tmp_path.iterdir() if path.name.startswith("B-")]
    done = subprocess.run(
        [sys.executable, "-I", "hedui_verify.py", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    code, said = hedui("verify", "--all", "--home", home)
    assert code == 0, said  # the ledger now knows the bundle, and its own verifiers still pass
    code, said = stand_alone(
        "--ledger", home / "ledger.sqlite", "--checkpoints", home / "checkpoints", "--home", home
    )
    assert code == 0, said


def test_the_same_flags_give_the_same_bytes_also_after_others_were_bundled(run: Run, tmp_path: Path) -> None:
    flags = flags_of(run)
    first = write_bundle(run, flags, tmp_path / "a.zip")
    write_bundle(run, flags[:1], tmp_path / "b.zip")
    again = write_bundle(run, list(reversed(flags)), tmp_path / "c.zip")
    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.flags == len(flags)


def test_a_sample_is_drawn_by_seed(home: Path, hedui: Hedui, tmp_path: Path) -> None:
    said = [
        hedui(
            "bundle",
            "sample",
            "--month",
            MONTH,
            "--n",
            2,
            "--seed",
            seed,
            "--out",
            tmp_path / f"{at}.zip",
            "--home",
            home,
        )
        for at, seed in enumerate(["x", "x"])
    ]
    assert [code for code, _ in said] == [0, 0], said
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
    assert "flags 2" in said[0][1]
    assert hedui("bundle", "F-NONE", "--out", tmp_path / "none.zip", "--home", home)[0] == 33


def test_every_file_changed_by_one_bit_is_refused_and_the_file_named(unpacked: Path) -> None:
    draw = random.Random(11)  # noqa: S311
    named_otherwise = {"checkpoint.txt": "checkpoint", "leaves.json": "lea", "files.json": ""}
    for path in sorted(path for path in unpacked.rglob("*") if path.is_file()):
        kept = path.read_bytes()
        for _ in range(3):
            at = draw.randrange(len(kept))
            path.write_bytes(kept[:at] + bytes([kept[at] ^ (1 << draw.randrange(8))]) + kept[at + 1 :])
            code, said = stand_alone(unpacked)
            assert code == 37, (path, at)
            named = named_otherwise.get(path.name, "key" if path.suffix == ".pub" else path.name)
            assert named in said, (path, at, said)
        path.write_bytes(kept)
    assert stand_alone(unpacked)[0] == 0


def test_a_raw_line_rewritten_with_its_lists_is_still_refused(unpacked: Path) -> None:
    """Whoever changes a line and every list that names it has no leaf for the new list."""
    from pipelines.base.ids import digest_file
    from pipelines.lineage.proofs import write_files_list

    line = unpacked / "evidence" / "slice" / "lines" / "0002.bin"
    line.write_bytes(line.read_bytes().replace(b"7", b"8"))
    manifest = unpacked / "evidence" / "slice" / "manifest.json"
    document = json.loads(manifest.read_bytes())
    document["files"]["lines/0002.bin"]["sha256"] = digest_file(line)
    manifest.write_text(
        json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )
    write_files_list(unpacked)
    code, said = stand_alone(unpacked)
    assert code == 37
    assert "unproved: evidence/slice/lines/0002.bin" in said


def test_whole_numbers_and_names_stand_in_raw_lines_only_and_everybody_inside_is_listed(
    run: Run, unpacked: Path
) -> None:
    members = run.read("compose", "household_member").to_pylist()
    flag = next(row for row in run.read("flag", "flag").to_pylist() if row["code"] == "vehicle_owned")
    own = [row for row in members if row["household_id"] == flag["household_id"]]
    others = [row for row in members if row["household_id"] != flag["household_id"] and row["id_raw"]]
    listed = json.loads((unpacked / "evidence/slice/personal_data.json").read_bytes())
    assert {f"{row['name'][0]}**" for row in own} <= {person["name"] for person in listed["persons"]}
    numbers = {number for row in own for number in (row["id_raw"], row["id18"]) if number}
    for path in (path for path in unpacked.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.parent.name != "lines":
            assert not [number for number in numbers if number.encode() in data], path
        assert not [row for row in others if row["id_raw"].encode() in data], path
    lines = json.loads((unpacked / "evidence/slice/lines.json").read_bytes())
    named = {line for person in listed["persons"] for line in person["in_raw_lines"]}
    assert named == {line["line"] for line in lines if line["kind"] == "data"}


def test_the_rule_stands_in_words_with_value_and_citation(run: Run, unpacked: Path) -> None:
    rule = json.loads((unpacked / "evidence/slice/rules/vehicle_owned.json").read_bytes())
    limit = next(one for one in rule["parameters"] if one["path"] == "assets.vehicles.limit")
    assert (limit["value"], limit["valid_from"]) == (0, "2014-01-01")
    assert limit["citation"] and rule["zh"] and rule["en"]
    assert rule["pack"]["digest"] == run.key["pack"]


def test_the_raw_lines_are_the_bytes_of_the_delivered_file(run: Run, unpacked: Path) -> None:
    folder = unpacked / "evidence" / "slice"
    for line in json.loads((folder / "lines.json").read_bytes()):
        if line["packed"] or "cells" in line:
            continue
        whole = run.shop.lake.get_bytes(line["delivered_file_sha256"])
        start = line["byte_offset"]
        assert (folder / line["bytes"]).read_bytes() == whole[start : start + line["byte_length"]]
