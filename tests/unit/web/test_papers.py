"""Papers of a case from the site, and the page anybody may ask whether one is genuine."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from pipelines.store.schema import PAPER
from pipelines.web.store.schema import CASE
from tests.unit.web.parts import sign_in, small_site

KINDS = ("report", "card", "visit")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return small_site(tmp_path_factory.mktemp("web-papers"))


def case_of(app: Flask, household_id: str) -> str:
    with app.extensions["hedui"].engine.connect() as connection:
        return str(connection.scalar(select(CASE.c.case_no).where(CASE.c.household_id == household_id)))


def code_in(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    found = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", text)
    assert found is not None
    return found.group()


@pytest.mark.parametrize("kind", KINDS)
def test_an_officer_opens_a_paper_and_its_code_is_genuine_to_anybody(site: Flask, kind: str) -> None:
    answer = sign_in(site, "district").get(f"/cases/{case_of(site, 'H-0001')}/{kind}.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    shown = site.test_client().get(f"/verify/{code_in(answer.data)}").get_data(as_text=True)
    assert "真实有效" in shown
    assert "2024-06" in shown
    for private in ("张", "H-0001", "CS00000001", "白水镇", "东河街道"):
        assert private not in shown


def test_opening_a_paper_twice_is_one_paper(site: Flask) -> None:
    officer, path = sign_in(site, "district"), f"/cases/{case_of(site, 'H-0002')}/report.pdf"
    assert officer.get(path).data == officer.get(path).data
    with site.extensions["hedui"].engine.connect() as connection:
        held = connection.execute(select(PAPER.c.code).where(PAPER.c.household_id == "H-0002")).all()
    assert len(held) == 1


def test_another_towns_paper_does_not_exist(site: Flask) -> None:
    mine = sign_in(site, "elsewhere")
    codes = {mine.get(f"/cases/{case_of(site, f'H-{place:04d}')}/report.pdf").status_code for place in (1, 2)}
    assert codes == {200, 404}


@pytest.mark.parametrize("name", ["engineer", "admin"])
def test_a_role_without_cases_gets_no_paper(site: Flask, name: str) -> None:
    assert sign_in(site, name).get(f"/cases/{case_of(site, 'H-0001')}/report.pdf").status_code == 403


@pytest.mark.parametrize(
    "typed", ["AAAA-AAAA-AAAA-AAAA", "x", "<script>alert(1)</script>", "7307011951010100X"]
)
def test_an_unknown_code_says_so_and_no_more(site: Flask, typed: str) -> None:
    shown = site.test_client().get("/verify/", query_string={"code": typed}, follow_redirects=True)
    assert shown.status_code == 200
    assert "查无此件" in shown.get_data(as_text=True)
    assert "<script>alert" not in shown.get_data(as_text=True)


def test_a_code_typed_with_spaces_finds_its_page(site: Flask) -> None:
    answer = site.test_client().get("/verify/", query_string={"code": "aaaa bbbb cccc dddd"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/verify/AAAA-BBBB-CCCC-DDDD")
