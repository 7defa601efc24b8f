"""The `bank` command: every command of the operator's, and migrations, which a web server does without."""

from click import Group
from flask import Flask
from flask_migrate import Migrate

from bank import cli
from bank.app import create_app
from bank.db import MIGRATIONS, db

COMPARED = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]


def commands() -> Group:
    """Every command of the operator's."""
    return cli.group(lambda: attach_migrations(create_app()))


def attach_migrations(app: Flask) -> Flask:
    """Let an application make and apply migrations."""
    Migrate(app, db, directory=str(MIGRATIONS), autogenerate_plugins=COMPARED)
    return app


def main() -> None:
    """Run the command that was typed."""
    commands()(prog_name="bank")
