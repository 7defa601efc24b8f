"""Who may do what is asked a dozen times a request and read once; a grant or its end counts at once."""

from sqlalchemy import event

from bank.db import db, transaction
from bank.people import actions, queries


def test_roles_are_read_once_in_a_transaction(dave, community):
    asked = []
    queries.has_role(dave, "admin", community.id)
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    assert [queries.has_role(dave, role, community.id) for role in ("admin", "clerk", "auditor")] == [True, False, False]
    assert asked == []


def test_a_role_counts_from_its_grant_to_its_end(dave, alice, community, at):
    with transaction():
        assert not queries.has_role(alice, "clerk", community.id)
        grant = actions.grant_role(by=dave, person_id=alice.id, role="clerk", unit_id=community.id, at=at)
        assert queries.has_role(alice, "clerk", community.id)
        actions.revoke_role(by=dave, grant_id=grant.id, at=at)
        assert not queries.has_role(alice, "clerk", community.id)
