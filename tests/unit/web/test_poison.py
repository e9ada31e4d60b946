"""What a registry or a list can write, the pages show as text and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from pipelines.store.schema import CASE_STEP
from pipelines.web.app import create_app
from pipelines.web.projecting import show_latest
from pipelines.web.workdays import today
from tests.fixtures.published import publish
from tests.unit.s7_report.tables import (
    TOWNS,
    VEHICLE,
    address,
    assessed,
    flag_of,
    household,
    id_number,
    line,
    member,
    month,
    pair,
    table,
)
from tests.unit.web.parts import people, row_of, send, settings, sign_in, site_of, small_site, token

NUMBER = "HD-202406-00001"
POISON = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE web_case; --",
    "{{ 7 * 7 }}{% raw %}",
    "%(name)s %s {0}",
    "javascript:alert(1)",
    "\u202egnp.exe\u202c\u2066x",
    "=cmd|' /C calc'!A0",
    "a\x00b\x07c\x1b[31m",
    "张" * 3000,
    f"身份证{id_number(3)}号",
    "&lt;b&gt;&amp;#x41;",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A month with one household a poison: in its names, its place, its registry record."""
    cases = list(enumerate(POISON, start=1))
    places = {number: {"town": bad, "village": bad} for number, bad in cases}
    vehicles = {
        number: VEHICLE
        | address("vehicle", number)
        | {"brand": bad, "model": bad, "name": bad, "status": bad}
        for number, bad in cases
    }
    lines = {
        number: line(
            number, "vehicle_owned", value=1, limit=0, citation=bad, derived_from=[f"M-{number:04d}-vehicle"]
        )
        for number, bad in cases
    }
    data = month(
        households=table("household", [household(n, head_name=bad, **places[n]) for n, bad in cases]),
        members=table(
            "household_member",
            [member(n, f"H-{n:04d}", name=bad, relation=bad, **places[n]) for n, bad in cases],
        ),
        assessed_households=table("assessed_household", [assessed(n, "exit_suggested") for n, _ in cases]),
        assessed_lines=table("assessed_line", lines.values()),
        flags=table("flag", [flag_of(lines[n], "eligibility", **places[n]) for n, _ in cases]),
        matches=table("linked_match", [pair(n, "vehicle", vehicles[n]) for n, _ in cases]),
        reviews=table("linked_review", []),
        records={"vehicle": table("vehicle", vehicles.values())},
    )
    chosen = settings(tmp_path_factory.mktemp("poison"))
    publish(data, chosen.where, month="2024-06")
    app = create_app(chosen)
    show_latest(app.extensions["hedui"])
    people(app)
    return app


@pytest.mark.parametrize("number", range(1, len(POISON) + 1))
def test_every_page_shows_it_as_text(poisoned: Flask, number: int) -> None:
    client = sign_in(poisoned, "district")
    for path in (
        "/",
        "/queue",
        *(f"/cases/HD-202406-{number:05d}/{page}" for page in ("", "members", "evidence", "lineage")),
    ):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, path
        tree = html.fromstring(text.encode())
        assert {script.get("src") for script in tree.iter("script")} == {
            "/static/vendor/htmx.js",
            "/static/site.js",
        }
        assert not [node for node in tree.iter() for name in node.attrib if name.startswith("on")]
        assert not [node.tag for node in tree.iter("img", "iframe", "object", "embed")]
        assert not set(text) & set("\x00\x07\x1b\u202e\u2066"), path
        assert id_number(3) not in text
        assert len(text) < 100_000


def test_two_sites_in_one_process_show_each_its_own(poisoned: Flask, tmp_path: Path) -> None:
    """Both have a run of the same name; what was read for one is never shown by the other."""
    page = f"/cases/{NUMBER}/"
    sign_in(poisoned, "district").get(page)
    own = sign_in(small_site(tmp_path), "district").get(page).get_data(as_text=True)
    assert "alert(1)" not in own


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A case whose every form was filled in with poison."""
    app = small_site(tmp_path_factory.mktemp("written"))
    town, day = sign_in(app, "township"), today().isoformat()
    for bad in POISON:
        send(town, NUMBER, "note", words=bad)
    bad = "".join(text for text in POISON if len(text) < 100 and id_number(3) not in text)
    send(sign_in(app, "village"), NUMBER, "check", found="upheld", words=bad, next="visit_due")
    visit = {"day": day, "second_officer": bad, "present": bad, "found": "upheld", "words": bad}
    send(town, NUMBER, "visit", **visit)
    send(town, NUMBER, "recommend", effect="reduce", amount_after="1", from_month="2024-08", words=bad)
    send(town, NUMBER, "hear", told_on=day, way="in_person", words=bad, next="district_review")
    send(sign_in(app, "district"), NUMBER, "confirm", words=bad)
    send(town, NUMBER, "serve", served_on=day, way="direct", receiver=bad)
    page = town.get("/publicity").get_data(as_text=True)
    form = {"csrf_token": token(page), "town": TOWNS[1], "village": "河西村", "place": bad, "posted_on": day}
    town.post("/publicity", data=form)
    send(town, NUMBER, "object", received_on=day, words=bad)
    assert row_of(app, NUMBER)["state"] == "objection"
    return app


@pytest.mark.parametrize("page", ["", "notices", "do/recheck", "do/note", "/publicity", "/batches", "/queue"])
def test_what_officers_write_is_shown_as_text(written: Flask, page: str) -> None:
    path = page if page.startswith("/") else f"/cases/{NUMBER}/{page}"
    answer = sign_in(written, "township2").get(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200, path
    tree = html.fromstring(text.encode())
    assert {script.get("src") for script in tree.iter("script")} == {
        "/static/vendor/htmx.js",
        "/static/site.js",
    }
    assert not [node for node in tree.iter() for name in node.attrib if name.startswith("on")]
    assert not [node.tag for node in tree.iter("img", "iframe", "object", "embed")]
    assert not set(text) & set("\x00\x07\x1b\u202e\u2066"), path
    assert id_number(3) not in text


def test_a_number_an_officer_types_is_never_recorded(written: Flask) -> None:
    with site_of(written).engine.connect() as connection:
        found = list(connection.scalars(select(CASE_STEP.c.finding)))
    assert len(found) > len(POISON) and not [text for text in found if id_number(3) in text]
