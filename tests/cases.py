"""Many cases of one test in the same world: for what is refused, leaves nothing, and would wait longest for a new world."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from bank.db import db


def cases(names: str | Sequence[str], values: Sequence[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run the test for every case, one after the other; the failure of one names it. Read as `pytest.mark.parametrize`."""
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def many(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def run(**world: Any) -> None:
            for number, case in enumerate(values):
                given = dict(zip(wanted, (case,) if len(wanted) == 1 else case, strict=True))
                try:
                    test(**world, **given)
                except BaseException as error:
                    error.add_note(f"case {number}: {given!r:.500}")
                    raise
                db.session.rollback()

        signature = inspect.signature(test)
        kept = [each for name, each in signature.parameters.items() if name not in wanted]
        run.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return run

    return many
