"""The record of what administrators change: who, when, what, before and after; append-only, and without secrets.

    changes.record(
        by=by, subject=changes.of_unit(unit), what="rename", before={"name": "老名"}, after={"name": unit.name}, at=at
    )

A record outlives the person it is about, so what is personal in it stands apart and goes when the person is erased:
the record then still says that the phone was changed, by whom and when, but no longer from what to what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, literal, or_, select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.people.models import Change, ChangeDetail, Person
from bank.people.queries import paths_of
from bank.units.models import Unit

HIDDEN = "*"
SECRET = ("pin", "password", "secret", "token", "hash", "otp")
# All else that is said about a person is a fact of the organisation: unit, role, day, state.
PERSONAL = frozenset({"name", "phone", "contact", "sex", "born_on", "area", "skills", "service_kinds", "id_number", "reason"})
PERSONAL |= {"guardian_name", "guardian_phone", "card_number", "text", "note"}


@dataclass(frozen=True)
class Subject:
    """What a change is about; `unit_id` says whose administrators and auditors may read of it."""

    kind: str
    key: str
    unit_id: int | None
    person_id: int | None = None


def of_person(person: Person) -> Subject:
    """A person as the subject of a change; personal values will go with the person."""
    return Subject("person", person.key, person.unit_id, person.id)


def of_unit(unit: Unit) -> Subject:
    """A unit as the subject of a change."""
    return Subject("unit", unit.key, unit.id)


def record(
    *,
    by: Person | None,
    subject: Subject,
    what: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    at: datetime,
) -> Change:
    """Write down a change, `what` being a verb such as `rename`; values are texts, numbers, days, instants or None.

    Of a Subject with a person, the fields in PERSONAL are kept apart. `by=None` is the operator at the machine.
    """
    assert not any(word in name for name in {*before, *after} for word in SECRET), "a secret is never recorded"
    personal = PERSONAL if subject.person_id is not None else frozenset()
    change = Change(
        changed_at=at,
        changed_by_id=by.id if by else None,
        what=what,
        subject_kind=subject.kind,
        subject_key=subject.key,
        unit_id=subject.unit_id,
        person_id=subject.person_id,
        before=_public(before, personal),
        after=_public(after, personal),
    )
    db.session.add(change)
    db.session.flush()  # The detail needs the change's id.
    if personal & {*before, *after}:
        details = {"before": _only(before, personal), "after": _only(after, personal)}
        db.session.add(ChangeDetail(change_id=change.id, person_id=subject.person_id, **details))
        db.session.flush()
    return change


def forget(person_id: int) -> None:
    """Remove every personal value from the record of a person's changes; what was done, when and by whom stays."""
    db.session.execute(delete(ChangeDetail).where(ChangeDetail.person_id == person_id))


def seen_by(by: Person | None, *, person_id: int | None = None) -> Select[Change]:
    """The changes in the units where `by` is admin or auditor, and those of the whole bank for who is so at its top.

    All of them, or those about one person.
    """
    wanted = select(Change).options(joinedload(Change.changed_by), joinedload(Change.detail), joinedload(Change.person))
    if person_id is not None:
        wanted = wanted.where(Change.person_id == person_id)
    if by is None:
        return wanted
    held = [path for role, path in paths_of(by) if role in ("admin", "auditor")]
    here = select(Unit.id).where(or_(literal(False), *(Unit.path.startswith(path) for path in held)))
    is_at_top = any(path.count("/") == 2 for path in held)
    return wanted.where(or_(Change.unit_id.in_(here), Change.unit_id.is_(None) & literal(is_at_top)))


def _public(values: Mapping[str, object], personal: frozenset[str]) -> dict[str, object]:
    return {name: HIDDEN if name in personal and value is not None else _plain(value) for name, value in values.items()}


def _only(values: Mapping[str, object], personal: frozenset[str]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items() if name in personal}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
