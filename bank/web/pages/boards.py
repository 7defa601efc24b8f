"""The boards: who earned most, by what, in which period and where; and where I stand."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.boards import queries
from bank.boards.rules import MEASURES, PERSONS, Asked, Row
from bank.consents.queries import has_consent
from bank.statements.rules import parse_period, period_of
from bank.web import exports, numbers
from bank.web.auth import access

bp = Blueprint("boards", __name__)

SUBJECT_NAMES = {"persons": _("个人"), "teams": _("各服务队"), "grids": _("各网格"), "communities": _("各社区")}
MEASURE_NAMES = {"points": _("积分"), "minutes": _("服务时长"), "stars": _("星级"), "newcomers": _("新人")}
COLUMNS = (
    (_("名次"), lambda each: each.rank),
    (_("姓名或名称"), lambda each: each.name),
    (_("所属单位"), lambda each: each.unit_name),
)


@bp.get("/board")
@access("public")
def board() -> ResponseReturnValue:
    """Who earned most in a period, and where I stand."""
    found = queries.board(asked=asked_board(), by=g.person, at=clock.now())
    if exports.is_asked():
        return exports.answer("board", (*COLUMNS, _value_column(found.asked.measure)), found.rows)
    return render_template(
        "boards/board.html",
        board=found,
        nodes=queries.nodes(),
        subjects=queries.subjects(found.node),
        periods=queries.present_periods(clock.local_day(found.as_of)),
        measures=MEASURES,
        subject_names=SUBJECT_NAMES,
        measure_names=MEASURE_NAMES,
        is_agreed=bool(g.person and has_consent(g.person.id, "board")),
    )


def asked_board() -> Asked:
    """The board that the address asks for: of this month where none is named, and of where a screen stands. Raises BadBoard."""
    label, today = request.args.get("period"), clock.today()
    place = g.device.unit_id if g.device else queries.root_id()
    return Asked(
        unit_id=numbers.asked("unit") or place,
        period=parse_period(label) if label else period_of("month", today),
        subject=request.args.get("subject", PERSONS),
        measure=request.args.get("measure", "points"),
    )


def _value_column(measure: str):  # type: ignore[no-untyped-def]
    names = {"points": _("积分"), "minutes": _("分钟"), "stars": _("星"), "newcomers": _("新人")}
    return names[measure], lambda row: _value(row, measure)


def _value(row: Row, measure: str) -> object:
    return exports.points(row.value) if measure == "points" else row.value
