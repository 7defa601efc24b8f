"""The month of a group in words: the same columns on the page, on paper and in a table to take along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from bank.documents.pdf import pdf
from bank.statements.books import AccountMonth, TrialBalance
from bank.statements.groups import GroupStatement, Issued, Row, Sums
from bank.statements.months import GroupMonth
from bank.web import exports
from bank.web.filters import day, minutes, month, points, signed_points
from bank.web.language import current
from bank.web.texts import ACCOUNT_NAMES


@dataclass(frozen=True)
class Column:
    """A figure of every row: what it is called, its value, and how it is written."""

    title: LazyString
    value: Callable[[Sums], int]
    written: Callable[[int], str]
    is_points: bool = True


COLUMNS = (
    Column(_("人数"), lambda sums: sums.members, str, is_points=False),
    Column(_("期初积分"), lambda sums: sums.points_opening, points),
    Column(_("存入"), lambda sums: sums.points_deposited, signed_points),
    Column(_("支取"), lambda sums: -sums.points_withdrawn, signed_points),
    Column(_("到期失效"), lambda sums: -sums.points_expired, signed_points),
    Column(_("冲正"), lambda sums: sums.points_reversed, signed_points),
    Column(_("期末积分"), lambda sums: sums.points_closing, points),
    Column(_("其中预留"), lambda sums: sums.points_held, points),
    Column(_("60 天内到期"), lambda sums: sums.points_expiring, points),
    Column(_("本月时长"), lambda sums: sums.minutes_in - sums.minutes_out, minutes, is_points=False),
    Column(_("累计时长"), lambda sums: sums.minutes_closing, minutes, is_points=False),
)
ISSUED = Column(_("本单位发放"), lambda sums: sums.issued, points)


def columns(group: GroupStatement) -> tuple[Column, ...]:
    """The figures that make sense for a group: only units issue points."""
    return COLUMNS if group.kind in ("household", "team") else (*COLUMNS, ISSUED)


def title(group: GroupStatement) -> str:
    """What the month is called."""
    return str(gettext("%(month)s家庭账单", month=month(group.month))) if group.kind == "household" else str(
        gettext("%(name)s%(month)s汇总", name=group.name, month=month(group.month))
    )  # fmt: skip


def exported(group: GroupStatement) -> exports.Columns:
    """The columns of the table to take along; points and minutes are numbers there."""

    def number(column: Column) -> Callable[[Row], object]:
        return lambda row: exports.points(column.value(row.sums)) if column.is_points else column.value(row.sums)

    return ((_("名称"), lambda row: row.name), *((column.title, number(column)) for column in columns(group)))


BOOK_COLUMNS: exports.Columns = (
    (_("账户"), lambda each: account_name(each)),
    (_("单位"), lambda each: gettext("积分") if each.unit == "points" else gettext("分钟")),
    (_("期初"), lambda each: exports.points(each.opening) if each.unit == "points" else each.opening),
    (_("本月"), lambda each: exports.points(each.moved) if each.unit == "points" else each.moved),
    (_("期末"), lambda each: exports.points(each.closing) if each.unit == "points" else each.closing),
)


def account_name(account: AccountMonth) -> str:
    """What an account of the bank's own is called."""
    kind, _slash, rest = account.code.partition("/")
    return f"{ACCOUNT_NAMES.get(kind, kind)} {rest}".strip()


def held(amount: int, unit: str) -> str:
    """An amount in its unit."""
    return points(amount) if unit == "points" else minutes(amount)


def paper(found: GroupMonth) -> Response:
    """The month as a PDF, the same bytes at any time in one language."""
    return Response(pdf("group", told(found), at=found.group.issued_at), mimetype="application/pdf")


def told(found: GroupMonth) -> dict[str, Any]:
    """All that the paper says, as plain data."""
    group = found.group
    shown = columns(group)

    def row(name: str, sums: Sums) -> list[str]:
        return [name, *(column.written(column.value(sums)) for column in shown)]

    rows = [row(each.name, each.sums) for each in group.rows]
    head = ["", *(str(column.title) for column in shown)]
    tables = [{"title": "", "head": head, "rows": rows, "total": row(gettext("合计"), group.total)}]
    return {
        "bank": group.bank_name,
        "title": title(group),
        "facts": [(gettext("出账日期"), day(group.issued_at)), (gettext("人数"), str(group.total.members))],
        "tables": [*tables, *(_books(found.books) if found.books else ()), *(_issued(found.issued) if found.issued else ())],
        "note": gettext("另有 %(count)s 人没有逐一列出。", count=group.unlisted) if group.unlisted else "",
        "foot": f"{group.bank_name} · {title(group)}",
        "language": current(),
    }


def _books(books: TrialBalance) -> list[dict[str, Any]]:
    rows = [
        [account_name(each), *(held(amount, each.unit) for amount in (each.opening, each.moved, each.closing))]
        for each in books.accounts
    ]
    total = [gettext("合计"), "", "", " / ".join(held(books.sums[unit], unit) for unit in ("points", "minutes"))]
    return [
        {
            "title": gettext("试算平衡"),
            "head": [gettext("账户"), gettext("期初"), gettext("本月"), gettext("期末")],
            "rows": rows,
            "total": total,
        }
    ]


def _issued(issued: Sequence[Issued]) -> list[dict[str, Any]]:
    rows = [[each.name, points(each.points)] for each in issued]
    total = [gettext("合计"), points(sum(each.points for each in issued))]
    return [{"title": gettext("各社区本月发放的积分"), "head": [gettext("社区"), gettext("积分")], "rows": rows, "total": total}]
