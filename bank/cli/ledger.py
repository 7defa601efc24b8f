"""Commands about the books, as an accountant reads them; with `--json` as the API answers."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext
from marshmallow import Schema
from rich.console import Console
from rich.table import Column, Table

from bank import clock
from bank.cli.languages import in_both
from bank.db import transaction
from bank.ledger import actions, audit, intake, queries
from bank.ledger.journal import FORMATS, amount_text
from bank.ledger.journal import export as write_journal
from bank.ledger.models import Account, JournalEntry
from bank.ledger.queries import Held, History
from bank.ledger.schemas import AccountOut, EntryOut, HistoryOut, TrialBalanceOut


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter("a day such as 2026-10-31") from None


def _instant(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    """A local wall-clock time, or the end of a local day."""
    if text and len(text) == len("2026-10-31"):
        day = _day(context, parameter, text)
        return clock.local_instant(day, time.max) if day else None
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter("a time such as 2026-10-31 or 2026-10-31T09:30") from None
    return at if at is None or at.tzinfo else clock.local_instant(at.date(), at.time())


as_json = click.option("--json", "is_json", is_flag=True, help="JSON, as the API answers it, instead of a table.")


@click.group("ledger")
def books() -> None:
    """Read the books as an accountant does, take in another bank's, and rebuild what is stored beside the journal."""


@books.command("accounts")
@click.option("--members", "has_members", is_flag=True, help="Every member's accounts as well.")
@as_json
@with_appcontext
def show_accounts(has_members: bool, is_json: bool) -> None:
    """Show the bank's own accounts with what they hold."""
    held = queries.bank_accounts() + (queries.member_accounts() if has_members else [])
    if is_json:
        _say(AccountOut(many=True), held)
    else:
        Console().print(_accounts_table(held))


@books.command("show")
@click.argument("entry_id", metavar="ENTRY", type=int)
@as_json
@with_appcontext
def show_entry(entry_id: int, is_json: bool) -> None:
    """Show an entry: what it moved, who recorded it, what it reverses and what reversed it."""
    entry = queries.entry(entry_id)
    fields = {column.key: getattr(entry, column.key) for column in JournalEntry.__table__.columns}
    transfers, reversed_by_id = queries.transfers_of(entry_id), queries.reversal_of(entry_id)
    if is_json:
        _say(EntryOut(), fields | {"transfers": transfers, "reversed_by_id": reversed_by_id})
        return
    head = Table("entry", Column(str(entry_id), overflow="fold"))
    for name, value in (fields | {"recorded_at": _local(entry.recorded_at), "reversed_by_id": reversed_by_id}).items():
        if name != "id" and value is not None:
            head.add_row(name, str(value))
    names = queries.accounts({account_id for each in transfers for account_id in (each.debit_id, each.credit_id)})
    lines = Table("line", *(Column(side, overflow="fold") for side in ("debit", "credit")), "unit", _amount_column("amount"))
    for number, each in enumerate(transfers, 1):
        sides = (_account_text(names[account_id]) for account_id in (each.debit_id, each.credit_id))
        lines.add_row(str(number), *sides, each.unit, amount_text(each.amount, each.unit))
    Console().print(head, lines)


@books.command("history")
@click.argument("account")
@click.option("--from", "since", callback=_day, help="First day to show.")
@click.option("--to", "until", callback=_day, help="Last day to show.")
@click.option("--as-of", callback=_day, help="As things stood at the end of this day, by the dates of the entries.")
@click.option("--known-at", callback=_instant, help="By what was recorded until this local time, or this day's end.")
@as_json
@with_appcontext
def show_history(
    account: str, since: date | None, until: date | None, as_of: date | None, known_at: datetime | None, is_json: bool
) -> None:
    """Show an account's lines, each with the balance after it. ACCOUNT is a number, or a code and unit: served:minutes."""
    found = queries.account_by_name(account)
    last_day = min(until or date.max, as_of or date.max)
    lines = queries.history(found.id, since=since or date.min, until=last_day, known_until=known_at)
    held = queries.balance(found.id)
    if as_of or known_at:
        known_until = known_at or datetime.max.replace(tzinfo=UTC)
        held = queries.balance_as_of(found.id, effective_until=as_of or date.max, known_until=known_until)
    history = History(found.id, found.code, found.unit, held, lines)
    if is_json:
        _say(HistoryOut(), history)
    else:
        Console().print(_history_table(history))


