"""The people of `tests/people` stand here too."""

from tests.people.conftest import browser, frank, newcomer  # noqa: F401
