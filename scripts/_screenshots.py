"""What `scripts/screenshots` does; needs the project's environment."""

import argparse
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
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
# A sheet is read on a screen: few pages side by side, phones at their own size, a long page going on in the next column.
SHEET_HEIGHT, LABEL, GAP = 1500, 22, 12
COLUMNS, WIDTH, STRIPS_MAX = {"phone": 4, "desk": 2}, {"phone": 390, "desk": 800}, {"phone": 3, "desk": 2}


@dataclass(frozen=True)
class Shot:
    """A strip of a page's picture at the size of the sheet, and the page's address."""

    path: str
    picture: Image.Image


def main() -> int:
    """Load a town, look at it with everybody's eyes, write the sheets; 0 unless a page failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".bank" / "screenshots", help="folder for the sheets")
    parser.add_argument("--role", choices=ROLES, action="append", help="only with these eyes")
    parser.add_argument("--size", choices=SIZES, action="append", help="only this size")
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="only this language")
    parser.add_argument("--page", action="append", help="only this address, as /boards")
    parser.add_argument("--url", help="a bank that runs already and holds the demo town, in place of one made for this")
    parser.add_argument("--dark", action="store_true", help="by night")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        started = None if options.url else _town(Path(place))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            return _all(browser, started.url if started else options.url, options)
        finally:
            browser.close()
            if started:
                started.stop()


def _town(folder: Path) -> server.Server:
    address = f"sqlite:///{folder / 'bank.db'}"
    server.bank("init", database_url=address, folder=folder)
    server.bank("demo", "--size", "small", database_url=address, folder=folder)
    return server.start(address, folder, ALLOW_DEMO="1")


def _all(browser: Browser, url: str, options: argparse.Namespace) -> int:
    seen: set[str] = set()
    failed: list[str] = []
    for role in options.role or ROLES:
        context = browser.new_context(base_url=url, color_scheme="dark" if options.dark else "light")
        context.set_default_timeout(20_000)
        _sign_in(context, role)
        paths = options.page or list(_pages(context, seen, failed))
        for language in options.language or LANGUAGES:
            context.add_cookies([{"name": "language", "value": language, "url": url}])
            for size in options.size or SIZES:
                name = f"{role}-{language}-{size}{'-dark' if options.dark else ''}"
                for number, sheet in enumerate(_sheets(_shots(context, paths, size), size), 1):
                    sheet.save(options.out / f"{name}-{number}.png")
                print(f"{options.out / name}: {len(paths)}", flush=True)
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


def _shots(context: BrowserContext, paths: list[str], size: str) -> Iterator[Shot]:
    page: Page = context.new_page()
    for path in paths:
        page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
        page.goto(path)
        # As tall as the page, or what stands at the foot of the screen would hide the middle of the picture.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": SIZES[size][0], "height": min(tall, 8000)})
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        small = picture.resize((WIDTH[size], picture.height * WIDTH[size] // picture.width), Image.Resampling.LANCZOS)
        step = SHEET_HEIGHT - LABEL
        for top in range(0, min(small.height, STRIPS_MAX[size] * step), step):
            yield Shot(path, small.crop((0, top, small.width, min(top + step, small.height))))
    page.close()


def _sheets(shots: Iterable[Shot], size: str) -> Iterator[Image.Image]:
    """Fill columns from the top, sheet after sheet."""
    blank = Image.new("RGB", (COLUMNS[size] * (WIDTH[size] + GAP), SHEET_HEIGHT), "#777777")
    sheet, column, top = blank.copy(), 0, 0
    for each in shots:
        if top + LABEL + each.picture.height > SHEET_HEIGHT:
            column, top = column + 1, 0
        if column == COLUMNS[size]:
            yield sheet
            sheet, column = blank.copy(), 0
        left = column * (WIDTH[size] + GAP) + GAP // 2
        ImageDraw.Draw(sheet).text((left, top + 4), each.path.encode("ascii", "replace").decode(), fill="white")
        sheet.paste(each.picture, (left, top + LABEL))
        top += LABEL + each.picture.height
    yield sheet


if __name__ == "__main__":
    raise SystemExit(main())
