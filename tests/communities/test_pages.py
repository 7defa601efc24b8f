"""Community stars are public, explained step by step, and ranked nowhere."""

from datetime import date, timedelta

from bank.communities import actions
from bank.db import transaction
from tests.ratings.conftest import mark, serve

__all__ = ["mark", "serve"]


def test_anybody_sees_the_stars_and_the_steps(alice, serve, community, client, at):
    for number in range(6):
        serve(alice, 60, date(2026, 10, 1 + number), (5, 4, 5) if number < 4 else (None, None, None))
    with transaction():
        actions.recompute(year=2026, at=at + timedelta(days=30))
    [row] = client.get("/api/v1/community-stars?year=2026").json["communities"]
    assert (row["unit_name"], row["services"], row["evaluated"], row["stars"]) == ("向阳社区", 6, 4, 1)
    told = client.get(f"/api/v1/community-stars/{community.id}?year=2026").json
    assert (told["figures"]["evaluated_percent"], told["steps"][0]["is_reached"], told["stars"]) == (66, True, 1)
    assert "向阳社区" in client.get("/communities/stars/?year=2026").text
    assert "4 ÷ 6 = 66%" in client.get(f"/communities/stars/{community.id}?year=2026").text


def test_a_community_without_services_has_no_page(client, community):
    assert client.get(f"/communities/stars/{community.id}?year=2026").status_code == 404
