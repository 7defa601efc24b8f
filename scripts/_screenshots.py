"""What `scripts/screenshots` does; needs the project's environment."""

import argparse
import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bank.demo.cast import PIN, PLAYERS
from tests import server

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
SIZES = {"phone": (390, 844), "desk": (1366, 768)}
LANGUAGES = ("zh", "en")
ROLES = ("guest", *(each.who for each in PLAYERS if each.who != "display"))
# Downloads, what only sets a cookie, and the API's own page.
NO_PAGE = re.compile(r"^/(look|text|language|api|static)/|[?&]as=|\.(pdf|xlsx|csv|json|zip|png|svg)(\?|$)|/picture$|/zip$|/json$")
SHEET_COLUMNS, THUMB = {"phone": 8, "desk": 5}, {"phone": 260, "desk": 460}
THUMB_HEIGHT_MAX, LABEL = 900, 22


@dataclass(frozen=True)
class Shot:
    """A page's picture, made small, and its address."""

    path: str
    picture: Image.Image


def main() -> int:
    """Load a town, look at it with everybody's eyes, write the sheets; 0 unless a page failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".bank" / "screenshots", help="folder for the sheets")
    parser.add_argument("--role", choices=ROLES, action="append", help="only with these eyes")
    parser.add_argument("--dark", action="store_true", help="by night")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        address = f"sqlite:///{folder / 'bank.db'}"
        server.bank("init", database_url=address, folder=folder)
        server.bank("demo", "--size", "small", database_url=address, folder=folder)
        started = server.start(address, folder, ALLOW_DEMO="1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            return _all(browser, started.url, options)
        finally:
            browser.close()
            started.stop()


def _all(browser: Browser, url: str, options: argparse.Namespace) -> int:
    seen: set[str] = set()
    failed: list[str] = []
    for role in options.role or ROLES:
        context = browser.new_context(base_url=url, color_scheme="dark" if options.dark else "light")
        context.set_default_timeout(20_000)
        _sign_in(context, role)
        paths = list(_pages(context, seen, failed))
        for language in LANGUAGES:
            context.add_cookies([{"name": "language", "value": language, "url": url}])
            for size in SIZES:
                target = options.out / f"{role}-{language}-{size}.png"
                _sheet(_shots(context, paths, size), size).save(target)
                print(f"{target}: {len(paths)}")
        context.close()
    print("\n".join(failed))
    return 1 if failed else 0


def _sign_in(context: BrowserContext, role: str) -> None:
    phone = next((each.phone for each in PLAYERS if each.who == role), None)
    if phone is None:
        return
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", phone)
    page.fill("[name=pin]", PIN)
    page.press("[name=pin]", "Enter")
    page.wait_for_url(re.compile(r"/$"))
    page.close()


def _pages(context: BrowserContext, seen: set[str], failed: list[str]) -> Iterator[str]:
    """An address of each kind of page that can be reached, the first page always, others unless somebody showed them before."""
    page, waiting, known = context.new_page(), ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        if answer is None or answer.status >= 400:
            failed.append(f"{path}: {answer.status if answer else 'no answer'}")
            continue
        yield path
        for each in page.eval_on_selector_all("a[href^='/']", "found => found.map((one) => one.getAttribute('href'))"):
            kind = _kind(each)
            if not NO_PAGE.search(each) and kind not in seen | known:
                known.add(kind)
                waiting.append(each)
    seen |= known
    page.close()


def _kind(path: str) -> str:
    return re.sub(r"\d[\w-]*|(?<=/)[A-Za-z0-9_-]{12,}(?=/|$)", "#", path.partition("?")[0])


def _shots(context: BrowserContext, paths: list[str], size: str) -> list[Shot]:
    page: Page = context.new_page()
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    shots = []
    for path in paths:
        page.goto(path)
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        height = picture.height * THUMB[size] // picture.width
        shots.append(Shot(path, picture.resize((THUMB[size], height)).crop((0, 0, THUMB[size], min(height, THUMB_HEIGHT_MAX)))))
    page.close()
    return shots


def _sheet(shots: list[Shot], size: str) -> Image.Image:
    columns, width = SHEET_COLUMNS[size], THUMB[size] + 12
    rows = [shots[each : each + columns] for each in range(0, len(shots), columns)]
    heights = [max(each.picture.height for each in row) + LABEL + 12 for row in rows]
    sheet = Image.new("RGB", (columns * width, sum(heights)), "#777777")
    draw, top = ImageDraw.Draw(sheet), 0
    for row, height in zip(rows, heights, strict=True):
        for column, each in enumerate(row):
            draw.text((column * width + 6, top + 4), each.path[:44].encode("ascii", "replace").decode(), fill="white")
            sheet.paste(each.picture, (column * width + 6, top + LABEL))
        top += height
    return sheet


if __name__ == "__main__":
    raise SystemExit(main())
