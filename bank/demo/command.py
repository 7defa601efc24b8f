"""The command `bank demo`: loads the demo town into an empty bank, and says who can sign in."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from sqlalchemy import func, select

from bank import clock
from bank.db import db, transaction
from bank.demo import (
    belonging,
    cast,
    desk,
    devices,
    doubts,
    evaluations,
    micro_hours,
    orders,
    ratings,
    taking_part,
    today,
    town,
    year,
)
from bank.people.models import Person
from bank.units.models import Unit

SEED = 2019  # The year in which Jinchang opened its morality bank.
MORNING = time(10)


@click.command()
@click.option("--size", type=click.Choice(list(town.SIZES)), default="town", show_default=True, help="How big.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same number gives the same town.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day up to which 14 months are filled; today if left out.")
@click.option("--if-empty", is_flag=True, help="Leave a bank with people alone; a demo town gets an activity open now.")
@click.option("--who", is_flag=True, help="Show who can sign in; loads nothing without --if-empty.")
@with_appcontext
def demo(size: str, seed: int, until: datetime | None, if_empty: bool, who: bool) -> None:
    """Fill an empty bank with a made-up town. Its PINs are public: never do this to a bank in use."""
    console = Console()
    if if_empty or not who:
        _fill(console, size=size, seed=seed, until=until, if_empty=if_empty)
    if who:
        _show(console)


def load(*, size: str, seed: int, at: datetime) -> Iterator[tuple[date, int]]:
    """Load the town up to the local day of `at`, inside the caller's transaction; answers days and records as they come."""
    chance = random.Random(seed)  # noqa: S311 - it draws a town that can be drawn again, and keeps no secret.
    until = clock.local_day(at)
    begin = year.first_day(until)
    founded = town.found(town.SIZES[size], chance=chance, at=clock.local_instant(begin, time(8)))
    veteran = ratings.carry_over(founded, at=clock.local_instant(begin, time(8)))
    yield from year.live(founded, until=until, chance=chance)
    evaluations.rate(at=at)
    ratings.rate(founded, veteran, at=at, chance=chance)
    today.prepare(founded, at=at, chance=chance)
    taking_part.prepare(founded, at=at, chance=chance)
    doubts.prepare(founded, at=at)
    desk.prepare(founded, at=at, chance=chance)
    devices.equip(founded, at=at)
    micro_hours.log(founded, at=at, chance=chance)
    orders.fill(founded, at=at, chance=chance)
    belonging.settle(founded, chance=chance, at=at)


def _fill(console: Console, *, size: str, seed: int, until: datetime | None, if_empty: bool) -> None:
    _refuse_unfounded()
    if db.session.scalar(select(func.count(Person.id))):
        _leave(if_empty)
        return
    now = clock.now()
    day = until.date() if until else clock.local_day(now)
    at = now if day == clock.local_day(now) else clock.local_instant(day, MORNING)
    with transaction():  # All or nothing: half a town could be neither used nor loaded again.
        _follow(console, town.SIZES[size].records, load(size=size, seed=seed, at=at))
    console.print(f"演示城已就绪。The demo town is ready: {size}, seed {seed}, {year.first_day(day)} – {day}.")


def _refuse_unfounded() -> None:
    if db.session.scalar(select(Unit.id).where(Unit.kind == "bank")) is None:
        raise click.ClickException("银行尚未建立，请先运行 bank init。There is no bank yet: run `bank init` first.")


def _leave(is_meant: bool) -> None:
    """Leave a bank that has people as it is, but keep a demo town's open activity open."""
    if not is_meant:
        raise click.ClickException(
            "银行里已有储户，演示城只能装入空的银行。The bank has people already; the demo town goes into an empty bank only."
        )
    if players := cast.people():
        with transaction():
            today.open_for_hours(players["organizer"], at=clock.now())


def _show(console: Console) -> None:
    if cast.people():
        console.print(cast.table())
    else:
        click.echo("这里没有演示城。The demo town is not loaded here.")


def _follow(console: Console, total: int, steps: Iterator[tuple[date, int]]) -> None:
    """Show how far it has come: a bar on a terminal, elsewhere a line a month."""
    if not console.is_terminal:
        for day, done in steps:
            if clock.next_month(day) == day + timedelta(days=1):
                click.echo(f"{day:%Y-%m}: {done}")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("演示城 demo town", total=total)
        for day, done in steps:
            progress.update(task, description=f"演示城 demo town {day:%Y-%m}", completed=done)
