"""A browser, and an admin of the other community."""

from tests.people.conftest import browser, frank  # noqa: F401
