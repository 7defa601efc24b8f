"""The stars of communities, each explained from its own figures; nobody is ranked."""

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from bank import clock
from bank.communities import queries
from bank.web.auth import access

bp = Blueprint("communities", __name__, url_prefix="/communities/stars")
YEARS = range(2000, 2101)


@bp.get("/")
@access("public")
def communities() -> str:
    """Every community's year, in the order of the town."""
    year = _year()
    return render_template("communities/communities.html", rated=queries.rated(year), year=year, years=queries.years())


@bp.get("/<int:unit_id>")
@access("public")
def community(unit_id: int) -> str:
    """One community's year, with every step to its stars."""
    return render_template("communities/community.html", told=queries.explained(unit_id, _year()))


def _year() -> int:
    year = request.args.get("year", clock.today().year, type=int)
    if year not in YEARS:
        raise NotFound()
    return year
