"""The shape of redemptions, appointments and a counter's day at the border; points are hundredths."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bank.counter.queries import pickup_code
from bank.counter.rules import APPOINTMENT_STATES, CONSENTS, NOTE_LENGTH, PERFORMER_LENGTH, STATES, STEPS
from bank.fields import Day, Flag, Instant, Points, StrictInt, Text
from bank.rewards import rules


class NewRedemptionSchema(Schema):
    """Who takes what: the member by id or card number, the reward by id or number, and one way of consent.

    `code` is the rotating code on the phone, `checked` what the clerk looked at to know the member, `consent` what
    `POST /consents` answered; `shown_by_id` is who of the household came instead, and whose identity was checked.
    """

    person_id = StrictInt(low=1)
    card_number = fields.String(validate=validate.Length(min=1, max=30))
    reward_id = StrictInt(low=1)
    number = fields.String(validate=validate.Length(min=1, max=20))
    quantity = StrictInt(load_default=1, low=1, high=rules.QUANTITY_MAX)
    counter_id = StrictInt(load_default=None, allow_none=True, low=1)
    code = fields.String(validate=validate.Length(min=1, max=30))
    checked = Text(low=1, high=NOTE_LENGTH)
    consent = fields.String(validate=validate.Length(min=1, max=500))
    shown_by_id = StrictInt(load_default=None, allow_none=True, low=1)

    @validates_schema
    def _name_each_once(self, data: dict[str, object], **_: object) -> None:
        for names in (("person_id", "card_number"), ("reward_id", "number"), ("code", "checked", "consent")):
            if sum(each in data for each in names) != 1:
                raise ValidationError("Name exactly one of these.", field_name=names[0])


class NewCounterConsentSchema(Schema):
    """How a member agrees, in one of three ways; `shown_by_id` is who of the household came in the member's place."""

    person_id = StrictInt(required=True, low=1)
    code = fields.String(validate=validate.Length(min=1, max=30))
    pin = fields.String(validate=validate.Length(min=1, max=20), load_only=True)
    checked = Text(low=1, high=NOTE_LENGTH)
    shown_by_id = StrictInt(load_default=None, allow_none=True, low=1)

    @validates_schema
    def _show_one(self, data: dict[str, object], **_: object) -> None:
        if sum(each in data for each in ("code", "pin", "checked")) != 1:
            raise ValidationError("Name exactly one of these.", field_name="code")


class CounterConsentSchema(Schema):
    """A consent as a text that the same clerk sends along within five minutes."""

    consent = fields.String(required=True)
    expires_at = Instant(required=True)


class NewReservationSchema(Schema):
    """What a member puts aside for himself, at a counter or at the reward's first one."""

    reward_id = StrictInt(required=True, low=1)
    quantity = StrictInt(load_default=1, low=1, high=rules.QUANTITY_MAX)
    counter_id = StrictInt(load_default=None, allow_none=True, low=1)


