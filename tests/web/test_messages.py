"""Every refusal has a sentence and a next step, in both languages."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from flask_babel import force_locale

import bank
from bank.app import create_app
from bank.attendance.rules import ACCEPTED
from bank.errors import BankError
from bank.web.errors import HTTP_CODES, OUTCOME_UNKNOWN
from bank.web.messages import MESSAGES, explain
from tests.cast import AT
from tests.server import SECRET

KINDS = {"bank_error", "invalid", "not_found", "not_allowed", "conflict"}


def _refusals(kind: type[BankError] = BankError) -> Iterator[type[BankError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)


for module in pkgutil.walk_packages(bank.__path__, "bank."):
    import_module(module.name)
OF_THE_WEB = {*HTTP_CODES.values(), OUTCOME_UNKNOWN, *ACCEPTED}
CODES = sorted({each.code for each in _refusals() if each.__module__.startswith("bank.")} | OF_THE_WEB)


@pytest.fixture(scope="module", autouse=True)
def page() -> Iterator[None]:
    with create_app({"SECRET_KEY": SECRET}).test_request_context():
        yield


@pytest.mark.parametrize("code", CODES)
def test_code_has_a_sentence_and_a_next_step_in_both_languages(code: str) -> None:
    assert code in MESSAGES, f"bank/web/messages.py says nothing about {code}"
    chinese = _words(code)
    with force_locale("en"):
        english = _words(code)
    assert all(re.search("[\u4e00-\u9fff]", text) for text in chinese)
    assert not any(re.search("[\u4e00-\u9fff]", text) for text in english)


def test_no_message_is_left_over() -> None:
    assert set(MESSAGES) - set(CODES) - KINDS == set()


def test_details_are_shown_as_people_write_them() -> None:
    assert "09:00" in explain(["already_undone"], {"undone_at": AT}).sentence
    assert "只剩 2 件" in explain(["out_of_stock"], {"stock": 2}).sentence


def test_a_missing_detail_breaks_nothing() -> None:
    assert explain(["out_of_stock"], {}).sentence


def test_an_unknown_code_is_told_by_its_kind() -> None:
    assert explain(["brand_new", "conflict", "bank_error"], {}).sentence == str(MESSAGES["conflict"].sentence)


def _words(code: str) -> tuple[str, str]:
    words = explain([code], {})
    return words.sentence, words.next
