"""The one answer to a scan, on the API and on pages: built from the written row alone, so that a repeat gives the same bytes.

It says the same in Chinese and in English, whatever the reader's language, and its status is the status of the response.
`final` means that the nonce is settled; only what was not written down may be sent again.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Any

from flask import Response, g
from flask_babel import force_locale

from bank.access.queries import keyed_hash
from bank.attendance.known import Written
from bank.attendance.models import Scan
from bank.attendance.rules import ACCEPTED, REFUSED, Gate
from bank.db import transaction
from bank.errors import BankError
from bank.people.rules import RoleMissing
from bank.web import rating_device
from bank.web.errors import answer_status
from bank.web.language import LOCALES
from bank.web.messages import Words, explain

KINDS = {each.code: each for each in REFUSED}
TO_REVIEW = 202
_as_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Sender:
    """What never changes of who sends the scans of a request."""

    id: int
    key: str


def takes_scans(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run a view in one transaction. Its scans carry nonces, by which a second sending is told, so it needs no other key."""

    @wraps(view)
    def taken(*args: Any, **kwargs: Any) -> Any:
        # A number and a key never change; what else was read of the sender before the transaction is forgotten with it.
        g.sender = Sender(g.person.id, g.person.key)
        g.device_id = g.device.id if g.device else None
        with transaction():
            return view(*args, **kwargs)

    taken.writes = taken.has_nonce = True  # type: ignore[attr-defined]
    return taken


def gate(name: str | None = None) -> Gate:
    """Where the present request comes from: the device that joined, or the browser, or what a program calls its device."""
    key = name if name is not None else rating_device.current().key
    return Gate(device_id=g.device_id, browser_hash=keyed_hash(f"browser/{key}"))


def status(scan: Scan | Written) -> int:
    """201 for what counts, 202 for what waits for review, else the status of the refusal's kind."""
    if scan.answer in ACCEPTED:
        return TO_REVIEW if scan.answer == "to_review" else 201
    return answer_status(KINDS[scan.answer]())


def words(scan: Scan | Written) -> Words:
    """The answer in the reader's language."""
    return explain(_codes(scan.answer), details(scan))


def conflict(scan: Scan) -> Words | None:
    """Why a scan that waits for review could not count, in the reader's language; None where nothing contradicts it."""
    why = scan.details.get("why")
    return explain(_codes(why), {}) if isinstance(why, str) and scan.answer == "to_review" else None


def details(scan: Scan | Written) -> dict[str, object]:
    """The details as they were when the answer was first given: times are times again."""
    return {name: _read(name, value) for name, value in scan.details.items()}


def body(scan: Scan | Written) -> dict[str, Any]:
    """The answer as JSON holds it; refusals have the shape of a problem (RFC 9457)."""
    zh, en = _in_both(scan)
    return {
        **({} if scan.answer in ACCEPTED else {"type": "about:blank", "title": zh.title}),
        "status": status(scan),
        "code": scan.answer,
        "accepted": scan.answer in ACCEPTED,
        "final": True,
        "detail": zh.sentence,
        "next": zh.next,
        "detail_en": en.sentence,
        "next_en": en.next,
        "nonce": scan.nonce,
        "kind": scan.kind,
        "way": scan.way,
        "activity_id": scan.activity_id,
        "person_id": scan.person_id,
        "name": scan.shown_name,
        "scanned_at": _instant(scan.scanned_at),
        "received_at": _instant(scan.received_at),
        "counted_at": _instant(scan.counted_at),
        "first_at": scan.details.get("checked_in_at") or scan.details.get("checked_out_at"),
        "gate": scan.details.get("gate"),
        "look": scan.look,
    }


def unwritten(refusal: BankError, nonce: object) -> dict[str, Any]:
    """The answer to one of many that was not written down; a role may yet be granted, so that it may be sent again."""
    codes = _codes_of(type(refusal))
    zh, en = (_said(codes, refusal.details, locale) for locale in ("zh", "en"))
    return {
        "type": "about:blank", "title": zh.title, "status": answer_status(refusal), "code": refusal.code, "accepted": False,
        "final": not isinstance(refusal, RoleMissing), "detail": zh.sentence, "next": zh.next,
        "detail_en": en.sentence, "next_en": en.next, "nonce": nonce if isinstance(nonce, str) else None,
    }  # fmt: skip


def answer(scan: Scan | Written) -> Response:
    """The response to one scan."""
    code = status(scan)
    media_type = "application/json" if code < 400 else "application/problem+json"
    return Response(_as_json(body(scan)), code, content_type=media_type)


def _in_both(scan: Scan | Written) -> tuple[Words, Words]:
    codes, told = _codes(scan.answer), details(scan)
    return _said(codes, told, "zh"), _said(codes, told, "en")


def _said(codes: tuple[str, ...], told: dict[str, object], language: str) -> Words:
    if not told:
        return _always_said(codes, language)
    with force_locale(LOCALES[language]):
        return explain(codes, told)


@cache
def _always_said(codes: tuple[str, ...], language: str) -> Words:
    with force_locale(LOCALES[language]):
        return explain(codes, {})


@cache
def _codes(code: str) -> tuple[str, ...]:
    return _codes_of(KINDS[code]) if code in KINDS else (code,)


def _codes_of(kind: type[BankError]) -> tuple[str, ...]:
    return tuple(each.code for each in kind.__mro__ if issubclass(each, BankError))


def _read(name: str, value: object) -> object:
    return datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
