"""Whoever reads English finds no text of ours in Chinese: only names, and what people have written themselves."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bank.web.language import TRANSLATIONS

pytestmark = [pytest.mark.usefixtures("open_doors"), pytest.mark.parametrize("kind", ["sqlite"])]
CATALOGUE = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
CHINESE = re.compile("[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\\?\(\w+\\?\)[a-z]")
OURS_IN_CHINESE = {"中文"}  # The name of a language stands in that language.


class _Texts(HTMLParser):
    """What a reader sees or hears of a page: its words, and the names of what has no words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"aria-label", "placeholder", "title", "alt"} and value]

    def handle_data(self, data: str) -> None:
        self.found.append(" ".join(data.split()))


def _ours() -> re.Pattern[str]:
    """Every text of the catalogue, whole, whatever stands in its gaps."""
    with Path(CATALOGUE).open("rb") as file:
        messages = [each.id for each in read_po(file, locale="en") if each.id]
    first = (each[0] if isinstance(each, (list, tuple)) else each for each in messages)
    whole = (PLACEHOLDER.sub(".+?", re.escape(each)) for each in first if CHINESE.search(each) and each not in OURS_IN_CHINESE)
    return re.compile("|".join(f"(?:{each})" for each in whole))


def test_a_text_left_in_chinese_would_be_seen() -> None:
    assert _ours().fullmatch("首页")
    assert _ours().fullmatch("今天经手 3 笔，1.00 分。")
    assert not _ours().fullmatch("朝阳社区图书整理")


def test_no_page_shows_a_text_of_ours_in_chinese(pages: list[tuple[str, str]]) -> None:
    ours, left = _ours(), set()
    for path, page in pages:
        texts = _Texts()
        texts.feed(page)
        left |= {f"{path}: {each}" for each in texts.found if CHINESE.search(each) and ours.fullmatch(each)}
    assert "\n".join(sorted(left)) == ""
