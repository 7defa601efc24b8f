"""The page of one's own consents."""

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.consents import actions, queries, schemas
from bank.consents.models import PURPOSES
from bank.web.auth import access
from bank.web.forms import load
from bank.web.idempotency import writes

bp = Blueprint("consents", __name__)

PURPOSE_NAMES = {
    "board": _("上积分榜"),
    "public_list": _("公示服务记录"),
    "home_unit": _("向所在单位反馈"),
    "contact": _("联系我参加活动"),
    "minor": _("监护人同意孩子参加"),
    "household": _("家人看我的月度账单"),
}
MANNER_NAMES = {"tap": _("本人点按"), "paper": _("纸质同意书"), "import": _("随导入带来")}
PURPOSE_TEXTS = {
    "board": _("在积分榜上显示我的姓和积分，例如“张*”。不同意时我不上榜，积分照常。"),
    "public_list": _("在公示名单上显示我的姓和本次服务时长。不同意时只计入人数。"),
    "home_unit": _("每季度把我的服务次数和时长告诉我的所在单位，寄出前我先看到。"),
    "contact": _("社区可以用我的手机号通知我新的活动。"),
    "minor": _("监护人同意未满 14 岁的孩子参加志愿服务，并由本行保存服务记录所需的资料。"),
    "household": _("登记在一起的家人可以在家庭账单里看到我每月的积分和时长。不同意时只计入人数。"),
}


@bp.get("/me/consents")
@access("member")
def consents() -> str:
    """What I have agreed to, each with one tap to give or withdraw."""
    decided, past = queries.consents(g.person.id), queries.history(g.person.id)
    purposes = [(each, PURPOSE_NAMES[each], PURPOSE_TEXTS[each], decided.get(each)) for each in PURPOSES if each != "minor"]
    return render_template(
        "consents/consents.html", purposes=purposes, past=past[::-1], names=PURPOSE_NAMES, manners=MANNER_NAMES
    )


@bp.post("/people/<int:person_id>/consents/<string:purpose>")
@access("admin")
@writes
def record_paper(person_id: int, purpose: str) -> ResponseReturnValue:
    """Write down at the desk what a person, or a child's guardian, has decided on paper."""
    decided = load(schemas.DecisionSchema)
    actions.record_paper(by=g.person, person_id=person_id, purpose=purpose, is_given=decided["is_given"], at=clock.now())
    return redirect(url_for("people.person", person_id=person_id, _anchor="consents"), 303)


@bp.post("/me/consents/<string:purpose>")
@access("member")
@writes
def decide_consent(purpose: str) -> ResponseReturnValue:
    """Give or withdraw consent for one purpose."""
    actions.decide_consent(
        by=g.person, person_id=g.person.id, purpose=purpose, is_given=load(schemas.DecisionSchema)["is_given"], at=clock.now()
    )
    return redirect(url_for(".consents", _anchor=purpose), 303)
