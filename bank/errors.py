"""The four kinds of refusal; a slice adds its own names beside the rule that raises them."""

import re


class BankError(Exception):
    """A refusal that a person may read; its sentence and next step are looked up by `code`."""

    code = "bank_error"

    def __init__(self, **details: object) -> None:
        super().__init__(f"{self.code} {details}" if details else self.code)
        self.details = details

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


class Invalid(BankError):
    """What was asked cannot be meant: a value is missing, malformed or out of range."""


class NotFound(BankError):
    """There is no such thing, or it is not for the one who asks."""


class NotAllowed(BankError):
    """The one who asks may not do this here."""


class Conflict(BankError):
    """It was meant well, but the present state of things does not permit it."""
