"""Pages of the organisation's tree for the staff."""

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.people import organisation
from bank.people import queries as people
from bank.units import queries, rules, schemas
from bank.units.models import Unit
from bank.web import exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("units", __name__)

KIND_NAMES = {
    "bank": _("总行"),
    "street": _("街道"),
    "community": _("社区"),
    "grid": _("网格"),
    "building": _("楼栋"),
    "home_unit": _("所在单位"),
    "team": _("志愿服务队"),
}

COLUMNS: exports.Columns = (
    (_("名称"), lambda each: each[0].name),
    (_("类别"), lambda each: KIND_NAMES[each[0].kind]),
    (_("完整名称"), lambda each: each[1][1]),
)


@bp.get("/units")
@access("admin", "auditor")
def units() -> ResponseReturnValue:
    """The tree of units in sight, with how many members each has."""
    seen = people.units(by=g.person)
    if exports.is_asked():
        return exports.answer("units", COLUMNS, zip(seen, with_paths(seen), strict=True))
    parents = {above for kinds in rules.PARENT_KINDS.values() for above in kinds}
    return render_template("units/units.html", units=seen, counts=people.member_counts(), kinds=KIND_NAMES, parents=parents)


@bp.get("/units/<int:unit_id>")
@access("admin", "auditor")
def unit(unit_id: int) -> str:
    """One unit: what stands below it, its past, and what its admin may change."""
    found = queries.unit(unit_id)
    people.require_any_role(g.person, ("admin", "auditor"), unit_id)
    seen = people.units(by=g.person)
    parents = [each for each in people.units(by=g.person, role="admin") if each.kind in rules.PARENT_KINDS[found.kind]]
    return render_template(
        "units/unit.html",
        unit=found,
        below=[each for each in seen if each.parent_id == unit_id],
        places=queries.places(unit_id),
        parents=with_paths([each for each in parents if not each.path.startswith(found.path)]),
        is_administered=people.has_role(g.person, "admin", unit_id),
        kinds=KIND_NAMES,
        counts=people.member_counts(),
    )


@bp.post("/units/<int:unit_id>/rename")
@access("admin")
@redisplay(unit)
@writes
def rename(unit_id: int) -> ResponseReturnValue:
    """Give a unit another name."""
    organisation.rename_unit(by=g.person, unit_id=unit_id, at=clock.now(), **load(schemas.RenameSchema))
    return redirect(url_for(".unit", unit_id=unit_id), 303)


@bp.post("/units/<int:unit_id>/move")
@access("admin")
@redisplay(unit)
@writes
def move(unit_id: int) -> ResponseReturnValue:
    """Put a unit, with all below it, under another."""
    organisation.move_unit(by=g.person, unit_id=unit_id, at=clock.now(), **load(schemas.MoveSchema))
    return redirect(url_for(".unit", unit_id=unit_id), 303)


@bp.post("/units/<int:unit_id>/close")
@access("admin")
@redisplay(unit)
@writes
def close(unit_id: int) -> ResponseReturnValue:
    """End a unit that nobody belongs to any more."""
    organisation.close_unit(by=g.person, unit_id=unit_id, at=clock.now())
    return redirect(url_for(".unit", unit_id=unit_id), 303)


@bp.post("/units/<int:unit_id>/reopen")
@access("admin")
@redisplay(unit)
@writes
def reopen(unit_id: int) -> ResponseReturnValue:
    """Let a closed unit be used again."""
    organisation.reopen_unit(by=g.person, unit_id=unit_id, at=clock.now())
    return redirect(url_for(".unit", unit_id=unit_id), 303)


@bp.get("/units/<int:parent_id>/new")
@access("admin")
def new_unit(parent_id: int) -> str:
    """The form that adds a unit below another."""
    people.require_role(g.person, "admin", parent_id)
    parent = queries.unit(parent_id)
    kinds = [(kind, KIND_NAMES[kind]) for kind, above in rules.PARENT_KINDS.items() if parent.kind in above]
    return render_template("units/new_unit.html", parent=parent, kinds=kinds)


@bp.post("/units/<int:parent_id>/new")
@access("admin")
@redisplay(new_unit)
@writes
def add_unit(parent_id: int) -> ResponseReturnValue:
    """Add a unit below another."""
    new = load(schemas.UnitNameSchema)
    organisation.add_unit(by=g.person, parent_id=parent_id, at=clock.now(), **new)
    flash(gettext("已添加：%(name)s", name=new["name"]), "done")
    return redirect(url_for(".units"), 303)


def with_paths(seen: Sequence[Unit]) -> list[tuple[int, str]]:
    """Units as the choices of a list, each with the way to it."""
    shown = {each.id: each.name for each in seen if each.kind != "bank"}
    return [(each.id, " / ".join(shown[step] for step in each.steps if step in shown) or each.name) for each in seen]
