"""Walks every page of the bank as one person, and knows every form on the way; asks the API as its document says."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from bank.people.models import Person
from bank.web.auth import API, SignedIn
from bank.web.security import limiter

OF_LIBRARIES = {"static", "bootstrap.static", "files.swagger", "api-docs.openapi_json", "files.api_docs"}
EXAMPLES = 2  # Pages of one kind that are opened.
STAFF = ("organizer", "clerk", "admin", "auditor")
# What is written into a field that must be filled in, so that nothing but what is attacked is wrong with a form.
PLAIN = {"number": "1", "date": "2026-06-21", "datetime-local": "2026-06-21T09:00", "tel": "13912345678", "month": "2026-06"}
NUMERIC, WORDS = "135790", "测试测试"
CHANGE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it goes, and what it sends when nobody touches it."""

    action: str
    fields: dict[str, str]
    files: frozenset[str]


@dataclass
class Map:
    """What a person's walk found: an address for each page, and the forms by the endpoint they go to."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    to_read: set[str] = field(default_factory=set)  # Addresses that answered with a page rather than a file.


class _Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._files: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(of.get("href", ""))
        elif tag == "form" and of.get("method", "").lower() == "post":
            self._files = set()
            self.forms.append(Form(of.get("action", ""), {}, frozenset()))
        elif of.get("formaction") and self.forms:
            self.forms.append(Form(of["formaction"], self.forms[-1].fields, frozenset()))
        elif tag in {"input", "textarea"} and of.get("name") and self.forms:
            self._input(of)
        elif tag == "select":
            self._select = of.get("name", "")
        elif tag == "option" and self._select and self.forms and (of.get("value") or "selected" in of):
            fields = self.forms[-1].fields
            if "selected" in of or not fields.get(self._select):
                fields[self._select] = of.get("value", "")

    def _input(self, of: dict[str, str]) -> None:
        form = self.forms[-1]
        if of.get("type") == "file":
            self.forms[-1] = Form(form.action, form.fields, form.files | {of["name"]})
        elif of.get("type") not in {"checkbox", "radio"} or "checked" in of or of["name"] not in form.fields:
            form.fields[of["name"]] = of.get("value") or ("required" in of and _plain(of)) or ""


def _plain(of: dict[str, str]) -> str:
    return PLAIN.get(of.get("type", ""), NUMERIC if of.get("inputmode") == "numeric" else WORDS)


@contextmanager
def unguarded(app: Flask) -> Iterator[None]:
    """Forms without tokens and as many requests as one likes: what is asked here is who may, not from where."""
    before = {name: app.config.get(name) for name in ("WTF_CSRF_METHODS", "PROPAGATE_EXCEPTIONS")}
    # A crash is an answer like others here, so that one walk finds them all.
    app.config.update(WTF_CSRF_METHODS=set(), PROPAGATE_EXCEPTIONS=False)
    limiter.enabled = False
    try:
        yield
    finally:
        app.config.update(before)
        limiter.enabled = True


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """A browser in which a person has signed in, without the time that a PIN takes."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = SignedIn(person).get_id(), True
    return client


def explore(app: Flask, client: FlaskClient) -> Map:
    """Follow every link from the first page on, to so many pages of each kind."""
    found, waiting, seen = Map(), ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path, "GET")
        if endpoint is None or len(found.pages.setdefault(endpoint, [])) >= EXAMPLES:
            continue
        answer = client.get(path)
        if answer.status_code >= 400:
            found.failures.append(f"{path}: {answer.status_code}")
            continue
        found.pages[endpoint].append(path)
        if answer.mimetype != "text/html":
            continue
        if answer.status_code == 200:
            found.to_read.add(path)
        page = _Page()
        page.feed(answer.text)
        for form in page.forms:
            if to := endpoint_of(app, form.action, "POST"):
                found.forms.setdefault(to, form)
        links = [answer.location or "", *page.links]
        waiting += [each for each in links if each.startswith("/") and not (each in seen or seen.add(each))]  # type: ignore[func-returns-value]
    return found


def read(app: Flask, person: Person, paths: list[str], language: str) -> Iterator[tuple[str, str]]:
    """Each of these addresses with the page that a person sees there."""
    client = signed_in(app, person)
    client.set_cookie("language", language)
    for path in paths:
        answer = client.get(path)
        if answer.mimetype == "text/html":
            yield path, answer.text


