"""The counter stands before the same shelf as the catalogue."""

from tests.rewards.conftest import agree, browser, give, haircut, redeem, rice

__all__ = ["agree", "browser", "give", "haircut", "redeem", "rice"]
