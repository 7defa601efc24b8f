"""The explanation: its numbers add up to the stars, and a page, the API and the command tell the same."""

import json
import random
from datetime import date, timedelta

import pytest

from bank import clock
from bank.cli.ratings import ratings as command
from bank.ratings.explain import explanation
from bank.ratings.schemas import RatingSchema

DAY = date(2026, 3, 2)
LATER = timedelta(days=30)


@pytest.fixture
def year(in_service, serve, take_back):
    """Twelve services, some without a recipient, some without a leader's mark, one taken back."""
    chance = random.Random(4)
    for number in range(12):
        marks = (chance.choice([None, 3, 4, 5]), chance.choice([None, 4, 5]), chance.choice([4, 5]))
        serve(in_service, chance.choice([35, 60, 95, 150]), DAY + timedelta(days=number), marks)
    take_back(serve(in_service, 60, DAY + timedelta(days=40), (5, 5, 5)))
    return in_service


def test_the_numbers_add_up_to_the_result(year, at):
    told = explanation(person=year, year=2026, at=at)
    rated = [each for each in told.lines if each.score is not None]
    sums = told.rating.sums
    assert sums.minutes == sum(each.minutes for each in told.lines)
    assert sums.weighted == sum(each.minutes * each.score for each in rated) == sum(each.weighted for each in rated)
    assert (sums.rated, sums.rated_minutes) == (len(rated), sum(each.minutes for each in rated))
    assert sums.score == sums.weighted // sums.rated_minutes
    met = [each for each in told.rating.steps if sums.minutes >= each.minutes_min and sums.score >= each.score_min]
    assert told.rating.stars == len([each for each in met if sums.rated >= each.rated_min])


def test_every_record_of_the_year_is_either_counted_or_left_out_with_a_reason(year, at):
    told = explanation(person=year, year=2026, at=at)
    assert (len(told.lines), [each.why for each in told.left_out]) == (12, ["reversed"])


def test_a_record_without_minutes_says_so(in_service, serve, at):
    serve(in_service, 480, DAY, at=at)
    record = serve(in_service, 60, DAY, at=at)
    told = explanation(person=in_service, year=2026, at=at)
    assert [(each.record_id, each.why) for each in told.left_out] == [(record, "no_minutes")]


def test_a_hidden_mark_names_the_day_it_opens(in_service, serve, at):
    serve(in_service, 60, DAY, (None, 4, 4), at=at)
    [line] = explanation(person=in_service, year=2026, at=at + timedelta(days=1)).lines
    assert (line.score, line.opens_on) == (None, clock.local_day(at + timedelta(days=7)))


@pytest.fixture
def in_2026(monkeypatch, at):
    """The faces' clock stands some weeks after the test's instant."""
    monkeypatch.setattr(clock, "now", lambda: at + LATER)


def test_api_page_and_command_tell_the_same(year, erin, api, browser, app, in_2026, at):
    expected = json.loads(json.dumps(RatingSchema().dump(explanation(person=year, year=2026, at=at + LATER))))
    assert api(year).get("/me/rating?year=2026").json == expected
    assert api(erin).get(f"/persons/{year.id}/rating?year=2026").json == expected
    page = browser(erin).get(f"/stars/explain/{year.id}?year=2026").text
    assert f"{expected['sums']['weighted']:,}" in page and all(each["name"] in page for each in expected["lines"])
    told = app.test_cli_runner().invoke(command, ["explain", year.phone, "--year", "2026", "--json"])
    assert json.loads(told.output) == expected


def test_the_command_prints_the_sums(year, app, in_2026):
    result = app.test_cli_runner().invoke(command, ["explain", year.card_number, "--year", "2026"])
    assert result.exit_code == 0 and "stars, rules version 1, not fixed yet" in result.output
    assert "Not counted (reversed)" in result.output


def test_the_command_refuses_a_stranger(app):
    assert app.test_cli_runner().invoke(command, ["explain", "13700000000"]).exit_code != 0
