"""The shape of persons and roles at the border; points are hundredths."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from bank.fields import Day, Flag, Instant, Points, StrictInt
from bank.people import rules
from bank.people.models import MEMBERSHIPS, ROLES
from bank.people.rules import NewGuardian

HAS_PHONE = validate.Length(max=40)
HAS_NOTE = validate.Length(max=400)


class MaskedPhone(fields.String):
    """A phone number of which the middle is hidden."""

    def _serialize(self, value: str | None, attr: str | None, obj: object, **kwargs: object) -> str | None:
        return None if value is None else rules.mask_phone(value)


class FactsSchema(Schema):
    """What is known of a person; all but the name may be missing where there is a phone, another contact or a guardian."""

    name = fields.String(required=True, validate=validate.Length(max=200))
    phone = fields.String(load_default=None, allow_none=True, validate=HAS_PHONE)
    contact = fields.String(load_default=None, allow_none=True, validate=HAS_NOTE)
    sex = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(rules.SEXES))
    born_on = Day(load_default=None, allow_none=True)
    area = fields.String(load_default=None, allow_none=True, validate=HAS_NOTE)
    skills = fields.String(load_default=None, allow_none=True, validate=HAS_NOTE)
    service_kinds = fields.String(load_default=None, allow_none=True, validate=HAS_NOTE)
    is_volunteer = Flag(load_default=True)
    is_in_service = Flag(load_default=False)
    id_number = fields.String(load_default=None, allow_none=True, validate=HAS_PHONE)
    is_id_verified = Flag(load_default=False)


class GuardianSchema(Schema):
    """Who answers for a minor."""

    guardian_name = fields.String(required=True, validate=validate.Length(max=200))
    guardian_phone = fields.String(required=True, validate=HAS_PHONE)
    guardian_relation = fields.String(load_default="parent", validate=validate.OneOf(rules.RELATIONS))

    @post_load
    def fold(self, loaded: dict[str, Any], **_kwargs: object) -> NewGuardian:
        """The guardian as actions want to have one."""
        return NewGuardian(**{name.removeprefix("guardian_"): value for name, value in loaded.items()})


class NewPersonSchema(FactsSchema):
    """A person to be enrolled, for a minor with the guardian."""

    unit_id = StrictInt(required=True, low=1)
    home_unit_id = StrictInt(load_default=None, allow_none=True, low=1)
    host_unit_id = StrictInt(load_default=None, allow_none=True, low=1)
    guardian_name = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    guardian_phone = fields.String(load_default=None, allow_none=True, validate=HAS_PHONE)
    guardian_relation = fields.String(load_default="parent", validate=validate.OneOf(rules.RELATIONS))

    @post_load
    def fold(self, loaded: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        """The guardian, if any, as one value."""
        name, phone, relation = (loaded.pop(f"guardian_{part}") for part in ("name", "phone", "relation"))
        has_guardian = name is not None or phone is not None
        guardian = NewGuardian(name=name or "", phone=phone or "", relation=relation) if has_guardian else None
        return {**loaded, "guardian": guardian}


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


class EditFormSchema(FactsSchema):
    """What is known of a person, as the page asks for it: one kind instead of two flags."""

    kind = fields.String(load_default="volunteer", validate=validate.OneOf(rules.KINDS))

    @post_load
    def part(self, loaded: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        """The kind as the two flags."""
        return _flags(loaded)


class DeskSchema(NewPersonSchema):
    """A person enrolled at the desk, with the consents that were signed on paper."""

    kind = fields.String(load_default="volunteer", validate=validate.OneOf(rules.KINDS))
    paper = fields.List(fields.String(validate=validate.Length(max=12)), load_default=[])

    @post_load
    def fold(self, loaded: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        """The guardian as one value, and the kind as the two flags."""
        return _flags(super().fold(loaded))


def _flags(loaded: dict[str, Any]) -> dict[str, Any]:
    kind = loaded.pop("kind")
    return {**loaded, "is_volunteer": kind != "resident", "is_in_service": kind == "in_service"}


class UnitIdSchema(Schema):
    """A unit, or none."""

    unit_id = StrictInt(required=True, allow_none=True, low=1)


class SomeUnitIdSchema(Schema):
    """A unit."""

    unit_id = StrictInt(required=True, low=1)


class OtherPersonSchema(Schema):
    """Another person."""

    with_person_id = StrictInt(required=True, low=1)


class MembershipSchema(Schema):
    """Where a person belonged: enrolled, to a home unit, a host community or a team; until null, still."""

    kind = fields.String(required=True, validate=validate.OneOf(MEMBERSHIPS))
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    since_at = Instant(required=True)
    until_at = Instant(required=True, allow_none=True)


class MembershipsSchema(Schema):
    """Where a person belongs and belonged, the present first."""

    memberships = fields.List(fields.Nested(MembershipSchema), required=True)


class HouseholdSchema(Schema):
    """Whom a person lives with or answers for, in order of names."""

    persons = fields.List(fields.Nested(FoundPersonSchema), required=True)


class ChangeSchema(Schema):
    """What an administrator changed; a personal value shows as `*`, and in `personal_` while the person is not forgotten."""

    id = StrictInt(required=True)
    changed_at = Instant(required=True)
    changed_by = fields.String(required=True, allow_none=True, attribute="changed_by.name", dump_default=None)
    what = fields.String(required=True)
    subject_kind = fields.String(required=True)
    subject_key = fields.String(required=True)
    before = fields.Dict(required=True)
    after = fields.Dict(required=True)
    personal_before = fields.Dict(required=True, allow_none=True, attribute="detail.before", dump_default=None)
    personal_after = fields.Dict(required=True, allow_none=True, attribute="detail.after", dump_default=None)


class ChangesSchema(Schema):
    """Changes, the latest first."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True)


