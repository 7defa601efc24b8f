"""Star honours: what is proposed, the second person's answer, and the certificate on paper."""

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.documents.pdf import pdf
from bank.honours import actions, queries, schemas
from bank.honours.models import Award
from bank.honours.rules import HONOUR, AwardNotFound, Level
from bank.people.queries import has_role, person_by_card
from bank.web.auth import access
from bank.web.filters import day, minutes
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.language import current

bp = Blueprint("honours", __name__, url_prefix="/honours")


@bp.get("/")
@access("organizer", "admin", "auditor")
def proposals() -> str:
    """What waits for an answer, who waits for a proposal, and what was decided."""
    card_number = request.args.get("card", "").strip()
    person = person_by_card(by=g.person, card_number=card_number) if card_number else None
    awards = [each for each in queries.awards_of(person.id) if each.revocation is None] if person else []
    candidates = queries.candidates(by=g.person, at=clock.now())
    listed = queries.proposals(by=g.person)
    answerable = {each.id for each in listed if not each.answer and _may_answer(each.person.unit_id, each.proposed_by_id)}
    shown = {"candidates": candidates, "person": person, "awards": awards, "answerable": answerable}
    return render_template("honours/proposals.html", proposals=listed, **shown)


@bp.post("/proposals")
@access("organizer", "admin")
@redisplay(proposals)
@writes
def propose() -> ResponseReturnValue:
    """Propose the fifth star, or the end of a star or medal."""
    typed = load(schemas.NewProposalSchema)
    level = Level(typed.pop("kind"), typed.pop("level"))
    actions.propose(by=g.person, level=level, at=clock.now(), **typed)
    return redirect(url_for(".proposals"), 303)


@bp.get("/proposals/<int:proposal_id>")
@access("organizer", "admin", "auditor")
def proposal(proposal_id: int) -> str:
    """The list, where a proposal that was just refused is shown with the reason."""
    page: str = proposals()
    return page


@bp.post("/proposals/<int:proposal_id>")
@access("admin")
@redisplay(proposal)
@writes
def answer(proposal_id: int) -> ResponseReturnValue:
    """Agree to a proposal or refuse it, as the second person."""
    agreed = load(schemas.ProposalAnswerSchema)["is_agreed"]
    actions.answer(by=g.person, proposal_id=proposal_id, is_agreed=agreed, at=clock.now())
    return redirect(url_for(".proposals"), 303)


@bp.get("/awards/<int:award_id>.pdf")
@access("member")
def certificate(award_id: int) -> Response:
    """The certificate of a star or medal that is in force."""
    award = queries.award(by=g.person, award_id=award_id)
    if award.revocation is not None:
        raise AwardNotFound()
    return Response(pdf("honour", _paper(award), at=award.awarded_at.replace(microsecond=0)), mimetype="application/pdf")


def _may_answer(unit_id: int, proposed_by_id: int) -> bool:
    return proposed_by_id != g.person.id and has_role(g.person, "admin", unit_id)


def _paper(award: Award) -> dict[str, str]:
    stars = gettext("%(count)s 星志愿者", count=award.level)
    name = stars if award.kind == HONOUR else gettext("第 %(count)s 级志愿服务奖章", count=award.level)
    return {
        "bank": current_app.config["NAME"],
        "title": gettext("荣誉证书"),
        "greeting": gettext("%(name)s：", name=award.person.name),
        "text": gettext("您累计志愿服务满 %(time)s，现认定为", time=minutes(award.minutes_min)),
        "honour": name,
        "closing": gettext("感谢您的付出。"),
        "unit": current_app.config["NAME"],
        "day": day(award.awarded_on),
        "number": gettext("编号 %(number)s", number=award.number),
        "language": current(),
    }
