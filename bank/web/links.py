"""Addresses that leave this page: on a screen, on paper, in another program."""

from typing import Any

from flask import current_app, request, url_for

LOCAL_NAMES = ("localhost", "127.", "[::1]", "0.0.0.0")  # noqa: S104 - a name that is looked for, not listened on


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as others reach it: below the setting PUBLIC_URL, or where this request came to."""
    return site() + url_for(endpoint, **values)


def site() -> str:
    """The bank's own address, without a slash at its end."""
    return (str(current_app.config["PUBLIC_URL"]) or request.host_url).rstrip("/")


def is_only_here() -> bool:
    """Whether such an address opens on this computer only, so that no phone could follow it."""
    host = public_url("home.home").partition("://")[2]
    return host.startswith(LOCAL_NAMES)
