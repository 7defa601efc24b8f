"""The shape of certificates at the border."""

from marshmallow import Schema, fields, validate

from bank.certificates.rules import CAUSES, REASON_MAX
from bank.fields import Day, Flag, Instant, StrictInt, Text


class CertificatePartSchema(Schema):
    """One service on a certificate."""

    served_on = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    minutes = StrictInt(required=True)


class CertificateRevocationSchema(Schema):
    """How a certificate ended."""

    cause = fields.String(required=True, validate=validate.OneOf(CAUSES))
    reason = fields.String(required=True, allow_none=True)
    revoked_at = Instant(required=True)


class CertificateSchema(Schema):
    """A certificate as it was given out, and its end if it has one."""

    number = fields.String(required=True)
    code = fields.String(required=True)
    holder = fields.String(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    minutes = StrictInt(required=True)
    parts = fields.List(fields.Nested(CertificatePartSchema), required=True)
    bank_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    is_designated = Flag(required=True)
    issued_at = Instant(required=True)
    revocation = fields.Nested(CertificateRevocationSchema, required=True, allow_none=True)


class CertificatesSchema(Schema):
    """One's own certificates, newest first."""

    certificates = fields.List(fields.Nested(CertificateSchema), required=True)


class NewCertificateSchema(Schema):
    """The days, both included, whose services are certified."""

    starts_on = Day(required=True)
    ends_on = Day(required=True)


class CertificateReasonSchema(Schema):
    """Why a certificate ends."""

    reason = Text(required=True, low=1, high=REASON_MAX)


class CodeQuerySchema(Schema):
    """The code printed on a certificate; capitals, blanks and hyphens do not matter."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=60))


class CheckedCertificateSchema(Schema):
    """Whether the certificate of a code is in force, and nothing more."""

    state = fields.String(required=True, validate=validate.OneOf(("valid", "revoked")))
