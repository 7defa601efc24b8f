"""Commands that seal the books, check them against the seals, and prove single entries."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bank import clock
from bank.cli.languages import in_both
from bank.hours import audit as hours_audit
from bank.ledger import audit, seal, seal_audit
from bank.ledger.prove import prove as write_proof
from bank.ledger.words import Difference
from bank.people import audit as people_audit

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("seal")
@with_appcontext
def seal_books() -> None:
    """Seal every new entry, print the newest seal, and append it to seals.txt in the data folder; nobody has to wait."""
    path = Path(current_app.config["DATA_DIR"]) / seal.FILE
    count = seal.seal_all(published=path, at=clock.now())
    click.echo(f"新封存 {count} 张凭证。{count} new entries sealed. {path}")
    if newest := seal.newest_seal():
        click.echo(seal.line(newest))


@click.command()
@click.option("--anchor", type=existing_file, help="Seals kept outside, such as a copy of seals.txt: NUMBER … HASH on each line.")
@click.option("--from-seal", "first", type=click.IntRange(1), default=1, help="Go on here; the seals before are not looked at.")
@with_appcontext
def verify(anchor: Path | None, first: int) -> None:
    """Check the books against the journal and the seals; prints each difference and exits with 1 if there is one."""
    anchors = seal.read_anchors(anchor.read_text(encoding="utf-8")) if anchor else []
    found = 0
    for differences in (
        _along_the_chain(first),
        audit.differences(),
        people_audit.differences(),
        hours_audit.differences(),
        seal_audit.loose_entries(),
        seal.anchor_differences(anchors),
    ):
        for each in differences:
            click.echo(in_both(str, each))
            found += 1
    _say_what_was_left_out(anchor, first)
    if found:
        raise click.ClickException(f"账目有 {found} 处不符。{found} differences in the books.")
    click.echo("账目相符。The books are right.")


@click.command()
@click.argument("entry_id", metavar="ENTRY", type=int)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; proof-ENTRY.json if left out.")
@with_appcontext
def prove(entry_id: int, output: Path | None) -> None:
    """Write a small file that proves that an entry is sealed; bank/ledger/proof.py checks it without the bank."""
    path = output or Path(f"proof-{entry_id}.json")
    path.write_text(write_proof(entry_id), encoding="utf-8")
    click.echo(f"证明已写好。The proof is written: {path}")


def _along_the_chain(first: int) -> Iterator[Difference]:
    """Differences from the seals, with a bar on a terminal; who stops it is told where to go on."""
    newest = seal.newest_seal()
    columns = (TextColumn("封存 seals"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    number = first
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=max(0, newest.number - first + 1) if newest else 0)
            for each, sentences in seal_audit.differences(first=first):
                yield from sentences
                number = each.number + 1
                bar.advance(task)
    except KeyboardInterrupt:
        click.echo(f"已中断。Stopped; go on with --from-seal {number}")
        raise click.exceptions.Exit(130) from None


def _say_what_was_left_out(anchor: Path | None, first: int) -> None:
    newest = seal.newest_seal()
    if newest is None:
        click.echo("还没有封存。Nothing is sealed yet: run `bank seal`.")
        return
    click.echo(f"{seal.unsealed_count()} entries are newer than seal {newest.number} of {newest.sealed_at:%Y-%m-%d %H:%M} UTC.")
    if first > 1:
        click.echo(f"Seals before {first} were not looked at.")
    if anchor is None:
        click.echo("Not compared with seals kept outside (--anchor), so a journal rewritten with new seals would pass.")


COMMANDS = (seal_books, verify, prove)
