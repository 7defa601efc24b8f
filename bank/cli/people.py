"""Commands about persons."""

import secrets

import click
from flask.cli import with_appcontext

from bank import clock
from bank.access.actions import set_pin
from bank.access.rules import random_pin
from bank.db import transaction
from bank.people import actions
from bank.people.rules import NewPerson
from bank.units.queries import top_unit


@click.command("add-admin")
@click.argument("name")
@click.argument("phone")
@with_appcontext
def add_admin(name: str, phone: str) -> None:
    """Enrol the first administrator of an empty bank; prints the PIN, which is shown only here."""
    pin = random_pin(secrets.SystemRandom())
    with transaction():
        at = clock.now()
        top = top_unit()
        person = actions.enrol(by=None, new=NewPerson(name=name, phone=phone, unit_id=top.id), at=at)
        actions.grant_role(by=None, person_id=person.id, role="admin", unit_id=top.id, at=at)
        set_pin(by=None, person_id=person.id, pin=pin, at=at)
    click.echo(f"管理员 {name}，手机号 {phone}，密码 {pin}")
    click.echo("Sign in with the phone number and this PIN, then change the PIN.")


COMMANDS = (add_admin,)