def endpoint_of(app: Flask, address: str, method: str) -> str | None:
    """Which of our views answers an address, if any."""
    parts = urlsplit(address)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method=method)
    except Exception:  # An address that nobody answers, or answers elsewhere, is no page of ours.
        return None
    return None if endpoint in OF_LIBRARIES else str(endpoint)


def arguments_of(app: Flask, found: Map) -> dict[str, Any]:
    """A value for each argument of an address, as the pages that were found have it."""
    known: dict[str, Any] = {}
    for addresses in [*found.pages.values(), *([each.action] for each in found.forms.values())]:
        for address in addresses:
            for method in ("GET", "POST"):
                if endpoint_of(app, address, method):
                    known = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)[1] | known
    return known


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every rule that is ours."""
    ours = [each for each in app.url_map.iter_rules() if each.endpoint not in OF_LIBRARIES]
    return [(method, rule) for rule in ours for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]


def who(app: Flask, rule: Rule) -> tuple[str, ...]:
    """Who may call a rule, as its view says."""
    return tuple(app.view_functions[rule.endpoint].access)  # type: ignore[attr-defined]


def address(app: Flask, rule: Rule, known: dict[str, Any]) -> str:
    """An address that the rule answers, from known values of its arguments, or the first there could be."""
    values = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        is_number = hasattr(converter, "num_convert")
        choices = getattr(converter, "items", None)
        values[name] = known.get(name) or (1 if is_number else sorted(choices)[0] if choices else "2026-05")
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def is_api(rule: Rule) -> bool:
    """Whether a rule belongs to the API."""
    return rule.rule.startswith(API)


def fields_of_all(found: Map) -> dict[str, str]:
    """Every field of every form, for a form that no page shows now."""
    return {name: value for form in found.forms.values() for name, value in form.fields.items()}


def form_data(form: Form) -> dict[str, str]:
    """What the form sends, under a new key."""
    return {"idempotency_key": uuid.uuid4().hex, **{n: v for n, v in form.fields.items() if n != "idempotency_key"}}


@contextmanager
def changes() -> Iterator[set[str]]:
    """The names of the tables that are changed for good meanwhile."""
    open_changes: dict[int, set[str]] = {}
    made: set[str] = set()

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if change := CHANGE.match(statement):
            open_changes.setdefault(id(connection), set()).add(change[2])

    def keep(connection: Any) -> None:
        made.update(open_changes.pop(id(connection), set()))

    def drop(connection: Any) -> None:
        open_changes.pop(id(connection), None)

    hooks = (("before_cursor_execute", note), ("commit", keep), ("rollback", drop))
    for name, hook in hooks:
        event.listen(Engine, name, hook)
    try:
        yield made
    finally:
        for name, hook in hooks:
            event.remove(Engine, name, hook)


def body(app: Flask, rule: Rule, method: str, known: dict[str, Any]) -> dict[str, Any]:
    """A body as the document of the API wants it, with the known ids in it."""
    content = _call(app, rule, method).get("requestBody", {}).get("content", {}).get("application/json", {})
    sample = _sample(content.get("schema", {}), _document(app)["components"]["schemas"], known)
    return dict(sample) if isinstance(sample, dict) else {}


def question(app: Flask, rule: Rule, known: dict[str, Any]) -> dict[str, Any]:
    """What must be asked in the address of what is read, as the document of the API wants it."""
    asked = [each for each in _call(app, rule, "GET").get("parameters", []) if each.get("in") == "query" and each.get("required")]
    return {each["name"]: _sample(each["schema"], _document(app)["components"]["schemas"], known, each["name"]) for each in asked}


@cache
def _document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json").json
    assert answer
    return dict(answer)


def _call(app: Flask, rule: Rule, method: str) -> dict[str, Any]:
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    return dict(_document(app)["paths"].get(path, {}).get(method.lower(), {}))


def _sample(schema: dict[str, Any], schemas: dict[str, Any], known: dict[str, Any], name: str = "") -> Any:
    if "$ref" in schema:
        return _sample(schemas[schema["$ref"].rpartition("/")[2]], schemas, known)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = next((each for each in kind if each != "null"), "string") if isinstance(kind, list) else kind
    if name in known:
        return known[name]
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        wanted = schema.get("required", [])
        return {each: _sample(of, schemas, known, each) for each, of in schema.get("properties", {}).items() if each in wanted}
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "array": []}
    texts = {"date-time": "2026-06-21T09:00:00+08:00", "date": "2026-06-21"}
    return plain.get(kind, texts.get(schema.get("format", ""), "测试测试"))
