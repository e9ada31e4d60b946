"""Every look at a person's data is recorded before it is shown, every file with its digest; and told to the person."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.run.published import published_run, read_table
from pipelines.store.ledger import Ledger
from tests.e2e.village import MONTH, Hedui, only, terminal, village

NUMBERS = ("73070", "73180", "73270")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village's month with the vehicles alone."""
    from pipelines.run import run_month

    out = tmp_path_factory.mktemp("access")
    inbox = village(out)
    only(inbox, "vehicle", "death_police", "pension_res", "pension_emp")
    run_month(MONTH, {"home": str(out / "home"), "inbox": str(inbox), "jurisdiction": "demo"})
    return out / "home"


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    monkeypatch.setenv("HEDUI_USER", "王主任")
    return terminal(monkeypatch, capsys)


def rows(home: Path, table: str) -> list[dict[str, Any]]:
    run = published_run(MONTH, {"home": str(home), "jurisdiction": "demo"})
    return list(read_table(run, table).to_pylist())


def seen(hedui: Hedui, home: Path, *more: object) -> list[dict[str, Any]]:
    code, said = hedui("access", "list", "--json", "--home", home, *more)
    assert code == 0, said
    return list(json.loads(said))


def test_each_verb_that_shows_a_household_writes_who_looked_at_it_and_what_for(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    flag = next(row for row in rows(home, "flag") if row["state"] != "closed")
    household = flag["household_id"]
    looks: tuple[tuple[object, ...], ...] = (
        ("trace", flag["record_id"]),
        ("check", "--household", household),
        ("links", "--explain", "exact_id", "--n", "500"),
        ("judgements", "sample", "--n", "500"),
        ("candidates",),
        ("accuracy", "sample", "--month", MONTH, "--n", "500", "--out", tmp_path / "sample.csv"),
    )
    for words in looks:
        before = len(seen(hedui, home))
        code, said = hedui(*words, "--purpose", "核实该户", "--home", home)
        assert code == 0, said
        new = seen(hedui, home)[before:]
        (look,) = (row for row in new if row["kind"] == "look")
        assert (look["actor"], look["purpose"], look["month"]) == ("王主任", "核实该户", MONTH)
        assert look["verb"] == " ".join(
            str(word) for word in words[:2] if not str(word).startswith(("-", "F-"))
        )
    verbs = {row["verb"] for row in seen(hedui, home, "--household", household)}
    assert {"trace", "check", "accuracy sample"} <= verbs
    assert seen(hedui, home, "--actor", "赵六") == []
    assert seen(hedui, home, "--month", "2001-01") == []


def test_a_trace_names_the_households_it_showed_and_only_those(home: Path, hedui: Hedui) -> None:
    flag = next(row for row in rows(home, "flag") if row["code"] == "vehicle_owned")
    assert hedui("trace", flag["record_id"], "--home", home)[0] == 0
    look = seen(hedui, home)[-1]
    assert look["households"] == [flag["household_id"]]
    listed = {row["record_id"] for row in rows(home, "household_member")}
    assert look["members"] and set(look["members"]) <= listed


def test_a_look_that_fails_shows_nothing_and_one_that_may_not_be_recorded_is_not_shown(
    home: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(hedui, home)
    assert hedui("trace", "F-NONE", "--home", home)[0] == 33
    assert seen(hedui, home) == before
    household = rows(home, "household")[0]

    def refuse(*_: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(Ledger, "add_access", refuse)
    code, said = hedui("check", "--household", household["record_id"], "--home", home)
    assert (code, "OSError at" in said, household["household_no"] in said) == (42, True, False)


def test_where_a_purpose_is_required_nothing_is_shown_without_one(
    home: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEDUI_PURPOSE_REQUIRED", "1")
    monkeypatch.setenv("HEDUI_PURPOSE", "例行")
    household = rows(home, "household")[0]
    code, said = hedui("check", "--household", household["record_id"], "--home", home)
    assert code == 41
    assert "--purpose" in said and household["household_no"] not in said
    out = tmp_path / "flag.csv"
    assert hedui("export", "flag", "--month", MONTH, "--out", out, "--home", home)[0] == 41
    assert list(tmp_path.iterdir()) == []
    code, said = hedui("check", "--household", household["record_id"], "--home", home, "--purpose", "复核")
    assert (code, household["household_no"] in said) == (0, True)


def test_without_one_the_default_of_the_place_is_recorded(
    home: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = rows(home, "household")[0]["record_id"]
    assert hedui("check", "--household", household, "--home", home)[0] == 0
    assert seen(hedui, home)[-1]["purpose"] == "日常核对 routine cross-check"
    monkeypatch.setenv("HEDUI_PURPOSE", "季度复核")
    assert hedui("check", "--household", household, "--home", home)[0] == 0
    assert seen(hedui, home)[-1]["purpose"] == "季度复核"


def test_a_file_that_left_is_known_by_its_digest_rows_and_columns(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    for name in ("flag.csv", "flag.parquet"):
        out = tmp_path / name
        code, said = hedui(
            "export", "flag", "--month", MONTH, "--out", out, "--home", home, "--purpose", "审计"
        )
        assert code == 0, said
        row = seen(hedui, home)[-1]
        assert (row["kind"], row["verb"], row["item"], row["purpose"]) == ("export", "export", "flag", "审计")
        assert row["file_digest"] == hashlib.sha256(out.read_bytes()).hexdigest()
        assert row["rows"] == len(rows(home, "flag"))
        assert "household_no" in row["columns"]


def test_no_id_number_gets_into_the_log_however_it_is_typed(home: Path, hedui: Hedui) -> None:
    household = rows(home, "household")[0]["record_id"]
    purpose = "核实 730702196807011236 家庭"
    assert hedui("check", "--household", household, "--home", home, "--purpose", purpose)[0] == 0
    assert "730702196807011236" not in json.dumps(seen(hedui, home))


def test_the_log_of_looks_stands_in_the_ledger_that_verify_covers(home: Path, hedui: Hedui) -> None:
    assert seen(hedui, home)
    code, said = hedui("verify", "--ledger", "--home", home)
    assert code == 0, said


def test_the_subject_pack_tells_what_was_asked_found_shown_and_looked_at_and_is_a_look_itself(
    home: Path, hedui: Hedui
) -> None:
    match = next(row for row in rows(home, "linked_match") if row["source"] == "vehicle")
    household, member = match["household_id"], match["member_id"]
    assert hedui("check", "--household", household, "--home", home, "--purpose", "入户前")[0] == 0
    code, said = hedui("subject", household, member, "--json", "--home", home, "--purpose", "本人申请查询")
    assert code == 0, said
    pack = json.loads(said)
    (month,) = pack["months"]
    assert month["authorisation"]["standing"] == "valid"
    assert {"source": "vehicle"}.items() <= next(
        row for row in month["queried"] if row["source"] == "vehicle"
    ).items()
    assert match["record_id"] in [pair["record_id"] for pair in month["matches"]]
    about = {
        row["record_id"]
        for row in rows(home, "flag")
        if row["household_id"] == household and row["subject"] in ("", member)
    }
    assert {row["record_id"] for row in month["flags"]} == about
    assert pack["looks"][-1]["verb"] == "check" and pack["looks"][-1]["purpose"] == "入户前"
    last = seen(hedui, home)[-1]
    assert (last["verb"], last["households"], last["members"]) == ("subject", [household], [member])
    numbers = [row["id18"] for row in rows(home, "household_member") if row["id18"]]
    assert not any(number in said for number in numbers)


def test_a_file_stands_in_the_pack_of_those_it_held_and_of_nobody_else(
    home: Path, hedui: Hedui, tmp_path: Path
) -> None:
    out = tmp_path / "linked.csv"
    assert hedui("export", "linked_match", "--month", MONTH, "--out", out, "--home", home)[0] == 0
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    held = {row["household_id"] for row in rows(home, "linked_match")}
    members = rows(home, "household_member")
    one = next(row for row in members if row["household_id"] in held)
    other = next(row for row in members if row["household_id"] not in held)
    for who, expected in ((one, True), (other, False)):
        code, said = hedui("subject", who["household_id"], who["record_id"], "--json", "--home", home)
        assert code == 0, said
        assert (digest in [file["sha256"] for file in json.loads(said)["files"]]) == expected


def test_the_pack_as_text_is_in_both_languages_and_a_stranger_has_none(home: Path, hedui: Hedui) -> None:
    who = rows(home, "household_member")[0]
    code, said = hedui("subject", who["household_id"], who["record_id"], "--home", home)
    assert (code, "Sources asked" in said, "Looks" in said) == (0, True, True)
    code, said = hedui("--lang", "zh", "subject", who["household_id"], who["record_id"], "--home", home)
    assert (code, "查询过的来源" in said, "查看记录" in said) == (0, True, True)
    code, said = hedui("subject", who["household_id"], "P-NOBODY", "--home", home)
    assert (code, "no published run lists" in said) == (33, True)
