"""Pages of API tokens: one's own, and those of all members for their admins."""

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.access import actions, queries, schemas
from bank.access.rules import SCOPES
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import shows_once, writes

bp = Blueprint("tokens", __name__)

SCOPE_NAMES = {"read": _("查看"), "check_in": _("签到签退"), "counter": _("柜台兑换"), "all": _("我能做的一切")}
DAYS = [(each, str(each)) for each in (30, 90, 180, 366)]


@bp.get("/me/tokens")
@access("member")
def tokens() -> str:
    """My tokens, and the form that makes one."""
    return render_template(
        "access/tokens.html", tokens=queries.tokens(g.person.id), now=clock.now(), scopes=SCOPE_NAMES, order=SCOPES, days=DAYS
    )


@bp.post("/me/tokens")
@access("member")
@redisplay(tokens)
@writes
@shows_once
def create() -> str:
    """Make a token and show it this once."""
    asked, at = load(schemas.NewTokenSchema), clock.now()
    ends = at + timedelta(days=asked.pop("days"))
    token, secret = actions.create_token(by=g.person, person_id=g.person.id, expires_at=ends, at=at, **asked)
    return render_template("access/new_token.html", token=token, secret=secret)


@bp.post("/tokens/<int:token_id>/revoke")
@access("member")
@writes
def revoke(token_id: int) -> ResponseReturnValue:
    """End a token at once."""
    token = actions.revoke_token(by=g.person, token_id=token_id, at=clock.now())
    flash(gettext("令牌“%(name)s”已停用。", name=token.name), "done")
    return redirect(url_for(".tokens" if token.person_id == g.person.id else ".all_tokens"), 303)


@bp.get("/tokens")
@access("admin", "auditor")
def all_tokens() -> str:
    """The tokens of all members in one's units."""
    return render_template("access/all_tokens.html", tokens=queries.tokens_seen(by=g.person), now=clock.now(), scopes=SCOPE_NAMES)
