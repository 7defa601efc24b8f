"""Member cards on paper: one, or those of a whole unit on sheets."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock, wording
from bank.access import queries
from bank.documents import codes
from bank.documents.pdf import FontMissing, pdf
from bank.people import queries as people
from bank.people.models import Person
from bank.units.models import Unit
from bank.web import language
from bank.web.auth import access

bp = Blueprint("cards", __name__)


@bp.get("/people/<int:person_id>/card.pdf")
@access("admin")
def card(person_id: int) -> ResponseReturnValue:
    """One card, on a sheet; where no font is, the page that the browser prints."""
    person = people.person(by=g.person, person_id=person_id)
    try:
        return _sheets([person])
    except FontMissing:
        return redirect(url_for("people.print_card", person_id=person.id), 303)


@bp.get("/units/<int:unit_id>/cards.pdf")
@access("admin")
def cards(unit_id: int) -> Response:
    """The cards of all members of a unit and below it, each grid from a new sheet."""
    return _sheets(queries.card_holders(by=g.person, unit_id=unit_id))


def _sheets(persons: Iterable[Person]) -> Response:
    data = {
        "bank": current_app.config["NAME"],
        "title": gettext("储户卡"),
        "language": language.current(),
        "hint": gettext("沿虚线剪开"),
        "none": gettext("还没有储户。"),
        "groups": [_group(unit, list(members)) for unit, members in groupby(persons, lambda each: each.unit)],
    }
    return Response(pdf("cards", data, at=clock.now()), mimetype="application/pdf")


def _group(unit: Unit, members: list[Person]) -> dict[str, Any]:
    count = wording.people(len(members))
    return {"name": unit.name, "count": count, "cards": [_card(each) for each in members]}


def _card(person: Person) -> dict[str, str]:
    number = person.card_number
    return {
        "name": person.name,
        "unit": person.unit.name,
        "shown_number": f"{number[:4]} {number[4:7]} {number[7:]}",
        "qr": codes.qr(number),
        "code128": codes.code128(number),
    }
