"""The first page: what the bank is, or what the one who is signed in has to do today."""

from flask import Blueprint, g, render_template

from bank import clock
from bank.ledger import queries as ledger
from bank.web.auth import access

bp = Blueprint("home", __name__)


@bp.get("/")
@access("public")
def home() -> str:
    """The public page for strangers, the work of the day for everybody else."""
    if g.person is None:
        return render_template("home/public.html")
    return render_template(
        "home/member.html",
        today=clock.today(),
        points=ledger.balance(g.person.points_account_id),
        minutes=ledger.balance(g.person.minutes_account_id),
    )
