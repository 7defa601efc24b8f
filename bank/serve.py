"""Becomes the web server. Loads next to nothing, because the server's own processes load the bank: `python -m bank.serve`."""

import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from bank import config


def become_server(settings: Mapping[str, Any]) -> NoReturn:
    """Put the server in this process' place, so that a signal to us reaches it."""
    arguments = ["--interface", "wsgi", "--factory", "--workers", str(settings["WORKERS"]), "--blocking-threads", "4"]
    arguments += ["--host", settings["HOST"], "--port", str(settings["PORT"]), "--no-ws", "--workers-kill-timeout", "10"]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments, "bank.app:create_app"])  # noqa: S606


if __name__ == "__main__":
    become_server(config.load())
