"""Everything that changes certificates: issue, revoke, make anew. An action flushes and never commits."""

import secrets
from datetime import date, datetime

from sqlalchemy import insert, literal, null, select
from sqlalchemy.orm import aliased

from bank import clock
from bank.certificates import queries, rules
from bank.certificates.models import Certificate, CertificateRevocation
from bank.db import db, random_key
from bank.hours.models import Service, ServiceRecord
from bank.ledger.models import JournalEntry
from bank.people import queries as people
from bank.people.models import Person
from bank.units.queries import top_unit


def issue(
    *, by: Person, person_id: int, starts_on: date, ends_on: date, is_designated: bool, at: datetime,
    replaces_id: int | None = None,
) -> Certificate:  # fmt: skip
    """Certify a member's services of a period, asked for by the member or an admin of the unit (Order 67, art. 14); it is free.

    While a certificate of the same period with the same services is in force, it is the answer. Raises PersonNotFound,
    RoleMissing, BadCertificatePeriod, NothingToCertify.
    """
    person = _own_or_administered(by, person_id)
    rules.check_period(starts_on, ends_on, today=clock.local_day(at))
    db.session.refresh(person, with_for_update=True)  # Two taps at once find each other's certificate.
    parts = [each.to_json() for each in queries.parts(person.id, starts_on=starts_on, ends_on=ends_on)]
    if not parts:
        raise rules.NothingToCertify()
    for each in queries.certificates_of(by=person, person_id=person.id):
        is_same = (each.starts_on, each.ends_on, each.parts, each.holder) == (starts_on, ends_on, parts, person.name)
        if is_same and each.revocation is None and each.is_designated == is_designated:
            return each
    certificate = Certificate(
        number=f"{clock.local_day(at):%Y%m}-{secrets.token_hex(4).upper()}", code=random_key(), person_id=person.id,
        holder=person.name, starts_on=starts_on, ends_on=ends_on, minutes=sum(each["minutes"] for each in parts), parts=parts,
        bank_name=top_unit().name, unit_name=queries.recording_unit(person).name, is_designated=is_designated,
        issued_at=at, issued_by_id=by.id, replaces_id=replaces_id,
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    return certificate


def revoke(*, by: Person, number: str, reason: str, at: datetime) -> Certificate:
    """End a certificate, as its holder or an admin of the holder's unit.

    Raises CertificateNotFound, RoleMissing, BadRevocation, AlreadyRevoked.
    """
    certificate = _locked(by, number)
    cause = "wish" if by.id == certificate.person_id else "mistake"
    _revoke(certificate, cause, by=by, reason=rules.clean_reason(reason), at=at)
    return certificate


def replace(*, by: Person, number: str, reason: str, is_designated: bool, at: datetime) -> Certificate:
    """Revoke a certificate and issue it anew, for the same period, from what the records say now. Raises what both raise."""
    certificate = _locked(by, number)
    _revoke(certificate, "replaced", by=by, reason=rules.clean_reason(reason), at=at)
    return issue(
        by=by, person_id=certificate.person_id, starts_on=certificate.starts_on, ends_on=certificate.ends_on,
        is_designated=is_designated, at=at, replaces_id=certificate.id,
    )  # fmt: skip


def revoke_reversed(*, at: datetime) -> int:
    """End every certificate of which a service has been taken back since; answers how many."""
    reversal = aliased(JournalEntry)
    of_period = Service.served_on.between(Certificate.starts_on, Certificate.ends_on)
    wrong = (
        select(Certificate.id, literal("reversal"), null(), literal(at, CertificateRevocation.revoked_at.type))
        .join(ServiceRecord, ServiceRecord.person_id == Certificate.person_id)
        .join(Service, Service.id == ServiceRecord.service_id)
        .join(reversal, reversal.reverses_id == ServiceRecord.entry_id)
        .where(of_period, reversal.recorded_at >= Certificate.issued_at)
        .distinct()
        .where(
            ~select(CertificateRevocation.certificate_id).where(CertificateRevocation.certificate_id == Certificate.id).exists()
        )
    )
    revoked = insert(CertificateRevocation).from_select(["certificate_id", "cause", "reason", "revoked_at"], wrong)
    return db.session.connection().execute(revoked, execution_options={"preserve_rowcount": True}).rowcount


def _own_or_administered(by: Person, person_id: int) -> Person:
    person = people.person(by=by, person_id=person_id)
    if by.id != person.id:
        people.require_role(by, "admin", person.unit_id)
    return person


def _locked(by: Person, number: str) -> Certificate:
    certificate = queries.certificate(by=by, number=number)
    person = _own_or_administered(by, certificate.person_id)
    db.session.refresh(person, with_for_update=True)
    db.session.expire(certificate, ["revocation"])
    return certificate


def _revoke(certificate: Certificate, cause: str, *, by: Person, reason: str, at: datetime) -> None:
    if certificate.revocation is not None:
        raise rules.AlreadyRevoked()
    revocation = CertificateRevocation(
        certificate_id=certificate.id, cause=cause, reason=reason, revoked_at=at, revoked_by_id=by.id
    )
    db.session.add(revocation)
    db.session.flush()
    db.session.expire(certificate, ["revocation"])