@books.command("trial-balance")
@as_json
@with_appcontext
def show_trial_balance(is_json: bool) -> None:
    """Show what the bank's accounts and all members hold; per unit it sums to zero, or the exit code is 1."""
    held, members, sums = queries.bank_accounts(), queries.members_hold(), queries.trial_balance()
    if is_json:
        _say(TrialBalanceOut(), {"accounts": held, "members": members, "sums": sums})
    else:
        table = _accounts_table(held)
        for name, totals in (("all members", members), ("sum", sums)):
            table.add_section()
            for unit, total in sorted(totals.items()):
                table.add_row("", name, unit, amount_text(total, unit))
        Console().print(table)
    if any(sums.values()):
        raise click.ClickException("账目合计不为零。The books do not sum to zero.")


@books.command("rebuild")
@click.option("--check", "is_check", is_flag=True, help="Only compare, and write nothing.")
@with_appcontext
def rebuild(is_check: bool) -> None:
    """Derive all stored balances and openings from the journal again; exits with 1 if --check finds a difference."""
    found = list(audit.stored_differences())
    for difference in found:
        click.echo(in_both(str, difference))
    if is_check and found:
        raise click.ClickException(f"{len(found)} 处与凭证不符。{len(found)} differences from the journal.")
    if is_check:
        click.echo("余额和期初都与凭证相符。Balances and openings are what the journal says.")
        return
    with transaction():
        actions.rebuild()
    click.echo(f"余额和期初已重建，改正 {len(found)} 处。Balances and openings are rebuilt; {len(found)} were different.")


@books.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_journal(file: Path) -> None:
    """Take in a journal written by `bank export journal --format csv`, all of it or nothing; what is there stays as it is."""
    with file.open(encoding="utf-8-sig", newline="") as lines, transaction():
        imported = actions.import_journal(entries=intake.read(lines), at=clock.now())
    click.echo(
        f"新增凭证 {imported.new} 张，已有 {imported.known} 张。{imported.new} entries are new, {imported.known} were there."
    )


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


def _say(schema: Schema, answer: object) -> None:
    click.echo(json.dumps(schema.dump(answer), ensure_ascii=False, indent=2))


def _accounts_table(held: list[Held]) -> Table:
    table = Table("id", Column("account", overflow="fold"), "unit", _amount_column("balance"))
    for each in held:
        table.add_row(str(each.id), each.code, each.unit, amount_text(each.balance, each.unit))
    return table


def _history_table(history: History) -> Table:
    title = f"{history.code}:{history.unit} ({history.id}) holds {amount_text(history.balance, history.unit)}"
    days = (Column("date", no_wrap=True), Column("recorded", min_width=len("2026-10-31")))
    amounts = (_amount_column("amount"), _amount_column("balance"))
    table = Table("entry", *days, "kind", *amounts, "reason", title=title)
    for each in history.lines:
        moved, after = (amount_text(amount, history.unit) for amount in (each.amount, each.balance))
        reason = f"reverses {each.reverses_id}: {each.reason}" if each.reverses_id else each.reason or ""
        table.add_row(str(each.entry_id), str(each.effective_on), _local(each.recorded_at), each.kind, moved, after, reason)
    return table


def _account_text(account: Account) -> str:
    return f"{account.code} ({account.id})"


def _amount_column(name: str) -> Column:
    return Column(name, justify="right", no_wrap=True)


def _local(at: datetime) -> str:
    return at.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")


COMMANDS = (books, export)
