"""Certificates of service: asked for with one tap, printed, revoked, made anew, and checked by anybody."""

from contextlib import suppress
from datetime import date

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.certificates import actions, queries, schemas
from bank.certificates.rules import CertificateNotFound
from bank.people import queries as people
from bank.web import certificate_papers as papers
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.security import limit_checks

bp = Blueprint("certificates", __name__)


@bp.get("/me/certificates")
@access("member")
def mine() -> str:
    """My certificates, and the way to a new one."""
    return of_person(g.person.id)


@bp.get("/people/<int:person_id>/certificates")
@access("admin", "auditor")
def of_staff(person_id: int) -> str:
    """A member's certificates, for those who look after the unit."""
    return of_person(person_id)


@bp.post("/people/<int:person_id>/certificates")
@access("member")
@redisplay(lambda person_id: of_person(person_id))
@writes
def issue(person_id: int) -> ResponseReturnValue:
    """Certify the services of some days."""
    asked = load(schemas.NewCertificateSchema)
    actions.issue(
        by=g.person, person_id=person_id, is_designated=current_app.config["DESIGNATED_SYSTEM"], at=clock.now(), **asked
    )
    return _back(person_id)


@bp.get("/certificates/<string:number>.pdf")
@access("member")
def paper(number: str) -> Response:
    """A certificate that is in force, on paper."""
    certificate = queries.certificate(by=g.person, number=number)
    if certificate.revocation is not None:
        raise CertificateNotFound()
    return papers.paper(certificate)


@bp.post("/certificates/<string:number>/revoke")
@access("member")
@redisplay(lambda number: of_number(number))
@writes
def revoke(number: str) -> ResponseReturnValue:
    """End a certificate."""
    certificate = actions.revoke(
        by=g.person, number=number, reason=load(schemas.CertificateReasonSchema)["reason"], at=clock.now()
    )
    return _back(certificate.person_id)


@bp.post("/certificates/<string:number>/replace")
@access("member")
@redisplay(lambda number: of_number(number))
@writes
def replace(number: str) -> ResponseReturnValue:
    """End a certificate and make it anew from what the records say now."""
    reason, is_designated = load(schemas.CertificateReasonSchema)["reason"], current_app.config["DESIGNATED_SYSTEM"]
    certificate = actions.replace(by=g.person, number=number, reason=reason, is_designated=is_designated, at=clock.now())
    return _back(certificate.person_id)


@bp.get("/certificates/verify")
@access("public")
@limit_checks
def verify() -> str:
    """Says of a code whether its certificate is in force, and nothing more."""
    code, is_valid = request.args.get("code", "")[:60], None
    with suppress(CertificateNotFound):  # The page says so in words.
        is_valid = queries.is_valid(code) if code else None
    return render_template("certificates/verify.html", code=code, is_valid=is_valid)


def of_person(person_id: int) -> str:
    """The page of a member's certificates, for the member and staff of the unit."""
    found = [(each, papers.title(each)) for each in queries.certificates_of(by=g.person, person_id=person_id)]
    person = people.person(by=g.person, person_id=person_id)
    today = clock.today()
    is_admin = g.person.id == person.id or people.has_role(g.person, "admin", person.unit_id)
    return render_template(
        "certificates/certificates.html", person=person, found=found, today=today, may_ask=is_admin,
        first_of_year=date(today.year, 1, 1), last_year=(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        opened_on=clock.local_day(person.enrolled_at),
    )  # fmt: skip


def of_number(number: str) -> str:
    """The page on which a certificate stands."""
    return of_person(queries.certificate(by=g.person, number=number).person_id)


def _back(person_id: int) -> ResponseReturnValue:
    is_own = person_id == g.person.id
    return redirect(url_for(".mine") if is_own else url_for(".of_staff", person_id=person_id), 303)
