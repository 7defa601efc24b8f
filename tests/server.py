"""The real bank as processes, for tests that need one."""

import multiprocessing
import os
import socket
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO
from urllib.error import HTTPError
from urllib.request import urlopen

import time_machine
from granian.cli import cli as granian

from bank import config, serve
from tests.clock import sitecustomize

SECRET = "a secret that is only for tests, 32+"
ROOT = Path(__file__).parent.parent
BANK = Path(sys.executable).with_name("bank")
# A process that has loaded the bank, which takes seconds, and makes a copy of itself for every command.
LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["bank.main", "tests.server"])


@dataclass(frozen=True)
class Server:
    """A web server process with a database of its own."""

    url: str
    database_url: str
    process: BaseProcess

    def stop(self) -> int | None:
        """Ask it to end as an operator would; its exit code."""
        self.process.terminate()
        self.process.join(timeout=20)
        return self.process.exitcode


def environment(database_url: str, folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a process of the bank with this database."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BANK_")}
    ours = {"BANK_DATABASE_URL": database_url, "BANK_DATA_DIR": str(folder), "BANK_SECRET_KEY": SECRET}
    return clean | ours | {f"BANK_{name}": value for name, value in settings.items()}


def bank(*arguments: str, database_url: str, folder: Path, extra: dict[str, str] | None = None, **settings: str) -> str:
    """Run the `bank` command to its end in a process of its own; what it printed."""
    process = begin(*arguments, env=environment(database_url, folder, **settings) | (extra or {}), folder=folder)
    process.join(timeout=300)
    said = (folder / "bank.out").read_text()
    assert process.exitcode == 0, said + (folder / "bank.err").read_text()
    if database_url.startswith("sqlite:///"):
        # The process ended without tidying up, so SQLite's log still stands beside the file, which tests copy alone.
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return said


def begin(*arguments: str, env: dict[str, str], folder: Path) -> BaseProcess:
    """Start the `bank` command in a process of its own, which prints to `bank.out` and `bank.err` in the folder."""
    process = LOADED.Process(target=_command, args=(arguments, env, folder))
    process.start()
    return process


def _command(arguments: tuple[str, ...], env: dict[str, str], folder: Path) -> None:
    """Be the `bank` command."""
    _move(env, folder, (folder / "bank.out").open("w", encoding="utf-8"), (folder / "bank.err").open("w", encoding="utf-8"))
    if at := env.get("TEST_CLOCK"):
        time_machine.travel(Path(at).read_text(), tick=True).start()
    sys.argv = [str(BANK), *arguments]
    sys.modules["bank.main"].main()


def _web(env: dict[str, str], folder: Path) -> None:
    """Be the web server, as `bank serve` would become it."""
    log = (folder / "server.log").open("a", encoding="utf-8")
    _move(env, folder, log, log)
    if "TEST_CLOCK" in env:
        sitecustomize.start()
    multiprocessing.set_start_method("fork", force=True)  # The server's own workers have what is loaded here, too.
    granian(serve.arguments(config.load()))


def _move(env: dict[str, str], folder: Path, out: TextIO, err: TextIO) -> None:
    """Have this environment, live in this folder, and speak into these files."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.stdout, sys.stderr = out, err
    for number, stream in ((1, out), (2, err)):
        os.dup2(stream.fileno(), number)


def start(
    database_url: str, folder: Path, port: int | None = None, extra: dict[str, str] | None = None, **settings: str
) -> Server:
    """Start the web server on a port and wait until it answers; `extra` goes into its environment as it is."""
    port = port or free_port()
    env = environment(database_url, folder, PORT=str(port), WORKERS="1", **settings) | (extra or {})
    process = LOADED.Process(target=_web, args=(env, folder))
    process.start()
    server = Server(url=f"http://127.0.0.1:{port}", database_url=database_url, process=process)
    _wait_for(server, folder / "server.log")
    return server


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.process.is_alive():
        try:
            urlopen(server.url, timeout=10).close()
            return
        except HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.1)
    server.process.kill()
    raise AssertionError(f"the server does not answer:\n{log.read_text()}")
