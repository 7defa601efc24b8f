"""The shape of PINs, codes and tokens at the border."""

from marshmallow import Schema, fields, validate

from bank.access.rules import SCOPES
from bank.fields import Instant, StrictInt

SHORT = validate.Length(max=40)
SECRET = validate.Length(max=128)


class PinSchema(Schema):
    """A new PIN of six digits."""

    pin = fields.String(required=True, validate=validate.Length(max=20))


class OwnPinSchema(Schema):
    """A new PIN or password for oneself, with the one that was valid so far."""

    old_pin = fields.String(required=True, validate=SECRET)
    pin = fields.String(required=True, validate=SECRET)


class SignInSchema(Schema):
    """Who wants to sign in: phone or card number, and PIN or password."""

    login = fields.String(required=True, validate=SHORT)
    pin = fields.String(required=True, validate=SECRET)


class ProofSchema(Schema):
    """The PIN or password, asked again before something that it guards."""

    pin = fields.String(required=True, validate=SECRET)


class CodeSchema(Schema):
    """A code of the second step, or one from the paper."""

    code = fields.String(required=True, validate=SHORT)


class TurnOnSchema(ProofSchema, CodeSchema):
    """What turns the second step on: the PIN or password, the salt of the secret on the page, and a code made with it."""

    salt = fields.String(required=True, validate=validate.Regexp("^[0-9a-f]{20}$"))


class ActivationSchema(CodeSchema):
    """A one-time code from the desk, and the PIN its owner wants."""

    pin = fields.String(required=True, validate=validate.Length(max=20))


class NewPinSchema(Schema):
    """A first PIN as the page asks for it, typed twice."""

    pin = fields.String(required=True, validate=validate.Length(max=20))
    again = fields.String(required=True, validate=validate.Length(max=20))


class InvitationSchema(Schema):
    """A code for a first sign-in; `code` and `url` are shown this once."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    code = fields.String(required=True)
    url = fields.String(required=True)
    expires_at = Instant(required=True)


class TokenSchema(Schema):
    """An API token, without its secret."""

    id = StrictInt(required=True)
    person_id = StrictInt(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True)
    scopes = fields.List(fields.String(validate=validate.OneOf(SCOPES)), required=True, attribute="scope_names")
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)


class TokensSchema(Schema):
    """API tokens, the newest first."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)


class NewTokenSchema(Schema):
    """What a new API token is for, which parts of the API it opens, and in how many days it ends."""

    name = fields.String(required=True, validate=validate.Length(max=60))
    scopes = fields.List(fields.String(validate=validate.OneOf(SCOPES)), required=True, validate=validate.Length(min=1))
    days = StrictInt(required=True, low=1, high=366)
