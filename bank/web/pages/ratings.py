"""My stars and how they are reckoned, the same for auditors, the rules, and the public list."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.honours import queries as honours
from bank.people.queries import person_by_card
from bank.ratings import actions, queries, schemas
from bank.ratings.explain import explanation
from bank.units.queries import top_unit
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.navigation import asked_year

bp = Blueprint("ratings", __name__, url_prefix="/stars")


@bp.get("/")
@access("member")
def mine() -> str:
    """Where I stand: this year's micro-hours, my star honours, and what is missing."""
    at = clock.now()
    told = explanation(person=g.person, year=asked_year(), at=at)
    return render_template(
        "ratings/mine.html",
        told=told,
        honour=honours.honour_of(g.person, at=at),
        awards=honours.awards_of(g.person.id),
        results=queries.results_of(g.person.id),
        this_year=clock.today().year,
    )


@bp.get("/explain")
@access("admin", "auditor")
def audit() -> ResponseReturnValue:
    """Asks whose year is to be looked into, and goes there."""
    if card_number := request.args.get("card", "").strip():
        found = person_by_card(by=g.person, card_number=card_number)
        return redirect(url_for(".explain", person_id=found.id, year=asked_year()), 303)
    year = clock.today().year
    return render_template("ratings/audit.html", counts=queries.star_counts(year), year=year)


@bp.get("/explain/<int:person_id>")
@access("admin", "auditor")
def explain(person_id: int) -> str:
    """A member's year, from records to stars."""
    person = queries.rated_person(by=g.person, person_id=person_id)
    told = explanation(person=person, year=asked_year(), at=clock.now())
    awards = honours.awards_of(person_id)
    return render_template("ratings/explain.html", told=told, awards=awards, this_year=clock.today().year)


@bp.get("/rules")
@access("public")
def rules() -> str:
    """What each star asks for, now, before and from when on."""
    versions = queries.versions()
    today = clock.today()
    return render_template("ratings/rules.html", versions=versions, rules=queries.all_rules(), now=queries.rules_on(today))


@bp.get("/rules/new")
@access("admin")
def new_rules() -> str:
    """Asks what changes, and from which day on."""
    return render_template("ratings/new_rules.html", now=queries.all_rules()[0], today=clock.today())


@bp.post("/rules")
@access("admin")
@redisplay(new_rules)
@writes
def add_rules() -> ResponseReturnValue:
    """Add a version that begins on a day to come."""
    typed: dict[str, Any] = load(schemas.NewRatingRulesSchema)
    actions.add_rules(by=g.person, starts_on=typed.pop("starts_on"), changed=typed, at=clock.now())
    return redirect(url_for(".rules"), 303)


@bp.get("/public")
@access("public")
def published() -> str:
    """Who agreed to be named: the stars of a fixed year, and star volunteers."""
    unit, years = top_unit(), queries.fixed_years()
    year = asked_year() if "year" in request.args else (years or [clock.today().year - 1])[0]
    members, volunteers = queries.published(year, unit_id=unit.id), honours.published(unit_id=unit.id)
    return render_template("ratings/published.html", year=year, years=years, members=members, volunteers=volunteers)
