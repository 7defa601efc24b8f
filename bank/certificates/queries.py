"""What can be asked about certificates; nothing here changes anything."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from bank.certificates import rules
from bank.certificates.models import Certificate, CertificateRevocation
from bank.certificates.rules import Part
from bank.db import db
from bank.hours.models import Service, ServiceRecord
from bank.ledger.models import JournalEntry
from bank.people.models import Person
from bank.people.queries import has_role
from bank.units.models import Unit

STAFF = ("admin", "auditor")


def certificates_of(*, by: Person, person_id: int) -> list[Certificate]:
    """A member's certificates, newest first, for the member and staff of the unit. Raises CertificateNotFound for others."""
    if not _may_see(by, db.session.get(Person, person_id)):
        raise rules.CertificateNotFound()
    wanted = select(Certificate).where(Certificate.person_id == person_id).options(joinedload(Certificate.revocation))
    return list(db.session.scalars(wanted.order_by(Certificate.issued_at.desc(), Certificate.id.desc())))


def certificate(*, by: Person, number: str) -> Certificate:
    """One certificate, for its holder and staff of the holder's unit. Raises CertificateNotFound, also when out of sight."""
    found = db.session.scalar(select(Certificate).where(Certificate.number == number))
    if found is None or not _may_see(by, found.person):
        raise rules.CertificateNotFound()
    return found


def is_valid(code: str) -> bool:
    """Whether the certificate of a code is in force; this is all that a stranger learns.

    Raises CertificateNotFound for a code that was never given out.
    """
    revoked = select(CertificateRevocation.certificate_id).where(CertificateRevocation.certificate_id == Certificate.id)
    is_live = db.session.scalar(select(~revoked.exists()).where(Certificate.code == rules.tidy_code(code)))
    if is_live is None:
        raise rules.CertificateNotFound()
    return bool(is_live)


def parts(person_id: int, *, starts_on: date, ends_on: date) -> list[Part]:
    """The services of a period for which time stands credited to a person, in order of days; those taken back are left out."""
    reversal = aliased(JournalEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == ServiceRecord.entry_id).exists()
    rows = (
        select(Service.served_on, Service.name, Unit.name.label("unit"), ServiceRecord.minutes)
        .join(Service, Service.id == ServiceRecord.service_id)
        .join(Unit, Unit.id == Service.unit_id)
        .where(ServiceRecord.person_id == person_id, ServiceRecord.minutes > 0, ServiceRecord.entry_id.is_not(None))
        .where(Service.served_on.between(starts_on, ends_on), ~taken_back)
        .order_by(Service.served_on, ServiceRecord.id)
    )
    return [Part(**row) for row in db.session.execute(rows).mappings()]


def recording_unit(person: Person) -> Unit:
    """The community in which a person is enrolled, or the unit itself where it stands in none."""
    above = select(Unit).where(Unit.id.in_(person.unit.steps), Unit.kind == "community")
    return db.session.scalar(above) or person.unit


def _may_see(by: Person, person: Person | None) -> bool:
    return person is not None and (by.id == person.id or any(has_role(by, role, person.unit_id) for role in STAFF))
