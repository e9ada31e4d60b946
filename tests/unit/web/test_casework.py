"""A case from the village check to its end: who does what, in which order, and what stands in the ledger afterwards."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DatabaseError

from pipelines.base.period import now
from pipelines.lineage.verify_log import check_rows, read_log
from pipelines.store.schema import CASE_STEP, DETERMINATION, NOTICE, OBJECTION, REVIEW_CASE
from pipelines.web.casework.notice import notice_text
from pipelines.web.dossier import dossier
from pipelines.web.projecting import show_latest
from pipelines.web.store.schema import CASE, DECISION, LOOK, MOVE
from pipelines.web.workdays import today
from tests.fixtures.published import place, publish
from tests.unit.s7_report.tables import FLAGS, month, table
from tests.unit.web.parts import row_of, send, sign_in, site_of, small_site

CASE_NO = "HD-202406-00001"
DAY = today().isoformat()
CHECKED = {"found": "upheld", "words": "已向邻居了解，车辆仍在使用", "next": "visit_due"}
VISITED = {
    "day": DAY,
    "second_officer": "李四",
    "present": "户主本人",
    "found": "upheld",
    "words": "院内停放小汽车一辆",
}
REDUCED = {"effect": "reduce", "amount_after": "500.50", "from_month": "2024-08", "words": "车辆属实"}
HEARD = {"told_on": DAY, "way": "in_person", "words": "无异议", "next": "district_review"}
SERVED = {"served_on": DAY, "way": "direct", "receiver": "户主本人"}


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return small_site(tmp_path)


def decided(app: Flask, case_no: str = CASE_NO, **proposal: Any) -> None:
    """Bring a case to the decision, each step by the one whose it is."""
    steps = (
        ("village", "check", CHECKED),
        ("village", "visit", VISITED),
        ("township", "recommend", REDUCED | proposal),
        ("township", "hear", HEARD),
        ("district", "confirm", {"words": "同意"}),
    )
    if (REDUCED | proposal)["effect"] in ("keep", "raise"):
        steps = tuple(step for step in steps if step[1] != "hear")
    for name, action, said in steps:
        answer = send(sign_in(app, name), case_no, action, **said)
        assert answer.status_code == 302, (action, answer.get_data(as_text=True)[:3000])


def rows(app: Flask, table: Any) -> list[dict[str, Any]]:
    with site_of(app).engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def refused(app: Flask, name: str, action: str, **said: Any) -> int:
    """The status of a form sent without asking for it first, with a token from elsewhere."""
    client = sign_in(app, name)
    version = row_of(app, CASE_NO)["version"]
    page = client.get("/account").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    path = f"/cases/{CASE_NO}/do/{action}"
    return client.post(path, data={"csrf_token": token, "version": version, **said}).status_code


def test_the_course_of_a_reduction_and_what_the_ledger_keeps_of_it(site: Flask) -> None:
    decided(site)
    assert send(sign_in(site, "township"), CASE_NO, "serve", **SERVED).status_code == 302
    case = row_of(site, CASE_NO)
    assert (case["state"], case["is_open"], case["version"]) == ("reply_open", True, 6)
    steps = [(row["kind"], row["taken_by"]) for row in rows(site, CASE_STEP)]
    assert steps == [
        ("verification", "village"),
        ("verification", "village"),
        ("note", "township"),
        ("hearing", "township"),
        ("note", "township"),
    ]
    (determination,) = rows(site, DETERMINATION)
    reasons = json.loads(determination["reasons"])
    assert (determination["effect"], determination["decided_by"]) == ("reduce", "district")
    assert reasons["proposal"]["amount_after"] == 50050
    assert reasons["proposal"]["amount_before"] == 70000
    (notice,) = rows(site, NOTICE)
    served = json.loads(rows(site, CASE_STEP)[-1]["finding"])
    assert served["digest"] == notice["document_digest"]
    assert len(rows(site, REVIEW_CASE)) == 1
    assert check_rows(read_log(site_of(site).engine)).findings == []


def test_the_notice_says_what_and_why_and_how_to_contest_it_and_not_what_would_clear_it(site: Flask) -> None:
    decided(site)
    page = sign_in(site, "township").get(f"/cases/{CASE_NO}/notices").get_data(as_text=True)
    for needed in (
        "车辆属实",
        "700.00元调整为500.50元",
        "2024年8月",
        "个工作日内",
        "行政复议",
        "行政诉讼",
        "联系方式",
    ):
        assert needed in page, needed
    assert "本疑点即消除" not in page


def test_a_notice_names_the_rules_of_its_own_queries_alone_and_asks_nothing_of_the_officer(
    site: Flask,
) -> None:
    deceased = next(row["case_no"] for row in rows(site, CASE) if row["codes"] == ["member_deceased"])
    with site_of(site).engine.begin() as connection:
        here = {"town": row_of(site, CASE_NO)["town"], "village": row_of(site, CASE_NO)["village"]}
        connection.execute(update(CASE).where(CASE.c.case_no == deceased).values(**here))
    decided(site, deceased, effect="remove", amount_after="0")
    page = sign_in(site, "district").get(f"/cases/{deceased}/notices").get_data(as_text=True)
    paper = page.split('class="paper"')[1].split("</section>")[0]
    assert "去世。" in paper and "请核实" not in paper


def test_a_notice_names_the_rules_of_its_own_queries_alone(site: Flask) -> None:
    decided(site)
    row, (decision,) = row_of(site, CASE_NO), rows(site, DECISION)
    shown = site_of(site).month(row["run_id"])
    assert shown is not None
    found = dossier(shown, row["household_id"])
    assert found is not None
    other = {**found.case.lines[0], "rule": "dwellings_over", "citation": "别的规定"}
    more = replace(found, case=replace(found.case, lines=[*found.case.lines, other]))
    text = notice_text(more, row, decision, "属实", site_of(site).settings)
    assert found.case.lines[0]["citation"] in text and "别的规定" not in text


def test_nobody_confirms_what_they_prepared_and_the_try_is_logged(site: Flask) -> None:
    for name, action, said in (
        ("village", "check", CHECKED | {"next": "township_review"}),
        ("both", "recommend", {"effect": "keep", "words": "车辆已过户"}),
    ):
        assert send(sign_in(site, name), CASE_NO, action, **said).status_code == 302
    assert sign_in(site, "both").get(f"/cases/{CASE_NO}/do/confirm").status_code == 403
    assert refused(site, "both", "confirm", words="同意") == 403
    assert rows(site, DETERMINATION) == []
    logged = [row for row in rows(site, LOOK) if row["kind"] == "refused" and row["username"] == "both"]
    assert {(row["purpose"], row["reason"]) for row in logged} == {("confirm", "OtherPersonNeeded")}
    assert send(sign_in(site, "district"), CASE_NO, "confirm", words="同意").status_code == 302


@pytest.mark.parametrize("action", ["confirm", "recheck"])
@pytest.mark.parametrize("earlier", ["check", "visit", "recommend", "recheck", "confirm"])
def test_the_database_itself_keeps_four_eyes(site: Flask, action: str, earlier: str) -> None:
    move = {
        "case_no": CASE_NO,
        "from_state": "x",
        "to_state": "x",
        "made_at": now(),
        "content": {},
        "row_table": "",
        "row_key": "",
    }
    with site_of(site).engine.begin() as connection:
        connection.execute(insert(MOVE).values(**move, version=1, action=earlier, made_by="Zhang"))
    with pytest.raises(DatabaseError, match="own work"), site_of(site).engine.begin() as connection:
        connection.execute(insert(MOVE).values(**move, version=2, action=action, made_by="zhang"))
    with site_of(site).engine.begin() as connection:
        connection.execute(insert(MOVE).values(**move, version=2, action=action, made_by="li"))


def test_moves_take_no_change_back(site: Flask) -> None:
    send(sign_in(site, "village"), CASE_NO, "check", **CHECKED)
    for statement in ("UPDATE web_move SET made_by = 'x'", "DELETE FROM web_move"):
        with (
            pytest.raises(DatabaseError, match="only ever added"),
            site_of(site).engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_form_without_its_answers_says_which_and_records_nothing(site: Flask) -> None:
    answer = send(sign_in(site, "village"), CASE_NO, "check", found="upheld", next="visit_due")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#words"' in page and 'id="fault-words"' in page
    assert 'value="upheld" checked' in page
    assert rows(site, CASE_STEP) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"effect": "reduce", "amount_after": "800", "from_month": "2024-08"}, "amount_after"),
        ({"effect": "raise", "amount_after": "600", "from_month": "2024-08"}, "amount_after"),
        ({"effect": "reduce", "amount_after": "", "from_month": "2024-08"}, "amount_after"),
        ({"effect": "reduce", "amount_after": "十元", "from_month": "2024-08"}, "amount_after"),
        ({"effect": "end", "from_month": ""}, "from_month"),
        ({"effect": "end", "from_month": "2024-13"}, "from_month"),
        ({"effect": "end", "from_month": "2024-08", "phase_out_until": "2024-09"}, "phase_out_until"),
        ({"effect": "keep", "phase_out_until": "2024-09"}, "phase_out_until"),
        ({"effect": "double"}, "effect"),
        ({"effect": "keep", "words": "身份证730701195101010010"}, "words"),
        ({"effect": "keep", "words": " 　"}, "words"),
    ],
)
def test_answers_that_do_not_go_together_are_named(site: Flask, said: dict[str, str], fault: str) -> None:
    send(sign_in(site, "village"), CASE_NO, "check", **CHECKED | {"next": "township_review"})
    answer = send(sign_in(site, "township"), CASE_NO, "recommend", **{"words": "理由", **said})
    assert answer.status_code == 422
    assert f'href="#{fault}"' in answer.get_data(as_text=True)
    assert row_of(site, CASE_NO)["state"] == "township_review"


def test_a_usual_reason_is_reason_enough_and_is_recorded_in_chinese(site: Flask) -> None:
    client = sign_in(site, "village")
    client.get("/language/en?back=/")
    send(client, CASE_NO, "check", **CHECKED | {"next": "township_review"})
    town = sign_in(site, "township")
    town.get("/language/en?back=/")
    usual = "The household confirmed the facts and had the matter explained."
    assert send(town, CASE_NO, "recommend", effect="keep", template=usual).status_code == 302
    assert "已向家庭说明" in json.loads(rows(site, CASE_STEP)[-1]["finding"])["words"]


@pytest.mark.parametrize(
    ("name", "action", "state"),
    [
        ("township", "confirm", "village_check"),
        ("village", "recommend", "village_check"),
        ("district", "check", "village_check"),
        ("village", "visit", "village_check"),
        ("district", "serve", "village_check"),
        ("supervisor", "check", "village_check"),
        ("township", "close", "village_check"),
    ],
)
def test_what_is_not_ones_own_or_not_yet_is_refused(site: Flask, name: str, action: str, state: str) -> None:
    answers = CHECKED | VISITED | REDUCED | SERVED | {"next": "visit_due"}
    assert refused(site, name, action, **answers) in (403, 422)
    assert row_of(site, CASE_NO)["state"] == state
    assert rows(site, CASE_STEP) == []


def test_an_auditor_reads_and_does_nothing(site: Flask) -> None:
    client = sign_in(site, "auditor")
    assert client.get(f"/cases/{CASE_NO}/do/note").status_code == 403
    assert refused(site, "auditor", "note", words="x") == 403


def test_the_other_towns_officer_finds_no_form(site: Flask) -> None:
    assert sign_in(site, "elsewhere").get(f"/cases/{CASE_NO}/do/check").status_code == 404
    assert refused(site, "elsewhere", "check", **CHECKED) == 404


def test_two_windows_the_second_is_told_what_happened_and_keeps_its_text(site: Flask) -> None:
    first, second = sign_in(site, "village"), sign_in(site, "township")
    before = second.get(f"/cases/{CASE_NO}/do/check").get_data(as_text=True)
    assert send(first, CASE_NO, "check", **CHECKED | {"next": "township_review"}).status_code == 302
    token = before.split('name="csrf_token" value="')[1].split('"')[0]
    late = {"csrf_token": token, "version": "0", **CHECKED, "words": "第二个窗口写的话"}
    answer = second.post(f"/cases/{CASE_NO}/do/check", data=late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "第二个窗口写的话" in page and "已向邻居了解" in page
    assert [row["taken_by"] for row in rows(site, CASE_STEP)] == ["village"]


def test_a_case_changed_meanwhile_can_be_sent_again_when_it_is_still_right(site: Flask) -> None:
    officer, colleague = sign_in(site, "village"), sign_in(site, "township")
    token = page_token(officer, "check")
    assert send(colleague, CASE_NO, "note", words="已电话联系").status_code == 302
    late = {"csrf_token": token, "version": "0", **CHECKED}
    answer = officer.post(f"/cases/{CASE_NO}/do/check", data=late)
    assert answer.status_code == 409 and 'name="version" value="1"' in answer.get_data(as_text=True)
    assert officer.post(f"/cases/{CASE_NO}/do/check", data=late | {"version": "1"}).status_code == 302


def test_of_many_at_the_same_moment_one_is_recorded_and_the_others_are_told(site: Flask) -> None:
    officers = [sign_in(site, "village") for _ in range(6)]
    forms = [{"csrf_token": page_token(one, "check"), "version": "0", **CHECKED} for one in officers]

    def press(number: int) -> int:
        return officers[number].post(f"/cases/{CASE_NO}/do/check", data=forms[number]).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(press, range(6)))
    assert answers == [302, 409, 409, 409, 409, 409]
    assert len(rows(site, CASE_STEP)) == 1


def page_token(client: FlaskClient, action: str) -> str:
    page = client.get(f"/cases/{CASE_NO}/do/{action}").get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_draft_is_kept_for_its_writer_alone_and_goes_when_the_form_is_sent(site: Flask) -> None:
    officer = sign_in(site, "village")
    token = page_token(officer, "check")
    path = f"/cases/{CASE_NO}/do/check"
    kept = officer.post(f"{path}/draft", data={"csrf_token": token, "words": "写到一半", "found": "unclear"})
    assert kept.status_code == 200 and "草稿" in kept.get_data(as_text=True)
    assert "写到一半" in sign_in(site, "village").get(path).get_data(as_text=True)
    assert "写到一半" not in sign_in(site, "township").get(path).get_data(as_text=True)
    send(officer, CASE_NO, "note", words="x")
    assert send(officer, CASE_NO, "check", **CHECKED).status_code == 302
    assert rows_of_drafts(site) == 0


def rows_of_drafts(app: Flask) -> int:
    with site_of(app).engine.connect() as connection:
        return len(connection.exec_driver_sql("SELECT * FROM web_draft").all())


def test_returned_for_more_information_with_the_reason_on_the_timeline(site: Flask) -> None:
    send(sign_in(site, "village"), CASE_NO, "check", **CHECKED | {"next": "township_review"})
    assert send(sign_in(site, "township"), CASE_NO, "send_back").status_code == 422
    assert send(sign_in(site, "township"), CASE_NO, "send_back", words="请补充照片").status_code == 302
    assert row_of(site, CASE_NO)["state"] == "village_check"
    assert "请补充照片" in sign_in(site, "village").get(f"/cases/{CASE_NO}/").get_data(as_text=True)


def test_what_one_submitted_is_taken_back_until_somebody_goes_on(site: Flask) -> None:
    officer = sign_in(site, "village")
    send(officer, CASE_NO, "check", **CHECKED)
    assert send(officer, CASE_NO, "recall", words="日期写错").status_code == 302
    assert row_of(site, CASE_NO)["state"] == "village_check"
    send(officer, CASE_NO, "check", **CHECKED)
    send(sign_in(site, "township"), CASE_NO, "visit", **VISITED)
    assert officer.get(f"/cases/{CASE_NO}/do/recall").status_code == 403


def test_a_hearing_that_changes_minds_leads_back_to_the_township(site: Flask) -> None:
    send(sign_in(site, "village"), CASE_NO, "check", **CHECKED | {"next": "township_review"})
    town = sign_in(site, "township")
    send(town, CASE_NO, "recommend", **REDUCED)
    assert row_of(site, CASE_NO)["state"] == "hearing"
    assert refused(site, "district", "confirm", words="同意") == 403
    send(town, CASE_NO, "hear", **HEARD | {"next": "township_review", "words": "车辆三月已卖，有合同"})
    assert row_of(site, CASE_NO)["state"] == "township_review"
    assert send(town, CASE_NO, "recommend", effect="keep", words="合同属实").status_code == 302
    assert row_of(site, CASE_NO)["state"] == "district_review"


def test_an_objection_is_rechecked_by_another_officer_and_decided_by_a_third(site: Flask) -> None:
    decided(site)
    send(sign_in(site, "township"), CASE_NO, "serve", **SERVED)
    assert (
        send(sign_in(site, "township"), CASE_NO, "object", received_on=DAY, words="车已卖").status_code == 302
    )
    case = row_of(site, CASE_NO)
    assert case["state"] == "objection" and case["due_date"] > today()
    assert sign_in(site, "township").get(f"/cases/{CASE_NO}/do/recheck").status_code == 403
    again = {"basis": "unchanged", "effect": "keep", "words": "买卖合同属实"}
    assert send(sign_in(site, "township2"), CASE_NO, "recheck", **again).status_code == 302
    assert sign_in(site, "district").get(f"/cases/{CASE_NO}/do/confirm").status_code == 403
    assert send(sign_in(site, "district2"), CASE_NO, "confirm", words="撤销原决定").status_code == 302
    first, second = rows(site, DETERMINATION)
    assert (second["effect"], second["replaces"]) == ("keep", first["determination_id"])
    assert [row["grounds"] for row in rows(site, OBJECTION)] == ["车已卖"]
    assert {row["determination_id"]: row["is_replaced"] for row in rows(site, DECISION)} == {
        first["determination_id"]: True,
        second["determination_id"]: False,
    }


def objected(app: Flask, **proposal: Any) -> None:
    decided(app, **proposal)
    send(sign_in(app, "township"), CASE_NO, "serve", **SERVED)
    send(sign_in(app, "township"), CASE_NO, "object", received_on=DAY, words="车已卖")


def test_a_recheck_that_is_not_enough_goes_back_to_the_recheck_and_not_to_those_it_is_about(
    site: Flask,
) -> None:
    objected(site)
    again = {"basis": "unchanged", "effect": "keep", "words": "合同属实"}
    send(sign_in(site, "township2"), CASE_NO, "recheck", **again)
    send(sign_in(site, "district2"), CASE_NO, "send_back", words="请附合同")
    assert row_of(site, CASE_NO)["state"] == "objection"
    assert sign_in(site, "township").get(f"/cases/{CASE_NO}/do/recheck").status_code == 403


def test_a_recheck_that_takes_more_away_is_heard_first(site: Flask) -> None:
    objected(site, effect="keep", amount_after="", from_month="")
    again = {"basis": "unchanged", "effect": "end", "from_month": "2024-09", "words": "另有车辆"}
    send(sign_in(site, "township2"), CASE_NO, "recheck", **again)
    assert row_of(site, CASE_NO)["state"] == "hearing"


def test_a_fresh_run_after_an_objection_is_what_the_recheck_rests_on(site: Flask) -> None:
    objected(site)
    publish(month(), site_of(site).settings.where, month="2024-07", run_id="R-FRESH", previous="R-TEST")
    show_latest(site_of(site))
    assert row_of(site, CASE_NO)["run_id"] == "R-FRESH"
    officer = sign_in(site, "township2")
    stale = {"basis": "unchanged", "effect": "keep", "words": "合同属实"}
    assert send(officer, CASE_NO, "recheck", **stale).status_code == 422
    assert send(officer, CASE_NO, "recheck", **stale | {"basis": "fresh"}).status_code == 302
    assert json.loads(rows(site, CASE_STEP)[-1]["finding"])["fresh_run"] == "R-FRESH"


def test_an_objection_outlives_the_flag_it_is_about(site: Flask) -> None:
    objected(site)
    again = {"basis": "unchanged", "effect": "keep", "words": "合同属实"}
    send(sign_in(site, "township2"), CASE_NO, "recheck", **again)
    household = row_of(site, CASE_NO)["household_id"]
    fewer = month(flags=table("flag", [flag for flag in FLAGS if flag["household_id"] != household]))
    publish(fewer, site_of(site).settings.where, month="2024-07", run_id="R-NEXT", previous="R-TEST")
    show_latest(site_of(site))
    assert (row_of(site, CASE_NO)["state"], row_of(site, CASE_NO)["is_open"]) == ("district_review", True)
    assert send(sign_in(site, "district2"), CASE_NO, "confirm", words="撤销原决定").status_code == 302


def test_the_course_is_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    app = small_site(tmp_path, where=replace(place(tmp_path), ledger=postgres_url))
    objected(app)
    again = {"basis": "unchanged", "effect": "keep", "words": "合同属实"}
    assert send(sign_in(app, "township2"), CASE_NO, "recheck", **again).status_code == 302
    assert send(sign_in(app, "district2"), CASE_NO, "confirm", words="撤销").status_code == 302
    assert [row["effect"] for row in rows(app, DETERMINATION)] == ["reduce", "keep"]
    move = rows(app, MOVE)[0] | {"version": 99, "action": "confirm", "made_by": "VILLAGE"}
    del move["move_id"]
    with pytest.raises(DatabaseError, match="own work"), site_of(app).engine.begin() as connection:
        connection.execute(insert(MOVE).values(**move))
    assert check_rows(read_log(site_of(app).engine)).findings == []


def test_a_fresh_run_that_is_not_there_is_not_claimed(site: Flask) -> None:
    decided(site)
    send(sign_in(site, "township"), CASE_NO, "serve", **SERVED)
    send(sign_in(site, "township"), CASE_NO, "object", received_on=DAY, words="车已卖")
    answer = send(sign_in(site, "township2"), CASE_NO, "recheck", basis="fresh", effect="keep", words="属实")
    assert answer.status_code == 422
    assert 'href="#basis"' in answer.get_data(as_text=True)


def test_a_case_is_closed_when_the_reply_period_is_over_and_not_before(site: Flask) -> None:
    decided(site, effect="keep", amount_after="", from_month="")
    send(sign_in(site, "township"), CASE_NO, "serve", **SERVED)
    assert sign_in(site, "township").get(f"/cases/{CASE_NO}/do/close").status_code == 403
    with site_of(site).engine.begin() as connection:
        past = today() - timedelta(days=1)
        connection.execute(update(CASE).where(CASE.c.case_no == CASE_NO).values(due_date=past))
    assert send(sign_in(site, "township"), CASE_NO, "close").status_code == 302
    case = row_of(site, CASE_NO)
    assert (case["state"], case["is_open"]) == ("closed_keep", False)
    queue = sign_in(site, "district").get("/queue").get_data(as_text=True)
    assert CASE_NO not in queue and "9户" in queue


def test_a_deadline_is_extended_for_a_reason_by_a_supervisor(site: Flask) -> None:
    due = row_of(site, CASE_NO)["due_date"]
    later = (due + timedelta(days=10)).isoformat()
    chief = sign_in(site, "supervisor")
    assert send(chief, CASE_NO, "extend", until=due.isoformat(), words="等房产数据").status_code == 422
    assert send(chief, CASE_NO, "extend", until=later, words="等房产数据").status_code == 302
    assert row_of(site, CASE_NO)["due_date"].isoformat() == later
    assert sign_in(site, "village").get(f"/cases/{CASE_NO}/do/extend").status_code == 403
