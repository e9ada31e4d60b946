"""A run made before a table or a registry existed can still be traced and exported."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from pipelines import flow
from pipelines.run import run_month
from pipelines.run.published import published_run, read_table
from pipelines.store.schema import STAGE_RUN
from tests.e2e.village import MONTH, Hedui, only, terminal, village, without_table

pytestmark = pytest.mark.xdist_group("older")


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The home of a published run without the newest tables: no scores, no models, no facts of unknown registries."""
    inbox = village(tmp_path)
    only(inbox, "vehicle")
    where = {"home": str(tmp_path / "home"), "inbox": str(inbox), "jurisdiction": "demo"}
    run_month(MONTH, where)
    run = published_run(MONTH, where)
    without_table(run.shop.lake.root / run.partition("compose"), "quality_score")
    shutil.rmtree(run.shop.lake.root / run.partition("link-registry_fact"))
    for name in flow.REGISTRIES:
        if name != "registry_fact":
            without_table(run.shop.lake.root / run.partition(f"link-{name}"), "link_model")
    with run.shop.ledger.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER stage_run_not_removed"))
        connection.execute(delete(STAGE_RUN).where(STAGE_RUN.c.stage == "link-registry_fact"))
    return tmp_path / "home"


def test_a_run_older_than_a_table_is_traced_and_exported_and_says_what_it_lacks(
    older: Path, hedui: Hedui, tmp_path: Path
) -> None:
    run = published_run(MONTH, {"home": str(older), "jurisdiction": "demo"})
    flag = next(row for row in read_table(run, "flag").to_pylist() if row["code"] == "vehicle_owned")
    code, said = hedui("trace", flag["record_id"], "--home", older)
    assert code == 0, said
    assert "vehicle/" in said
    assert "bytes" in said
    assert "therefore held to be the same person" in said
    code, said = hedui("links", "--month", MONTH, "--home", older)
    assert code == 33
    assert "before there was a table called [link_model]" in said
    out = tmp_path / "links.csv"
    code, said = hedui("export", "linked_match", "--month", MONTH, "--home", older, "--out", out)
    assert code == 0, said
    assert "vehicle/" in out.read_text(encoding="utf-8")
    out = tmp_path / "scores.csv"
    code, said = hedui("export", "quality_score", "--month", MONTH, "--home", older, "--out", out)
    assert code == 33
    assert "before there was a table called [quality_score]" in said
    assert f"hedui run --month {MONTH}" in said
    assert not out.exists()


def test_links_that_were_made_and_are_gone_are_an_error_and_not_an_older_run(
    older: Path, hedui: Hedui, tmp_path: Path
) -> None:
    run = published_run(MONTH, {"home": str(older), "jurisdiction": "demo"})
    shutil.rmtree(run.shop.lake.root / run.partition("link-vehicle"))
    code, said = hedui(
        "export", "linked_match", "--month", MONTH, "--home", older, "--out", tmp_path / "links.csv"
    )
    assert (code, "link-vehicle" in said) == (33, True), said
