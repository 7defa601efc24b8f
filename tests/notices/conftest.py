"""Services and redemptions for tests of notices."""

from tests.statements.conftest import redeem, serve

__all__ = ["redeem", "serve"]
