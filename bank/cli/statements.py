"""Commands about statements: paper for whole communities."""

from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from rich.console import Console
from rich.progress import Progress

from bank.statements import batch, printing
from bank.statements.rules import StatementNotFound, parse_month
from bank.units.models import Unit
from bank.units.queries import unit


@click.group()
def statements() -> None:
    """Monthly statements."""


@statements.command("print")
@click.option("--month", "label", required=True, help="Such as 2026-10.")
@click.option("--unit", "unit_id", type=int, help="The number of one unit; every community when left out.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder for the files.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@with_appcontext
def print_statements(label: str, unit_id: int | None, folder: Path, language: str) -> None:
    """Write a PDF for each community with the statements of its members, grid by grid, on all cores; above 300, several."""
    month = parse_month(label)
    units = [unit(unit_id)] if unit_id else printing.communities(month)
    if not units:
        raise StatementNotFound(month=label)
    with force_locale("en" if language == "en" else "zh_Hans_CN"):
        count, files = _follow(units, month, folder)
    click.echo(f"{count} statements in {files} files in {folder}")


def _follow(units: list[Unit], month: date, folder: Path) -> tuple[int, int]:
    """How many statements, in how many files."""
    console, count, files = Console(), 0, 0
    with Progress(console=console, disable=not console.is_terminal) as progress:
        total = sum(printing.count_in(unit_id=each.id, month=month) for each in units)
        task = progress.add_task("打印账单 statements", total=total)
        for printed in batch.print_all(units, month=month, folder=folder, site=str(current_app.config["PUBLIC_URL"])):
            count, files = count + printed.count, files + 1
            progress.update(task, completed=count, description=f"打印账单 statements: {count} / {total}")
            if not console.is_terminal:
                click.echo(f"{printed.path.name}: {printed.count}")
    return count, files


COMMANDS = (statements,)
