"""Files of style and script go out packed to those who can unpack them: a fifth of the bytes for a cheap phone's data plan.

Pages are not packed: they carry the secret that guards forms beside text that others can choose, and the length of a packed
page would tell of it.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.security import safe_join

from bank.web.files import BOOTSTRAP, STATIC, SWAGGER

FOLDERS = {"static": STATIC, "bootstrap.static": BOOTSTRAP, "files.swagger": SWAGGER}
KINDS = {"text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"}
SMALL = 500  # Below this, packing saves nothing.


def register(app: Flask) -> None:
    """Pack what is the same for everybody."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    folder = FOLDERS.get(request.endpoint or "")
    if folder is None or response.mimetype not in KINDS:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    path = safe_join(str(folder), (request.view_args or {}).get("filename") or (request.view_args or {}).get("name") or "")
    if response.status_code != 200 or request.method != "GET" or not path or request.accept_encodings["gzip"] == 0:
        return response
    packed = _packed(path, Path(path).stat().st_mtime_ns)
    if packed is None:
        return response
    etag, _ = response.get_etag()
    response.close()  # The file as it is was opened already.
    response.direct_passthrough, response.response = False, [packed]
    response.headers["Content-Length"] = str(len(packed))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)  # The same file in other bytes.
    return response


@lru_cache(maxsize=200)
def _packed(path: str, _changed_at: int) -> bytes | None:
    data = Path(path).read_bytes()
    return gzip.compress(data, 9, mtime=0) if len(data) >= SMALL else None
