"""The stars of communities, as JSON."""

from bank import clock
from bank.communities import queries, schemas
from bank.communities.queries import Explained
from bank.ratings.schemas import YearQuerySchema
from bank.web.api import blueprint
from bank.web.auth import access

bp = blueprint("communities", "Communities' own stars, from published figures and without ranking.")


@bp.get("/community-stars")
@access("public")
@bp.arguments(YearQuerySchema, location="query")
@bp.response(200, schemas.CommunitiesSchema)
def communities(asked: dict[str, int | None]) -> dict[str, object]:
    """Every community's year, in the order of the town."""
    return {"communities": queries.rated(asked["year"] or clock.today().year)}


@bp.get("/community-stars/<int:unit_id>")
@access("public")
@bp.arguments(YearQuerySchema, location="query")
@bp.response(200, schemas.ExplainedCommunitySchema)
def community(asked: dict[str, int | None], unit_id: int) -> Explained:
    """One community's year with every step to its stars."""
    return queries.explained(unit_id, asked["year"] or clock.today().year)
