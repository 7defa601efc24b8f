"""One command per action an operator needs; who has a shell here may do everything, so `by` is None."""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext
from flask_migrate.cli import db as migrations
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import OperationalError

from bank import clock, config
from bank.db import transaction
from bank.demo.command import demo
from bank.errors import BankError
from bank.hours import actions as hours
from bank.ledger import actions as ledger
from bank.ledger import audit
from bank.ledger.journal import FORMATS
from bank.ledger.journal import export as write_journal
from bank.people import actions as people
from bank.people import queries as people_queries
from bank.people import rules as people_rules
from bank.people.rules import NewPerson


class Commands(AppGroup):
    """Tells what is wrong in one sentence instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except OperationalError as error:
            first_line = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(f"数据库连不上。The database cannot be used: {first_line}") from None
        except BankError as error:
            raise click.ClickException(f"{error.__doc__} ({error})") from None
        except config.BadSetting as error:
            raise click.ClickException(str(error)) from None


def group(create_app: Callable[[], Flask]) -> click.Group:
    """The `bank` command with everything an operator needs."""
    context = {"obj": ScriptInfo(create_app=create_app)}
    commands = Commands(name="bank", help="Run and check a morality bank.", context_settings=context)
    for command in (init, demo, add_admin, reset_pin, serve, verify, export, token, migrations):
        commands.add_command(command)
    return commands


@click.command()
@click.pass_context
def init(context: click.Context) -> None:
    """Create or upgrade the database, and write the secret key if there is none."""
    folder = Path(str(config.load()["DATA_DIR"]))
    folder.mkdir(parents=True, exist_ok=True)
    _ensure_secret(folder)
    with context.obj.load_app().app_context():
        flask_migrate.upgrade()
        with transaction():
            at = clock.now()
            ledger.open_system_accounts(at=at)
            hours.ensure_first_rule_set(at=at)
            people.found_bank(name=current_app.config["NAME"], at=at)
    click.echo("数据库已就绪。The database is ready.")


@click.command("add-admin")
@click.argument("name")
@click.argument("phone")
@with_appcontext
def add_admin(name: str, phone: str) -> None:
    """Enrol the first administrator of an empty bank; prints the PIN, which is shown only here."""
    pin = people_rules.random_pin(secrets.SystemRandom())
    with transaction():
        at = clock.now()
        top = people_queries.top_unit()
        person = people.enrol(by=None, new=NewPerson(name=name, phone=phone, unit_id=top.id), at=at)
        people.grant_role(by=None, person_id=person.id, role="admin", unit_id=top.id, at=at)
        people.set_pin(by=None, person_id=person.id, pin=pin, at=at)
    click.echo(f"管理员 {name}，手机号 {phone}，密码 {pin}")
    click.echo("Sign in with the phone number and this PIN, then change the PIN.")


@click.command("reset-pin")
@click.argument("login")
@with_appcontext
def reset_pin(login: str) -> None:
    """Give the member with this phone or card number a new PIN, also when no administrator can sign in; prints it once."""
    pin = people_rules.random_pin(secrets.SystemRandom())
    with transaction():
        people.set_pin(by=None, person_id=people_queries.person_by_login(login).id, pin=pin, at=clock.now())
    click.echo(pin)


@click.command()
@with_appcontext
def serve() -> None:
    """Run the web server until Ctrl-C or TERM; requests in flight are finished."""
    settings = current_app.config
    arguments = ["--interface", "wsgi", "--factory", "--workers", str(settings["WORKERS"]), "--blocking-threads", "4"]
    arguments += ["--host", settings["HOST"], "--port", str(settings["PORT"]), "--no-ws", "--workers-kill-timeout", "10"]
    # The server takes this process' place, so that a signal to us reaches it.
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments, "bank.app:create_app"])  # noqa: S606


@click.command()
@with_appcontext
def verify() -> None:
    """Check the books against the journal; prints each difference and exits with 1 if there is one."""
    found = 0
    for difference in audit.differences():
        click.echo(difference)
        found += 1
    if found:
        raise click.ClickException(f"账目有 {found} 处不符。{found} differences in the books.")
    click.echo("账目相符。The books are right.")


@click.group()
def export() -> None:
    """Write the books in forms that other tools read."""


@export.command("journal")
@click.option("--format", "form", type=click.Choice(FORMATS), default="hledger", show_default=True)
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="File to write; the screen if left out.")
@with_appcontext
def export_journal(form: str, output: TextIO) -> None:
    """Write the whole journal; the other tool then finds our balance for every account."""
    write_journal(form, output)


@click.group()
def token() -> None:
    """API tokens: make, list, end."""


@token.command("create")
@click.argument("login")
@click.option("--name", default="api", show_default=True, help="What the token is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, people.TOKEN_DAYS_MAX), help="Days until it ends.")
@with_appcontext
def create_token(login: str, name: str, days: int) -> None:
    """Make a token for the member with this phone or card number; it is shown once."""
    at = clock.now()
    with transaction():
        owner = people_queries.person_by_login(login)
        _, secret = people.create_token(by=None, person_id=owner.id, name=name, expires_at=at + timedelta(days=days), at=at)
    click.echo(secret)


@token.command("list")
@with_appcontext
def list_tokens() -> None:
    """Show all tokens: number, first characters, owner, end."""
    table = Table("id", "begins with", "name", "owner", "card", "ends", "revoked")
    for each in people_queries.tokens():
        owner = people_rules.mask_name(each.person.name)
        days = [str(clock.local_day(at)) if at else "" for at in (each.expires_at, each.revoked_at)]
        table.add_row(str(each.id), each.prefix, each.name, owner, each.person.card_number, *days)
    Console().print(table)


@token.command("revoke")
@click.argument("token_id", type=int)
@with_appcontext
def revoke_token(token_id: int) -> None:
    """End a token at once."""
    with transaction():
        people.revoke_token(by=None, token_id=token_id, at=clock.now())
    click.echo(f"令牌 {token_id} 已停用。Token {token_id} is revoked.")


def _ensure_secret(folder: Path) -> None:
    if config.load()["SECRET_KEY"]:
        return
    descriptor = os.open(folder / "secret_key", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
