"""What people do on the review site, as they would do it: with script, without it, and by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from pytest import mark
from sqlalchemy import select

from pipelines.web.store.schema import LOOK
from tests.unit.web.parts import site_of
from tests.web.conftest import Served
from tests.web.review import person

SCRIPT = mark.parametrize("script", [True, False], ids=["with script", "without script"])


@SCRIPT
def test_a_village_officer_finds_the_most_urgent_case_and_reads_why(
    browser: Browser, served: Served, script: bool
) -> None:
    with person(browser, served, java_script_enabled=script) as officer:
        officer.sign_in("village")
        expect(officer.page.locator("h1")).to_have_text("工作台")
        officer.page.locator("table.cases a").first.click()
        expect(officer.page.locator("h1")).to_contain_text("成员去世登记")
        why = officer.page.locator(".why")
        expect(why.locator("[lang=zh-CN]")).to_contain_text("2024年4月2日")
        expect(why.locator("[lang=en]")).to_contain_text("2 April 2024")
        expect(why.locator(".officers")).to_be_visible()
        assert officer.messages == []


@SCRIPT
def test_filters_stand_in_the_address_and_pages_lead_on_and_back(
    browser: Browser, served: Served, script: bool
) -> None:
    with person(browser, served, java_script_enabled=script) as officer:
        officer.sign_in("district")
        officer.goto("/queue")
        first = officer.page.locator("table.cases tbody a").all_inner_texts()
        officer.page.get_by_role("link", name="下一页").click()
        expect(officer.page.get_by_role("link", name="上一页")).to_be_visible()
        second = officer.page.locator("table.cases tbody a").all_inner_texts()
        assert len(first) == len(second) == 5 and not set(first) & set(second)
        officer.page.get_by_role("link", name="上一页").click()
        expect(officer.page.locator("table.cases tbody a").first).to_have_text(first[0])
        officer.page.get_by_label("名下机动车").check()
        officer.page.get_by_role("button", name="应用筛选").click()
        expect(officer.page.locator("table.cases tbody tr")).to_have_count(1)
        assert "code=vehicle_owned" in officer.page.url
        officer.page.reload()
        expect(officer.page.locator("table.cases tbody tr")).to_have_count(1)
        assert officer.messages == []


def test_this_month_stands_beside_the_last_with_what_changed(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.sign_in("district")
        officer.goto("/cases/HD-202406-00004/")
        heads = officer.page.locator("th", has_text="2024年").all_inner_texts()
        assert heads == ["2024年5月", "2024年6月"]
        row = officer.page.locator("tr", has_text="每月计入收入")
        expect(row.locator("mark")).to_have_text("+834.50元")


@SCRIPT
def test_a_number_is_shown_for_a_reason_logged_and_hidden_again(
    browser: Browser, served: Served, script: bool
) -> None:
    with person(browser, served, java_script_enabled=script) as officer:
        officer.sign_in("township")
        officer.goto("/cases/HD-202406-00001/members")
        expect(officer.page.locator("table").first).to_contain_text("7307**********001X")
        officer.page.get_by_text("查看完整证件号").click()
        officer.page.get_by_label("查看理由").select_option(label="与家庭当面核对身份")
        officer.page.get_by_role("button", name="查看并记录").click()
        expect(officer.page.locator("main")).to_contain_text("73070119510101001")
        officer.page.get_by_role("link", name="立即隐藏").click()
        assert "73070119510101001" not in officer.page.content()
    with site_of(served.app).engine.connect() as connection:
        logged = connection.execute(
            select(LOOK.c.member_id, LOOK.c.reason).where(
                LOOK.c.kind == "reveal", LOOK.c.username == "township"
            )
        ).all()
    assert ("P-0001", "To check identity with the household") in [tuple(row) for row in logged]


def test_no_reason_no_number_and_the_fault_is_where_the_eye_goes(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.sign_in("township")
        officer.goto("/cases/HD-202406-00001/members")
        officer.page.get_by_text("查看完整证件号").click()
        officer.page.get_by_role("button", name="查看并记录").click()
        expect(officer.page.locator(".govuk-error-summary")).to_be_focused()
        officer.page.locator(".govuk-error-summary a").click()
        expect(officer.page.locator(".govuk-error-message")).to_be_visible()


def test_a_case_of_another_town_is_a_page_that_does_not_exist(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.sign_in("elsewhere")
        officer.goto("/cases/HD-202406-00001/")
        expect(officer.page.locator("h1")).to_have_text("没有这个页面")
        assert "张" not in officer.page.locator("main").inner_text()


def test_after_signing_in_one_is_where_one_wanted_to_be(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.goto("/cases/HD-202406-00001/members")
        officer.page.fill("#username", "township")
        officer.page.fill("#password", "correct horse battery")
        officer.page.keyboard.press("Enter")
        expect(officer.page).to_have_url(f"{served.url}/cases/HD-202406-00001/members")


def test_the_other_language_is_the_same_page_and_is_remembered(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.sign_in("township")
        officer.goto("/queue?code=vehicle_owned")
        officer.page.get_by_role("link", name="English").click()
        expect(officer.page).to_have_url(f"{served.url}/queue?code=vehicle_owned")
        expect(officer.page.locator("h1")).to_have_text("My queue")
        officer.goto("/")
        expect(officer.page.locator("h1")).to_have_text("Workbench")
        officer.page.get_by_role("link", name="中文").click()
        expect(officer.page.locator("h1")).to_have_text("工作台")


def test_keyboard_alone_leads_from_signing_in_to_why(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        page, press = officer.page, officer.page.keyboard.press
        officer.goto("/sign-in")
        press("Tab")
        expect(page.locator(".govuk-skip-link")).to_be_focused()
        press("Enter")
        press("Tab")
        page.keyboard.type("village")
        press("Tab")
        page.keyboard.type("correct horse battery")
        press("Enter")
        expect(page.locator("h1")).to_have_text("工作台")
        for _ in range(30):
            press("Tab")
            if page.evaluate("document.activeElement.pathname || ''").startswith("/cases/"):
                break
        press("Enter")
        expect(page.locator(".why")).to_be_visible()


def test_what_would_clear_it_is_not_on_paper(browser: Browser, served: Served) -> None:
    with person(browser, served) as officer:
        officer.sign_in("township")
        officer.goto("/cases/HD-202406-00001/")
        officer.page.emulate_media(media="print")
        expect(officer.page.locator(".officers")).to_be_hidden()
        expect(officer.page.locator(".why .sentence").first).to_be_visible()
