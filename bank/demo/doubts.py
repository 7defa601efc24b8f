"""What somebody must look into at the open activity: a wrong clock, a scan that cannot be, one phone for two; and a child."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bank.activities.models import Activity
from bank.attendance import actions, queries, ticket
from bank.attendance.rules import Gate, NewScan
from bank.db import db, random_key
from bank.demo.town import Community, Town
from bank.hours.queries import records_of
from bank.people import belonging
from bank.people.models import Person
from bank.people.rules import NewGuardian

MINUTE = timedelta(minutes=1)
SHARED = "of a phone that two neighbours share"
LOOKED_AT = 60  # So many members at most, in search of who can play a part.


def prepare(town: Town, *, at: datetime) -> None:
    """Scans at the activity that is open now, which the organizer finds under what is to be looked at; the volunteer's child."""
    home = town.communities[0]
    running = db.session.scalars(
        select(Activity).where(Activity.unit_id == home.unit_id, Activity.starts_at <= at, Activity.ends_at > at)
    ).first()
    strangers = [] if running is None else _not_in(running, home)
    if running is not None and len(strangers) == 4:
        _scan_at_the_table(running, home.organizer, strangers[0], "in", made_at=at + 25 * MINUTE, sent_at=at + 25 * MINUTE, at=at)
        _scan_at_the_table(running, home.organizer, strangers[1], "out", made_at=at - 8 * MINUTE, sent_at=at, at=at)
        for minutes, person in enumerate(strangers[2:]):
            _share_a_phone(running, person, at - (4 - minutes) * MINUTE)
    _give_a_child(home, town.volunteer, at)


def _not_in(activity: Activity, home: Community) -> list[Person]:
    """Four grown-up members who are not at an activity."""
    inside = {each.person_id for each in queries.present(activity.id)} | {home.organizer.id}
    ids = [each.id for each in home.members[-LOOKED_AT:] if not each.is_minor and each.id not in inside]
    return [db.session.get_one(Person, each) for each in ids[:4]]


def _scan_at_the_table(
    activity: Activity, by: Person, person: Person, kind: str, *, made_at: datetime, sent_at: datetime, at: datetime
) -> None:  # fmt: skip
    scan = NewScan(
        nonce=random_key(), kind=kind, activity_id=activity.id, card=person.card_number, scanned_at=made_at, sent_at=sent_at
    )
    assert actions.take(by=by, scan=scan, gate=Gate(), at=at).answer == "to_review"


def _share_a_phone(activity: Activity, person: Person, at: datetime) -> None:
    code = ticket.link_code(activity.id, activity.key, secret=queries.secret(), at=at)
    scan = NewScan(nonce=random_key(), kind="in", code=code)
    actions.take(by=person, scan=scan, gate=Gate(browser_hash=SHARED), at=at)


def _give_a_child(home: Community, mother: Person, at: datetime) -> None:
    """A child that has served, so that its guardian finds its records beside her own."""
    for each in home.members:
        if each.is_minor and records_of(each.id, limit=1):
            new = NewGuardian(name=mother.name, phone=mother.phone or "")
            belonging.set_guardian(by=None, person_id=each.id, new=new, at=at)
            return
