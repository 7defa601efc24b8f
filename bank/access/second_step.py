"""The second step of signing in: a code that a phone makes anew every half minute (TOTP), or one of ten on paper."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from random import Random

import pyotp
from sqlalchemy import delete, select, update

from bank.access import queries, rules
from bank.access.actions import credential_of, governed
from bank.access.models import RecoveryCode
from bank.db import db
from bank.people import changes
from bank.people.actions import CHANCE
from bank.people.models import Person


def address(person: Person, salt: str, *, bank: str) -> str:
    """What the QR code for the phone's authenticator app holds."""
    totp = pyotp.TOTP(queries.totp_secret(person, salt))
    return totp.provisioning_uri(name=person.card_number, issuer_name=bank)


def turn_on(*, by: Person, pin: str, salt: str, code: str, at: datetime, chance: Random = CHANCE) -> list[str]:
    """Ask for a code at every sign-in from now on; answers ten codes for a lost phone, which are nowhere kept.

    Raises OldPinWrong, CodeWrong when the phone does not yet make the right codes.
    """
    queries.require_secret(by, pin)
    held = credential_of(by)
    step = _step_of(by, salt, code, after=-1, at=at)
    held.totp_salt, held.totp_step, held.totp_since = salt, step, at
    changes.record(by=by, subject=changes.of_person(by), what="turn_on_second_step", before={}, after={}, at=at)
    return _new_codes(by, chance)


def turn_off(*, by: Person, pin: str, at: datetime) -> Person:
    """Sign in without a code again. Raises OldPinWrong, SecondStepMissing."""
    queries.require_secret(by, pin)
    _turn_off(by)
    changes.record(by=by, subject=changes.of_person(by), what="turn_off_second_step", before={}, after={}, at=at)
    return by


def reset(*, by: Person | None, person_id: int, at: datetime) -> Person:
    """Turn off the second step of somebody who lost phone and paper, as who may set the PIN.

    Raises SecondStepMissing, PersonNotFound, RoleMissing, ByAnother.
    """
    person = governed(by, person_id)
    _turn_off(person)
    changes.record(by=by, subject=changes.of_person(person), what="reset_second_step", before={}, after={}, at=at)
    return person


def renew_codes(*, by: Person, pin: str, at: datetime, chance: Random = CHANCE) -> list[str]:
    """Ten new codes on paper; the old ones count no more. Raises OldPinWrong, SecondStepMissing."""
    queries.require_secret(by, pin)
    if not queries.has_second_step(by):
        raise rules.SecondStepMissing()
    changes.record(by=by, subject=changes.of_person(by), what="renew_recovery_codes", before={}, after={}, at=at)
    return _new_codes(by, chance)


def prove(*, person: Person, code: str, at: datetime) -> None:
    """Take the code of the present half minute, its neighbours for clocks that differ, or one on paper; each counts once.

    Raises CodeWrong.
    """
    held = credential_of(person)
    if held.totp_salt is None or held.totp_step is None:
        raise rules.CodeWrong()
    if paper := rules.typed_code(code):
        _use_paper(person, paper, at)
    else:
        held.totp_step = _step_of(person, held.totp_salt, code, after=held.totp_step, at=at)
    db.session.flush()


def codes_left(person: Person) -> int:
    """How many codes on paper a person has not used yet."""
    wanted = select(RecoveryCode.id).where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return len(db.session.scalars(wanted).all())


def _step_of(person: Person, salt: str, code: str, *, after: int, at: datetime) -> int:
    """The half minute that a code belongs to, if it is later than the last one that counted."""
    typed = rules.typed_pin(code)
    for step, right in _codes_near(person, salt, at):
        if step > after and hmac.compare_digest(right, typed):
            return step
    raise rules.CodeWrong()


def _codes_near(person: Person, salt: str, at: datetime) -> Iterator[tuple[int, str]]:
    totp, now = pyotp.TOTP(queries.totp_secret(person, salt)), int(at.timestamp()) // rules.TOTP_SECONDS
    return ((step, totp.generate_otp(step)) for step in (now - 1, now, now + 1))


def _use_paper(person: Person, code: str, at: datetime) -> None:
    mine = (RecoveryCode.person_id == person.id, RecoveryCode.code_hash == queries.keyed_hash(code))
    used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=at)
    if db.session.scalar(used.returning(RecoveryCode.id)) is None:
        raise rules.CodeWrong()


def _new_codes(person: Person, chance: Random) -> list[str]:
    _drop_codes(person)
    codes = [rules.random_code(chance) for _ in range(rules.RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=queries.keyed_hash(each)) for each in codes)
    db.session.flush()
    return codes


def _turn_off(person: Person) -> None:
    held = credential_of(person)
    if held.totp_salt is None:
        raise rules.SecondStepMissing()
    held.totp_salt, held.totp_step, held.totp_since = None, None, None
    _drop_codes(person)
    db.session.flush()


def _drop_codes(person: Person) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
