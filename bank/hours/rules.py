"""Decisions about hours and points, made from plain values only: whole minutes, hundredths of a point, whole percents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from itertools import compress
from typing import NamedTuple

from bank.errors import Conflict, Invalid, NotAllowed

CATEGORIES = (
    "environment", "elder_care", "child_care", "disability_help", "safety_patrol", "civility",
    "teaching", "health", "repairs", "culture", "mediation", "emergency", "community_event", "other",
)  # fmt: skip
BANNED_CATEGORIES = ("meeting", "staff_training", "paid_duty", "team_building", "tour")  # Order 67, art. 19.
EVIDENCE = ("scanned", "supplemented")
CUT_REASONS = ("presence", "overlap", "day_cap", "supplemented", "year_cap")
MINUTE = timedelta(minutes=1)
WINDOW_MAX = timedelta(hours=24)
REASON_MAX = 200


class BadService(Invalid):
    """A service needs its name, place, content, and a plan from one minute to 24 hours with a break shorter than that."""


class CategoryUnknown(Invalid):
    """The category is not in the list of kinds of service."""


class CategoryBanned(Invalid):
    """Meetings, training of own staff, paid duty, team building and tours are not volunteer service."""


class ServiceInFuture(Invalid):
    """Hours are recorded after the service, not before."""


class PersonTwice(Invalid):
    """A person has one part in a service."""


class BadRuleSet(Invalid):
    """A rule of the rule set is not a whole number in its range."""


class SupplementNeedsReason(Invalid):
    """Time without scans needs a reason and a second person who agrees."""


class SupplementNeedsSecond(NotAllowed):
    """Nobody supplements for themselves, and whoever records does not also agree."""


class SourceReused(Conflict):
    """The source already stands for another service; what was asked differs."""


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """The rules in force from a first day on: minutes are whole, points are hundredths, percents are whole (100 = 1.00)."""

    version: int = 1
    starts_on: date = date(2000, 1, 1)
    points_per_hour: int = 100
    class_percent_min: int = 80
    class_percent_max: int = 150
    class_percent_default: int = 100
    quality_percent: int = 100
    presence_percent_min: int = 60
    pairs_max: int = 3
    day_minutes_max: int = 480
    year_points_max: int = 60_000
    supplement_points_percent: int = 0
    open_minutes_before: int = 30
    open_minutes_after: int = 30
    confirm_workdays: int = 3
    publicity_workdays: int = 0
    post_workdays: int = 10
    objection_workdays: int = 15
    office_starts_minute: int = 540
    office_ends_minute: int = 1080
    bulk_supplements_min: int = 5

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.type is int and not (type(value) is int and 0 <= value <= 10_000_000):
                raise BadRuleSet(rule=each.name)

    def to_json(self) -> dict[str, int]:
        """The rules alone; version and first day are columns of their own."""
        return {name: value for name, value in asdict(self).items() if name not in ("version", "starts_on")}

    @classmethod
    def from_json(cls, rules: Mapping[str, int], *, version: int, starts_on: date) -> "RuleSet":
        """Read what `to_json` wrote; a rule that came later has its default. Raises BadRuleSet for an unknown one."""
        if unknown := rules.keys() - {each.name for each in fields(cls)}:
            raise BadRuleSet(rule=min(unknown))
        return cls(version=version, starts_on=starts_on, **rules)


DEFAULTS = RuleSet()


class Stay(NamedTuple):
    """One pair of check-in and check-out."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewService:
    """What was done, with the fields of a record (Order 67, art. 7 and 10). `source` names it once and for all."""

    source: str
    name: str
    category: str
    place: str
    content: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0
    class_percent: int = 100
    unit_id: int
    leader_id: int

    @property
    def planned_minutes(self) -> int:
        """Minutes of service in the plan: the window without the break."""
        return (self.ends_at - self.starts_at) // MINUTE - self.break_minutes


@dataclass(frozen=True, kw_only=True)
class NewPart:
    """One person's stays at a service. A supplemented part has a reason and a second person who agreed."""

    person_id: int
    stays: tuple[Stay, ...]
    evidence: str = "scanned"
    reason: str | None = None
    approved_by_id: int | None = None


class Worth(NamedTuple):
    """What a part is worth by plan and class, to whoever has it; `credit` holds it against what was credited before."""

    day: date
    present: tuple[Stay, ...]
    present_minutes: int
    minutes: int
    class_percent: int
    is_supplemented: bool


class Credit(NamedTuple):
    """What a part is worth: minutes, points in hundredths, what cut them, and the version of the rules that said so."""

    present_minutes: int
    minutes: int
    points: int
    cut_reasons: tuple[str, ...] = ()
    span: Stay | None = None
    rule_version: int = 1


@dataclass
class Tally:
    """What one person has been credited already: spans, minutes by day, points by year. Grows with each credit."""

    spans: list[Stay] = field(default_factory=list)
    day_minutes: dict[date, int] = field(default_factory=dict)
    year_points: dict[int, int] = field(default_factory=dict)

    def add(self, *, day: date, minutes: int, points: int, span: Stay | None) -> None:
        """Remember a credit, so that the next one knows of it."""
        self.day_minutes[day] = self.day_minutes.get(day, 0) + minutes
        self.year_points[day.year] = self.year_points.get(day.year, 0) + points
        if span and minutes:
            self.spans.append(span)


def present_stays(stays: Iterable[Stay], *, starts_at: datetime, ends_at: datetime) -> list[Stay]:
    """The parts of the stays inside the planned window, in order of time, joined where they touch or overlap."""
    inside = [(max(each.starts_at, starts_at), min(each.ends_at, ends_at)) for each in stays]
    joined: list[Stay] = []
    for begin, end in sorted(each for each in inside if each[0] < each[1]):
        if joined and begin <= joined[-1].ends_at:
            joined[-1] = Stay(joined[-1].starts_at, max(end, joined[-1].ends_at))
        else:
            joined.append(Stay(begin, end))
    return joined


