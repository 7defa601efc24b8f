"""Commands about stars: how a member's year was reckoned, with `--json` as the API answers it."""

import json

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Column, Table

from bank import clock
from bank.access.queries import person_by_login
from bank.people.rules import mask_name
from bank.ratings.explain import Explanation, explanation
from bank.ratings.schemas import RatingSchema


@click.group()
def ratings() -> None:
    """Stars of members, and how they come about."""


@ratings.command("explain")
@click.argument("person")
@click.option("--year", type=click.IntRange(2000, 2100), help="The present year when left out.")
@click.option("--json", "is_json", is_flag=True, help="JSON, as the API answers it, instead of tables.")
@with_appcontext
def explain(person: str, year: int | None, is_json: bool) -> None:
    """Print a year's whole calculation, from records to stars. PERSON is a card or phone number."""
    told = explanation(person=person_by_login(person), year=year or clock.today().year, at=clock.now())
    if is_json:
        click.echo(json.dumps(RatingSchema().dump(told), ensure_ascii=False, indent=2))
        return
    Console().print(_lines(told), _steps(told))
    for each in told.left_out:
        click.echo(f"Not counted ({each.why}): {each.served_on} {each.name}, {each.minutes} minutes")
    sums = told.rating.sums
    click.echo(f"score = {sums.weighted} / {sums.rated_minutes} = {sums.score}, rounded down, from {sums.rated} rated services")
    fixed = f"fixed on {clock.local_day(told.fixed_at)}" if told.fixed_at else "not fixed yet"
    click.echo(
        f"{mask_name(told.person.name)} {told.year}: {told.rating.stars} stars, rules version {told.rules.version}, {fixed}"
    )


def _lines(told: Explanation) -> Table:
    numbers = ("min", "recip", "lead", "compl", "score", "min x score")
    fixed = (Column("record", no_wrap=True), Column("day", no_wrap=True))
    table = Table(*fixed, Column("service", overflow="fold"), *(Column(name, justify="right", no_wrap=True) for name in numbers))
    for each in told.lines:
        values = (each.minutes, each.recipient, each.leader, each.completion, each.score, each.weighted)
        table.add_row(
            str(each.record_id), str(each.served_on), each.name, *("–" if value is None else str(value) for value in values)
        )
    sums = told.rating.sums
    table.add_section()
    table.add_row("sum", "", str(sums.services), str(sums.minutes), "", "", "", "", str(sums.weighted))
    return table


def _steps(told: Explanation) -> Table:
    table = Table("stars", "asks for", "missing")
    for each in told.rating.steps:
        asked = f"{each.minutes_min} minutes, score {each.score_min}, {each.rated_min} rated"
        missing = f"{each.minutes_missing} minutes, {each.score_missing} score, {each.rated_missing} rated"
        table.add_row(str(each.star), asked, "nothing" if each.is_reached else missing)
    return table


COMMANDS = (ratings,)
