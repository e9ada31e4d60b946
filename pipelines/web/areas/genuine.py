"""/verify: whether a paper somebody holds is genuine. For anybody, and without personal data."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pipelines.papers.code import read_code
from pipelines.store.papers import Checked, check_paper
from pipelines.web.context import site
from pipelines.web.policy import public

AREA = Blueprint("genuine", __name__, url_prefix="/verify")


@AREA.get("/")
@public
def ask() -> str | Response:
    """A box for the code; one that came with the address is looked up at its own address."""
    typed = request.args.get("code", "")[:64]
    code = read_code(typed)
    if code:
        return redirect(url_for("genuine.answer", code=code))
    return render_template("verify.html", typed=typed, checked=Checked(standing="unknown") if typed else None)


@AREA.get("/<code>")
@public
def answer(code: str) -> str:
    """Genuine, superseded or unknown: with the kind of paper and its month, nothing else."""
    read = read_code(code[:64])
    checked = check_paper(site().engine, read) if read else Checked(standing="unknown")
    return render_template("verify.html", typed=read or "", checked=checked)
