"""The shape of persons and roles at the border; points are hundredths."""

from marshmallow import Schema, fields, validate

from bank.fields import Day, Flag, Instant, Points, StrictInt
from bank.people import rules
from bank.people.models import ROLES

HAS_PHONE = validate.Length(max=40)


class MaskedPhone(fields.String):
    """A phone number of which the middle is hidden."""

    def _serialize(self, value: str | None, attr: str | None, obj: object, **kwargs: object) -> str | None:
        return None if value is None else rules.mask_phone(value)


class NewPersonSchema(Schema):
    """A person to be enrolled."""

    name = fields.String(required=True, validate=validate.Length(max=200))
    phone = fields.String(required=True, validate=HAS_PHONE)
    unit_id = StrictInt(required=True, low=1)
    born_on = Day(load_default=None, allow_none=True)
    is_in_service = Flag(load_default=False)
    home_unit_id = StrictInt(load_default=None, allow_none=True, low=1)


class FoundPersonSchema(Schema):
    """A person in a list, the phone masked for everybody."""

    id = StrictInt(required=True)
    name = fields.String(required=True)
    phone = MaskedPhone(required=True, allow_none=True)
    card_number = fields.String(required=True)
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")


class FoundPersonsSchema(Schema):
    """A list of persons, in order of names."""

    persons = fields.List(fields.Nested(FoundPersonSchema), required=True)


class SearchSchema(Schema):
    """What to search for: part of a name, pinyin, or the end of a phone or card number."""

    search = fields.String(required=True, validate=validate.Length(max=100))


class RoleSchema(Schema):
    """A role held in a unit and below it."""

    id = StrictInt(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    granted_at = Instant(required=True)
    revoked_at = Instant(required=True, allow_none=True)


class ProfileSchema(Schema):
    """A person as the one who asks may see them: the phone is masked and the birth date null for all but the unit's admin."""

    id = StrictInt(required=True, attribute="person.id")
    name = fields.String(required=True, attribute="person.name")
    phone = fields.String(required=True, allow_none=True)
    card_number = fields.String(required=True, attribute="person.card_number")
    born_on = Day(required=True, allow_none=True)
    unit_id = StrictInt(required=True, attribute="person.unit_id")
    unit = fields.String(required=True, attribute="person.unit.name")
    is_in_service = Flag(required=True, attribute="person.is_in_service")
    home_unit_id = StrictInt(required=True, allow_none=True, attribute="person.home_unit_id")
    enrolled_at = Instant(required=True, attribute="person.enrolled_at")
    points = Points(required=True)
    minutes = StrictInt(required=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True, attribute="grants")


class NewRoleSchema(Schema):
    """A role to be given in a unit and below it."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    unit_id = StrictInt(required=True, low=1)
