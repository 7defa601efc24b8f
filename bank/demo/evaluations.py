"""What recipients and leaders of the demo town say of its services: drawn by arithmetic on the records, in a few statements."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, insert, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import db
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation
from bank.evaluations.rules import CODE_GOOD_FOR
from bank.hours.models import Service, ServiceRecord

UNRATED = timedelta(days=9)  # The last services still wait for their leader, so that there is something to do.
RATED, COMPLETED, SCANNED, CALLED, COMMENTED = 85, 80, 30, 15, 12  # Of a hundred records; comments of a hundred scans.
STRICT, TABLET = 7, 11  # One leader in so many is strict; in one unit of so many, old people use the community's tablet.
COMMENTS = (
    "来得准时，扫得也干净，谢谢！", "很耐心，给老人讲了三遍怎么用手机。", "一直陪我们等到最后，辛苦了。",
    "态度好，就是时间短了点。", "东西都放回原处了，很细心。", "这次人手少，没有做完，希望下次再来。",
)  # fmt: skip
CALL_NOTE = "按服务登记的联系电话回访"


def rate(*, at: datetime) -> None:
    """Give marks for all services recorded so far, most of them by code or by their leader, some after a call."""
    old = ServiceRecord.confirmed_at < at - UNRATED
    by_leader = (Service.leader_id != ServiceRecord.person_id) & old
    for role, salt, share in (("leader", 1, RATED), ("completion", 2, COMPLETED)):
        _give(role, salt, Service.leader_id, and_(by_leader, _luck(salt + 10) < share), way="signed_in")
    called = _luck(20).between(SCANNED, SCANNED + CALLED - 1) & (ServiceRecord.confirmed_by_id != ServiceRecord.person_id)
    _give("recipient", 3, ServiceRecord.confirmed_by_id, called, way="call_back")
    _say("called", _marks_by("call_back"), literal(CALL_NOTE), state=literal("kept"))
    for moment in _moments():
        _invite(moment)
    _give_by_code()
    _say("comment", _marks_by("code").where(_luck(30) < COMMENTED), _words(), state=case((old, "shown"), else_="pending"))


def _luck(salt: int, of: int = 100) -> ColumnElement[int]:
    """A number below `of` that a record draws; another salt is another draw."""
    # A multiplier of its own for each salt: a mere shift would tie one draw to the other.
    once = (ServiceRecord.id * (48_271 + salt * 92_821)) % 2_147_483_647
    return ((once * 16_807) % 2_147_483_647) % of


def _mark(salt: int) -> ColumnElement[int]:
    """From the person's own habit, the day's luck and the leader's strictness; never below 1."""
    habit = case((ServiceRecord.person_id * 7_919 % 10 < 6, 5), (ServiceRecord.person_id * 7_919 % 10 < 9, 4), else_=3)
    luck = case((_luck(salt) < 62, 0), (_luck(salt) < 92, 1), else_=2)
    strict = case((Service.leader_id % STRICT == 3, 2), else_=0) if salt < 3 else literal(0)
    drawn = habit - luck - strict
    return case((drawn < 1, 1), else_=drawn)


def _give(role: str, salt: int, by: InstrumentedAttribute[int], where: ColumnElement[bool], *, way: str) -> None:
    columns = (ServiceRecord.id, literal(role), _mark(salt), literal(way), by, ServiceRecord.confirmed_at)
    drawn = select(*columns).join(ServiceRecord.service).where(where)
    names = ["service_record_id", "role", "mark", "way", "given_by_id", "given_at"]
    db.session.execute(insert(Evaluation).from_select(names, drawn.order_by(ServiceRecord.id)))


def _moments() -> Iterator[datetime]:
    """When records were confirmed: a few dozen instants."""
    yield from db.session.scalars(select(ServiceRecord.confirmed_at).distinct().order_by(ServiceRecord.confirmed_at)).all()


def _invite(moment: datetime) -> None:
    """Codes for those who will use them, and in the last days for some who have not yet."""
    columns = (ServiceRecord.id, literal(moment, ServiceRecord.confirmed_at.type), Service.leader_id)
    until = literal(moment + CODE_GOOD_FOR, ServiceRecord.confirmed_at.type)
    wanted = select(*columns, until).join(ServiceRecord.service).where(ServiceRecord.confirmed_at == moment, _luck(20) < SCANNED)
    names = ["service_record_id", "issued_at", "issued_by_id", "expires_at"]
    db.session.execute(insert(RatingInvitation).from_select(names, wanted.order_by(ServiceRecord.id)))


def _give_by_code() -> None:
    is_tablet = (Service.unit_id % TABLET == 3) & (_luck(40) < 40)
    phone = case(
        (is_tablet, literal("tablet") + cast(Service.unit_id, String)), else_=literal("phone") + cast(ServiceRecord.id, String)
    )
    columns = (
        ServiceRecord.id,
        literal("recipient"),
        _mark(4),
        literal("code"),
        RatingInvitation.id,
        phone,
        ServiceRecord.confirmed_at,
    )
    drawn = (
        select(*columns)
        .join(ServiceRecord.service)
        .join(RatingInvitation, RatingInvitation.service_record_id == ServiceRecord.id)
    )
    names = ["service_record_id", "role", "mark", "way", "invitation_id", "device", "given_at"]
    db.session.execute(insert(Evaluation).from_select(names, drawn.order_by(ServiceRecord.id)))


def _marks_by(way: str) -> Select[int]:
    return select(Evaluation.id).join(Evaluation.record).where(Evaluation.way == way, Evaluation.mark.is_not(None))


def _words() -> ColumnElement[str]:
    return case(*((_luck(31, len(COMMENTS)) == number, each) for number, each in enumerate(COMMENTS)), else_=COMMENTS[0])


def _say(kind: str, wanted: Select[int], words: ColumnElement[str], *, state: ColumnElement[str]) -> None:
    is_decided = state == "shown"
    columns = (
        literal(kind), words, state, Evaluation.given_at,
        case((is_decided, Evaluation.given_at), else_=null()), case((is_decided, ServiceRecord.confirmed_by_id), else_=null()),
    )  # fmt: skip
    names = ["evaluation_id", "kind", "text", "state", "written_at", "decided_at", "decided_by_id"]
    db.session.execute(insert(EvaluationText).from_select(names, wanted.add_columns(*columns)))
