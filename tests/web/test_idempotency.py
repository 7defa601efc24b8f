"""What changes something is safe to send twice, by both faces."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask, Response, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bank.consents.models import Consent
from bank.db import db, random_key
from bank.errors import Conflict
from bank.ledger.rules import KeyReused
from bank.people.models import Person
from bank.rewards.models import Reward
from bank.units.models import Unit
from bank.web.idempotency import Answer, IdempotencyKeyMissing, writes
from tests.browser import Browser
from tests.cases import cases
from tests.cast import AT


@pytest.fixture
def reward(community: Unit) -> dict[str, Any]:
    """What an admin asks for in these tests."""
    return {"unit_id": community.id, "kind": "goods", "name": "洗衣液", "points": 500, "stock": 3}


def test_repeat_gives_the_same_bytes_and_one_reward(api: Any, dave: Person, reward: dict[str, Any]) -> None:
    first, second = (api(dave).post("/rewards", key="once", json=reward) for _ in range(2))
    assert (first.status_code, first.data, first.headers["Content-Type"]) == (201, second.data, second.headers["Content-Type"])
    assert second.status_code == 201
    assert _count(Reward) == 1


def test_another_body_under_the_same_key_is_a_conflict(api: Any, dave: Person, reward: dict[str, Any]) -> None:
    api(dave).post("/rewards", key="once", json=reward)
    other = api(dave).post("/rewards", key="once", json=reward | {"name": "大米"})
    assert (other.status_code, other.json["code"]) == (409, "key_reused")
    assert _count(Reward) == 1


def test_another_address_under_the_same_key_is_a_conflict(api: Any, dave: Person, reward: dict[str, Any]) -> None:
    made = api(dave).post("/rewards", key="once", json=reward).json
    stock = {"quantity": 2, "reason": "到货"}
    assert api(dave).post(f"/rewards/{made['id']}/stock", key="once", json=stock).json["code"] == "key_reused"


def test_two_persons_may_use_the_same_key(app: Flask, alice: Person, dave: Person) -> None:
    assert [_send(app, who, key="1").status_code for who in (alice, dave)] == [200, 200]
    assert _count(Consent) == 2


@cases(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_missing"),
        ("with blank", "idempotency_key_malformed"),
        ("x" * 81, "idempotency_key_malformed"),
    ],
)
def test_api_wants_a_key(client: FlaskClient, api: Any, dave: Person, reward: dict[str, Any], key: str | None, code: str) -> None:
    headers = api(dave).headers | ({} if key is None else {"Idempotency-Key": key})
    answer = client.post("/api/v1/rewards", json=reward, headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, code)


def test_refused_request_is_undone_and_may_be_sent_again(app: Flask, alice: Person) -> None:
    def refuse() -> str:
        _decide()
        raise Conflict()

    with pytest.raises(Conflict):
        _send(app, alice, key="1", view=refuse)
    assert (_count(Consent), _count(Answer)) == (0, 0)
    assert _send(app, alice, key="1").status_code == 200


def test_answer_with_an_error_status_is_undone_too(app: Flask, alice: Person) -> None:
    def refuse() -> tuple[str, int]:
        _decide()
        return "no", 400

    assert _send(app, alice, key="1", view=refuse).status_code == 400
    assert (_count(Consent), _count(Answer)) == (0, 0)


def test_form_sent_twice_leads_to_the_same_place_once(client: FlaskClient, dave: Person, reward: dict[str, Any]) -> None:
    browser = Browser(client).sign_in(dave)
    action, fields = browser.form("/rewards/manage/new")
    typed = fields | {"unit_id": str(reward["unit_id"]), "kind": "goods", "name": "洗衣液", "points": "5", "stock": "3"}
    first, second = (client.post(action, data=typed) for _ in range(2))
    assert (first.status_code, first.location, first.data) == (303, second.location, second.data)
    assert _count(Reward) == 1


def test_form_sent_again_with_a_new_csrf_token_is_still_a_repeat(app: Flask, alice: Person) -> None:
    for token in ("before", "after"):
        assert _send(app, alice, key="1", csrf_token=token).status_code == 200
    assert _count(Consent) == 1


def test_form_with_other_words_under_the_same_key_is_a_conflict(app: Flask, alice: Person) -> None:
    _send(app, alice, key="1", words="a")
    with pytest.raises(KeyReused):
        _send(app, alice, key="1", words="b")


def test_form_without_key_is_refused(app: Flask, alice: Person) -> None:
    with pytest.raises(IdempotencyKeyMissing):
        _send(app, alice, key="")


def test_ten_at_once_do_it_once_and_all_hear_the_same(app: Flask, api: Any, dave: Person, reward: dict[str, Any]) -> None:
    headers = api(dave).headers | {"Idempotency-Key": "once"}
    together = Barrier(10)

    def send(_: int) -> tuple[int, bytes]:
        with app.app_context():
            together.wait()
            answer = app.test_client().post("/api/v1/rewards", json=reward, headers=headers)
            return answer.status_code, answer.data

    with ThreadPoolExecutor(10) as threads:
        answers = set(threads.map(send, range(10)))
    assert [status for status, _ in answers] == [201]
    assert _count(Reward) == 1
    assert db.session.scalars(select(Answer.repeats)).one() == 9


def _send(app: Flask, person: Person, *, key: str, view: Callable[[], Any] | None = None, **typed: str) -> Response:
    form = {"idempotency_key": key, **typed}
    person_id = person.id
    with app.app_context(), app.test_request_context("/decisions", method="POST", data=form):
        g.person = db.session.get_one(Person, person_id)
        answer: Response = writes(view or _decide)()
        return answer


def _decide() -> str:
    db.session.add(Consent(person_id=g.person.id, purpose="board", is_given=True, text_version=1, decided_at=AT))
    return random_key()


def _count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0
