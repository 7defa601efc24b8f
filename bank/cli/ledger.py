"""Commands about the books."""

from typing import TextIO

import click
from flask.cli import with_appcontext

from bank.ledger.journal import FORMATS
from bank.ledger.journal import export as write_journal


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


COMMANDS = (export,)
