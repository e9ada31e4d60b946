"""The whole month on a simulated city: accounts, repeatability, lineage."""

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines import contracts, flow
from pipelines.lineage.explaining import models_of, waterfall
from pipelines.lineage.trace import Node, trace
from pipelines.run import run_month
from pipelines.run.published import all_tables, published_run, read_table
from pipelines.run.telling import tell
from pipelines.score import score
from tests.fixtures.city import MONTH, City, DoneMonth
from tests.fixtures.plain import plain_bytes

pytestmark = pytest.mark.xdist_group("month")


def tree(folder: Path) -> dict[str, str]:
    """Digest of the plaintext of every file that is neither the ledger nor signed over it: times and keys are a home's own."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(plain_bytes(folder, path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] in ("lake", "reports")
    }


def test_every_line_of_every_delivery_is_accounted_for(done_month: DoneMonth, city: City) -> None:
    run = published_run(MONTH, done_month.where)
    rows = read_table(run, "line_account").to_pylist()
    delivered = {
        path.relative_to(city.inbox).as_posix()
        for path in city.inbox.rglob("*")
        if path.is_file() and path.suffix != ".ok"
    }
    assert {f"{row['delivery']}/{row['file_name']}" for row in rows} == delivered
    for row in rows:
        data = row["physical_lines"] - row["header_lines"] - row["trailer_lines"] - row["blank_lines"]
        fates = ("loaded", "quarantined", "duplicates", "superseded", "not_authorised")
        assert data == sum(row[fate] for fate in fates), row
    statuses = {row["status"] for row in rows}
    assert {"used", "refused", "superseded"} <= statuses
    assert sum(row["duplicates"] for row in rows) > 0


def test_a_second_run_changes_no_byte_and_publishes_nothing_new(done_month: DoneMonth) -> None:
    home = Path(done_month.where["home"])
    before = tree(home)
    again = run_month(MONTH, done_month.where)
    # The log may have grown since: what others looked at or took out is entered in it too.
    grown = {"log_size", "checkpoint"}
    first = done_month.done["publication"]
    assert {name: again["publication"][name] for name in first.keys() - grown} == {
        name: first[name] for name in first.keys() - grown
    }
    assert tree(home) == before
    run = published_run(MONTH, done_month.where)
    assert len(run.shop.ledger.publications()) == 1


def test_another_home_and_another_place_of_the_inbox_give_the_same_bytes(
    done_month: DoneMonth, city: City, tmp_path: Path
) -> None:
    shutil.copytree(city.inbox, tmp_path / "elsewhere")
    where = {"home": str(tmp_path / "home"), "inbox": str(tmp_path / "elsewhere"), "jurisdiction": "demo"}
    run_month(MONTH, where)
    assert tree(tmp_path / "home") == tree(Path(done_month.where["home"]))


def test_every_table_of_the_month_can_be_read_and_keeps_its_contract(done_month: DoneMonth) -> None:
    run = published_run(None, done_month.where)
    for contract in contracts.ALL:
        table = read_table(run, contract.name)
        assert contracts.conform(table, contract).num_rows == table.num_rows, contract.name
    assert read_table(run, "household").num_rows == 1251


def leaves(node: Node) -> list[Node]:
    return [node] if not node.parents else [leaf for parent in node.parents for leaf in leaves(parent)]


def landed_lines(node: Node) -> list[Node]:
    here = [node] if node.table == "landed_line" else []
    return here + [found for parent in node.parents for found in landed_lines(parent)]


def test_every_flag_is_traced_to_the_bytes_that_lie_in_the_inbox(done_month: DoneMonth, city: City) -> None:
    run = published_run(MONTH, done_month.where)
    tables = all_tables(run)
    codes = set()
    for flag in tables["flag"].to_pylist():
        if flag["code"] in codes:
            continue
        codes.add(flag["code"])
        node = trace(flag["record_id"], tables, run.shop.lake)
        lines = landed_lines(node)
        assert lines, flag["code"]
        for line in lines:
            path = city.inbox / line.row["delivery"] / line.row["file_name"]
            if path.suffix != ".xlsx":
                at, length = line.row["byte_offset"], line.row["byte_length"]
                assert path.read_bytes()[at : at + length] == line.delivered
        assert {leaf.table for leaf in leaves(node)} == {"delivery"}, flag["code"]
        told = "\n".join(tell(node, "zh", models_of(tables["link_model"])))
        assert "bytes" in told and flag["record_id"] in told
    assert len(codes) >= 7


def test_links_and_flags_are_held_against_the_truth(done_month: DoneMonth, city: City) -> None:
    run = published_run(MONTH, done_month.where)
    found: dict[str, Any] = {
        name: read_table(run, table)
        for name, table in {
            "matches": "linked_match",
            "reviews": "linked_review",
            "flags": "flag",
            "candidates": "candidate",
            "households": "household",
            "members": "household_member",
            "lines": "landed_line",
            "accounts": "line_account",
        }.items()
    }
    result = score(truth=city.truth, **found)
    assert result.links.false == 0, "a false link takes a family's food because of someone else's car"
    # A question may be needless; what could cost a family money may not.
    asking = {code for code, rule in run.pack.rules.items() if rule.track in ("population", "pay_list")}
    assert {code for code, counts in result.flags_by_code.items() if counts.false} <= asking
    assert result.links.found * 100 >= 94 * (
        result.links.found + result.links.missed + result.links.in_review
    )
    assert result.flags.found * 100 >= 95 * (result.flags.found + result.flags.missed)


def test_nothing_that_belongs_to_nobody_on_the_lists_reaches_the_assessment(done_month: DoneMonth) -> None:
    run = published_run(MONTH, done_month.where)
    tables = all_tables(run)
    known = set(tables["linked_match"]["record"].to_pylist()) | set(
        tables["linked_review"]["record_id"].to_pylist()
    )
    lists = {"household", "household_member", "member_authorisation"}
    member_ids = {value for name in lists for value in tables[name]["record_id"].to_pylist()}
    match_ids = set(tables["linked_match"]["record_id"].to_pylist())
    rosters = (
        pc.unique(tables["payment"]["record_id"]).to_pylist() + tables["recipient"]["record_id"].to_pylist()
    )
    # A business names no person: it may be seen when a linked post or share names it.
    linked_posts = tables["business_role"].filter(
        pc.is_in(tables["business_role"]["record_id"], value_set=pa.array(sorted(known), pa.string()))
    )
    named = pc.is_in(tables["business"]["business_no"], value_set=pc.unique(linked_posts["business_no"]))
    businesses = tables["business"].filter(named)["record_id"].to_pylist()
    allowed = known | member_ids | match_ids | set(rosters) | set(businesses)
    used = {parent for row in tables["assessed_line"]["derived_from"].to_pylist() for parent in row}
    assert used <= allowed


def test_nothing_of_a_listed_person_without_a_valid_form_goes_beyond_the_landing(
    done_month: DoneMonth,
) -> None:
    run = published_run(MONTH, done_month.where)
    tables = all_tables(run)
    standing = {row["member_id"]: row for row in tables["member_authorisation"].to_pylist()}
    closed = {member for member, row in standing.items() if not row["scope"]}
    assert {"valid", "expired", "withdrawn", "not_signed"} <= {row["standing"] for row in standing.values()}
    for name in ("linked_match", "linked_review"):
        for row in tables[name].select(["member_id", "source"]).to_pylist():
            assert {"all", row["source"]} & set(standing[row["member_id"]]["scope"])
    members = tables["household_member"].to_pylist()
    open_numbers = {row["id18"] for row in members if row["record_id"] not in closed}
    numbers = {row["id18"] for row in members if row["record_id"] in closed} - open_numbers - {None}
    assert numbers
    for name in flow.REGISTRIES:
        assert not numbers & set(tables[name]["id18"].to_pylist()), name
    shut = {row["source"]: row["not_authorised"] for row in tables["line_account"].to_pylist()}
    assert shut["bank"] > 0 and shut["payment"] == 0
    households = {standing[member]["household_id"] for member in closed}
    for row in tables["source_status"].to_pylist():
        if row["household_id"] in households:
            assert (row["status"], row["reason"]) == ("not_checked", "not_authorised")
    lines = [row for row in tables["assessed_line"].to_pylist() if row["household_id"] in households]
    checked = {"vehicle_owned", "dwellings_over", "financial_assets_over", "income_over_standard"}
    assert "within" not in {row["verdict"] for row in lines if row["rule"] in checked}


def test_the_export_of_flags_opens_as_text_in_a_spreadsheet(done_month: DoneMonth, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from pipelines.cli import app

    out = tmp_path / "flags.csv"
    words = ["export", "flag", "--month", MONTH, "--out", str(out), "--home", done_month.where["home"]]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == read_table(published_run(MONTH, done_month.where), "flag").num_rows
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_the_linkage_of_the_month_explains_itself_at_the_terminal(done_month: DoneMonth) -> None:
    from typer.testing import CliRunner

    from pipelines.cli import app

    def links(*words: str) -> str:
        done = CliRunner().invoke(
            app, ["links", *words, "--month", MONTH, "--home", done_month.where["home"]]
        )
        assert done.exit_code == 0, done.output
        return done.output

    run = published_run(MONTH, done_month.where)
    matches, reviews = read_table(run, "linked_match"), read_table(run, "linked_review")
    figures = json.loads(links("--json"))
    assert sum(sum(entry["matches"].values()) for entry in figures["links"]) == matches.num_rows
    assert sum(sum(entry["reviews"].values()) for entry in figures["links"]) == reviews.num_rows
    assert {entry["table_name"] for entry in figures["models"]} == set(flow.REGISTRIES) - {"registry_fact"}
    assert all(entry["wrong"] * 200 <= entry["rows"] for entry in figures["hidden"])
    assert "same_village" in links("--table", "vehicle")
    told = json.loads(links("--explain", "scored", "--json", "--n", "3"))["pairs"]
    assert [pair["record_id"] for pair in told] == sorted(
        matches.filter(pc.equal(matches["method"], "scored"))["record_id"].to_pylist()
    )[:3]
    for name, pairs in (("match", matches), ("review", reviews)):
        models = models_of(read_table(run, "link_model"))
        for fall in (waterfall(pair, models) for pair in pairs.to_pylist()):
            assert fall.prior is not None and fall.end == fall.odds, (name, fall.pair)
            assert fall.method != "scored" or name == "review" or fall.odds >= fall.figures.match_odds
