"""The bank on a phone's home screen: light, installable, honest without a net, and silent about its owner."""

import io
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from bank.web.files import STATIC
from tests.browser import Browser

PACKED = {"Accept_Encoding": "gzip"}
# What a browser of 2019, and WeChat's of a five-year-old phone, does not understand.
TOO_NEW = re.compile(
    r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\.replaceAll\(|\.at\(|AbortSignal\.timeout|structuredClone|^import ", re.MULTILINE
)
OF_VOLUNTEERS = ("bank.js", "choose.js", "worker.js", "display.js")


class Loads(HTMLParser):
    """The addresses that a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag in {"script", "img"} and at.get("src"):
            self.found.add(str(at["src"]))
        if tag == "link" and at.get("rel") in {"stylesheet", "icon", "manifest", "apple-touch-icon"}:
            self.found.add(str(at["href"]))


def get(client, address, **headers):
    """A file with its bytes read, and closed again."""
    with client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        assert answer.data is not None
    return answer


def loads(page: str) -> set[str]:
    parser = Loads()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("path", ["/", "/passbook", "/board"])
def test_a_volunteers_page_weighs_under_150_kilobytes_and_loads_in_one_step(client, alice, path):
    page = Browser(client).sign_in(alice).get(path)
    files = {each: get(client, each, **PACKED) for each in loads(page.text)}
    assert {each.status_code for each in files.values()} == {200}
    assert len(page.data) + sum(len(each.data) for each in files.values()) < 150_000
    styles = [get(client, each).text for each in files if ".css" in each]
    assert not any("@import" in each or re.search(r"url\((?!.?data:)", each) for each in styles)


def test_a_packed_file_goes_to_who_can_unpack_it(client):
    address = next(each for each in loads(client.get("/").text) if "bank.js" in each)
    packed, plain = get(client, address, **PACKED), get(client, address)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data) and "Accept-Encoding" in packed.headers["Vary"]
    again = get(client, address, **PACKED, If_None_Match=packed.headers["ETag"])
    assert again.status_code == 304


def test_pages_with_the_secret_of_forms_are_not_packed(client, alice):
    assert "Content-Encoding" not in Browser(client).sign_in(alice).get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_the_manifest_names_signs_that_are_there(client):
    manifest = client.get("/manifest.webmanifest").json
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for each in manifest["icons"]:
        drawn = Image.open(io.BytesIO(client.get(each["src"]).data))
        assert "x".join(map(str, drawn.size)) == each["sizes"]
    assert client.get("/icons/any-100000.png").status_code == 404


def test_what_is_kept_for_no_net_names_nobody(client, alice):
    page = Browser(client).sign_in(alice).get("/offline").text
    assert "没有网络" in page and "No connection" in page and alice.name not in page


def test_the_worker_keeps_files_of_all_and_changes_with_them(client):
    answer = client.get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache" and answer.mimetype == "text/javascript"
    files = re.search(r"FILES = (\[.*?\]);", answer.text).group(1)
    assert all(each.startswith("/static/") and "?v=" in each for each in re.findall(r'"([^"]+)"', files))


@pytest.mark.parametrize("name", OF_VOLUNTEERS)
def test_an_old_phone_understands_the_scripts(name):
    text = re.sub(r"//.*", "", (STATIC / name).read_text(encoding="utf-8"))
    assert TOO_NEW.findall(text) == []
