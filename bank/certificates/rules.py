"""Decisions about certificates, made from plain values only."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bank.errors import Conflict, Invalid, NotFound

CAUSES = ("mistake", "reversal", "wish", "replaced")
REASON_MAX = 200


class BadCertificatePeriod(Invalid):
    """A certificate is for days that are over or today, the first not after the last."""


class BadRevocation(Invalid):
    """A certificate is revoked for a reason of 1 to 200 characters."""


class CertificateNotFound(NotFound):
    """There is no such certificate, or it is not for the one who asks."""


class AlreadyRevoked(Conflict):
    """The certificate has been revoked before."""


class NothingToCertify(Conflict):
    """No service with credited time lies in that period."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One service on a certificate (Order 67, art. 15): when, what, for which unit, and the whole minutes credited."""

    served_on: date
    name: str
    unit: str
    minutes: int

    def to_json(self) -> dict[str, Any]:
        """The part as it is kept."""
        return asdict(self) | {"served_on": self.served_on.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Part":
        """The part that was kept."""
        return cls(**kept | {"served_on": date.fromisoformat(kept["served_on"])})


def check_period(starts_on: date, ends_on: date, *, today: date) -> None:
    """Refuse with BadCertificatePeriod a period that ends before it starts or is not over yet."""
    if not starts_on <= ends_on <= today:
        raise BadCertificatePeriod()


def clean_reason(reason: str) -> str:
    """A reason as it is kept. Raises BadRevocation when it says nothing or too much."""
    clean = " ".join(reason.split())
    if not 1 <= len(clean) <= REASON_MAX or not clean.isprintable():
        raise BadRevocation()
    return clean


def tidy_code(text: str) -> str:
    """A verification code as it is kept, from what a person typed: any case, with or without gaps."""
    return re.sub(r"[\s\-]", "", text).lower()[:40]
