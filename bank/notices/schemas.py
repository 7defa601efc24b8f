"""The shape of notices at the border."""

from marshmallow import Schema, fields, validate

from bank.fields import Instant, StrictInt
from bank.notices.rules import ADDRESS_MAX, CHANNELS


class NoticeSchema(Schema):
    """A notice in words of the reader's language."""

    id = StrictInt(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    told_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


class NoticePageSchema(Schema):
    """Notices, newest first, and the cursor of the next part."""

    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    unread = StrictInt(required=True)
    next = fields.String(required=True, allow_none=True)


class UnreadSchema(Schema):
    """How many are unread."""

    unread = StrictInt(required=True)


class ChannelSchema(Schema):
    """How one wants to be told besides the own pages; `none` means not at all."""

    channel = fields.String(required=True, validate=validate.OneOf(["none", *CHANNELS]))
    address = fields.String(load_default="", validate=validate.Length(max=ADDRESS_MAX))
