"""A unit's own page: below it, its past, and what its admin changes."""

import pytest

from bank.db import transaction
from bank.people import organisation
from bank.units.queries import unit


@pytest.fixture
def grid(dave, community, at):
    with transaction():
        return organisation.add_unit(by=dave, name="第一网格", kind="grid", parent_id=community.id, at=at)


def test_a_unit_is_renamed_moved_closed_and_reopened_by_page(browser, dave, grid, other_community):
    window = browser(dave)
    path = f"/units/{grid.id}"
    window.open(path)
    window.send(f"{path}/rename", name="红旗网格")
    window.send(f"{path}/move", parent_id=other_community.id)
    window.send(f"{path}/close")
    assert "已停用" in window.page
    window.send(f"{path}/reopen")
    assert (unit(grid.id).name, unit(grid.id).parent_id, unit(grid.id).closed_at) == ("红旗网格", other_community.id, None)
    assert "第一网格" in window.page


def test_a_refused_change_is_told_on_the_units_page(browser, dave, community):
    window = browser(dave)
    window.open(f"/units/{community.id}")
    assert window.send(f"/units/{community.id}/close").status_code == 409
    assert "不能停用" in window.page


def test_an_auditor_sees_the_past_and_no_form(browser, erin, grid):
    page = browser(erin).open(f"/units/{grid.id}").text
    assert "沿革" in page
    assert "/rename" not in page


def test_the_tree_leads_to_every_unit(browser, dave, grid):
    assert f'href="/units/{grid.id}"' in browser(dave).open("/units").text
