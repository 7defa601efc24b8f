"""The steady rate of check-ins over HTTP, at one connection and at many, beside a route that does nothing on such a server."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bank.db import insert_all
from bank.joining.models import Join
from bank.people import actions as people
from bank.people.rules import NewPerson
from tests.server import free_port

AT_ONCE = (1, 16)
PER_SECOND = 400  # People enrolled for each second that is asked for; each can come and leave three times.
BARE = "from flask import Flask\napp = Flask(__name__)\n@app.post('/')\ndef bare():\n    return {'code': 'checked_in'}, 201\n"
Send = Callable[[http.client.HTTPConnection], None]


def enrol(unit_id: int, seconds: int, *, at) -> list[int]:  # type: ignore[no-untyped-def]
    """The ids of as many people as may be needed, so that no scan is refused for having come three times."""
    new = [NewPerson(name="常客", phone=f"137{number:08}", unit_id=unit_id) for number in range(PER_SECOND * seconds)]
    return people.enrol_all(by=None, new=new, at=at)


def join(activity_id: int, person_ids: list[int], *, at) -> None:  # type: ignore[no-untyped-def]
    """Give all of them a place, as if they had asked days ago."""
    place = {"activity_id": activity_id, "state": "joined", "way": "self", "is_workplace_agreed": False}
    insert_all(Join, [place | {"person_id": each, "asked_at": at, "joined_at": at} for each in person_ids])


def rates(port: int, *, secret: str, activity_id: int, cards: list[str], seconds: int) -> dict[int, float]:
    """Scans that counted in a second, by the number of connections, of an organizer's scanner: people come, and leave again."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    numbers, lock = iter(range(10**9)), threading.Lock()

    def send(connection: http.client.HTTPConnection) -> None:
        with lock:
            number = next(numbers)
        card, kind = cards[number % len(cards)], "in" if number // len(cards) % 2 == 0 else "out"
        body = {"nonce": f"steady-{port}-{number}", "kind": kind, "card": card, "activity_id": activity_id}
        connection.request("POST", "/api/v1/check-ins", json.dumps(body), headers)

    return {each: _rate(port, each, seconds, send) for each in AT_ONCE}


def bare_rates(*, workers: int, seconds: int) -> dict[int, float]:
    """What the same server answers when there is nothing to do."""
    with tempfile.TemporaryDirectory(prefix="rush-bare-") as folder:
        Path(folder, "bare.py").write_text(BARE)
        port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers),
            "--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "bare:app",
        ]  # fmt: skip
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=folder, env=os.environ | {"PYTHONPATH": folder}, stdout=quiet, stderr=quiet)
        try:
            while not _rate(port, 1, 0.1, _send_bare):
                time.sleep(0.1)
            return {each: _rate(port, each, seconds, _send_bare) for each in AT_ONCE}
        finally:
            process.terminate()
            process.wait(timeout=30)


def _send_bare(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/", "{}", {"Content-Type": "application/json"})


def _rate(port: int, connections: int, seconds: float, send: Send) -> float:
    """Answers of 201 in a second, with so many connections kept open."""
    until, counts = time.monotonic() + seconds, [0] * connections

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            try:
                send(connection)
                response = connection.getresponse()
                response.read()
                counts[number] += response.status == 201
            except (OSError, http.client.HTTPException):
                connection.close()  # A worker may be busy or have closed a connection at rest; the next call opens another.
        connection.close()

    threads = [threading.Thread(target=client, args=(each,)) for each in range(connections)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / seconds
