"""Slows down whoever tries PINs at a counter: every try is counted, right or wrong, before it is judged."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, make_response, request

from bank import clock
from bank.access import tries
from bank.db import transaction


def slow_to_try_pins(view: Callable[..., Any]) -> Callable[..., Any]:
    """Count the PINs that a view of the API refuses, by clerk and card, so that nobody else waits. Goes outside `writes`."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Response:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict) or "pin" not in asked:
            return make_response(view(*args, **kwargs))
        device = f"counter/{g.person.key}/{asked.get('shown_by_id') or asked.get('person_id')}"
        at, keys = clock.now(), tries.keys_of_sign_in(person=None, login="", device=device, address="")
        with transaction():
            tries.begin(keys, at=at)
        answer = make_response(view(*args, **kwargs))
        with transaction():
            tries.end(keys, at=at)
        return answer

    return counted
