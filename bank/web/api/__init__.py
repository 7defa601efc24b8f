"""The JSON API under /api/v1: flask-smorest with the bank's errors, keys and access in its OpenAPI document.

    bp = blueprint("rewards", "Rewards, their stock and redemptions.")       # in bank/web/api/rewards.py

    @bp.post("/redemptions")
    @access("clerk")
    @writes
    @bp.arguments(RedemptionIn)
    @bp.response(201, RedemptionOut)
    def redeem(new: dict[str, Any]) -> Redemption: ...

The document says by itself, from what `access` and `writes` leave on a view, who may call it, that it takes an
Idempotency-Key, and which problems it may answer.
"""

from collections.abc import Callable, Iterable
from json import JSONDecodeError
from typing import Any

from flask import Flask
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser

from bank.fields import Month, StrictInt
from bank.web import files

PREFIX = "/api/v1"
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
PROBLEM = "application/problem+json"
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this request, so that it may be sent again: the same key gives the first answer, byte for byte.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]{1,80}$"},
}


class Problem(Schema):
    """A refusal (RFC 9457); `code` is stable, the texts are in the language asked for."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = StrictInt(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    next = fields.String(required=True, metadata={"description": "What to do now."})
    final = fields.Boolean(required=True, metadata={"description": "False: the same request, sent again, may succeed."})
    errors = fields.Dict(metadata={"description": "Messages by field name."})


class Parser(FlaskParser):
    """Answers what a schema refuses with 400, like every other refusal of what cannot be meant."""

    DEFAULT_VALIDATION_STATUS = 400

    def load_json(self, req: Any, schema: Schema) -> Any:
        """The body; brackets within brackets a thousandfold are refused as well."""
        try:
            return super().load_json(req, schema)
        except RecursionError:
            return self._handle_invalid_json_error(JSONDecodeError("nested too deeply", "", 0), req)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """Documents what the views carry."""

    # The library has no types; these are what its decorators are.
    get: Callable[..., Decorator]
    post: Callable[..., Decorator]
    put: Callable[..., Decorator]
    delete: Callable[..., Decorator]
    response: Callable[..., Decorator]
    alt_response: Callable[..., Decorator]

    ARGUMENTS_PARSER = Parser()
    PAGINATION_HEADER_NAME = None  # A list names its next page in its body.

    def arguments(self, schema: Schema | type[Schema], **options: Any) -> Decorator:
        """Read what a schema says; it is made once, as the library would make and copy its fields anew for each request."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)  # type: ignore[no-any-return]

    @property
    def tag(self) -> str:
        """The slice's own name, under which the document lists its calls; the endpoint's name differs from the page's."""
        return str(self.name.removeprefix("api_"))

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any) -> None:
        """Let a view's access and writes go into its documentation."""
        view_func._apidoc = {
            **getattr(view_func, "_apidoc", {}),
            "view": {
                "access": view_func.access,
                "scopes": view_func.scopes,
                "writes": _writes(view_func),
                "has_nonce": hasattr(view_func, "has_nonce"),
            },
        }
        super().add_url_rule(rule, endpoint, view_func, *args, **{"tags": [self.tag], **options})

    def _prepare_response_doc(self, doc: Any, doc_info: Any, **kwargs: Any) -> Any:
        doc = super()._prepare_response_doc(doc, doc_info, **kwargs)
        view, problems = doc_info["view"], {404: "NOT_FOUND", 429: "TOO_MANY_REQUESTS", 503: "SERVICE_UNAVAILABLE"}
        problems |= {400: "BAD_REQUEST"}
        if "public" in view["access"]:
            doc["security"] = []
        else:
            problems |= {401: "UNAUTHORIZED", 403: "FORBIDDEN"}
            doc["x-access"] = list(view["access"])
            doc["x-scope"] = view["scopes"][view["writes"]]
        if view["writes"]:
            problems |= {409: "CONFLICT", 413: "REQUEST_ENTITY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}
            if not view["has_nonce"]:
                doc.setdefault("parameters", []).append(KEY_HEADER)
        for status, name in problems.items():
            doc["responses"].setdefault(status, name)
        return doc


class Api(SmorestApi):  # type: ignore[misc]
    """Leaves errors to `bank.web.errors`, and documents them as what they are."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Nothing: the library's own handler would answer every page of the app in JSON."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        """Serve a blueprint and put it into the document."""
        self._app.register_blueprint(blp, **options)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        self.spec.tag({"name": blp.tag, "description": blp.description})


def blueprint(name: str, description: str) -> Blueprint:
    """The blueprint of one slice; its routes begin behind /api/v1."""
    return Blueprint(f"api_{name}", __name__, url_prefix=PREFIX, description=description)


def register(app: Flask, blueprints: Iterable[Blueprint]) -> None:
    """Serve the slices' blueprints and the OpenAPI document of all of them."""
    app.config.update(
        API_TITLE="Morality bank API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Points are hundredths (1 point is 100), hours are whole minutes, instants are UTC."},
            "security": [{"bearer": []}],
        },
    )
    api = Api(app)
    api.register_field(Month, "string", None)  # Otherwise it would be documented as the day that it is kept as.
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for each in blueprints:
        api.register_blueprint(each)
    files.open_to_all(app, "api-docs.openapi_json")


def _writes(view: Any) -> bool:
    return bool(getattr(view, "writes", False))
