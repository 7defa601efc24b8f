"""Certificates of service, as JSON."""

from typing import Any

from flask import current_app, g

from bank import clock
from bank.certificates import actions, queries, schemas
from bank.certificates.models import Certificate
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.security import limit_checks

bp = blueprint("certificates", "Certificates of service, which anybody can check.")


@bp.get("/me/certificates")
@access("member")
@bp.response(200, schemas.CertificatesSchema)
def own() -> dict[str, list[Certificate]]:
    """One's own certificates, newest first."""
    return {"certificates": queries.certificates_of(by=g.person, person_id=g.person.id)}


@bp.post("/me/certificates")
@access("member")
@writes
@bp.arguments(schemas.NewCertificateSchema)
@bp.response(201, schemas.CertificateSchema)
def issue(asked: dict[str, Any]) -> Certificate:
    """Certify one's own services of some days; what is in force already for the same services is the answer."""
    is_designated = current_app.config["DESIGNATED_SYSTEM"]
    return actions.issue(by=g.person, person_id=g.person.id, is_designated=is_designated, at=clock.now(), **asked)


@bp.post("/certificates/<string:number>/revoke")
@access("member")
@writes
@bp.arguments(schemas.CertificateReasonSchema)
@bp.response(200, schemas.CertificateSchema)
def revoke(given: dict[str, str], number: str) -> Certificate:
    """End a certificate, as its holder or an admin of the holder's unit."""
    return actions.revoke(by=g.person, number=number, reason=given["reason"], at=clock.now())


@bp.get("/certificates/check")
@access("public")
@limit_checks
@bp.arguments(schemas.CodeQuerySchema, location="query")
@bp.response(200, schemas.CheckedCertificateSchema)
def check(asked: dict[str, str]) -> dict[str, str]:
    """Whether the certificate of a code is in force, and nothing more."""
    return {"state": "valid" if queries.is_valid(asked["code"]) else "revoked"}
