"""What is in the menu of whom: one table, from which pages draw the top bar and the tabs at a phone's bottom."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

FIRST_MAX = 5  # So many fit into one line of the top bar in English on a small desk screen.
TABS_MAX = 4  # Beside "more".
EVERYBODY = frozenset({"member"})
STRANGERS = frozenset({"public"})


@dataclass(frozen=True)
class Item:
    """A page of the menu; `roles` are those whose work it is."""

    endpoint: str
    label: LazyString
    icon: str
    roles: frozenset[str] = EVERYBODY
    short: LazyString | None = None

    @property
    def tab(self) -> LazyString:
        """Its name at a phone's bottom, where a fifth of the width is all there is."""
        return self.short or self.label

    @property
    def is_here(self) -> bool:
        """Whether the present page is this one."""
        return request.endpoint == self.endpoint

    @property
    def url(self) -> str:
        """The page's address."""
        return url_for(self.endpoint)


# In the order of the menu: the work of a role stands before what everybody has.
ITEMS = (
    Item("home.home", _("首页"), "house-door", EVERYBODY | STRANGERS),
    Item("counter.start", _("兑换柜台"), "shop-window", frozenset({"clerk"})),
    Item("activities.manage", _("组织活动"), "clipboard-check", frozenset({"organizer"})),
    Item("micro_hours.waiting", _("微小时确认"), "stopwatch", frozenset({"organizer"}), _("微小时")),
    Item("order_board.board", _("派单台"), "kanban", frozenset({"organizer"}), _("派单")),
    Item("people.people", _("储户名册"), "people", frozenset({"admin", "auditor"})),
    Item("shelf.manage", _("物品管理"), "box-seam", frozenset({"admin"})),
    Item("honours.proposals", _("星级评定"), "award", frozenset({"admin", "auditor"}), _("星级")),
    Item("ledger.journal", _("账本"), "journal-check", frozenset({"auditor"})),
    Item("redemptions.redemptions", _("兑换记录"), "receipt", frozenset({"auditor"}), _("兑换")),
    Item("jobs.jobs", _("定时任务"), "clock-history", frozenset({"admin", "auditor"})),
    Item("evaluations.fairness_lists", _("评价核查"), "search-heart", frozenset({"auditor"})),
    Item("activities.activities", _("活动"), "calendar-event"),
    Item("open_orders.open_orders", _("接单"), "hand-index-thumb"),
    Item("orders.tree", _("心愿树"), "tree", STRANGERS),
    Item("people.card", _("我的码"), "qr-code"),
    Item("statements.passbook", _("存折"), "journal-text"),
    Item("rewards.catalogue", _("积分兑换"), "gift"),
    Item("evaluations.desk", _("服务评价"), "star-half", frozenset({"organizer", "admin"})),
    Item("evaluations.received", _("我的评价"), "stars"),
    Item("ratings.mine", _("我的星级"), "star"),
    Item("boards.board", _("积分榜"), "trophy", EVERYBODY | STRANGERS),
)


def items() -> list[Item]:
    """The menu of the one who is asking."""
    held = frozenset(g.get("roles") or ()) | (EVERYBODY if g.get("person") else STRANGERS)
    return [each for each in ITEMS if each.roles & held and each.endpoint in current_app.view_functions]


def first() -> list[Item]:
    """Those that stand in the top bar; the rest is behind "more"."""
    return items()[:FIRST_MAX]


def rest() -> list[Item]:
    """Those behind "more" in the top bar."""
    return items()[FIRST_MAX:]


def tabs() -> list[Item]:
    """The few of them that fit at the bottom of a phone."""
    return items()[:TABS_MAX] if g.get("person") else []


def behind_tabs() -> list[Item]:
    """Those behind "more" at the bottom of a phone."""
    return items()[TABS_MAX:]


def register(app: Flask) -> None:
    """Give the templates the menu."""
    app.jinja_env.globals.update(menu_items=items, menu_first=first, menu_rest=rest, menu_tabs=tabs, menu_behind_tabs=behind_tabs)
