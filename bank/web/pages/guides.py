"""Help on paper and on the screen: a guide on one sheet for each role."""

from flask import Blueprint, render_template

from bank.web import guides as texts
from bank.web.auth import access

bp = Blueprint("guides", __name__, url_prefix="/help")


@bp.get("/")
@access("public")
def guides() -> str:
    """All guides, those of the own roles first."""
    return render_template("guides/guides.html", guides={role: texts.GUIDES[role] for role in texts.own_guides()})


@bp.get("/<any(volunteer, organizer, clerk, admin, auditor):role>")
@access("public")
def guide(role: str) -> str:
    """One role's work on one sheet, to be printed."""
    return render_template("guides/guide.html", guide=texts.GUIDES[role])
