"""What every page of the town has: words beside each step that takes something away, and each list as a file."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bank.people.models import Person
from tests.demo.loaded import walk

pytestmark = [pytest.mark.usefixtures("open_doors"), pytest.mark.parametrize("kind", ["sqlite"])]
WORDS_MIN = 12  # "Revoke" alone says nothing of what will happen.
# Tables that are no lists: one record with its lines, a form, an example, a rule.
NO_LISTS = {
    *("appearance.style", "appointments.appointment", "catalogue_tables.look", "changes.table", "counter_day.counter"),
    *("enrolment.form", "evaluations.service", "hour_rules.versions", "jobs.jobs", "ledger.entry", "ratings.explain"),
    *("ratings.rules", "redemptions.redemption", "shelf.life", "shelf.reward", "statements.statement", "statements.statement_of"),
}


class _Elements(HTMLParser):
    """Every element's text by its id, and what the buttons of a page that take something away are described by."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self.dangers: list[str | None] = []
        self._id = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self._id = of.get("id") or ""
        if "button-danger" in (of.get("class") or "").split() and tag == "button":
            self.dangers.append(of.get("aria-describedby"))

    def handle_data(self, data: str) -> None:
        if self._id:
            self.words[self._id] = self.words.get(self._id, "") + data.strip()


def test_a_step_that_takes_something_away_says_what_will_happen(pages: list[tuple[str, str]]) -> None:
    silent, count = [], 0
    for path, page in pages:
        elements = _Elements()
        elements.feed(page)
        count += len(elements.dangers)
        silent += [path for each in elements.dangers if len(elements.words.get(each or "", "")) < WORDS_MIN]
    assert (silent, count > 10) == ([], True)


def _says_it_came(answer: TestResponse) -> bool:
    return any(each.startswith("ready=7;") for each in answer.headers.getlist("Set-Cookie"))


def test_every_list_comes_as_a_table_for_the_desk(app: Flask, pages: list[tuple[str, str]], chief: Person) -> None:
    client, wrong = walk.signed_in(app, chief), []
    for path, page in pages:
        endpoint = walk.endpoint_of(app, path, "GET")
        files = {each.replace("&amp;", "&") for each in re.findall(r'download href="([^"]*as=(?:xlsx|csv)[^"]*)"', page)}
        if "<tbody>" in page and not files and endpoint not in NO_LISTS:
            wrong.append(f"{path} has no file of its list")
        kinds = sorted("xlsx" if "as=xlsx" in each else "csv" for each in files)
        if kinds != ["csv"] * (len(kinds) // 2) + ["xlsx"] * (len(kinds) // 2):
            wrong.append(f"{path} has {kinds}")
        answers = {each: client.get(f"{each}&ready=7") for each in files}
        wrong += [f"{each}: {answer.status}" for each, answer in answers.items() if answer.status_code != 200]
        wrong += [f"{each} says not that it came" for each, answer in answers.items() if not _says_it_came(answer)]
    assert "\n".join(wrong) == ""
