"""Casework as officers do it, in a browser: with script, without it, by keyboard, in two windows, after a break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from pytest import mark
from sqlalchemy import delete, select

from pipelines.store.schema import DETERMINATION
from pipelines.web.store.schema import LOOK, SESSION
from tests.unit.web.parts import row_of, send, sign_in, site_of
from tests.unit.web.test_casework import CHECKED, HEARD, REDUCED, SERVED, decided
from tests.unit.web.test_many_cases import numbers, recommended
from tests.web.conftest import Served, serve
from tests.web.review import Person, person

SCRIPT = mark.parametrize("script", [True, False], ids=["with script", "without script"])
CASE_NO = "HD-202406-00001"
CASE = f"/cases/{CASE_NO}/"
PICTURE = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Served]:
    """A site of one's own: casework changes it."""
    with serve(tmp_path) as served:
        yield served


def act(officer: Person, name: str, action: str, at: str = CASE) -> None:
    """Sign in, open the case and choose something to do."""
    officer.sign_in(name)
    expect(officer.page.locator("h1")).to_have_text("工作台")
    officer.goto(at)
    officer.page.get_by_role("link", name=action, exact=True).click()
    expect(officer.page.locator("h1")).to_contain_text(action)


def recorded(officer: Person, what: str) -> None:
    officer.page.get_by_role("button", name="登记", exact=True).click()
    expect(officer.page.locator(".done").first).to_have_text(f"已登记：{what}")


@SCRIPT
def test_a_village_officer_records_the_check_and_orders_and_records_the_visit(
    browser: Browser, office: Served, script: bool
) -> None:
    picture = next(PICTURE.glob("*.png"))
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "village", "登记村（居）核实")
        officer.page.get_by_label("疑点属实").check()
        officer.page.get_by_label("核实情况").fill("已向邻居了解，户主在世")
        officer.page.get_by_label("转入户调查").check()
        recorded(officer, "登记村（居）核实")
        expect(officer.page.locator("h1 .govuk-tag")).to_have_text("待入户调查")
        officer.page.get_by_role("link", name="登记入户调查", exact=True).click()
        officer.page.get_by_label("第二名调查人姓名").fill("李四")
        officer.page.get_by_label("在场人员").fill("户主之子")
        officer.page.get_by_label("尚不能判断").check()
        officer.page.get_by_label("住房、财物、收入、健康、照料情况").fill("户主外出就医")
        officer.page.get_by_label("照片").set_input_files(picture)
        recorded(officer, "登记入户调查")
        expect(officer.page.locator("h1 .govuk-tag")).to_have_text("待镇（街）审核")
        expect(officer.page.locator(".moj-timeline")).to_contain_text("户主外出就医")
        expect(officer.page.get_by_role("link", name="照片")).to_be_visible()
        assert officer.messages == []


@SCRIPT
def test_a_recommendation_without_a_reason_puts_the_eye_on_what_is_wrong(
    browser: Browser, office: Served, script: bool
) -> None:
    send(sign_in(office.app, "village"), CASE_NO, "check", **CHECKED | {"next": "township_review"})
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "township", "提出处理建议")
        officer.page.get_by_label("减发").check()
        officer.page.get_by_label("处理后月发放金额（元）").fill("500")
        officer.page.get_by_role("button", name="登记", exact=True).click()
        summary = officer.page.locator(".govuk-error-summary")
        expect(summary).to_contain_text("请填写理由")
        expect(summary).to_contain_text("请填写执行月份")
        if script:
            expect(summary).to_be_focused()
        expect(officer.page.get_by_label("减发")).to_be_checked()
        officer.page.get_by_label("执行月份").fill("2024-08")
        officer.page.locator("#words").fill("车辆属实")
        recorded(officer, "提出处理建议")
        expect(officer.page.locator("h1 .govuk-tag")).to_have_text("待听取陈述申辩")


