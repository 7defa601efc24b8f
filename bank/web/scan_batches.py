"""Many scans in one request: each is read by itself, so that one that is broken takes no other with it."""

import json
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import ValidationError

from bank.attendance import actions
from bank.attendance.known import Written
from bank.attendance.rules import NewScan, ScanMalformed, Sender
from bank.attendance.schemas import NewScanSchema
from bank.errors import BankError
from bank.web import scan_answers


def take_batch(sent: dict[str, Any], *, by: Sender, at: datetime) -> Response:
    """Answer every scan of a batch, in the order in which they were sent."""
    read = [_read(each, sent.get("sent_at")) for each in sent["scans"]]
    scans = [each for each in read if each is not None]
    taken = iter(actions.take_all(by=by, scans=scans, gate=scan_answers.gate(sent.get("device")), at=at))
    answers = [
        _answer(next(taken) if each is not None else ScanMalformed(), raw) for each, raw in zip(read, sent["scans"], strict=True)
    ]
    return Response(json.dumps({"answers": answers}, ensure_ascii=False), 200, content_type="application/json")


def _read(raw: object, sent_at: datetime | None) -> NewScan | None:
    try:
        loaded = NewScanSchema().load(raw if isinstance(raw, dict) else {})
    except (ValidationError, RecursionError):
        return None
    # A card that is kept on a device is scanned by somebody else; a code for oneself is good for seconds only.
    return NewScan(**{"sent_at": sent_at, **loaded}) if "card" in loaded and "scanned_at" in loaded else None


def _answer(taken: Written | BankError, raw: object) -> dict[str, Any]:
    if isinstance(taken, Written):
        return scan_answers.body(taken)
    return scan_answers.unwritten(taken, raw.get("nonce") if isinstance(raw, dict) else None)
