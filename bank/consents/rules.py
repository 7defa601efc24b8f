"""Decisions about consents, made from plain values only."""

from bank.errors import Invalid

CONSENT_TEXT_VERSION = 1


class BadPurpose(Invalid):
    """There is no such purpose of consent."""