def test_who_recommended_is_refused_the_confirmation_another_gives_it(
    browser: Browser, office: Served
) -> None:
    send(sign_in(office.app, "village"), CASE_NO, "check", **CHECKED | {"next": "township_review"})
    send(sign_in(office.app, "both"), CASE_NO, "recommend", **REDUCED)
    send(sign_in(office.app, "township"), CASE_NO, "hear", **HEARD)
    with person(browser, office) as officer:
        officer.sign_in("both")
        expect(officer.page.locator("h1")).to_have_text("工作台")
        officer.goto(CASE)
        expect(officer.page.get_by_role("link", name="审核确认", exact=True)).to_have_count(0)
        officer.goto(f"{CASE}do/confirm")
        expect(officer.page.locator(".govuk-error-summary")).to_contain_text("须由另一人办理")
    with site_of(office.app).engine.connect() as connection:
        query = select(LOOK.c.purpose).where(LOOK.c.kind == "refused", LOOK.c.username == "both")
        assert list(connection.scalars(query)) == ["confirm"]
    with person(browser, office) as officer:
        act(officer, "district", "审核确认")
        expect(officer.page.locator("dl")).to_contain_text("500.50元")
        recorded(officer, "审核确认")
        officer.page.get_by_role("link", name="告知与异议").click()
        expect(officer.page.locator(".paper")).to_contain_text("行政复议")
        officer.page.get_by_role("link", name="登记送达").click()
        expect(officer.page.locator(".govuk-error-summary")).to_have_count(0)
        officer.page.get_by_label("直接送达").check()
        officer.page.get_by_label("签收人").fill("户主")
        recorded(officer, "登记送达")
        expect(officer.page.locator("h1 .govuk-tag")).to_have_text("已告知，待答复")


@SCRIPT
def test_a_draft_is_still_there_after_the_page_is_loaded_again(
    browser: Browser, office: Served, script: bool
) -> None:
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "village", "登记村（居）核实")
        officer.page.get_by_label("疑点不成立").check()
        officer.page.get_by_label("核实情况").press_sequentially("写到一半")
        if script:
            expect(officer.page.locator("#saved")).to_contain_text("草稿已保存")
        else:
            officer.page.get_by_role("button", name="保存草稿").click()
        officer.goto(f"{CASE}do/check")
        expect(officer.page.get_by_label("核实情况")).to_have_value("写到一半")
        expect(officer.page.get_by_label("疑点不成立")).to_be_checked()
        officer.page.get_by_role("link", name="English").click()
        expect(officer.page.get_by_label("What you saw and heard")).to_have_value("写到一半")
        assert officer.messages == []


@SCRIPT
def test_two_windows_on_one_case_the_second_is_told_and_loses_nothing(
    browser: Browser, office: Served, script: bool
) -> None:
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "village", "登记村（居）核实")
        send(sign_in(office.app, "township"), CASE_NO, "note", words="镇里已电话联系")
        officer.page.get_by_label("疑点属实").check()
        officer.page.get_by_label("核实情况").fill("第二个窗口写的话")
        officer.page.get_by_label("转入户调查").check()
        officer.page.get_by_role("button", name="登记", exact=True).click()
        expect(officer.page.locator(".meanwhile")).to_contain_text("镇里已电话联系")
        expect(officer.page.get_by_label("核实情况")).to_have_value("第二个窗口写的话")
        recorded(officer, "登记村（居）核实")


def end_sessions(app: Flask) -> None:
    with site_of(app).engine.begin() as connection:
        connection.execute(delete(SESSION))


@SCRIPT
def test_a_session_that_ends_while_typing_costs_no_word(
    browser: Browser, office: Served, script: bool
) -> None:
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "village", "登记村（居）核实")
        officer.page.get_by_label("核实情况").fill("写了很久的话")
        if script:
            expect(officer.page.locator("#saved")).to_contain_text("草稿已保存")
        end_sessions(office.app)
        officer.page.get_by_role("button", name="登记", exact=True).click()
        expect(officer.page.locator("h1")).to_have_text("表单打开时间过长")
        expect(officer.page.locator("textarea")).to_have_value("写了很久的话")
        officer.page.get_by_role("link", name="重新打开表单").click()
        officer.page.fill("#username", "village")
        officer.page.fill("#password", "correct horse battery")
        officer.page.click("main button")
        expect(officer.page.locator("h1")).to_contain_text("登记村（居）核实")
        if script:
            expect(officer.page.get_by_label("核实情况")).to_have_value("写了很久的话")


def test_a_draft_that_cannot_be_kept_is_said_so_and_the_words_stay(browser: Browser, office: Served) -> None:
    with person(browser, office) as officer:
        act(officer, "village", "登记村（居）核实")
        end_sessions(office.app)
        officer.page.get_by_label("核实情况").press_sequentially("还在写")
        expect(officer.page.locator("#saved")).to_contain_text("登录已失效")
        expect(officer.page.get_by_label("核实情况")).to_have_value("还在写")


