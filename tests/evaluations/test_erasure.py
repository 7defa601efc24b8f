"""Who is forgotten leaves marks behind, and no words."""

from bank.db import db, transaction
from bank.evaluations import actions, queries
from bank.evaluations.models import EvaluationText
from bank.hours.queries import records_of_service
from bank.privacy.actions import erase


def test_words_about_somebody_go_with_them(record, invite, rate_by_code, call, serve, alice, charlie, dave, at):
    code = invite(record)
    rate_by_code(code, 5)
    with transaction():
        actions.comment_by_code(code=code, text="三号楼的小安真好", at=at)
    [other] = records_of_service(serve(charlie).id)
    call(dave, other, 4)
    with transaction():
        erase(by=None, person_id=alice.id, at=at)
    texts = {each.kind: each.text for each in db.session.scalars(db.select(EvaluationText))}
    assert texts == {"comment": None, "called": "王奶奶，座机"}
    assert queries.marks_of([record.id])[record.id].recipient == 5
