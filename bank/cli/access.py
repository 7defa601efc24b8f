"""Commands about PINs and API tokens."""

import secrets
from datetime import timedelta

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Column, Table

from bank import clock
from bank.access import actions, queries, rules
from bank.db import transaction
from bank.people.rules import mask_name


@click.command("reset-pin")
@click.argument("login")
@with_appcontext
def reset_pin(login: str) -> None:
    """Give the member with this phone or card number a new PIN, also when no administrator can sign in; prints it once."""
    pin = rules.random_pin(secrets.SystemRandom())
    with transaction():
        actions.set_pin(by=None, person_id=queries.person_by_login(login).id, pin=pin, at=clock.now())
    click.echo(pin)


@click.group()
def token() -> None:
    """API tokens: make, list, end."""


@token.command("create")
@click.argument("login")
@click.option("--name", default="api", show_default=True, help="What the token is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, actions.TOKEN_DAYS_MAX), help="Days until it ends.")
@click.option("--scope", "scopes", multiple=True, default=("all",), type=click.Choice(rules.SCOPES), help="What it opens.")
@with_appcontext
def create_token(login: str, name: str, days: int, scopes: tuple[str, ...]) -> None:
    """Make a token for the member with this phone or card number; it is shown once."""
    at = clock.now()
    with transaction():
        owner = queries.person_by_login(login)
        ends = at + timedelta(days=days)
        _, secret = actions.create_token(by=None, person_id=owner.id, name=name, expires_at=ends, at=at, scopes=scopes)
    click.echo(secret)


@token.command("list")
@with_appcontext
def list_tokens() -> None:
    """Show all tokens: number, first characters, scopes, owner, last use, end."""
    table = Table("id", Column("begins with", no_wrap=True), "name", "scopes", "owner", "last used", "ends", "revoked")
    for each in queries.tokens():
        owner = f"{mask_name(each.person.name)} {each.person.card_number}"
        days = [str(clock.local_day(at)) if at else "" for at in (each.last_used_at, each.expires_at, each.revoked_at)]
        table.add_row(str(each.id), each.prefix, each.name, each.scopes, owner, *days)
    Console().print(table)


@token.command("revoke")
@click.argument("token_id", type=int)
@with_appcontext
def revoke_token(token_id: int) -> None:
    """End a token at once."""
    with transaction():
        actions.revoke_token(by=None, token_id=token_id, at=clock.now())
    click.echo(f"令牌 {token_id} 已停用。Token {token_id} is revoked.")


COMMANDS = (reset_pin, token)