class ListedPersonsSchema(Schema):
    """Persons of a unit and all below it, in order of names."""

    persons = fields.List(fields.Nested(FoundPersonSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True)


class SearchSchema(Schema):
    """What to search for: part of a name, pinyin, or the end of a phone or card number."""

    search = fields.String(required=True, validate=validate.Length(max=100))


class RoleSchema(Schema):
    """A role held in a unit and below it."""

    id = StrictInt(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    unit_id = StrictInt(required=True)
    unit = fields.String(required=True, attribute="unit.name")
    counter_id = StrictInt(required=True, allow_none=True, metadata={"description": "the only counter, if there is one"})
    granted_at = Instant(required=True)
    revoked_at = Instant(required=True, allow_none=True)


class ProfileSchema(Schema):
    """A person as the one who asks may see them: the phone is masked and the birth date null for all but the unit's admin."""

    id = StrictInt(required=True, attribute="person.id")
    name = fields.String(required=True, attribute="person.name")
    phone = fields.String(required=True, allow_none=True)
    card_number = fields.String(required=True, attribute="person.card_number")
    born_on = Day(required=True, allow_none=True)
    kind = fields.String(required=True, attribute="person.kind", validate=validate.OneOf(rules.KINDS))
    unit_id = StrictInt(required=True, attribute="person.unit_id")
    unit = fields.String(required=True, attribute="person.unit.name")
    is_in_service = Flag(required=True, attribute="person.is_in_service")
    home_unit_id = StrictInt(required=True, allow_none=True, attribute="person.home_unit_id")
    host_unit_id = StrictInt(required=True, allow_none=True, attribute="person.host_unit_id")
    closed_at = Instant(required=True, allow_none=True, attribute="person.closed_at")
    enrolled_at = Instant(required=True, attribute="person.enrolled_at")
    points = Points(required=True)
    minutes = StrictInt(required=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True, attribute="grants")


class NewRoleSchema(Schema):
    """A role to be given in a unit and below it."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    unit_id = StrictInt(required=True, low=1)


class RoleFormSchema(NewRoleSchema):
    """The form of a role: a clerk may be bound to one counter, whose unit then counts."""

    counter_id = StrictInt(load_default=None, allow_none=True, low=1)

    @validates_schema
    def only_clerks_stand_at_counters(self, data: dict[str, Any], **_kwargs: object) -> None:
        """Refuse a counter for another role."""
        if data.get("counter_id") is not None and data.get("role") != "clerk":
            raise ValidationError("Only a clerk stands at one counter.", "counter_id")
