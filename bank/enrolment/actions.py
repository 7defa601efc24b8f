"""Units and persons taken in from a table: all rows or none, and a table taken in again adds nothing."""

from collections.abc import Callable
from datetime import datetime

from bank.clock import local_day
from bank.documents.records import Report, Sheet
from bank.enrolment import queries
from bank.enrolment.queries import Checked, New
from bank.enrolment.rules import ImportRefused
from bank.people import actions as people
from bank.people import organisation
from bank.people.models import Person

_CHUNK = 1000  # Persons after which the progress is told.

Progress = Callable[[int], object]


def import_persons(
    *, by: Person | None, sheet: Sheet, is_namesake_welcome: bool, at: datetime, progress: Progress = lambda count: None
) -> Report:
    """Enrol everybody in a table who is not there yet; `progress` is told how many more are done.

    Raises ImportRefused, with the number of rows, if any of them cannot be taken in.
    """
    checked = queries.check_persons(by=by, sheet=sheet, on=local_day(at), is_namesake_welcome=is_namesake_welcome)
    _refuse_unclean(checked)
    for start in range(0, len(checked.new), _CHUNK):
        chunk = checked.new[start : start + _CHUNK]
        people.enrol_all(by=by, new=chunk, at=at)
        progress(len(chunk))
    return checked.report


def import_units(*, by: Person | None, sheet: Sheet, at: datetime, progress: Progress = lambda count: None) -> Report:
    """Add every unit in a table that is not there yet; raises ImportRefused as `import_persons` does."""
    checked = queries.check_units(by=by, sheet=sheet)
    _refuse_unclean(checked)
    for new in checked.new:
        unit = organisation.add_unit(
            by=by, name=new.name, kind=new.place.kind, parent_id=new.parent.unit_id, at=at
        )  # fmt: skip
        new.place.unit_id = unit.id  # The units below it, which come later, hang under it.
        progress(1)
    return checked.report


def _refuse_unclean(checked: Checked[New]) -> None:
    if not checked.report.is_clean:
        raise ImportRefused(refused=checked.report.counts["refused"])
