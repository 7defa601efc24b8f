"""scripts/run starts both processes, says where to go, keeps what was there, and stops both."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
import requests

from tests.cast import PHONES
from tests.server import ROOT, bank, environment, free_port

pytestmark = pytest.mark.usefixtures("installed")


class Running:
    """scripts/run as a process whose words are read as they come."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.words: list[str] = []
        command = [sys.executable, ROOT / "scripts" / "run", "--port", str(self.port), *arguments]
        env = environment(f"sqlite:///{folder / 'bank.db'}", folder, WORKERS="1")
        self.process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait_for(self, word: str) -> str:
        """Everything said until a line has the word."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.words.append(line)
            if word in line:
                return "".join(self.words)
        raise AssertionError("".join(self.words))

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)
        self.process.communicate()

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=40)
        return self.process.returncode


@pytest.fixture
def empty_bank(tmp_path: Path) -> Iterator[Running]:
    """A bank without the demo town, up and answering."""
    with Running(tmp_path, "--empty") as running:
        running.wait_for("Ctrl-C")
        yield running


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_it_answers_and_ends_with_both_processes_and_starts_again_with_the_same_data(tmp_path: Path) -> None:
    files = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with Running(tmp_path, "--empty") as running:
            said = running.wait_for("Ctrl-C")
            assert "Installing" not in said
            with urlopen(re.findall(r"http://\S+", said)[0]) as answer:
                assert answer.status == 200
            files.append((tmp_path / "bank.db").stat().st_ino)
            pids = children(running.process.pid)
            assert len(pids) == 2
            assert running.stop(number) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert files[0] == files[1]


def test_when_one_process_dies_the_other_is_stopped(empty_bank: Running) -> None:
    web, jobs = children(empty_bank.process.pid)
    os.kill(jobs, signal.SIGKILL)
    empty_bank.process.communicate(timeout=40)
    assert empty_bank.process.returncode != 0
    assert not Path(f"/proc/{web}").exists()


def test_the_demo_town_is_loaded_month_by_month_and_can_be_stopped_meanwhile(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.wait_for(": ")
        [loading] = children(running.process.pid)
        assert running.stop(signal.SIGTERM) == 0
    assert not Path(f"/proc/{loading}").exists()


def test_a_request_in_flight_is_finished(new_database: Callable[[str], str], tmp_path: Path) -> None:
    url = new_database("sqlite")
    secret = bank("token", "create", PHONES["alice"], database_url=url, folder=tmp_path).split()[-1]
    with Running(tmp_path, "--empty", "--database-url", url) as running, ThreadPoolExecutor() as pool:
        running.wait_for("Ctrl-C")
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # The request must wait for this writer.
            answer = pool.submit(consent, running.port, secret)
            time.sleep(1)
            running.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert not answer.done()
            other.execute("ROLLBACK")
        assert answer.result().status_code == 200


def consent(port: int, secret: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "in-flight"}
    url = f"http://127.0.0.1:{port}/api/v1/me/consents/board"
    return requests.put(url, json={"is_given": True}, headers=headers, timeout=30)
