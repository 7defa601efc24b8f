"""Whatever is sent instead of what a form asks for is refused in words and changes nothing; nothing breaks a page."""

import io
import uuid

import pytest
from werkzeug.routing import Rule

from tests.demo.loaded import walk

pytestmark = pytest.mark.usefixtures("open_doors")

ATTACKS = {
    "five megabytes": "a" * 5 * 2**20,
    "a long text": "a" * 20_000,
    "a NUL": "a\0b",
    "signs": "😀\u202e\ufffe\x1b[0m",
    "a huge number": "9" * 400,
    "a number too long to be read": "9" * 5000,
    "a short number that is huge": "1e900000",
    "a number below zero": "-1",
    "another type": '{"a": [null]}',
    "nothing": "",
}
# These are refused, or read as nothing, before a database could tell; trying them on one is enough.
BEFORE_ANY_DATABASE = {
    "five megabytes", "a number too long to be read", "a short number that is huge", "another type", "nothing",
}  # fmt: skip
# No form that a page shows takes these; where nothing is read, they do no harm.
ONE_BY_ONE = ("a NUL", "a huge number")
BROKEN_FILE = b"PK\x03\x04" + bytes(range(256)) * 64
# A draft's description may be any text, and so a number.
ANY_TEXT = {("plans.save_draft", "a huge number", "content")}
OURS = {"csrf_token", "idempotency_key"}
# Tries are counted, and the failed sign-in remembered, whatever comes of them.
COUNTED = {"sign_in_tries"}


def forms(app, found):
    """Every page that takes something, with the fields of its form."""
    known, every = walk.arguments_of(app, found), walk.fields_of_all(found)
    for method, rule in walk.routes(app):
        if method == "POST" and not walk.is_api(rule):
            form = found.forms.get(rule.endpoint)
            yield rule, form or walk.Form(walk.address(app, rule, known), every, frozenset())


def attacked(form, attack, only=None):
    names = sorted(form.fields.keys() - OURS)
    # One field of five megabytes is enough: the whole request is refused before it is read.
    only = names[0] if names and attack == "five megabytes" else only
    sent = {name: ATTACKS[attack] if only in (None, name) else form.fields[name] for name in names}
    return {"idempotency_key": uuid.uuid4().hex, **sent}


def send(client, form, data):
    is_small = all(len(value) < 2**19 for value in data.values())
    files = {name: (io.BytesIO(BROKEN_FILE), "table.xlsx") for name in form.files if is_small}
    with walk.changes() as made:
        answer = client.post(form.action, data={**data, **files})
    return answer, made - COUNTED


def verdict(rule: Rule, attack, is_amiss, answer, made):
    told = f"{rule.rule} ({attack}): {answer.status_code} {sorted(made) or ''}"
    # Whoever is sent to the door has been refused as well.
    if is_amiss and answer.status_code < 400 and answer.location != "/sign-in":
        return [f"{told} was taken"]
    if answer.status_code >= 500 or (answer.status_code >= 400 and made):
        return [told]
    if answer.status_code >= 400 and answer.mimetype == "text/html" and "<html" not in answer.text:
        return [f"{told} without a page"]
    return []


def test_every_form_refuses_what_it_did_not_ask_for(app, kind, chief, found):
    attacks = [each for each in ATTACKS if kind == "sqlite" or each not in BEFORE_ANY_DATABASE]
    wrong = []
    for rule, form in forms(app, found):
        client, is_shown = walk.signed_in(app, chief), rule.endpoint in found.forms
        # Where nothing can be typed, nothing wrong can be sent.
        for attack in attacks if form.fields.keys() - OURS else ():
            is_amiss = attack == "five megabytes" or (is_shown and attack in ONE_BY_ONE)
            wrong += verdict(rule, attack, is_amiss, *send(client, form, attacked(form, attack)))
    assert "\n".join(wrong) == ""


def test_one_bad_field_among_good_ones_breaks_nothing(app, chief, found):
    wrong = []
    for rule, form in forms(app, found):
        if rule.endpoint in found.forms:
            client = walk.signed_in(app, chief)
            for attack in ONE_BY_ONE:
                for name in (
                    form.fields.keys() - OURS - {each for at, what, each in ANY_TEXT if (at, what) == (rule.endpoint, attack)}
                ):
                    wrong += verdict(rule, f"{attack} in {name}", True, *send(client, form, attacked(form, attack, only=name)))
    assert "\n".join(wrong) == ""
