"""One command per action an operator needs; who has a shell here may do everything, so `by` is None."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext
from flask_migrate.cli import db as migrations
from sqlalchemy.exc import OperationalError

from bank import clock, config
from bank.cli import access, backup, enrolment, jobs, ledger, people, ratings, seals, statements
from bank.cli.languages import refused
from bank.db import transaction
from bank.demo.command import demo
from bank.errors import BankError
from bank.hours.actions import ensure_first_rule_set
from bank.ledger.actions import open_system_accounts
from bank.people.organisation import found_bank
from bank.ratings.actions import ensure_first_rules
from bank.serve import become_server


class Commands(AppGroup):
    """Tells what is wrong in one sentence instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except OperationalError as error:
            first_line = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(f"数据库连不上。The database cannot be used: {first_line}") from None
        except BankError as error:
            with context.obj.load_app().app_context():
                raise refused(error) from None
        except config.BadSetting as error:
            raise click.ClickException(str(error)) from None


def group(create_app: Callable[[], Flask]) -> click.Group:
    """The `bank` command with everything an operator needs."""
    context = {"obj": ScriptInfo(create_app=create_app)}
    commands = Commands(name="bank", help="Run and check a morality bank.", context_settings=context)
    groups = (people, enrolment, access, backup, jobs, ledger, ratings, seals, statements)
    for command in (init, demo, serve, *(command for each in groups for command in each.COMMANDS), migrations):
        commands.add_command(command)
    return commands


@click.command()
@click.option("--demo", "is_demo", is_flag=True, help="Also load the demo town if the bank is empty, and show who can sign in.")
@click.pass_context
def init(context: click.Context, is_demo: bool) -> None:
    """Create or upgrade the database, and write the secret key if there is none."""
    folder = Path(str(config.load()["DATA_DIR"]))
    folder.mkdir(parents=True, exist_ok=True)
    _ensure_secret(folder)
    with context.obj.load_app().app_context():
        flask_migrate.upgrade()
        with transaction():
            at = clock.now()
            open_system_accounts(at=at)
            ensure_first_rule_set(at=at)
            ensure_first_rules(at=at)
            found_bank(name=current_app.config["NAME"], at=at)
        click.echo("数据库已就绪。The database is ready.")
        if is_demo:
            context.invoke(demo, if_empty=True, who=True)


@click.command()
@with_appcontext
def serve() -> None:
    """Run the web server until Ctrl-C or TERM; requests in flight are finished."""
    become_server(current_app.config)


def _ensure_secret(folder: Path) -> None:
    if config.load()["SECRET_KEY"]:
        return
    descriptor = os.open(folder / "secret_key", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
