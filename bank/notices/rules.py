"""Decisions about notices and their delivery, made from plain values only."""

import re
from datetime import timedelta

from bank.errors import Invalid

CHANNELS = ("email", "wecom", "dingtalk", "feishu")
STATES = ("waiting", "sending", "sent", "failed", "unknown", "dropped")
KEY_MAX = 100
ADDRESS_MAX = 200
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 720))
GIVEN_UP_AFTER = timedelta(minutes=10)  # No server keeps one waiting so long; the process that was sending is gone.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_KEYS = {
    "email": _ADDRESS,
    "wecom": re.compile(r"[A-Za-z0-9-]{30,50}"),
    "dingtalk": re.compile(r"[A-Za-z0-9]{30,128}"),
    "feishu": re.compile(r"[A-Za-z0-9-]{30,50}"),
}


class BadChannel(Invalid):
    """There is no such way to send notices."""


class BadAddress(Invalid):
    """An e-mail address, or the key of a robot as its program shows it: letters, digits and -."""


def checked_address(channel: str, typed: str) -> str:
    """The address for a channel as it is kept. Raises BadChannel, BadAddress.

    Only an address or a key is taken, never a URL: where messages go is fixed by the channel.
    """
    if channel not in CHANNELS:
        raise BadChannel()
    address = typed.strip()
    # People paste the robot's whole address; its key is the last part.
    if channel != "email" and "/" in address:
        address = re.split(r"[/=]", address.rstrip("/"))[-1]
    if len(address) > ADDRESS_MAX or not _KEYS[channel].fullmatch(address):
        raise BadAddress()
    return address


def pause_after(attempts: int) -> timedelta | None:
    """How long after that many failures to try again; None when it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def masked_address(channel: str, address: str) -> str:
    """An address as a page shows it: enough to recognise, not enough to use."""
    if channel == "email":
        name, _, host = address.partition("@")
        return f"{name[:2]}***@{host}"
    return f"{address[:4]}…{address[-4:]}"
