"""What every connection to the database is asked to keep."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from bank.db import current_connection, db, transaction
from bank.units.models import Unit

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM unit%'")


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_what_the_server_has_prepared_outlives_a_reading_that_is_given_up(app: Flask) -> None:
    with db.engine.connect() as connection:
        for _ in range(8):
            connection.scalar(select(func.count()).select_from(Unit))
            connection.rollback()
        assert connection.scalar(PREPARED) >= 1


def test_what_fails_leaves_nothing_of_the_session_and_nothing_of_the_connection(app: Flask) -> None:
    named = select(Unit.name).order_by(Unit.id)
    before = db.session.scalars(named).all()
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.scalars(select(Unit).order_by(Unit.id)).first().name = "by the session"  # type: ignore[union-attr]
        db.session.flush()
        current_connection().execute(text("UPDATE unit SET name = name || ' by the connection'"))
        raise ZeroDivisionError
    assert db.session.scalars(named).all() == before
    with transaction():  # And the next one begins as if nothing had been.
        db.session.scalars(select(Unit).order_by(Unit.id)).first().name = "new"  # type: ignore[union-attr]
        assert current_connection().scalar(named) == before[0], "what is not flushed is the session's alone"
    assert db.session.scalars(named).first() == "new"
