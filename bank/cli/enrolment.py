"""Commands that take units and persons in from tables, and give them out as the same tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Column, Table

from bank import clock
from bank.db import transaction
from bank.documents import records, tables
from bank.documents.records import Language, Report, Sheet
from bank.enrolment import actions, checks, columns, queries, words

SHOWN_MAX = 200

a_table = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
a_new_table = click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
dry_run = click.option("--dry-run", is_flag=True, help="Only look, and change nothing.")
report_to = click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write what becomes of each row.",
)
in_english = click.option("--english", "is_english", is_flag=True, help="Header and words in English.")
as_template = click.option("--template", "is_template", is_flag=True, help="Only the header, and a row that shows how.")

Progress = Callable[[int], object]


@dataclass(frozen=True)
class _Way:
    """How a sheet is looked at, and how it is taken in."""

    check: Callable[[Sheet], Report]
    take_in: Callable[[Sheet, Progress], object]


@click.group("people")
def people() -> None:
    """Members from a table, and as a table."""


@click.group("units")
def units() -> None:
    """Units from a table, and as a table."""


@people.command("import")
@a_table
@dry_run
@report_to
@click.option("--namesakes", is_flag=True, help="Also enrol who has the name of somebody in the same unit.")
@with_appcontext
def import_people(file: Path, dry_run: bool, report_file: Path | None, namesakes: bool) -> None:
    """Enrol everybody in FILE (.xlsx or .csv) who is not there yet, all or none."""
    at = clock.now()
    on = clock.local_day(at)
    way = _Way(
        lambda sheet: checks.check_persons(by=None, sheet=sheet, on=on, is_namesake_welcome=namesakes).report,
        lambda sheet, progress: actions.import_persons(
            by=None, sheet=sheet, is_namesake_welcome=namesakes, at=at, progress=progress
        ),
    )
    _import(records.read(file.read_bytes(), columns.PERSONS), way, is_dry_run=dry_run, report_file=report_file)


@units.command("import")
@a_table
@dry_run
@report_to
@with_appcontext
def import_units(file: Path, dry_run: bool, report_file: Path | None) -> None:
    """Add every unit in FILE (.xlsx or .csv) that is not there yet, all or none."""
    at = clock.now()
    way = _Way(
        lambda sheet: checks.check_units(by=None, sheet=sheet).report,
        lambda sheet, progress: actions.import_units(by=None, sheet=sheet, at=at, progress=progress),
    )
    _import(records.read(file.read_bytes(), columns.UNITS), way, is_dry_run=dry_run, report_file=report_file)


@people.command("export")
@a_new_table
@in_english
@as_template
@with_appcontext
def export_people(file: Path, is_english: bool, is_template: bool) -> None:
    """Write all members to FILE (.xlsx or .csv) as `bank people import` reads them; phone numbers are in it."""
    language: Language = "en" if is_english else "zh"
    rows = queries.examples(columns.PERSONS, language) if is_template else queries.persons_table(by=None, language=language)
    _write(file, [each.title(language) for each in columns.PERSONS], rows)


@units.command("export")
@a_new_table
@in_english
@as_template
@with_appcontext
def export_units(file: Path, is_english: bool, is_template: bool) -> None:
    """Write all units to FILE (.xlsx or .csv) as `bank units import` reads them."""
    language: Language = "en" if is_english else "zh"
    rows = queries.examples(columns.UNITS, language) if is_template else queries.units_table(by=None, language=language)
    _write(file, [each.title(language) for each in columns.UNITS], rows)


def _import(sheet: Sheet, way: _Way, *, is_dry_run: bool, report_file: Path | None) -> None:
    report = way.check(sheet)
    _show(report)
    if report_file:
        rows = [words.report_row(each, report.language) for each in report.verdicts]
        _write(report_file, words.REPORT_TITLES[report.language], rows)
    if not report.is_clean:
        raise click.ClickException("有问题的行要先改好，什么都没有导入。Nothing is taken in until every refused row is mended.")
    if is_dry_run:
        return
    if report.counts["new"]:
        with click.progressbar(length=report.counts["new"], label="导入 Importing") as bar, transaction():
            way.take_in(sheet, bar.update)
    click.echo("已导入。Everything is taken in.")


def _show(report: Report) -> None:
    counts = report.counts
    if report.ignored:
        click.echo(f"没有用到的列 Columns not used: {'、'.join(report.ignored)}")
    refused = [each for each in report.verdicts if each.outcome == "refused"]
    if refused:
        table = Table(*(Column(title, overflow="fold") for title in words.REPORT_TITLES[report.language]))
        for each in refused[:SHOWN_MAX]:
            table.add_row(*(str(cell) for cell in words.report_row(each, report.language)))
        Console().print(table)
    click.echo(" · ".join(f"{'/'.join(words.OUTCOMES[outcome])} {counts[outcome]}" for outcome in words.OUTCOMES))


def _write(file: Path, titles: tables.Columns, rows: tables.Rows) -> None:
    kind = file.suffix.removeprefix(".").lower()
    if kind not in tables.KINDS:
        raise click.BadParameter("a name that ends in .xlsx or .csv")
    with file.open("wb") as output:
        for piece in tables.write(kind, titles, rows):
            output.write(piece)


COMMANDS = (people, units)
