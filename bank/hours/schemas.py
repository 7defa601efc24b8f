"""The shape of service records at the border: whole minutes, points in hundredths."""

import re
from typing import Any

from marshmallow import Schema, fields, validate

from bank.fields import Day, Instant, Points, StrictInt
from bank.hours import rules
from bank.hours.rules import RuleSet


class CutReasons(fields.List[str]):
    """What took minutes or points away; the table keeps the codes joined by commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.String(validate=validate.OneOf(rules.CUT_REASONS)), **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[Any] | None:
        codes = value.split(",") if isinstance(value, str) and value else value or []
        return super()._serialize(codes, attr, obj, **kwargs)


class RecordSchema(Schema):
    """One's part in a service, with the fields of a record (Order 67, art. 7)."""

    id = StrictInt(required=True)
    name = fields.String(required=True, attribute="service.name")
    category = fields.String(required=True, attribute="service.category", validate=validate.OneOf(rules.CATEGORIES))
    served_on = Day(required=True, attribute="service.served_on")
    place = fields.String(required=True, attribute="service.place")
    content = fields.String(required=True, attribute="service.content")
    unit = fields.String(required=True, attribute="service.unit.name")
    leader = fields.String(required=True, attribute="service.leader.name")
    planned_minutes = StrictInt(required=True, attribute="service.planned_minutes")
    present_minutes = StrictInt(required=True)
    minutes = StrictInt(required=True)
    points = Points(required=True)
    cut_reasons = CutReasons(required=True)
    evidence = fields.String(required=True, validate=validate.OneOf(rules.EVIDENCE))
    confirmed_at = Instant(required=True)
    entry_id = StrictInt(required=True, allow_none=True)


class RecordsSchema(Schema):
    """One page of one's service records, the newest first."""

    records = fields.List(fields.Nested(RecordSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})


class RuleSetSchema(Schema):
    """A version of the rules of hours and points, each rule a whole number."""

    version = StrictInt(required=True)
    starts_on = Day(required=True)
    rules = fields.Method("_rules", metadata={"type": "object", "additionalProperties": {"type": "integer"}})

    def _rules(self, of: RuleSet) -> dict[str, int]:
        return of.to_json()


class RuleSetsSchema(Schema):
    """All versions, the newest first day first."""

    rule_sets = fields.List(fields.Nested(RuleSetSchema), required=True)


class NewRuleSetSchema(Schema.from_dict({name: StrictInt(high=10_000_000) for name in rules.DEFAULTS.to_json()})):  # type: ignore[misc]
    """What changes in the rules, and from which day on."""

    starts_on = Day(required=True)


class MinuteOfDay(StrictInt):
    """Minutes since midnight; in a form by the clock, from 00:00 to 24:00."""

    def from_text(self, text: str) -> object:
        """What a person typed by the clock; anything else stays as it is and is refused by the schema."""
        typed = re.fullmatch("([01]?[0-9]|2[0-4])[:：]([0-5][0-9])", text)
        return int(typed[1]) * 60 + int(typed[2]) if typed else text


class RuleFormSchema(NewRuleSetSchema):
    """The same as people type it: points with hundredths, office hours by the clock."""

    points_per_hour = Points(high=10_000_000)
    year_points_max = Points(high=10_000_000)
    office_starts_minute = MinuteOfDay(high=1440)
    office_ends_minute = MinuteOfDay(high=1440)
