"""Services to certify, told in one line each."""

from tests.statements.conftest import serve

__all__ = ["serve"]
