"""The auditor's lists of marks as tables to take along: raters far from the rest, pairs who rate each other, phones."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from flask import Response, request
from flask_babel import lazy_gettext as _

from bank.evaluations import fairness
from bank.evaluations.rules import Mean
from bank.people.models import Person
from bank.web import exports


def _mean(mean: Mean) -> Decimal | None:
    return exports.points(mean.hundredths) if mean.hundredths is not None else None


OUTLIERS: exports.Columns = (
    (_("评分人"), lambda each: each.person.name),
    (_("社区"), lambda each: each.community.name),
    (_("本人给的"), lambda each: _mean(each.rater.own)),
    (_("本人给的个数"), lambda each: each.rater.own.count),
    (_("其他人给的"), lambda each: _mean(each.rater.others)),
    (_("其他人给的个数"), lambda each: each.rater.others.count),
    (_("相差"), lambda each: exports.points(each.rater.distance)),
)
PAIRS: exports.Columns = (
    (_("甲"), lambda each: each.one.name),
    (_("乙"), lambda each: each.other.name),
    (_("甲给乙"), lambda each: _mean(each.there.gave)),
    (_("别人给乙"), lambda each: _mean(each.there.others_gave)),
    (_("乙给甲"), lambda each: _mean(each.back.gave)),
    (_("别人给甲"), lambda each: _mean(each.back.others_gave)),
)
PHONES: exports.Columns = (
    (_("手机"), lambda each: each.device),
    (_("涉及志愿者"), lambda each: each.member_count),
    (_("给出的评分"), lambda each: _mean(each.given)),
    (_("评分个数"), lambda each: each.given.count),
)
Find = Callable[..., Sequence[object]]
TABLES: dict[str, tuple[exports.Columns, Find]] = {
    "outliers": (OUTLIERS, fairness.outliers),
    "pairs": (PAIRS, fairness.mutual_pairs),
    "phones": (PHONES, fairness.phones),
}


def answer(by: Person, year: int) -> Response:
    """The list that the address names, of a year; the first where it names none of them."""
    name = request.args.get("table", "")
    columns, find = TABLES.get(name, TABLES["outliers"])
    return exports.answer(name if name in TABLES else "outliers", columns, find(by, year=year))
