"""Boards are tested with the services and redemptions of the statements' tests."""

from tests.statements.conftest import consent, enrol, issue, redeem, serve  # noqa: F401
