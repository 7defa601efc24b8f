"""Becomes the web server. Loads next to nothing, because the server's own processes load the bank: `python -m bank.serve`."""

import ipaddress
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from bank import config


def become_server(settings: Mapping[str, Any]) -> NoReturn:
    """Put the server in this process' place, so that a signal to us reaches it.

    Raises BadSetting without a secret; ends with a sentence where others could sign in with the demo town's PINs.
    """
    if not settings["SECRET_KEY"]:
        raise config.BadSetting("BANK_SECRET_KEY is not set and there is no secret_key file: run `bank init` first.")
    if is_reachable(settings) and not settings["ALLOW_DEMO"]:
        _refuse_demo()
    _gather_figures(Path(settings["DATA_DIR"]) / "metrics")
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments(settings)])  # noqa: S606


def arguments(settings: Mapping[str, Any]) -> list[str]:
    """What the web server is told on its command line."""
    told = ["--interface", "wsgi", "--factory", "--workers", str(settings["WORKERS"]), "--blocking-threads", "4"]
    told += ["--host", settings["HOST"], "--port", str(settings["PORT"]), "--no-ws", "--workers-kill-timeout", "10"]
    return [*told, "bank.app:create_app"]


def _gather_figures(folder: Path) -> None:
    """Let the server's processes put their figures together in a folder, which begins empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.putenv("PROMETHEUS_MULTIPROC_DIR", str(folder))  # The library looks there when it is imported.


def is_reachable(settings: Mapping[str, Any]) -> bool:
    """Whether others than this computer itself may come: by the address listened on, or by the one printed in codes."""
    printed = urlsplit(settings["PUBLIC_URL"]).hostname if settings["PUBLIC_URL"] else None
    return not _is_own(settings["HOST"]) or (printed is not None and not _is_own(printed))


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _refuse_demo() -> None:
    # Looking needs the whole bank, which this process is not to carry; another one looks, and says what it found.
    code = subprocess.run([sys.executable, "-m", "bank.exposed"], check=False).returncode
    if code != 0:
        sys.exit(code)


if __name__ == "__main__":
    try:
        become_server(config.load())
    except config.BadSetting as error:
        sys.exit(str(error))