class PickUpSchema(Schema):
    """The eight digits that a member shows to fetch a reservation."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=20))
    counter_id = StrictInt(load_default=None, allow_none=True, low=1)


class CancelSchema(Schema):
    """Why a reservation is given up; the member need not say."""

    reason = Text(load_default="", high=rules.REASON_LENGTH)


class ReturnApprovalSchema(Schema):
    """Whether what was brought back can be given to somebody else."""

    is_usable = Flag(required=True)


class UndoSchema(Schema):
    """Why a redemption is undone."""

    reason = Text(required=True, low=1, high=rules.REASON_LENGTH)


class RedemptionStepSchema(Schema):
    """Something that happened to a redemption; `by_id` null is the bank itself."""

    kind = fields.String(required=True, validate=validate.OneOf(STEPS))
    at = Instant(required=True)
    by_id = StrictInt(required=True, allow_none=True)
    counter_id = StrictInt(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    entry_id = StrictInt(required=True, allow_none=True)


class RedemptionSchema(Schema):
    """A reward reserved or handed over; `undone_at` says that points and pieces went back."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    reward_id = StrictInt(required=True)
    counter_id = StrictInt(required=True)
    quantity = StrictInt(required=True)
    points = Points(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    made_at = Instant(required=True)
    entry_id = StrictInt(required=True)
    hold_ends_on = Day(required=True, allow_none=True)
    handed_over_at = Instant(required=True, allow_none=True)
    handed_over_by_id = StrictInt(required=True, allow_none=True)
    consent = fields.String(required=True, allow_none=True, validate=validate.OneOf(CONSENTS))
    fetched_by_id = StrictInt(required=True, allow_none=True)
    undone_at = Instant(required=True, allow_none=True)
    undone_by_id = StrictInt(required=True, allow_none=True)
    undo_entry_id = StrictInt(required=True, allow_none=True)


class RedemptionLifeSchema(RedemptionSchema):
    """A redemption with each step of its life."""

    steps = fields.List(fields.Nested(RedemptionStepSchema), required=True)


class ReservationSchema(RedemptionSchema):
    """A member's own reservation, with the code to fetch it by while it waits."""

    pickup_code = fields.Function(pickup_code, metadata={"type": "string", "nullable": True})


class ReservationsSchema(Schema):
    """A member's reservations that wait, the first to end first."""

    reservations = fields.List(fields.Nested(ReservationSchema), required=True)


class RewardLifeSchema(Schema):
    """Who took or reserved a reward, the latest first."""

    redemptions = fields.List(fields.Nested(RedemptionLifeSchema), required=True)


class RedemptionsSchema(Schema):
    """A list of redemptions, the latest first."""

    redemptions = fields.List(fields.Nested(RedemptionSchema), required=True)


class DayQuerySchema(Schema):
    """A local day; without one, today."""

    day = Day(load_default=None)


class AppointmentSchema(Schema):
    """A community service: asked for, agreed for an instant, done, or not done."""

    id = StrictInt(required=True)
    redemption_id = StrictInt(required=True)
    state = fields.String(required=True, validate=validate.OneOf(APPOINTMENT_STATES))
    agreed_for = Instant(required=True, allow_none=True)
    performer = fields.String(required=True, allow_none=True)


class AppointmentsSchema(Schema):
    """Appointments that are still to be done."""

    appointments = fields.List(fields.Nested(AppointmentSchema), required=True)


class ServiceAgreementSchema(Schema):
    """When a service is done, and by whom."""

    agreed_for = Instant(required=True)
    performer = Text(required=True, low=1, high=PERFORMER_LENGTH)
    note = Text(load_default="", high=rules.REASON_LENGTH)


class ServiceDoneSchema(Schema):
    """A word about a service that was done."""

    note = Text(load_default="", high=rules.REASON_LENGTH)


class DayFiguresSchema(Schema):
    """A counter's day in figures; points are hundredths, `differences` pieces that a count found more or less."""

    redemptions = StrictInt(required=True)
    pieces = StrictInt(required=True)
    points = Points(required=True)
    undone = StrictInt(required=True)
    returned = StrictInt(required=True)
    counted = StrictInt(required=True)
    differences = StrictInt(required=True)


class DayEndSchema(DayFiguresSchema):
    """A day as it was signed off, or opened again."""

    number = StrictInt(required=True)
    is_closed = Flag(required=True)
    reason = fields.String(required=True, allow_none=True)
    at = Instant(required=True)
    by_id = StrictInt(required=True)


class CounterDaySchema(Schema):
    """A counter's day: as the books stand, as it was signed, and the ids of rewards that are still to be counted."""

    counter_id = fields.Function(lambda report: report.counter.id, metadata={"type": "integer"})
    day = Day(required=True)
    figures = fields.Nested(DayFiguresSchema, required=True)
    signed = fields.List(fields.Nested(DayEndSchema), required=True)
    is_closed = Flag(required=True)
    is_changed = Flag(required=True)
    to_count = fields.Function(
        lambda report: [each.id for each in report.to_count], metadata={"type": "array", "items": {"type": "integer"}}
    )


class CounterDaysSchema(Schema):
    """A day at every counter in sight."""

    reports = fields.List(fields.Nested(CounterDaySchema), required=True)
