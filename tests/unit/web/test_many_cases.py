"""Cases taken together: assigned, staged and confirmed as a batch, made public, followed through the phase-out period."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError

from pipelines.base.period import now
from pipelines.lineage.verify_log import check_rows, read_log
from pipelines.store.schema import CASE_STEP, DETERMINATION
from pipelines.web.casework.timeline import timeline
from pipelines.web.projecting import show_latest
from pipelines.web.store.schema import BATCH, BATCH_CASE, CASE, CASE_REASON, LOOK, PUBLICITY
from pipelines.web.workdays import today
from tests.fixtures.published import publish
from tests.unit.s7_report.tables import FLAGS, TOWNS, month, table
from tests.unit.web.parts import row_of, send, sign_in, site_of, small_site
from tests.unit.web.test_casework import CASE_NO, CHECKED, SERVED, decided, rows

DAY = today().isoformat()


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return small_site(tmp_path)


def numbers(app: Flask, town: str) -> list[str]:
    query = select(CASE.c.case_no).where(CASE.c.town == town).order_by(CASE.c.case_no)
    with site_of(app).engine.connect() as connection:
        return list(connection.scalars(query))


def post(client: FlaskClient, at: str, path: str, **said: Any) -> Any:
    """Send a form of the page at `at`."""
    page = client.get(at).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post(path, data={"csrf_token": token, **said})


def one_code(app: Flask, case_numbers: list[str], code: str) -> None:
    """Give cases one more reason, so that they can stand in one batch."""
    with site_of(app).engine.begin() as connection:
        for case_no in case_numbers:
            row = connection.execute(select(CASE).where(CASE.c.case_no == case_no)).mappings().one()
            if code not in row["codes"]:
                connection.execute(
                    CASE.update().where(CASE.c.id == row["id"]).values(codes=[*row["codes"], code])
                )
                connection.execute(insert(CASE_REASON).values(case_id=row["id"], code=code))


def recommended(app: Flask, case_numbers: list[str], **said: Any) -> None:
    """Keep recommended for each, ready to be confirmed; all of them also have one reason in common."""
    one_code(app, case_numbers, "vehicle_owned")
    town = sign_in(app, "township")
    for case_no in case_numbers:
        assert send(town, case_no, "check", **CHECKED | {"next": "township_review"}).status_code == 302, (
            case_no
        )
        assert (
            send(town, case_no, "recommend", **{"effect": "keep", "words": "属实", **said}).status_code == 302
        )


def staged(app: Flask, case_numbers: list[str], by: str = "township") -> str:
    client = sign_in(app, by)
    at = "/batches/new?code=vehicle_owned&effect=keep"
    marks = [f"{case_no}@{row_of(app, case_no)['version']}" for case_no in case_numbers]
    answer = post(
        client, at, "/batches/new", code="vehicle_owned", effect="keep", words="均已过户", case=marks
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)[-1500:]
    return str(answer.headers["Location"])


def test_a_batch_gives_each_household_its_own_decision(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])[:3]
    recommended(site, mine)
    at = staged(site, mine)
    assert post(sign_in(site, "district"), at, f"{at}/confirm").status_code == 302
    assert {row_of(site, case_no)["state"] for case_no in mine} == {"notice_due"}
    assert len({row["case_id"] for row in rows(site, DETERMINATION)}) == 3
    assert {row["decided_by"] for row in rows(site, DETERMINATION)} == {"district"}
    assert check_rows(read_log(site_of(site).engine)).findings == []


def test_a_case_that_changed_meanwhile_is_skipped_and_named(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])[:3]
    recommended(site, mine)
    at = staged(site, mine)
    send(sign_in(site, "township"), mine[1], "note", words="刚接到电话")
    client = sign_in(site, "district")
    assert "将跳过" in client.get(at).get_data(as_text=True)
    post(client, at, f"{at}/confirm")
    page = client.get(at).get_data(as_text=True)
    assert f"已跳过，须逐户办理：{mine[1]}" in page
    assert row_of(site, mine[1])["state"] == "district_review"
    results = {row["case_no"]: row["result"] for row in rows(site, BATCH_CASE)}
    assert results == {mine[0]: "confirmed", mine[1]: "changed", mine[2]: "confirmed"}


def test_who_staged_a_batch_does_not_confirm_it_and_the_database_agrees(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])[:2]
    recommended(site, mine)
    at = staged(site, mine, by="district")
    assert post(sign_in(site, "district"), at, f"{at}/confirm").status_code == 403
    assert [row["username"] for row in rows(site, LOOK) if row["purpose"] == "batch_confirm"] == ["district"]
    assert rows(site, DETERMINATION) == []
    with pytest.raises(DatabaseError), site_of(site).engine.begin() as connection:
        connection.execute(BATCH.update().values(ending="confirmed", ended_by="District"))
    assert post(sign_in(site, "district2"), at, f"{at}/confirm").status_code == 302


def test_what_the_confirmer_prepared_is_skipped(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])[:2]
    recommended(site, mine[:1])
    one_code(site, mine, "vehicle_owned")
    send(sign_in(site, "township"), mine[1], "check", **CHECKED | {"next": "township_review"})
    send(sign_in(site, "both"), mine[1], "recommend", effect="keep", words="属实")
    at = staged(site, mine)
    post(sign_in(site, "both"), at, f"{at}/confirm")
    results = {row["case_no"]: row["result"] for row in rows(site, BATCH_CASE)}
    assert results == {mine[0]: "confirmed", mine[1]: "own_work"}


def test_a_batch_ends_once(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])[:1]
    recommended(site, mine)
    at = staged(site, mine)
    post(sign_in(site, "township"), at, f"{at}/drop")
    client = sign_in(site, "district")
    answer = post(client, "/account", f"{at}/confirm")
    assert answer.status_code == 409
    assert row_of(site, mine[0])["state"] == "district_review"


@pytest.mark.parametrize("how", ["none", "too many", "no words", "an id number", "changed"])
def test_what_is_no_batch_is_not_staged(site: Flask, how: str) -> None:
    mine = numbers(site, TOWNS[1])[:1]
    recommended(site, mine)
    mark = f"{mine[0]}@{row_of(site, mine[0])['version']}"
    marks = {"none": [], "too many": [f"{mine[0]}@{n}" for n in range(51)], "changed": [f"{mine[0]}@1"]}
    words = {"no words": " ", "an id number": "730701195101010010"}.get(how, "属实")
    answer = post(
        sign_in(site, "township"),
        "/batches/new?code=vehicle_owned&effect=keep",
        "/batches/new",
        code="vehicle_owned",
        effect="keep",
        words=words,
        case=marks.get(how, [mark]),
    )
    assert answer.status_code in (409, 422)
    assert rows(site, BATCH) == []


def test_another_towns_cases_and_batches_do_not_exist(site: Flask) -> None:
    mine, others = numbers(site, TOWNS[1])[:1], numbers(site, TOWNS[0])[:1]
    recommended(site, mine)
    at = staged(site, mine)
    stranger = sign_in(site, "elsewhere")
    assert stranger.get(at).status_code == 404
    assert post(stranger, "/account", f"{at}/drop").status_code == 404
    answer = post(
        sign_in(site, "township"),
        "/account",
        "/batches/new",
        code="vehicle_owned",
        effect="keep",
        words="x",
        case=[f"{others[0]}@0"],
    )
    assert answer.status_code == 404


def test_a_supervisor_gives_cases_to_those_who_can_work_on_them(site: Flask) -> None:
    mine, others = numbers(site, TOWNS[1]), numbers(site, TOWNS[0])
    chief = sign_in(site, "supervisor")
    at = "/queue/unassigned"
    answer = post(chief, at, at, to="village", case=[f"{mine[0]}@0", f"{others[0]}@0"])
    assert answer.status_code == 302
    page = chief.get(at).get_data(as_text=True)
    assert f"{others[0]}" in page.split("<fieldset")[0]  # named: not assigned
    assert row_of(site, mine[0])["assigned_to"] == "village"
    assert row_of(site, others[0])["assigned_to"] == ""
    assert sign_in(site, "township").get(f"/cases/{mine[0]}/do/check").status_code == 403
    assert send(sign_in(site, "village"), mine[0], "check", **CHECKED).status_code == 302


def test_an_officer_takes_a_case_and_gives_it_back_but_not_to_others(site: Flask) -> None:
    path, assign = f"/cases/{CASE_NO}/", f"/cases/{CASE_NO}/assign"
    officer = sign_in(site, "village")
    post(officer, path, assign, to="village", version=0)
    assert row_of(site, CASE_NO)["assigned_to"] == "village"
    post(sign_in(site, "township"), path, assign, to="township", version=1)
    assert row_of(site, CASE_NO)["assigned_to"] == "village"
    post(officer, path, assign, to="township", version=1)
    assert row_of(site, CASE_NO)["assigned_to"] == "village"
    post(officer, path, assign, to="", version=1)
    assert row_of(site, CASE_NO)["assigned_to"] == ""


def test_the_queue_shows_mine_and_a_state(site: Flask) -> None:
    officer = sign_in(site, "village")
    post(officer, f"/cases/{CASE_NO}/", f"/cases/{CASE_NO}/assign", to="village", version=0)
    assert "1户" in officer.get("/queue?whose=mine").get_data(as_text=True)
    assert CASE_NO not in officer.get("/queue?whose=nobody").get_data(as_text=True)
    send(officer, CASE_NO, "check", **CHECKED)
    assert CASE_NO in officer.get("/queue?state=visit_due").get_data(as_text=True)


def test_the_workbench_shows_what_is_ones_own_to_do(site: Flask) -> None:
    officer, town = sign_in(site, "village"), sign_in(site, "township")
    assert CASE_NO in officer.get("/").get_data(as_text=True)
    send(officer, CASE_NO, "check", **CHECKED | {"next": "township_review"})
    assert CASE_NO not in officer.get("/").get_data(as_text=True)
    assert CASE_NO not in officer.get("/queue?whose=turn").get_data(as_text=True)
    assert CASE_NO in officer.get("/queue").get_data(as_text=True)
    assert CASE_NO in town.get("/queue?whose=turn").get_data(as_text=True)
    send(town, CASE_NO, "recommend", effect="keep", words="属实")
    assert CASE_NO not in town.get("/queue?whose=turn").get_data(as_text=True)
    assert CASE_NO in sign_in(site, "district").get("/queue?whose=turn").get_data(as_text=True)


def test_a_public_list_says_little_and_is_recorded_for_each_household(site: Flask) -> None:
    decided(site)
    town = sign_in(site, "township")
    send(town, CASE_NO, "serve", **SERVED)
    place = {"town": TOWNS[1], "village": "河西村", "place": "村务公开栏"}
    assert post(town, "/publicity", "/publicity", **place, posted_on="").status_code == 422
    late = (today() + timedelta(days=1)).isoformat()
    assert post(town, "/publicity", "/publicity", **place, posted_on=late).status_code == 422
    answer = post(town, "/publicity", "/publicity", **place, posted_on=DAY)
    assert answer.status_code == 302
    page = town.get(answer.headers["Location"]).get_data(as_text=True)
    assert "张**" in page and "减发" in page and "500.50" in page
    for hidden in ("张建国", "7307", "CS0000", "车辆", CASE_NO):
        assert hidden not in page.split("<main")[1], hidden
    (listed,) = rows(site, PUBLICITY)
    assert (listed["until"] - listed["posted_on"]).days == 7
    assert "村务公开栏" in rows(site, CASE_STEP)[-1]["finding"]
    assert "公示" in town.get(f"/cases/{CASE_NO}/").get_data(as_text=True)
    assert post(town, "/account", "/publicity", **place, posted_on=DAY).status_code == 404
    assert sign_in(site, "elsewhere").get(answer.headers["Location"]).status_code == 404


def test_what_was_stopped_is_not_put_on_a_public_list(site: Flask) -> None:
    decided(site, effect="end", amount_after="", from_month="2024-08")
    send(sign_in(site, "township"), CASE_NO, "serve", **SERVED)
    assert "没有待公示" in sign_in(site, "township").get("/publicity").get_data(as_text=True)


def test_the_phase_out_period_has_an_end_that_is_followed(site: Flask) -> None:
    decided(site, effect="end", amount_after="", from_month="2024-12", phase_out_until="2024-11")
    page = sign_in(site, "township").get("/phase-out").get_data(as_text=True)
    assert CASE_NO in page and "2024年11月" in page and "已期满" in page
    assert CASE_NO not in sign_in(site, "elsewhere").get("/phase-out").get_data(as_text=True)


def test_a_new_month_reaches_cases_in_work_and_leaves_decided_ones_as_they_were_decided(site: Flask) -> None:
    mine = numbers(site, TOWNS[1])
    decided(site)
    send(sign_in(site, "township"), mine[1], "check", **CHECKED | {"next": "township_review"})
    send(sign_in(site, "township"), mine[2], "check", **CHECKED | {"next": "township_review"})
    gone = [row_of(site, mine[2])["household_id"], row_of(site, CASE_NO)["household_id"]]
    fewer = table("flag", [flag for flag in FLAGS if flag["household_id"] not in gone])
    publish(
        month(flags=fewer), site_of(site).settings.where, month="2024-07", run_id="R-NEXT", previous="R-TEST"
    )
    show_latest(site_of(site))
    kept, renewed, withdrawn = (row_of(site, case_no) for case_no in (CASE_NO, mine[1], mine[2]))
    assert (kept["state"], kept["run_id"], kept["is_open"]) == ("notice_due", "R-TEST", True)
    assert (renewed["state"], renewed["run_id"], renewed["version"]) == ("township_review", "R-NEXT", 2)
    assert (withdrawn["state"], withdrawn["is_open"]) == ("withdrawn", False)
    page = sign_in(site, "township").get(f"/cases/{mine[2]}/").get_data(as_text=True)
    assert "预警已撤销" in page
    assert (
        send(sign_in(site, "township"), mine[1], "recommend", effect="keep", words="属实").status_code == 302
    )


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def test_a_picture_of_the_visit_is_kept_for_those_who_see_the_case(site: Flask) -> None:
    officer = sign_in(site, "village")
    send(officer, CASE_NO, "check", **CHECKED)
    visit = {
        "day": DAY,
        "second_officer": "李四",
        "present": "户主",
        "found": "unclear",
        "words": "见照片",
    }
    bad = {"picture": (BytesIO(b"<html>"), "x.png")}
    assert send(officer, CASE_NO, "visit", **visit, **bad).status_code == 422
    sent = {"picture": (BytesIO(PNG), "../../etc/x.png")}
    assert send(officer, CASE_NO, "visit", **visit, **sent).status_code == 302
    page = officer.get(f"/cases/{CASE_NO}/").get_data(as_text=True)
    at = page.split(f'href="/cases/{CASE_NO}/pictures/')[1].split('"')[0]
    answer = officer.get(f"/cases/{CASE_NO}/pictures/{at}")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert sign_in(site, "elsewhere").get(f"/cases/{CASE_NO}/pictures/{at}").status_code == 404
    assert officer.get(f"/cases/{numbers(site, TOWNS[1])[1]}/pictures/{at}").status_code == 404
    kept = site_of(site).settings.where.home / "pictures" / at
    assert kept.stat().st_mode & 0o077 == 0


def test_a_move_made_by_nobody_is_the_systems(site: Flask) -> None:
    move = {
        "action": "renewed",
        "from_state": "visit_due",
        "to_state": "visit_due",
        "made_by": "system",
        "made_at": now(),
        "content": {},
        "display_name": None,
    }
    with site.test_request_context("/"):
        (entry,) = timeline([move])
    assert (entry.by, entry.to_state) == ("系统", "")
