"""Fields of the schemas: the one shape of numbers, days and instants at the border, in JSON and in forms.

JSON is strict: a whole number is a number, not the text "5". A form can only send text, so each field here also says
how what a person typed is meant (`from_text`); `bank.web.forms` uses it and then loads the same schema as the API.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from bank import clock

WHOLE_MAX = 2**53 - 1  # Beyond this, a number that passed through JavaScript is no longer the same number.
# A number that a person typed. Nobody means a longer one, and 1e900000 keeps the machine busy for a minute.
TYPED_NUMBER = re.compile(r"[+-]?[0-9]{0,20}(\.[0-9]{0,10})?")


class StrictInt(fields.Integer):
    """A whole number; refuses text, true and 5.7, takes 5 and 5.0, which JSON holds for the same."""

    def __init__(self, *, low: int = 0, high: int = WHOLE_MAX, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.insert(0, validate.Range(min=low, max=high))

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.make_error("invalid", input=value)
        return int(value)

    def from_text(self, text: str) -> object:
        """What a person typed as a number; anything else stays as it is and is refused by the schema."""
        return int(text) if re.fullmatch("[0-9]{1,20}", text) else text


class Points(StrictInt):
    """Points in hundredths: 1 point is 100 in JSON, and "1", "1.9" or "1.90" in a form."""

    def from_text(self, text: str) -> object:
        """Points as people write them, to hundredths; a third decimal is refused by the schema."""
        typed = unicodedata.normalize("NFKC", text).strip()  # Chinese keyboards write full-width digits as well.
        if not TYPED_NUMBER.fullmatch(typed) or not any(each.isdigit() for each in typed):
            return text
        hundredths = Decimal(typed).scaleb(2)
        return int(hundredths) if hundredths == hundredths.to_integral_value() else text


class Instant(fields.AwareDateTime):
    """An instant with its zone; always written in UTC. A form's local time is meant in the bank's zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def from_text(self, text: str) -> object:
        """What a date-and-time input sends: local, without a zone."""
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            return text
        return (local if local.tzinfo else local.replace(tzinfo=clock.zone())).isoformat()


class Day(fields.Date):
    """A local day, as 2026-10-15."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)


class Month(fields.Date):
    """A month, as 2026-10, held as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", metadata={"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        return super()._deserialize(value, attr, data, **kwargs).replace(day=1)


_TICKED = {**dict.fromkeys(("1", "on", "true", "y"), True), **dict.fromkeys(("0", "off", "false", "n"), False)}


class Flag(fields.Boolean):
    """True or false; JSON may not say "yes" or 1. A ticked box of a form is true."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value

    def from_text(self, text: str) -> object:
        """What a ticked box sends is true; an empty box sends nothing, so give the field a `load_default`."""
        return _TICKED.get(text, text)


class Text(fields.String):
    """Text without blanks around it and without control characters; `low` 1 refuses the empty one."""

    def __init__(self, *, low: int = 0, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.insert(0, validate.Length(min=low, max=high))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if any((ord(each) < 32 and each not in "\r\n\t") or ord(each) == 127 for each in text):
            raise self.make_error("invalid", input=value)
        return text.strip()


class QuerySchema(Schema):
    """What stands behind the `?` of an address: texts only, each meant as if a person had typed it into a form."""

    @pre_load
    def _mean(self, data: Mapping[str, Any], **kwargs: object) -> dict[str, Any]:
        return {name: _meant(self.fields.get(name), data[name]) for name in data}


def _meant(field: object, typed: Any) -> Any:
    return field.from_text(typed) if hasattr(field, "from_text") and isinstance(typed, str) else typed
