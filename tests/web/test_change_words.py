"""The record of changes is read by people: everything that is written into it has its word."""

import re

from bank.web.change_words import WHAT_NAMES, word
from tests.house.sources import ROOT

WRITTEN = re.compile(r'\bwhat="(\w+)"')


def test_every_change_that_is_written_down_has_its_word():
    sources = (path.read_text("utf-8") for path in ROOT.glob("bank/*/*.py") if "web" not in path.parts)
    written = {each for text in sources for each in WRITTEN.findall(text)}
    assert written - set(WHAT_NAMES) == set()
    assert len(written) > 20


def test_codes_truth_and_points_are_told_as_people_write_them():
    assert [str(word("scope", "counter")), str(word("is_given", True)), word("points", 350)] == ["兑换柜台", "是", "3.50"]
    assert [str(word("relation", "parent")), str(word("parent", "向阳社区"))] == ["父母", "向阳社区"]
    assert [word("name", "向阳"), word("year_points_max", 60000), word("name", None)] == ["向阳", 60000, None]
