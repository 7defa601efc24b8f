"""What lets a phone keep the bank on its home screen: manifest, sign, service worker, and a page for when there is no net.

The worker keeps files that are the same for everybody, and never a page: what a member sees is always the server's word.
"""

import hashlib

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, url_for
from flask_babel import gettext

from bank.documents.icons import icon
from bank.web.auth import access
from bank.web.files import STATIC, asset, version

bp = Blueprint("install", __name__)

SIZES = (180, 192, 512)
DAY_SECONDS = 24 * 3600
KEPT = ("look/tokens.css", "look/frame.css", "look/parts.css", "look/forms.css", "look/print.css", "bank.js", "seal.svg")


@bp.get("/manifest.webmanifest")
@access("public")
def manifest() -> Response:
    """Name, colours and signs for a phone's home screen."""
    signs = [_sign(size, purpose) for size in SIZES[1:] for purpose in ("any", "maskable")]
    response = jsonify(
        name=current_app.config["NAME"],
        short_name=current_app.config["NAME"],
        description=gettext("志愿服务记成时长和积分，积分可以兑换社区服务、荣誉和物品。每一笔都记在账上，只增不改。"),
        start_url=url_for("home.home"),
        scope="/",
        display="standalone",
        background_color="#faf6ee",
        theme_color="#a3211c",
        icons=signs,
    )
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = f"max-age={DAY_SECONDS}"
    return response


@bp.get("/icons/<any(any, maskable):purpose>-<int:size>.png")
@access("public")
def sign(purpose: str, size: int) -> Response:
    """The bank's sign in one of the sizes that phones ask for."""
    if size not in SIZES:
        abort(404)
    drawn = icon((STATIC / "seal.svg").read_text(encoding="utf-8"), size, is_bleeding=purpose == "maskable")
    response = Response(drawn, content_type="image/png")
    response.headers["Cache-Control"] = f"max-age={30 * DAY_SECONDS}"
    return response


@bp.get("/sw.js")
@access("public")
def worker() -> Response:
    """The service worker; it changes with the files that it keeps."""
    files = [asset(each) for each in KEPT]
    release = hashlib.sha256(("".join(files) + version("worker.js")).encode()).hexdigest()[:12]
    known = {"RELEASE": release, "OFFLINE": url_for(".offline"), "FILES": files}
    head = "".join(f"const {name} = {current_app.json.dumps(value)};\n" for name, value in known.items())
    response = Response(head + (STATIC / "worker.js").read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@access("public")
def offline() -> Response:
    """What a phone shows without a net; it is kept on the phone, so nobody's name is on it."""
    return make_response(render_template("install/offline.html"))


def _sign(size: int, purpose: str) -> dict[str, str]:
    address = url_for(".sign", purpose=purpose, size=size)
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
