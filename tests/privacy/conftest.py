"""The people of `tests/people` stand here too, and a member about whom there is something everywhere."""

from datetime import date, timedelta

import pytest

from bank.access.actions import create_token
from bank.consents.actions import decide_consent
from bank.db import transaction
from bank.people import actions, belonging
from bank.people.rules import Facts, NewGuardian, NewPerson
from tests.people.conftest import browser, frank, newcomer  # noqa: F401
from tests.statements.conftest import issue, redeem, serve  # noqa: F401

NAME, PHONE = "欧阳忘忧", "13987654321"
NUMBER = "11010519491231002X"


@pytest.fixture
def member(dave, alice, community, other_community, at):
    """Somebody with basic data, a guardian, a household, a move, a role, a token, and consents."""
    new = NewPerson(
        name="老名字", phone="13900000001", contact=f"女儿 {PHONE}", unit_id=other_community.id, skills="理发", sex="female",
        id_number=NUMBER, is_id_verified=True, guardian=NewGuardian(name="欧阳忘忧的女儿", phone="13912121212"),
    )  # fmt: skip
    with transaction():
        person = actions.enrol(by=dave, new=new, at=at)
        edited = Facts(name=NAME, phone=PHONE, contact=f"女儿 {PHONE}", skills="理发", born_on=date(1949, 12, 31))
        actions.edit(by=dave, person_id=person.id, new=edited, at=at)
        belonging.move_person(by=dave, person_id=person.id, unit_id=community.id, at=at)
        belonging.join_household(by=dave, person_id=person.id, with_person_id=alice.id, at=at)
        actions.grant_role(by=dave, person_id=person.id, role="organizer", unit_id=community.id, at=at)
        decide_consent(by=person, person_id=person.id, purpose="board", is_given=True, at=at)
        create_token(by=None, person_id=person.id, name=f"{NAME}的令牌", expires_at=at + timedelta(days=9), at=at)
    return person
