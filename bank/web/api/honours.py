"""Star honours and medals, and the proposals some of them rest on, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.honours import actions, queries, schemas
from bank.honours.models import AwardProposal
from bank.honours.queries import Starred
from bank.honours.rules import Level
from bank.units.queries import top_unit
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("honours", "Star honours and medals by lifetime minutes.")


@bp.get("/me/awards")
@access("member")
@bp.response(200, schemas.OwnAwardsSchema)
def own() -> dict[str, object]:
    """One's own honour and awards."""
    return {"honour": queries.honour_of(g.person, at=clock.now()), "awards": queries.awards_of(g.person.id)}


@bp.get("/award-proposals")
@access("organizer", "admin", "auditor")
@bp.response(200, schemas.ProposalsSchema)
def proposals() -> dict[str, list[AwardProposal]]:
    """Proposals about members of one's units."""
    return {"proposals": queries.proposals(by=g.person)}


@bp.post("/award-proposals")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.NewProposalSchema)
@bp.response(201, schemas.ProposalSchema)
def propose(new: dict[str, Any]) -> AwardProposal:
    """Propose the fifth star, or the end of a star or medal."""
    level = Level(new.pop("kind"), new.pop("level"))
    return actions.propose(by=g.person, level=level, at=clock.now(), **new)


@bp.post("/award-proposals/<int:proposal_id>/answer")
@access("admin")
@writes
@bp.arguments(schemas.ProposalAnswerSchema)
@bp.response(200, schemas.ProposalSchema)
def answer(given: dict[str, bool], proposal_id: int) -> AwardProposal:
    """Agree to a proposal or refuse it, as the second person."""
    return actions.answer(by=g.person, proposal_id=proposal_id, is_agreed=given["is_agreed"], at=clock.now()).proposal


@bp.get("/star-volunteers")
@access("public")
@bp.response(200, schemas.StarredSchema)
def published() -> dict[str, list[Starred]]:
    """Star volunteers who agreed to public lists, by name."""
    return {"volunteers": queries.published(unit_id=top_unit().id)}
