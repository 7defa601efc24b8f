"""Households, a team, consents on paper and a renamed grid, so that the pages of persons and units have something to show."""

import random
from datetime import datetime

from bank.consents.actions import record_paper
from bank.demo.town import Community, Town
from bank.people import belonging, organisation

FAMILY, TEAM = 2, 12  # How many live with the cast's volunteer, and how many are in the first community's team.


def settle(town: Town, *, chance: random.Random, at: datetime) -> None:
    """Let the cast's volunteer have a family, form a team, write down some consents on paper, and rename a grid."""
    home = town.communities[0]
    grown = [each.id for each in home.members if not each.is_minor]
    for person_id in chance.sample(grown, FAMILY):
        belonging.join_household(by=town.admin, person_id=person_id, with_person_id=town.volunteer.id, at=at)
    _form_team(town, home, [town.volunteer.id, *chance.sample(grown, TEAM)], at)
    for person_id in chance.sample(grown, 3):
        record_paper(by=town.admin, person_id=person_id, purpose="public_list", is_given=True, at=at)
    organisation.rename_unit(by=town.admin, unit_id=home.grid_ids[0], name="红旗网格", at=at)


def _form_team(town: Town, home: Community, person_ids: list[int], at: datetime) -> None:
    team = organisation.add_unit(by=town.admin, name="邻里互助志愿服务队", kind="team", parent_id=home.unit_id, at=at)
    for person_id in dict.fromkeys(person_ids):
        belonging.join_team(by=town.admin, person_id=person_id, unit_id=team.id, at=at)
