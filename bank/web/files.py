"""Files of the page: our own with a name that changes with their content, icons, and the API's documentation page."""

import hashlib
import re
from functools import cache, partial, update_wrapper
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import flask_bootstrap
import flask_swagger_ui
from flask import Blueprint, Flask, Response, render_template, send_from_directory, url_for
from flask_bootstrap import Bootstrap5
from markupsafe import Markup

from bank.web.auth import access

STATIC = Path(__file__).parent / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
ICONS = BOOTSTRAP / "icons" / "bootstrap-icons.svg"

bp = Blueprint("files", __name__)


@bp.get("/api/docs", strict_slashes=False)
@access("public")
def api_docs() -> str:
    """The API's documentation, by Swagger UI from local files."""
    return render_template("api_docs.html", swagger_version=distribution("flask-swagger-ui").version)


@bp.get("/swagger-ui/<path:name>")
@access("public")
def swagger(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(SWAGGER, name)


@cache
def version(name: str) -> str:
    """A short hash of a static file, put into its address so that it can be cached for ever."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of one of our own static files."""
    return url_for("static", filename=name, v=version(name))


@cache
def icon(name: str) -> Markup:
    """An icon of Bootstrap Icons, drawn in place in the colour of the text. Raises KeyError for an unknown name."""
    view_box, paths = _symbols()[name]
    return Markup(  # noqa: S704 - the text comes from the installed package
        f'<svg class="icon" width="1em" height="1em" viewBox="{view_box}" fill="currentColor" aria-hidden="true">{paths}</svg>'
    )


def register(app: Flask) -> None:
    """Serve files, and give the templates `asset()` and `icon()`."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(asset=asset, icon=icon, bootstrap_version=Bootstrap5.bootstrap_version)
    for endpoint in ("static", "bootstrap.static"):
        open_to_all(app, endpoint)


def open_to_all(app: Flask, endpoint: str) -> None:
    """Say of a library's view, which cannot carry `@access`, that anyone may call it."""
    view: Any = app.view_functions[endpoint]
    open_view: Any = update_wrapper(partial(view), view)
    open_view.access = ("public",)
    app.view_functions[endpoint] = open_view


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    pattern = re.compile(r'<symbol[^>]*viewBox="([^"]+)"[^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
    return {name: (view_box, paths) for view_box, name, paths in pattern.findall(ICONS.read_text())}
