"""The stars of communities, each explained from its own figures; nobody is ranked."""

from flask import Blueprint, render_template

from bank.communities import queries
from bank.web.auth import access
from bank.web.navigation import asked_year

bp = Blueprint("communities", __name__, url_prefix="/communities/stars")


@bp.get("/")
@access("public")
def communities() -> str:
    """Every community's year, in the order of the town."""
    year = asked_year()
    return render_template("communities/communities.html", rated=queries.rated(year), year=year, years=queries.years())


@bp.get("/<int:unit_id>")
@access("public")
def community(unit_id: int) -> str:
    """One community's year, with every step to its stars."""
    return render_template("communities/community.html", told=queries.explained(unit_id, asked_year()))
