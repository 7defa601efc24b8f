"""The people of the demo town who can sign in, and what each may try first. Their PIN is public: never use it elsewhere."""

from dataclasses import dataclass
from datetime import date

from rich.table import Table
from sqlalchemy import select

from bank.db import db
from bank.people.models import Person

PIN = "246810"
BANK, STREET, COMMUNITY = "bank", "street", "community"


@dataclass(frozen=True)
class Player:
    """One who can sign in; holds `role` at the bank, the first street or the first community, or none as a volunteer."""

    who: str
    name: str
    phone: str
    born_on: date
    home: str
    role: str | None
    role_zh: str
    role_en: str
    try_zh: str
    try_en: str


PLAYERS = (
    Player("volunteer", "李春梅", "16000000001", date(1979, 3, 5), COMMUNITY, None, "志愿者", "volunteer",
           "看存折和对账单，签到", "passbook, statement, check in"),
    Player("organizer", "张建军", "16000000002", date(1971, 8, 1), COMMUNITY, "organizer", "组织者", "organizer",
           "亮出活动码，确认昨天的时长", "show a code, confirm hours"),
    Player("clerk", "陈晓燕", "16000000003", date(1988, 6, 18), COMMUNITY, "clerk", "柜员", "clerk",
           "查“李春梅”，兑换一件物品", "find 李春梅, hand over a reward"),
    Player("admin", "赵海涛", "16000000004", date(1976, 11, 9), BANK, "admin", "管理员", "admin",
           "为新志愿者开户", "enrol a volunteer"),
    Player("auditor", "孙慧敏", "16000000005", date(1983, 1, 26), BANK, "auditor", "审计员", "auditor",
           "查看各社区的账目", "look through all books"),
    Player("display", "大厅屏幕", "16000000006", date(2000, 1, 1), COMMUNITY, "display", "大屏", "display",
           "在大屏上打开积分榜", "open the board"),
)  # fmt: skip
PHONE_PREFIX = "160"  # No company has been given these numbers, so nobody can be called.


def people() -> dict[str, Person]:
    """The cast in this bank, by part; empty when the demo town is not loaded here."""
    found = {each.phone: each for each in db.session.scalars(select(Person).where(Person.phone.in_([p.phone for p in PLAYERS])))}
    return {
        each.who: found[each.phone] for each in PLAYERS if each.phone in found and found[each.phone].name == each.name
    }  # fmt: skip


def table() -> Table:
    """Who can sign in, with what, and what to try first."""
    shown = Table("姓名\nName", "角色\nRole", "手机号\nPhone", "PIN", "先试试\nTry first", title="演示城 The demo town")
    for each in PLAYERS:
        shown.add_row(each.name, f"{each.role_zh}\n{each.role_en}", each.phone, PIN, f"{each.try_zh}\n{each.try_en}")
    return shown
