"""Every setting once: name, type, default, meaning. The only reader of the environment; a bad value stops the start."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class BadSetting(Exception):
    """A setting has a value that cannot be meant; the message names it and says what is wanted."""


@dataclass(frozen=True)
class Setting:
    """One setting, read from the environment variable `BANK_<name>`."""

    name: str
    parse: Callable[[str], object]
    default: str | None
    meaning: str


def _text(value: str) -> str:
    return value


def _folder(value: str) -> str:
    if value and not Path(value).is_dir():
        raise ValueError("a folder that is there")
    return value


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key  # Kept by ZoneInfo; a list of all zones would read the disk each time.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Asia/Shanghai") from None


def _database(value: str) -> str:
    wanted = ValueError("sqlite:///PATH or postgresql://USER@HOST:PORT/NAME")
    try:
        parts = urlsplit(value)
        is_port_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise wanted from None
    kinds = {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}
    if value and not (is_port_fine and parts.scheme in kinds and "://" in value and parts.path.strip("/")):
        raise wanted
    return value


def _schema(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", value) or value in {"public", "information_schema"} or value.startswith("pg_"):
        raise ValueError("a PostgreSQL schema name in small letters, not `public`")
    return value


def _whole(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError("a whole number")
    return int(value)


def _count(value: str) -> int | None:
    return _whole(value) if value else None


def _port(value: str) -> int:
    if not 1 <= (port := _whole(value)) <= 65535:
        raise ValueError("a port from 1 to 65535")
    return port


def _flag(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError("0 or 1")
    return value == "1"


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("at least 32 random characters")
    return value


def _token(value: str) -> str:
    if value and len(value) < 16:
        raise ValueError("empty or at least 16 random characters")
    return value


def _expiry(value: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,2}|year_end|never", value):
        raise ValueError("a number of months from 1 to 999, year_end or never")
    return value


def _mail_server(value: str) -> str:
    wanted = ValueError("smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")
    try:
        parts = urlsplit(value)
        is_port_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise wanted from None
    if value and not (is_port_fine and parts.scheme in {"smtp", "smtps"} and parts.hostname):
        raise wanted
    return value


def _sender(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", value):
        raise ValueError("an e-mail address such as bank@example.org")
    return value


SETTINGS = (
    Setting("DATA_DIR", _text, ".bank", "Folder for the SQLite file, the secret key and files the bank writes."),
    Setting("DATABASE_URL", _database, "", "Database address; empty means the SQLite file `bank.db` in the data folder."),
    Setting("SCHEMA", _schema, "bank", "PostgreSQL schema that holds this bank; another bank uses another schema."),
    Setting("SECRET_KEY", _secret, None, "Signs sessions and codes; `bank init` writes one to `secret_key` in the data folder."),
    Setting("NAME", _text, "道德银行", "The bank's name on pages and paper."),
    Setting("TIMEZONE", _zone, "Asia/Shanghai", "Time zone of the bank's days and months."),
    Setting("EXPIRY", _expiry, "36", "Months that points last, to a month's end; or year_end; or never."),
    Setting("DESIGNATED_SYSTEM", _flag, "0", "1 when the state has named this system for records: certificates then say so."),
    Setting("FONTS", _folder, "", "Folder with a Chinese font for PDF; empty means the installed font, then the system's."),
    Setting("HOST", _text, "127.0.0.1", "Address the web server listens on."),
    Setting("PORT", _port, "8000", "Port the web server listens on."),
    Setting("WORKERS", _whole, "2", "Web server processes."),
    Setting("PUBLIC_URL", _text, "", "Address printed in QR codes; empty means the address of the request."),
    Setting("BACKUP_DIR", _text, "", "Folder for nightly backups; empty: `backups` in the data folder; `none`: no backups."),
    Setting("MAIL_URL", _mail_server, "", "Mail server for notices, smtp:// or smtps://; empty means that none go by e-mail."),
    Setting("MAIL_FROM", _sender, "bank@localhost", "Address that notices by e-mail come from."),
    Setting("METRICS_TOKEN", _token, "", "Bearer token for /metrics; empty means that only this machine itself may look."),
    Setting("HTTPS", _flag, "0", "1 when people reach the bank by https: cookies are then marked secure."),
    Setting("PROXIES", _count, "", "Proxies in front that name the caller's address; empty means 1 with HTTPS, otherwise none."),
    Setting("ALLOW_DEMO", _flag, "0", "1 lets the demo town, whose PINs are public, be served to others."),
)  # fmt: skip


def load(environ: Mapping[str, str] | None = None) -> dict[str, object]:
    """All settings by name, parsed. Raises BadSetting for the first value that cannot be meant."""
    environ = os.environ if environ is None else environ
    settings = {each.name: _read(each, environ) for each in SETTINGS}
    folder = Path(str(settings["DATA_DIR"])).absolute()
    settings["DATA_DIR"] = str(folder)
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _kept_secret(folder)
    settings["DATABASE_URL"] = _database_url(str(settings["DATABASE_URL"]), folder)
    return settings


def setting(name: str) -> str:
    """One text setting from the environment, for code that runs without an app."""
    return str(_read(next(each for each in SETTINGS if each.name == name), os.environ))


def _read(each: Setting, environ: Mapping[str, str]) -> object:
    raw = environ.get(f"BANK_{each.name}", each.default)
    if raw is None:
        return None
    try:
        return each.parse(raw)
    except ValueError as error:
        raise BadSetting(f"BANK_{each.name} is {raw!r}, but must be {error}.") from None


def _kept_secret(folder: Path) -> str | None:
    path = folder / "secret_key"
    return path.read_text().strip() if path.exists() else None


def _database_url(url: str, folder: Path) -> str:
    if not url:
        return f"sqlite:///{folder / 'bank.db'}"
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.partition("://")[2]
    return url
