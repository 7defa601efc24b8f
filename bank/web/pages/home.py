"""The first page: what the bank is, or what the one who is signed in has to do today."""

from datetime import date, time, timedelta
from typing import Any

from flask import Blueprint, g, render_template

from bank import clock
from bank.activities import queries as activities
from bank.activities.models import Activity
from bank.attendance import queries as attendance
from bank.counter import queries as counter
from bank.jobs import queries as jobs
from bank.ledger import queries as ledger
from bank.ledger import seal
from bank.people.queries import has_role
from bank.publicity import queries as publicity
from bank.units.queries import top_unit
from bank.web import member_page, paging, work
from bank.web.auth import access

bp = Blueprint("home", __name__)
PUBLIC_SHOWN = 8


@bp.get("/")
@access("public")
def home() -> str:
    """The public page for strangers, the work of the day for everybody else."""
    if g.person is None:
        return render_template("home/public.html", month=clock.today(), **_public_figures(clock.today()), **_public_news())
    return render_template("home/member.html", today=clock.today(), **member_page.of(g.person, at=clock.now()), **_work())


def _public_figures(today: date) -> dict[str, int]:
    # Minutes and points of all members are the other side of the bank's own accounts, which are few.
    before = clock.month_start(today) - timedelta(days=1)
    served, redeemed = ledger.system_account("served", "minutes"), ledger.system_account("redeemed", "points")
    minutes = -ledger.balance(served)
    return {
        "minutes": minutes,
        "minutes_this_month": minutes + ledger.balance_on(served, before),
        "points_this_month": ledger.balance(redeemed) - ledger.balance_on(redeemed, before),
    }


def _public_news() -> dict[str, Any]:
    at = clock.now()
    month_ends_at = clock.local_instant(clock.next_month(clock.local_day(at)), time())
    coming = activities.upcoming(at=at).where(Activity.starts_at < month_ends_at)
    return {
        "coming": paging.page(coming, order=(Activity.starts_at, Activity.id), limit=PUBLIC_SHOWN).items,
        "shown": publicity.on_show(near=None, on=clock.local_day(at))[:PUBLIC_SHOWN],
        "seal": seal.newest_seal(),
    }


def _work() -> dict[str, Any]:
    at = clock.now()
    return {
        "tasks": work.today(by=g.person, roles=g.roles, at=at),
        "is_whole_bank": any(has_role(g.person, role, top_unit().id) for role in ("admin", "auditor")) if g.roles else False,
        "to_confirm": attendance.to_confirm(by=g.person, at=at) if "organizer" in g.roles else [],
        "jobs": jobs.health(at) if "admin" in g.roles else None,
        "tally": counter.tally(clock.local_day(at), clerk_id=g.person.id) if "clerk" in g.roles else None,
    }
