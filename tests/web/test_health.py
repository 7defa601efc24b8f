"""Whoever watches over the process learns whether it lives and whether it can serve."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from bank.app import create_app
from bank.db import db, transaction
from tests.server import SECRET


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "jobs": "silent"}


def test_alive_but_not_ready_without_its_database(tmp_path: object) -> None:
    client = create_app({"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/missing/bank.db"}).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_not_ready_while_the_tables_are_of_another_release(app: Flask, client: FlaskClient) -> None:
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert client.get("/readyz").status_code == 503
