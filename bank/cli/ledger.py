"""Commands about the books."""

from typing import TextIO

import click
from flask.cli import with_appcontext

from bank.ledger import audit
from bank.ledger.journal import FORMATS
from bank.ledger.journal import export as write_journal


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


COMMANDS = (verify, export)
