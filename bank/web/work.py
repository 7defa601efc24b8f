"""What waits for whom today: each task is a number that leads to its rows. The slices say how many; this says in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from bank import clock
from bank.access import queries as access
from bank.attendance import queries as attendance
from bank.closing import lateness
from bank.closing import queries as closing
from bank.counter import day as days
from bank.counter import queries as counter
from bank.evaluations import staff as evaluations
from bank.honours import queries as honours
from bank.jobs import queries as jobs
from bank.ledger import queries as ledger
from bank.ledger import seal
from bank.micro_hours import queries as micro_hours
from bank.orders import queries as orders
from bank.orders.rules import WAITING
from bank.people import queries as people
from bank.people.models import Person
from bank.publicity import queries as publicity
from bank.units.queries import top_unit
from bank.web.navigation import link


@dataclass(frozen=True)
class Task:
    """So many of something wait, at the page with this endpoint; `kind` is refused for what is late or wrong, else waiting."""

    endpoint: str
    label: LazyString
    count: int
    icon: str
    kind: str = "waiting"

    @property
    def url(self) -> str | None:
        """Where the rows are, or None where this release has no such page."""
        return link(self.endpoint)


def today(*, by: Person, roles: set[str], at: datetime) -> list[Task]:
    """What waits for `by`, what is wrong or late first; nothing of which there is none."""
    found = [each for role, tasks in OF_ROLE.items() if role in roles for each in tasks(by, at) if each.count]
    once = {(each.endpoint, str(each.label)): each for each in found if each.url}
    return sorted(once.values(), key=lambda each: each.kind != "refused")


def _for_organizers(by: Person, at: datetime) -> Iterator[Task]:
    late = sum(each.is_open for each in lateness.late(by=by, at=at))
    yield Task("closing.lateness", _("过了期限还没入账的活动"), late, "alarm", "refused")
    yield Task("activities.manage", _("等您确认时长的活动"), len(attendance.to_confirm(by=by, at=at)), "clipboard-check")
    open_orders = orders.board(by, states=WAITING)
    yield Task("order_board.board", _("过了时间的心愿和求助"), len(orders.overdue(open_orders, at)), "alarm", "refused")
    yield Task("order_board.board", _("等人办的心愿和求助"), len(open_orders), "balloon-heart")
    yield Task("micro_hours.waiting", _("等您确认的微小时"), len(micro_hours.waiting(by)), "stopwatch")
    yield from _for_whoever_looks_after_hours(by, at)
    waiting = evaluations.waiting_count(by, today=clock.local_day(at))
    yield Task("evaluations.desk", _("等负责人打分的服务"), waiting, "star-half")
    yield from _said(by)


def _for_whoever_looks_after_hours(by: Person, at: datetime) -> Iterator[Task]:
    yield Task("objecting.objections", _("等答复的异议"), publicity.open_count(by=by), "chat-left-dots", "refused")
    yield Task("closing.supplements", _("等第二人同意的补录"), closing.asked_count(by=by), "calendar-plus")


def _said(by: Person) -> Iterator[Task]:
    yield Task("evaluations.comments", _("等您看过才放行的评语"), len(evaluations.comments(by, state="pending")), "chat-quote")


def _for_clerks(by: Person, at: datetime) -> Iterator[Task]:
    holds = counter.holds(by)
    soon = sum(each.hold_ends_on is not None and each.hold_ends_on <= clock.local_day(at) for each in holds)
    yield Task("redemptions.holds_open", _("今天到期的预留"), soon, "hourglass-bottom", "refused")
    yield Task("redemptions.holds_open", _("等储户来领的预留"), len(holds), "bag-check")
    yield Task("appointments.appointments", _("还没做完的上门服务"), len(counter.appointments(by)), "calendar-heart")
    open_days = sum(not each.is_closed and each.figures.pieces > 0 for each in days.reports(by, clock.local_day(at)))
    yield Task("counter_day.counters", _("今天还没签字的柜台"), open_days, "pen")


def _for_admins(by: Person, at: datetime) -> Iterator[Task]:
    if people.has_role(by, "admin", top_unit().id):
        yield from _of_jobs(at)
    yield Task("redemptions.returns", _("等您批准的退货"), len(counter.returns_asked(by)), "box-arrow-in-left")
    yield from _for_whoever_looks_after_hours(by, at)
    yield Task("honours.proposals", _("够五星、等提名的人"), len(honours.candidates(by=by, at=at)), "award")
    yield from _said(by)
    yield Task("activation.pending", _("开了户还没登录过的人"), access.never_signed_in_count(by=by), "person-exclamation")


def _of_jobs(at: datetime) -> Iterator[Task]:
    yield Task("jobs.jobs", _("没做成的定时任务"), jobs.health(at).failed, "exclamation-octagon", "refused")
    yield Task("jobs.jobs", _("该做没做的定时任务"), jobs.late_count(at), "alarm", "refused")


def _for_auditors(by: Person, at: datetime) -> Iterator[Task]:
    if people.has_role(by, "auditor", top_unit().id):
        wrong = sum(each != 0 for each in ledger.quick_balance().values())
        yield Task("ledger.accounts", _("不平的账，请马上查"), wrong, "exclamation-octagon", "refused")
        yield Task("ledger.journal", _("还没封存的凭证"), seal.unsealed_count(), "shield-lock")
    yield Task("redemptions.returns", _("等批准的退货"), len(counter.returns_asked(by)), "box-arrow-in-left")


OF_ROLE = {"organizer": _for_organizers, "clerk": _for_clerks, "admin": _for_admins, "auditor": _for_auditors}
