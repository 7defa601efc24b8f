"""Calendars as RFC 5545 wants them: UTC instants, escaped texts, CRLF, and lines folded at 75 octets but never in a character."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

CONTENT_TYPE = "text/calendar; charset=utf-8"
OCTETS_MAX = 75


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry; `uid` stays the same for ever, and a change has a later `changed_at`."""

    uid: str
    name: str
    place: str
    text: str
    url: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    is_cancelled: bool = False


def calendar(name: str, events: Iterable[Event], *, zone: str) -> bytes:
    """A calendar that programs subscribe to; `zone` is what they may call the place's time, the instants are UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//morality bank//activities//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{zone}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each but the first after a blank; a character is never cut."""
    piece, size = "", 0
    for each in line:
        width = len(each.encode())
        if size + width > OCTETS_MAX:
            yield piece
            piece, size = " ", 1
        piece, size = piece + each, size + width
    yield piece


def _event(event: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_instant(event.changed_at)}",
        f"LAST-MODIFIED:{_instant(event.changed_at)}",
        f"SEQUENCE:{int(event.changed_at.timestamp()) % 2**31}",
        f"DTSTART:{_instant(event.starts_at)}",
        f"DTEND:{_instant(event.ends_at)}",
        f"SUMMARY:{_text(event.name)}",
        f"LOCATION:{_text(event.place)}",
        f"DESCRIPTION:{_text(event.text)}",
        f"URL:{event.url}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """A text on one line, with what has a meaning of its own escaped (section 3.3.11)."""
    clean = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(clean.splitlines())
