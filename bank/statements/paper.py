"""Statements in words: what stands in which row, the same on the page and on paper, in the reader's language."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from bank.documents import codes
from bank.documents.pdf import pdf
from bank.statements.members import StatementView
from bank.statements.rules import Balances, Line
from bank.statements.words import CUT_NAMES, line_kind, reason
from bank.wording import day, minutes, month, points, signed_points

SEAL_SHOWN = 16


def paper(views: Sequence[StatementView], *, site: str) -> bytes:
    """Statements as one PDF, each from a new page; `site` is the bank's address, to which their codes lead.

    The same statements in the same language are the same bytes at any time.
    """
    return pdf("statement", told(views, site=site), at=views[0].issued_at)


def told(views: Sequence[StatementView], *, site: str) -> dict[str, Any]:
    """All that the paper says, as plain data."""
    title = _("%(month)s账单", month=month(views[0].month)) if views else _("账单")
    return {
        "bank": views[0].bank_name if views else "",
        "title": title,
        "language": "en" if (locale := get_locale()) and locale.language == "en" else "zh",
        "none": _("还没有账单。"),
        "statements": [_statement(each, site) for each in views],
    }


def verify_url(view: StatementView, site: str) -> str:
    """Where a stranger checks the code of a statement; without an address to give, the code itself."""
    return f"{site.rstrip('/')}/verify?code={view.code}" if site else view.code


def shown_code(code: str) -> str:
    """A verification code in groups of four, as people read it out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def facts(view: StatementView) -> list[tuple[str, str]]:
    """Whose statement it is, and of when."""
    period = _("%(first)s至%(last)s", first=day(view.month), last=day(view.last_day))
    return [
        (_("储户"), _("%(name)s，卡号尾号 %(digits)s", name=view.holder, digits=view.card_end)),
        (_("所属"), view.unit_name),
        (_("账期"), period),
        (_("出账日期"), day(view.issued_at)),
    ]


def sums(view: StatementView) -> list[tuple[str, str, str, bool]]:
    """Label, points and time of each row that leads from the opening to the closing, and whether it is a balance."""

    def moved(label: str, both: Balances, sign: int = 1) -> tuple[str, str, str, bool]:
        return label, signed_points(sign * both.points), _signed_minutes(sign * both.minutes), False

    return [
        (_("期初余额"), points(view.opening.points), minutes(view.opening.minutes), True),
        moved(_("存入"), view.deposited),
        moved(_("支取"), view.withdrawn, -1),
        moved(_("到期失效"), view.expired, -1),
        moved(_("冲正"), view.reversed),
        (_("期末余额"), points(view.closing.points), minutes(view.closing.minutes), True),
    ]


def notes(view: StatementView) -> list[tuple[str, str]]:
    """What stands beside the sums: points put aside, points that soon expire, stars."""
    until = _("%(day)s前到期", day=day(view.expiring_until))
    told_of = ((_("预留中（月末）"), view.points_held), (until, view.points_expiring))
    shown = [(label, points(value)) for label, value in told_of if value is not None]
    return shown + ([(_("星级"), _("%(count)s 星", count=view.stars))] if view.stars is not None else [])


def seal_lines(view: StatementView) -> list[str]:
    """The seal of the journal, whole, so that it can be compared with what was published."""
    if view.seal is None:
        return [_("签发时账本尚未封存。")]
    digits = view.seal.hash
    parts = " ".join(digits[start : start + SEAL_SHOWN] for start in range(0, len(digits), SEAL_SHOWN))
    return [_("账本封存第 %(number)s 号（%(day)s）", number=view.seal.number, day=day(view.seal.sealed_at)), parts]


def line_word(line: Line) -> str:
    """What kind of line it is; a reversal says what it takes back."""
    if line.kind == "reversal":
        return str(_("冲正：%(kind)s", kind=line_kind(line.reversed_kind or "")))
    return line_kind(line.kind)


def line_what(line: Line) -> str:
    """The name of what was done or given, or else the kind."""
    name = line.what or line_kind(line.reversed_kind or line.kind)
    return f"{name} × {line.quantity}" if line.quantity and line.quantity > 1 else name


def _statement(view: StatementView, site: str) -> dict[str, Any]:
    return {
        "bank": view.bank_name,
        "title": _("%(month)s账单", month=month(view.month)),
        "facts": facts(view),
        "code_label": _("查验码"),
        "code": shown_code(view.code),
        "qr": codes.qr(verify_url(view, site)),
        "sums": {"head": ["", _("积分"), _("时长")], "rows": sums(view)},
        "notes": notes(view),
        "plot": _plot(view),
        "lines": _lines(view.lines),
        "seal": seal_lines(view),
        "note": _(
            "期初余额加存入，减支取和到期失效，加减冲正，等于期末余额；期末余额就是下个月的期初余额。如有出入，请到社区窗口提出。"
        ),
        "foot": f"{view.bank_name} · {view.holder} · {shown_code(view.code)}",
    }


def _plot(view: StatementView) -> dict[str, Any] | None:
    if len(view.trend) < 2:
        return None
    first, last = (
        _("%(month)s末 %(points)s", month=month(each.month), points=points(each.points))
        for each in (view.trend[0], view.trend[-1])
    )
    return {"title": _("各月底的积分余额"), "values": [each.points for each in view.trend], "first": first, "last": last}


def _lines(lines: Sequence[Line]) -> dict[str, Any]:
    head = [_("日期"), _("摘要"), _("地点"), _("时长"), _("积分"), _("积分余额"), _("累计时长")]
    return {"title": _("明细"), "head": head, "rows": [_line(each) for each in lines], "none": _("这个月没有存入，也没有支取。")}


def _line(line: Line) -> list[str]:
    word = line_word(line) if line.kind != "deposit" else ""  # That it came in is said by the plus.
    said = filter(None, (line_what(line), word, *_why(line)))
    time = _signed_minutes(line.minutes) if line.minutes else ""
    amounts = [time, signed_points(line.points), points(line.points_after), minutes(line.minutes_after)]
    return [f"{line.effective_on:%Y-%m-%d}", "\n".join(dict.fromkeys(said)), line.place or "", *amounts]


def _why(line: Line) -> list[str]:
    said = [str(CUT_NAMES[each]) for each in line.cut_reasons]
    if line.reason:
        said.append(_("原因：%(reason)s", reason=reason(line.reason)))
    if line.served_on and line.served_on != line.effective_on and line.kind == "deposit":
        said.append(_("服务日期：%(day)s", day=day(line.served_on)))
    return said


def _signed_minutes(whole: int) -> str:
    return ("+" if whole > 0 else "") + minutes(whole)