@SCRIPT
def test_an_objection_is_rechecked_by_another_and_overturned(
    browser: Browser, office: Served, script: bool
) -> None:
    decided(office.app)
    send(sign_in(office.app, "township"), CASE_NO, "serve", **SERVED)
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "township", "登记异议")
        officer.page.get_by_label("异议理由").fill("车三月已卖")
        recorded(officer, "登记异议")
        expect(officer.page.locator("h1 .govuk-tag")).to_have_text("异议复核中")
        expect(officer.page.get_by_role("link", name="异议复核", exact=True)).to_have_count(0)
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "township2", "异议复核")
        officer.page.get_by_label("此后各部门未提供新数据，以现有核对结果为准").check()
        officer.page.get_by_label("维持原待遇（疑点不成立）").check()
        officer.page.locator("#words").fill("买卖合同属实")
        recorded(officer, "异议复核")
    with person(browser, office, java_script_enabled=script) as officer:
        act(officer, "district2", "审核确认")
        recorded(officer, "审核确认")
        officer.page.get_by_role("link", name="告知与异议").click()
        expect(officer.page.locator("table")).to_contain_text("已由后一决定替代")
        expect(officer.page.locator("main")).to_contain_text("车三月已卖")


@SCRIPT
def test_a_batch_is_previewed_confirmed_by_another_and_what_changed_is_named(
    browser: Browser, office: Served, script: bool
) -> None:
    mine = numbers(office.app, row_of(office.app, CASE_NO)["town"])[:3]
    recommended(office.app, mine)
    with person(browser, office, java_script_enabled=script) as officer:
        officer.sign_in("township")
        officer.page.get_by_role("link", name="批量办理").click()
        officer.page.locator("tr", has_text="名下机动车").get_by_role("link", name="组成批次").first.click()
        for case_no in mine:
            officer.page.get_by_label(case_no).check()
        officer.page.get_by_label("共同理由").fill("均已过户")
        officer.page.get_by_role("button", name="提交另一人确认").click()
        expect(officer.page.locator("h1")).to_contain_text("批次 B-")
        expect(officer.page.get_by_role("button", name="审核确认本批次")).to_have_count(0)
        at = officer.page.url.removeprefix(office.url)
    send(sign_in(office.app, "township"), mine[1], "note", words="刚接到电话")
    with person(browser, office, java_script_enabled=script) as officer:
        officer.sign_in("district")
        expect(officer.page.locator("h1")).to_have_text("工作台")
        officer.goto(at)
        expect(officer.page.locator("tr", has_text=mine[1])).to_contain_text("将跳过")
        officer.page.get_by_role("button", name="审核确认本批次").click()
        expect(officer.page.locator(".done").first).to_have_text("已审核确认2户。")
        expect(officer.page.locator(".done").last).to_contain_text(mine[1])
    with site_of(office.app).engine.connect() as connection:
        assert len(list(connection.scalars(select(DETERMINATION.c.case_id)))) == 2


@SCRIPT
def test_a_supervisor_gives_a_case_to_another(browser: Browser, office: Served, script: bool) -> None:
    with person(browser, office, java_script_enabled=script) as chief:
        chief.sign_in("supervisor")
        expect(chief.page.locator("h1")).to_have_text("工作台")
        chief.page.get_by_role("link", name="待分派").click()
        chief.page.get_by_label(CASE_NO).check()
        chief.page.locator("form", has_text=CASE_NO).get_by_label("分派给").select_option("village")
        chief.page.get_by_role("button", name="分派", exact=True).click()
        expect(chief.page.locator(".done")).to_have_text("已将1户分派给village。")
        expect(chief.page.get_by_label(CASE_NO)).to_have_count(0)
        chief.goto(CASE)
        chief.page.get_by_label("分派给").select_option("township")
        chief.page.get_by_role("button", name="分派", exact=True).click()
        expect(chief.page.locator(".done")).to_have_text("本案现由township承办。")


def test_a_check_is_recorded_by_keyboard_alone(browser: Browser, office: Served) -> None:
    with person(browser, office) as officer:
        officer.sign_in("village")
        expect(officer.page.locator("h1")).to_have_text("工作台")
        officer.goto(f"{CASE}do/check")
        press = officer.page.keyboard.press
        officer.page.locator("#found").focus()
        press("Space")
        press("ArrowDown")
        press("Tab")
        officer.page.keyboard.type("已到家中，户主在世")
        press("Tab")
        press("Space")
        press("Tab")
        press("Enter")
        expect(officer.page.locator(".done").first).to_have_text("已登记：登记村（居）核实")
        expect(officer.page.locator(".moj-timeline")).to_contain_text("疑点不成立")
