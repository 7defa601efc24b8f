"""Households, a team, consents on paper, a certificate and a renamed grid, so that their pages have something to show."""

import random
from datetime import datetime, time, timedelta

from bank.certificates import actions as certificates
from bank.clock import local_day, local_instant, month_start
from bank.consents.actions import record_paper
from bank.demo.town import Community, Town
from bank.people import belonging, organisation
from bank.statements.rules import months_after

FAMILY, TEAM = 2, 12  # How many live with the cast's volunteer, and how many are in the first community's team.


def settle(town: Town, *, chance: random.Random, at: datetime) -> None:
    """Let the cast's volunteer have a family, form a team, write down some consents on paper, and rename a grid."""
    home = town.communities[0]
    grown = [each.id for each in home.members if not each.is_minor]
    _begin_family(town, chance.sample(grown, FAMILY), at)
    _certify(town, at)
    _form_team(town, home, [town.volunteer.id, *chance.sample(grown, TEAM)], at)
    for person_id in chance.sample(grown, 3):
        record_paper(by=town.admin, person_id=person_id, purpose="public_list", is_given=True, at=at)
    organisation.rename_unit(by=town.admin, unit_id=home.grid_ids[0], name="红旗网格", at=at)


def _begin_family(town: Town, person_ids: list[int], at: datetime) -> None:
    """A household since before the last month ended, in whose month one of them agreed to be seen by the others."""
    since = local_instant(month_start(local_day(at)) - timedelta(days=1), time(9))
    for person_id in person_ids:
        belonging.join_household(by=town.admin, person_id=person_id, with_person_id=town.volunteer.id, at=since)
    record_paper(by=town.admin, person_id=person_ids[0], purpose="household", is_given=True, at=since)


def _certify(town: Town, at: datetime) -> None:
    """Proof of the volunteer's service in the twelve months before this one."""
    this_month = month_start(local_day(at))
    certificates.issue(
        by=town.volunteer, person_id=town.volunteer.id, starts_on=months_after(this_month, -12),
        ends_on=this_month - timedelta(days=1), is_designated=False, at=at,
    )  # fmt: skip


def _form_team(town: Town, home: Community, person_ids: list[int], at: datetime) -> None:
    team = organisation.add_unit(by=town.admin, name="邻里互助志愿服务队", kind="team", parent_id=home.unit_id, at=at)
    for person_id in dict.fromkeys(person_ids):
        belonging.join_team(by=town.admin, person_id=person_id, unit_id=team.id, at=at)
