"""Made-up names and places are plausible, and the same whenever they are drawn again."""

import random

from bank.demo import names, places, services
from bank.demo.town import SIZES
from bank.hours.rules import CATEGORIES
from bank.people import rules


def _drawn(seed: int, count: int = 3000) -> list[str]:
    chance = random.Random(seed)
    return [names.name(chance, born_year=chance.randint(1940, 2016), is_woman=chance.random() < 0.5) for _ in range(count)]


def test_same_seed_gives_the_same_names() -> None:
    assert _drawn(7) == _drawn(7) != _drawn(8)


def test_every_name_can_be_enrolled() -> None:
    assert all(rules.clean_name(each) == each for each in _drawn(1))


def test_common_surnames_are_common_and_compound_ones_are_there() -> None:
    drawn = _drawn(2)
    assert 0.05 < sum(each.startswith("王") for each in drawn) / len(drawn) < 0.12
    assert any(rules.surname_length(each) == 2 for each in drawn)


def test_every_surname_written_with_two_characters_is_masked_whole() -> None:
    assert all(each in rules.COMPOUND_SURNAMES for each in names.SURNAMES if len(each) == 2)


def test_grandmothers_and_granddaughters_are_called_differently() -> None:
    first, last = names.GENERATIONS[0], names.GENERATIONS[-1]
    assert not {*first.women, *first.men} & {*last.women, *last.men}


def test_organisation_has_the_numbers_of_jinchang() -> None:
    communities = [each for listed in places.STREETS.values() for each in listed.split()]
    assert (len(places.STREETS), len(communities), len(set(communities))) == (6, 33, 33)
    assert sum(places.grid_counts(33, SIZES["city"].grids)) == 385


def test_every_kind_of_service_can_be_recorded() -> None:
    for kind in services.KINDS:
        assert kind.category in CATEGORIES
        assert all(60 <= each <= 240 for each in kind.minutes)
        assert all(80 <= each <= 150 for each in kind.percents)
