"""Puts the parts together: create_app() for servers and tests. Commands are put together in `bank.main`."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from bank import config, web
from bank.db import PACKAGE, db


class Bank(Flask):
    """A bank as an application."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """What it is given, as nothing of the bank's is a coroutine; else every call of a hook or a view is looked into."""
        return func


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """One bank as a WSGI application; `settings` go before the environment. Raises BadSetting."""
    app = Bank("bank", root_path=str(PACKAGE / "web"))
    app.config.update(config.load() | (settings or {}))
    if not app.config["SECRET_KEY"]:
        raise config.BadSetting("BANK_SECRET_KEY is not set and there is no secret_key file: run `bank init` first.")
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    db.init_app(app)
    web.register(app)
    return app
