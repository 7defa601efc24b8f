"""PINs, codes for a first sign-in, sessions and tokens, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.access import actions, queries, schemas
from bank.access.models import ApiToken
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import shows_once, writes
from bank.web.links import public_url

bp = blueprint("access", "How somebody proves who he is.")


@bp.post("/persons/<int:person_id>/pin")
@access("admin")
@writes
@bp.arguments(schemas.PinSchema)
@bp.response(204)
def set_pin(new: dict[str, str], person_id: int) -> None:
    """Set the PIN with which another person signs in."""
    actions.set_pin(by=g.person, person_id=person_id, pin=new["pin"], at=clock.now())


@bp.post("/persons/<int:person_id>/invitation")
@access("admin")
@writes
@shows_once
@bp.response(201, schemas.InvitationSchema)
def invite(person_id: int) -> dict[str, Any]:
    """Make a one-time code with which a person sets a PIN; an earlier one ends. The code is shown this once."""
    made, code = actions.invite(by=g.person, person_id=person_id, at=clock.now())
    facts = {"id": made.id, "person_id": made.person_id, "expires_at": made.expires_at}
    return {**facts, "code": code, "url": public_url("activation.form", code=code)}


@bp.post("/persons/<int:person_id>/invitation/revoke")
@access("admin")
@writes
@bp.response(204)
def revoke_invitation(person_id: int) -> None:
    """End the one-time code that is out for a person, if there is one."""
    actions.revoke_invitation(by=g.person, person_id=person_id, at=clock.now())


@bp.post("/activation")
@access("public")
@writes
@bp.arguments(schemas.ActivationSchema)
@bp.response(204)
def activate(asked: dict[str, str]) -> None:
    """Set one's PIN with the one-time code from the desk."""
    actions.activate(code=asked["code"], pin=asked["pin"], at=clock.now())


@bp.post("/me/sign-out-everywhere")
@access("member")
@writes
@bp.response(204)
def sign_out_everywhere() -> None:
    """End one's sessions in all browsers; tokens stay."""
    actions.sign_out_everywhere(by=g.person, at=clock.now())


# Tokens are made on the page alone: with a stolen one nobody can make himself another.
@bp.get("/me/tokens")
@access("member")
@bp.response(200, schemas.TokensSchema)
def own_tokens() -> dict[str, list[ApiToken]]:
    """One's own tokens, the newest first."""
    return {"tokens": queries.tokens(g.person.id)}


@bp.get("/tokens")
@access("admin", "auditor")
@bp.response(200, schemas.TokensSchema)
def tokens() -> dict[str, Any]:
    """The tokens that are not revoked of all members in one's units, the newest first."""
    return {"tokens": queries.tokens_seen(by=g.person)}


@bp.post("/tokens/<int:token_id>/revoke")
@access("member")
@writes
@bp.response(200, schemas.TokenSchema)
def revoke_token(token_id: int) -> ApiToken:
    """End a token at once: one's own, or as admin of its owner's unit."""
    return actions.revoke_token(by=g.person, token_id=token_id, at=clock.now())
