"""The catalogue as a table: taken in row by row, all or nothing, and given out with the same columns."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bank.db import db
from bank.documents.records import Column, Language, Outcome, Problem, Record, Report, Sheet, Verdict
from bank.documents.tables import Value
from bank.enrolment.rules import ImportRefused, UnknownChoice, ValueMissing, day
from bank.enrolment.words import OUTCOMES
from bank.errors import BankError, Invalid
from bank.people.models import Person
from bank.rewards import actions, queries, rules
from bank.rewards.models import Reward
from bank.units.models import Unit
from bank.units.rules import UnitNotFound

KINDS = {"goods": ("实物", "goods"), "service": ("社区服务", "community service"), "honour": ("荣誉", "honour")}
COLUMNS = (
    Column("number", "编号", "Number", example=("101", "101")),
    Column("kind", "种类", "Kind", is_required=True, example=KINDS["goods"]),
    Column("name", "名称", "Name", is_required=True, example=("大米", "Rice")),
    Column("points", "每件积分", "Points", is_required=True, example=("15", "15")),
    Column("stock", "数量", "Pieces", example=("50", "50")),
    Column("monthly_limit", "每月限兑", "Monthly limit", example=("2", "2")),
    Column("unit", "单位", "Unit", example=("向阳社区", "Sunny Community")),
    Column("about", "说明", "About"),
    Column("offered_from", "从哪天起", "From"),
    Column("offered_until", "到哪天止", "Until"),
    Column("stars_min", "最低星级", "Least stars"),
    Column("age_min", "最小年龄", "Least age"),
    Column("age_max", "最大年龄", "Greatest age"),
)
COLUMN = {each.name: each for each in COLUMNS}
SENTENCES = {
    "value_missing": ("请填写这一项。", "Fill in this column."),
    "unknown_choice": ("只能填：%(choices)s。", "Write one of: %(choices)s."),
    "bad_day": ("日期请写成 2026-10-15 的样子。", "Write a day as 2026-10-15."),
    "bad_number": ("请填数字。", "Write a number."),
    "bad_reward": ("这一项不合要求。", "This cannot be so."),
    "unit_not_found": ("没有找到这个单位，或不归您管。", "There is no such unit, or not for you."),
    "number_taken": ("这个编号已经用于另一件物品。", "This number belongs to another reward."),
}


class BadNumber(Invalid):
    """A number in a table is written in digits, points with at most two places."""


@dataclass(frozen=True)
class Checked:
    """The report on a table, and what it would add, in the table's order."""

    report: Report
    new: list[rules.NewReward]


@dataclass
class _Known:
    """What the catalogue holds already, with what the rows above have added."""

    units: list[Unit]
    by_number: dict[str, str]
    by_place: set[tuple[int, str]]


def check(*, by: Person, sheet: Sheet) -> Checked:
    """What a table would add: a reward with a known number and name, or of a known name in its unit, is there already."""
    found = db.session.execute(select(Reward.number, Reward.name, Reward.unit_id)).all()
    known = _Known(
        queries.counter_units(by), {each.number: each.name for each in found}, {(each.unit_id, each.name) for each in found}
    )
    verdicts, new = [], []
    for record in sheet.records:
        read, problems, outcome = _read(record, known)
        if read and outcome == "new":
            new.append(read)
        verdicts.append(Verdict(record.row, f"{record.values['number']} {record.values['name']}".strip(), outcome, problems))
    return Checked(Report(sheet.language, verdicts, sheet.ignored), new)


def take_in(*, by: Person, sheet: Sheet, at: datetime) -> Report:
    """Add every reward of a table that is not there yet. Raises ImportRefused if any row cannot be taken in."""
    checked = check(by=by, sheet=sheet)
    if not checked.report.is_clean:
        raise ImportRefused(refused=checked.report.counts["refused"])
    for new in sorted(checked.new, key=lambda each: each.number is None):  # Who names no number takes none that others name.
        actions.add_reward(by=by, new=new, at=at)
    return checked.report


