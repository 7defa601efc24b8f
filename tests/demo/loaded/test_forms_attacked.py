"""Whatever is sent instead of what a form asks for is refused in words and changes nothing; nothing breaks a page."""

import io
import uuid

import pytest
from werkzeug.routing import Rule

from tests.demo.loaded import walk

pytestmark = pytest.mark.usefixtures("open_doors")

STAFF = ("organizer", "clerk", "admin", "auditor")
ATTACKS = {
    "five megabytes": "a" * 5 * 2**20,
    "a long text": "a" * 20_000,
    "a NUL": "a\0b",
    "signs": "😀\u202e\ufffe\x1b[0m",
    "a huge number": "9" * 400,
    "a number below zero": "-1",
    "another type": '{"a": [null]}',
    "nothing": "",
}
ONE_BY_ONE = ("a NUL", "a huge number")
BROKEN_FILE = b"PK\x03\x04" + bytes(range(256)) * 64
OURS = {"csrf_token", "idempotency_key"}
# Tries are counted, and the failed sign-in remembered, whatever comes of them.
COUNTED = {"sign_in_tries"}


def forms(app, found):
    """Every page that takes something, with the fields of its form."""
    for method, rule in walk.routes(app):
        if method == "POST" and not walk.is_api(rule):
            form = found.forms.get(rule.endpoint)
            yield (
                rule,
                form or walk.Form(walk.address(app, rule, walk.arguments_of(app, found)), walk.fields_of_all(found), frozenset()),
            )


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


def verdict(rule: Rule, attack, answer, made):
    told = f"{rule.rule} ({attack}): {answer.status_code} {sorted(made) or ''}"
    if answer.status_code >= 500 or (answer.status_code >= 400 and made):
        return [told]
    if answer.status_code >= 400 and answer.mimetype == "text/html" and "<html" not in answer.text:
        return [f"{told} without a page"]
    return []


def test_every_form_refuses_what_it_did_not_ask_for(app, somebody, top):
    chief = somebody(STAFF, top)
    found = walk.explore(app, walk.signed_in(app, chief))
    wrong = []
    for rule, form in forms(app, found):
        client = walk.signed_in(app, chief)
        for attack in ATTACKS:
            wrong += verdict(rule, attack, *send(client, form, attacked(form, attack)))
    assert "\n".join(wrong) == ""


def test_one_bad_field_among_good_ones_breaks_nothing(app, somebody, top):
    chief = somebody(STAFF, top)
    found = walk.explore(app, walk.signed_in(app, chief))
    wrong = []
    for rule, form in forms(app, found):
        if rule.endpoint in found.forms:
            client = walk.signed_in(app, chief)
            for attack in ONE_BY_ONE:
                for name in form.fields.keys() - OURS:
                    wrong += verdict(rule, f"{attack} in {name}", *send(client, form, attacked(form, attack, only=name)))
    assert "\n".join(wrong) == ""