def credited_minutes(present: Sequence[Stay], *, planned_minutes: int, break_minutes: int, rules: RuleSet) -> int:
    """Whole minutes of service in `present_stays`: presence without the break; 0 under 60 % of the planned service.

    A break is taken off once: time checked out between first arrival and last departure counts towards it.
    """
    minutes = _length(present) // MINUTE
    if not present or minutes * 100 < planned_minutes * rules.presence_percent_min:
        return 0
    away = (present[-1].ends_at - present[0].starts_at - _length(present)) // MINUTE
    return max(0, min(planned_minutes, minutes - max(0, break_minutes - away)))


def points_for(minutes: int, class_percent: int, rules: RuleSet) -> int:
    """Hundredths of a point: floor(minutes x rate x class x quality)."""
    return minutes * rules.points_per_hour * class_percent * rules.quality_percent // (60 * 100 * 100)


def worth(service: NewService, part: NewPart, *, day: date, rules: RuleSet) -> Worth:
    """What a part is worth before anything that its person was credited: the same for all with the same stays."""
    present = present_stays(part.stays, starts_at=service.starts_at, ends_at=service.ends_at)
    planned, pause = service.planned_minutes, service.break_minutes
    minutes = credited_minutes(present, planned_minutes=planned, break_minutes=pause, rules=rules)
    is_supplemented = part.evidence == "supplemented"
    return Worth(day, tuple(present), _length(present) // MINUTE, minutes, service.class_percent, is_supplemented)


def credit(part: Worth, *, tally: Tally, rules: RuleSet) -> Credit:
    """What a part is worth after everything the person was credited already; the tally is left as it is.

    First the plan (presence), then time counted elsewhere (overlap), then 8 hours a day, then the points and their year's cap.
    """
    once = max(0, part.minutes - overlap_minutes(part.present, tally.spans))
    minutes = min(once, max(0, rules.day_minutes_max - tally.day_minutes.get(part.day, 0)))
    by_rule = points_for(minutes, part.class_percent, rules)
    allowed = by_rule * rules.supplement_points_percent // 100 if part.is_supplemented else by_rule
    points = min(allowed, max(0, rules.year_points_max - tally.year_points.get(part.day.year, 0)))
    cuts = (not part.minutes, once < part.minutes, minutes < once, allowed < by_rule, points < allowed)
    reasons = tuple(compress(CUT_REASONS, cuts)) if any(cuts) else ()
    span = Stay(part.present[0].starts_at, part.present[-1].ends_at) if part.present else None
    return Credit(part.present_minutes, minutes, points, reasons, span, rules.version)


def overlap_minutes(stays: Sequence[Stay], credited: Sequence[Stay]) -> int:
    """Minutes of the stays that lie in spans credited already, each minute once, a begun minute in full."""
    if not (stays and credited):
        return 0
    begin, end = stays[0].starts_at, stays[-1].ends_at
    near = [span for span in credited if span.starts_at < end and begin < span.ends_at]
    pieces = [each for span in near for each in present_stays(stays, starts_at=span.starts_at, ends_at=span.ends_at)]
    if not pieces:
        return 0
    first, last = min(each.starts_at for each in pieces), max(each.ends_at for each in pieces)
    return -(-_length(present_stays(pieces, starts_at=first, ends_at=last)) // MINUTE)


def effective_on(served_on: date, *, last_closed_month: date | None, recorded_on: date) -> date:
    """The day a deposit counts: the day of the service while its month is open, else the day we learnt of it."""
    is_closed = last_closed_month is not None and served_on.replace(day=1) <= last_closed_month
    return recorded_on if is_closed else served_on


def check_service(service: NewService, *, at: datetime) -> None:
    """Refuse what no service record may hold: BadService, CategoryBanned, CategoryUnknown, ServiceInFuture."""
    check_category(service.category)
    window = service.ends_at - service.starts_at
    if not MINUTE <= window <= WINDOW_MAX:
        raise BadService(field="ends_at")
    if not (service.break_minutes >= 0 and service.planned_minutes >= 1):
        raise BadService(field="break_minutes")
    if not DEFAULTS.class_percent_min <= service.class_percent <= DEFAULTS.class_percent_max:
        raise BadService(field="class_percent")
    for name, length_max in (("source", 60), ("name", 100), ("place", 100), ("content", 1000)):
        if not 1 <= len(getattr(service, name).strip()) <= length_max:
            raise BadService(field=name)
    if service.ends_at > at:
        raise ServiceInFuture(ends_at=service.ends_at)


def check_category(category: str) -> None:
    """Refuse with CategoryBanned what is no volunteer service, and with CategoryUnknown what is in no list."""
    if category in BANNED_CATEGORIES:
        raise CategoryBanned(category=category)
    if category not in CATEGORIES:
        raise CategoryUnknown(category=category)


def check_part(part: NewPart, *, by_id: int) -> None:
    """Refuse a supplemented part without a reason or without a second person who is neither the member nor `by`."""
    if part.evidence not in EVIDENCE:
        raise BadService(field="evidence")
    if part.evidence == "scanned":
        return
    if len(part.reason or "") > REASON_MAX:
        raise BadService(field="reason")
    if not (part.reason or "").strip() or part.approved_by_id is None:
        raise SupplementNeedsReason(person_id=part.person_id)
    if part.approved_by_id in (part.person_id, by_id):
        raise SupplementNeedsSecond(person_id=part.person_id)


def _length(stays: Sequence[Stay]) -> timedelta:
    return sum((each.ends_at - each.starts_at for each in stays), timedelta())
