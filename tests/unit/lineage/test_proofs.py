"""A bundle's slice of the log: the stand-alone verifier takes it, and takes it no longer once anything is changed."""

import json
import random
import shutil
from pathlib import Path

import pytest

from pipelines.base.errors import EvidenceBroken, NotFound
from pipelines.lineage.proofs import STAND_ALONE, leaves_with_proofs, write_files_list, write_proofs
from pipelines.lineage.verify_log import Log, read_log
from pipelines.store.lake import Lake
from pipelines.store.signing import signing_key
from pipelines.store.vault import open_vault
from tests.unit.lineage.tampering import Home, signed_home, stand_alone

REPORT = "evidence/report"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return signed_home(tmp_path_factory.mktemp("signed"))


@pytest.fixture(scope="module")
def log(home: Home) -> Log:
    ledger = home.ledger
    found = read_log(ledger.engine)
    ledger.engine.dispose()
    return found


@pytest.fixture
def bundle(home: Home, log: Log, tmp_path: Path) -> Path:
    """The rows of a run, a report by its manifest, a delivered file, a page of words and the verifier itself."""
    folder = tmp_path / "bundle"
    shutil.copytree(home.where.home / "reports" / "demo" / "2026-10" / "R1", folder / REPORT)
    (folder / REPORT / "pages" / "1.html").unlink()  # only what the flag needs: the manifest names the rest
    delivered = next(row for row in log.rows["artefact"] if row["name"].endswith("cars.csv"))["digest"]
    lake = Lake(home.where.lake_root, open_vault(home.where))
    (folder / "evidence" / "cars.csv").write_bytes(lake.get_bytes(delivered))
    (folder / "README.txt").write_text("说明", encoding="utf-8")
    shutil.copyfile(STAND_ALONE, folder / "hedui_verify.py")
    refs = [ref for ref in log.known if ref[0] in ("run", "stage_run", "artefact", "publication")]
    write_proofs(folder, log, refs, home.sign(), signing_key(home.where).public_text)
    write_files_list(folder)
    return folder


def test_a_bundle_is_taken(bundle: Path, home: Home) -> None:
    code, said = stand_alone(bundle)
    assert code == 0, said
    code, said = stand_alone(bundle, "--key", signing_key(home.where).public_text)
    assert code == 0, said
    assert "'leaves': 10" in said and "'files named by the log': 3" in said


def test_a_bundle_by_another_hand_is_not_taken_with_the_auditors_key(bundle: Path, tmp_path: Path) -> None:
    other = signed_home(tmp_path / "other")
    code, said = stand_alone(bundle, "--key", signing_key(other.where).public_text)
    assert code == 37
    assert "signed by another key" in said


def test_every_file_of_a_bundle_changed_removed_or_added_is_named(bundle: Path) -> None:
    draw = random.Random(4)  # noqa: S311
    for path in [path for path in bundle.rglob("*") if path.is_file()]:
        kept = path.read_bytes()
        for _ in range(5):
            at = draw.randrange(len(kept))
            path.write_bytes(kept[:at] + bytes([kept[at] ^ (1 << draw.randrange(7))]) + kept[at + 1 :])
            assert stand_alone(bundle)[0] == 37, (path, at)
        path.unlink()
        assert stand_alone(bundle)[0] == 37, path
        path.write_bytes(kept)
    (bundle / "evidence" / "more.csv").write_text("more")
    assert "added" in stand_alone(bundle)[1]


def test_evidence_that_no_leaf_names_is_unproved_though_it_is_listed(bundle: Path) -> None:
    (bundle / "evidence" / "more.csv").write_text("more")
    write_files_list(bundle)
    code, said = stand_alone(bundle)
    assert (code, "unproved: evidence/more.csv" in said) == (37, True)


def test_of_a_thousand_forged_leaves_none_is_taken(bundle: Path) -> None:
    """Each time the bundle has one leaf that is not the log's: another row, place or proof. One run, a fault for each."""
    draw = random.Random(1000)  # noqa: S311
    leaves = json.loads((bundle / "leaves.json").read_bytes())
    forged = []
    for _ in range(1000):
        leaf = json.loads(json.dumps(draw.choice(leaves)))
        way = draw.choice(["row", "place", "step"])
        if way == "row":
            name = draw.choice(sorted(leaf["row"]))
            leaf["row"][name] = f"{leaf['row'][name]}!"
        elif way == "place":
            leaf["position"] = draw.choice([n for n in range(16) if n != leaf["position"]])
        else:
            at = draw.randrange(len(leaf["proof"]))
            leaf["proof"][at] = draw.randbytes(32).hex()
        forged.append(leaf)
    accepted = 0
    for leaf in forged:
        (bundle / "leaves.json").write_text(json.dumps([leaf]))
        said = stand_alone(bundle)[1]
        accepted += "is not in the signed log" not in said and "another length" not in said
    assert accepted == 0


def test_a_row_that_is_not_there_or_not_signed_yet_gets_no_proof(log: Log) -> None:
    with pytest.raises(NotFound):
        leaves_with_proofs(log, [("run", '["R9"]')], 3)
    with pytest.raises(EvidenceBroken, match="no checkpoint covers"):
        leaves_with_proofs(log, [("publication", '["demo","2026-10",1]')], 3)
