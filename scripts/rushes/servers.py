"""Databases to rush at, and a server that can be killed at any moment and started again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests import databases
from tests.server import SECRET, bank, free_port

KINDS = ("sqlite", "postgresql")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of a bank that was just founded; it goes at the end."""
    with tempfile.TemporaryDirectory(prefix="rush-") as folder:
        if kind == "sqlite":
            url = databases.SqliteFiles(Path(folder)).create()
            bank("init", database_url=url, folder=Path(folder))
            yield url
            return
        with databases.postgres_databases() as place:
            url = place.create()
            try:
                bank("init", database_url=url, folder=Path(folder))
                yield url
            finally:
                place.drop(url)


class Server:
    """The web server as a group of processes of its own."""

    def __init__(self, database_url: str, workers: int) -> None:
        self.port = free_port()
        self.kills = 0
        self.folder = tempfile.mkdtemp(prefix="rush-server-")
        self.environment = os.environ | {
            "BANK_DATABASE_URL": database_url, "BANK_DATA_DIR": self.folder, "BANK_SECRET_KEY": SECRET,
            "BANK_PORT": str(self.port), "BANK_WORKERS": str(workers),
        }  # fmt: skip
        self.process = self._start()

    def kill_and_restart(self) -> None:
        """End every process of the server at once, as a power cut would, and start it again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.process = self._start()

    def stop(self) -> None:
        """End it as an operator would."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)

    def _start(self) -> subprocess.Popen[bytes]:
        with Path(self.folder, "log").open("ab") as log:
            command = [sys.executable, "-m", "bank.serve"]
            process = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return process
            except (OSError, HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
        raise RuntimeError(Path(self.folder, "log").read_text())
