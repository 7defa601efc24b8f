"""Puts the parts together: create_app() for servers and tests, main() for the `bank` command."""

from pathlib import Path
from typing import Any

from click import Group
from flask import Flask
from flask_migrate import Migrate

import bank
from bank import cli, config, jobs, web
from bank.db import db

PACKAGE = Path(bank.__file__).parent
MIGRATIONS = next(folder for folder in (PACKAGE / "_migrations", PACKAGE.parent / "migrations") if folder.exists())


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """One bank as a WSGI application; `settings` go before the environment. Raises BadSetting."""
    app = Flask("bank", root_path=str(PACKAGE / "web"))
    app.config.update(config.load() | (settings or {}))
    if not app.config["SECRET_KEY"]:
        raise config.BadSetting("BANK_SECRET_KEY is not set and there is no secret_key file: run `bank init` first.")
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True}
    db.init_app(app)
    Migrate(
        app, db, directory=str(MIGRATIONS), autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
    )
    web.register(app)
    return app


def commands() -> Group:
    """Every command of the operator's."""
    group = cli.group(create_app)
    group.add_command(jobs.jobs_cli)
    return group


def main() -> None:
    """The `bank` command."""
    commands()(prog_name="bank")
