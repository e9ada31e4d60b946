"""The papers of one case as PDF: report, card, visit sheet. Each is entered by its check code before it leaves."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort
from flask_security import current_user

from pipelines.papers import card
from pipelines.papers.issuing import issue_of, row_of
from pipelines.papers.making import KINDS
from pipelines.store.papers import keep_papers
from pipelines.web.areas.cases import case_dossier
from pipelines.web.context import site
from pipelines.web.policy import CASE_READERS, allows
from pipelines.web.words import language, words

AREA = Blueprint("papers", __name__, url_prefix="/cases/<case_no>")


@AREA.get("/<any(report, card, visit):kind>.pdf")
@allows(*CASE_READERS, scope="case")
def show(case_no: str, kind: str) -> Response:
    """The paper of the case's household, in the language of the pages."""
    found = case_dossier()
    if kind == card.KIND and not found.case.assessed["counting_members"]:
        abort(404)  # nobody is left to hand it to
    paper = KINDS[kind](found.case, issue_of(found.month, language()), words())
    content = paper.pdf()
    digest = hashlib.sha256(content).hexdigest()
    keep_papers(site().engine, [row_of(paper, digest, found.month, current_user.username)])
    name = f"{case_no}_{kind}_{paper.language}.pdf"
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
