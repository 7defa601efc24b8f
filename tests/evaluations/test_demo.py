"""The demo town's marks: of all three kinds and all ways, never one's own, with some still to do."""

from sqlalchemy import func, select

from bank.db import db, transaction
from bank.demo.evaluations import rate
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation
from bank.hours.models import ServiceRecord
from tests.evaluations.conftest import DAY


def test_the_town_is_rated_in_every_way(serve, neighbour, bob, at):
    people = [neighbour() for _ in range(15)]
    for number in range(10):
        serve(*people, bob, ended_at=at - (20 - number) * DAY)
    serve(*people, ended_at=at - DAY)
    with transaction():
        rate(at=at)
    by_way = select(Evaluation.role, Evaluation.way, func.count(Evaluation.mark.distinct())).group_by(
        Evaluation.role, Evaluation.way
    )
    found = {(role, way): kinds for role, way, kinds in db.session.execute(by_way)}
    assert set(found) == {("leader", "signed_in"), ("completion", "signed_in"), ("recipient", "code"), ("recipient", "call_back")}
    assert all(kinds >= 3 for kinds in found.values())
    own = select(Evaluation.id).join(Evaluation.record).where(Evaluation.given_by_id == ServiceRecord.person_id)
    assert db.session.scalars(own).all() == []
    early = (
        select(Evaluation.id).join(Evaluation.record).where(Evaluation.role == "leader", ServiceRecord.confirmed_at == at - DAY)
    )
    assert db.session.scalars(early).all() == []
    assert set(db.session.scalars(select(EvaluationText.kind))) == {"called", "comment"}
    assert db.session.query(RatingInvitation).count() == db.session.query(Evaluation).filter_by(way="code").count()
