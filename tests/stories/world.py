"""A real bank in a time of its own: its server follows the story's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from tests import cast, server
from tests.browser import Browser


@dataclass
class HttpClient:
    """Speaks real HTTP where `Browser` expects a test client."""

    base: Callable[[], str]
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.base() + path, timeout=30)

    def post(self, path: str, *, data: dict[str, Any]) -> requests.Response:
        return self.session.post(self.base() + path, data=data, timeout=30, headers={"Referer": self.base() + path})


@dataclass
class Api:
    """Calls the API as one person; every write carries a key of its own, said by the story."""

    base: Callable[[], str]
    secret: str

    def get(self, path: str) -> Any:
        return self._json(requests.get(f"{self.base()}/api/v1{path}", headers=self._headers(), timeout=30))

    def post(self, path: str, key: str, **body: Any) -> Any:
        return self._json(self.send(path, key, **body))

    def put(self, path: str, key: str, **body: Any) -> Any:
        return self._json(self.send(path, key, method="PUT", **body))

    def send(self, path: str, key: str, method: str = "POST", **body: Any) -> requests.Response:
        """The answer itself, refused or not."""
        headers = self._headers() | {"Idempotency-Key": key}
        return requests.request(method, f"{self.base()}/api/v1{path}", json=body, headers=headers, timeout=30)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def _json(self, answer: requests.Response) -> Any:
        assert answer.ok, answer.text
        return answer.json()


class World:
    """One bank with the cast in it, and the instant it believes to live in."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url = database_url
        self.folder = folder
        self.port = server.free_port()
        self.server: server.Server | None = None
        self.instant = folder / "clock.now"
        self.clock = {"PYTHONPATH": str(Path(__file__).parent.parent / "clock"), "TEST_CLOCK": str(self.instant)}

    def at(self, instant: datetime) -> None:
        """Let it be this instant, for a server that starts now or for the one that runs."""
        self.instant.with_suffix(".next").write_text(instant.isoformat())
        self.instant.with_suffix(".next").replace(self.instant)
        if self.server is None:
            self.server = server.start(self.database_url, self.folder, self.port, self.clock)
        until = time.monotonic() + 30
        while any(each.read_text() != instant.isoformat() for each in self._living()):
            assert time.monotonic() < until, "a process does not follow the clock"
            time.sleep(0.01)

    def _living(self) -> list[Path]:
        """What each process that runs says that it is now."""
        said = self.folder.glob("clock.[0-9]*")
        return [each for each in said if Path(f"/proc{each.suffix.replace('.', '/')}").exists()]

    def stop(self) -> None:
        """End the server as an operator would."""
        if self.server is not None:
            assert self.server.stop() == 0
        self.server = None

    def url(self) -> str:
        """Where the server is now."""
        assert self.server is not None
        return self.server.url

    def bank(self, *arguments: str) -> str:
        """Run the `bank` command at the present instant; what it printed."""
        return server.bank(*arguments, database_url=self.database_url, folder=self.folder, extra=self.clock)

    def api(self, who: str) -> Api:
        """One of the cast, with a token made by the operator."""
        printed = self.bank("token", "create", cast.PHONES[who], "--name", who)
        return Api(self.url, printed.split()[-1])

    def browser(self, phone: str, pin: str = cast.PIN) -> Any:
        """Somebody who has signed in by the page; answers are those of `requests`, redirects followed."""
        browser = Browser(HttpClient(self.url))  # type: ignore[arg-type]
        page: Any = browser.submit("/sign-in", login=phone, pin=pin)
        assert "/sign-in" not in page.url, page.text
        return browser