def rows(*, by: Person, language: Language) -> Iterator[Sequence[Value]]:
    """The rewards that `by` sees, as rows under COLUMNS; `stock` is what is free now."""
    place = 0 if language == "zh" else 1
    for each in queries.visible(by):
        yield (
            each.number, KINDS[each.kind][place], each.name, _points_text(each.points), each.stock, each.monthly_limit,
            each.unit.name, each.about, _day_text(each.offered_from), _day_text(each.offered_until),
            each.stars_min or None, each.age_min, each.age_max,
        )  # fmt: skip


def examples(language: Language) -> list[Sequence[Value]]:
    """The row that shows how the table is filled in."""
    return [tuple(each.example[0 if language == "zh" else 1] for each in COLUMNS)]


def report_row(verdict: Verdict, language: Language) -> tuple[int, str, str, str]:
    """A verdict as a row of the report: row, what it is about, what becomes of it, and why."""
    place = 0 if language == "zh" else 1
    why = (
        f"{each.column.title(language)}{'：' if language == 'zh' else ': '}{SENTENCES[each.code][place] % _words(each, place)}"
        for each in verdict.problems
    )
    return verdict.row, verdict.label, OUTCOMES[verdict.outcome][place], " ".join(why)


def _words(problem: Problem, place: int) -> dict[str, Any]:
    return {name: value[place] if isinstance(value, tuple) else value for name, value in problem.details.items()}


def _read(record: Record, known: _Known) -> tuple[rules.NewReward | None, tuple[Problem, ...], Outcome]:
    problems: list[Problem] = []
    values = {column.name: _value(column, record.values[column.name], known, problems) for column in COLUMNS}
    if problems:
        return None, tuple(problems), "refused"
    unit: Unit = values.pop("unit")
    new = rules.NewReward(unit_id=unit.id, **values)
    try:
        rules.check_reward(new)
    except rules.BadReward as refusal:
        return None, (Problem(COLUMN[str(refusal.details["field"])], refusal.code),), "refused"
    if new.number and known.by_number.get(new.number, new.name) != new.name:
        return None, (Problem(COLUMN["number"], rules.NumberTaken.code),), "refused"
    is_there = new.number in known.by_number or (new.number is None and (unit.id, new.name) in known.by_place)
    known.by_place.add((unit.id, new.name))
    known.by_number |= {new.number: new.name} if new.number else {}
    return new, (), "there" if is_there else "new"


def _value(column: Column, text: str, known: _Known, problems: list[Problem]) -> Any:
    """What a cell means, or None with a problem noted."""
    readers: dict[str, Callable[[str], Any]] = {
        "kind": _kind, "name": str, "points": _points, "unit": lambda name: _unit(name, known.units), "about": str,
        "offered_from": _day, "offered_until": _day, "number": lambda digits: digits or None,
        "stars_min": lambda digits: _whole(digits) or 0,
    }  # fmt: skip
    try:
        if column.is_required and not text:
            raise ValueMissing()
        return readers.get(column.name, _whole)(text)
    except BankError as refusal:
        problems.append(Problem(column, refusal.code, refusal.details))
        return None


def _kind(text: str) -> str:
    found = next((kind for kind, names in KINDS.items() if text.casefold() in (*names, kind)), None)
    if found is None:
        raise UnknownChoice(choices=("、".join(zh for zh, _ in KINDS.values()), ", ".join(en for _, en in KINDS.values())))
    return found


def _unit(name: str, units: list[Unit]) -> Unit:
    """The unit of this name where one is admin; who administers a single one need not name it."""
    found = [each for each in units if each.name == name] if name else units
    if len(found) != 1:
        raise UnitNotFound()
    return found[0]


def _day(text: str) -> date | None:
    return day(text) if text else None


def _points(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", text):
        raise BadNumber()
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def _whole(text: str) -> int | None:
    if text and not re.fullmatch(r"[0-9]{1,7}", text):
        raise BadNumber()
    return int(text) if text else None


def _points_text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _day_text(value: date | None) -> str:
    return value.isoformat() if value else ""
