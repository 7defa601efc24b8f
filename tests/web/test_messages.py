"""Every refusal has a sentence and a next step, in both languages."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from flask_babel import force_locale

import bank
from bank.app import create_app
from bank.errors import BankError
from bank.web.errors import HTTP_CODES
from bank.web.messages import MESSAGES, explain
from tests.server import SECRET

KINDS = {"bank_error", "invalid", "not_found", "not_allowed", "conflict"}


def _refusals(kind: type[BankError] = BankError) -> Iterator[type[BankError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)


for module in pkgutil.walk_packages(bank.__path__, "bank."):
    import_module(module.name)
CODES = sorted({each.code for each in _refusals() if each.__module__.startswith("bank.")} | set(HTTP_CODES.values()))


@pytest.mark.parametrize("code", CODES)
def test_code_has_a_sentence_and_a_next_step_in_both_languages(code: str) -> None:
    assert code in MESSAGES, f"bank/web/messages.py says nothing about {code}"
    with create_app({"SECRET_KEY": SECRET}).test_request_context():
        chinese = _words(code)
        with force_locale("en"):
            english = _words(code)
    assert all(re.search("[\u4e00-\u9fff]", text) for text in chinese)
    assert not any(re.search("[\u4e00-\u9fff]", text) for text in english)


def test_no_message_is_left_over() -> None:
    assert set(MESSAGES) - set(CODES) - KINDS == set()


def test_details_are_shown_as_people_write_them() -> None:
    with create_app({"SECRET_KEY": SECRET}).test_request_context():
        words = explain(["out_of_stock"], {"stock": 2})
    assert "2" in words.sentence


def test_a_missing_detail_breaks_nothing() -> None:
    with create_app({"SECRET_KEY": SECRET}).test_request_context():
        assert explain(["out_of_stock"], {}).sentence


def _words(code: str) -> tuple[str, str]:
    words = explain([code], {})
    return words.sentence, words.next
