"""The month of a household, a team, a unit and the whole bank adds up, row by row, to what the books hold."""

import io
from dataclasses import asdict
from datetime import date, time

import pypdf
import pytest
from openpyxl import load_workbook

from bank.clock import local_instant
from bank.consents.actions import decide_consent
from bank.db import transaction
from bank.people import belonging, organisation
from bank.people.actions import enrol
from bank.people.rules import NewPerson, RoleMissing
from bank.statements import books, groups, months, printing
from bank.statements.rules import StatementNotFound
from bank.units.queries import top_unit
from tests.browser import Browser

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
EARLY = local_instant(date(2026, 9, 1), time(9))


@pytest.fixture
def grids(community, at):
    """Two grids of the community with one member each, and their names."""
    made = {}
    with transaction():
        for number, name in enumerate(("一网格", "二网格"), 1):
            grid = organisation.add_unit(by=None, name=name, kind="grid", parent_id=community.id, at=EARLY)
            new = NewPerson(name=("网大民", "网小民")[number - 1], phone=f"1390000000{number}", unit_id=grid.id)
            made[grid.id] = enrol(by=None, new=new, at=EARLY)
    return made


@pytest.fixture
def month(alice, charlie, grids, serve, redeem, issue):
    """September: alice and both grids' members served in the community, charlie in another; alice took a towel."""
    for person in (alice, charlie, *grids.values()):
        serve(person, 120, date(2026, 9, 3))
    redeem(alice, 50, date(2026, 9, 9))
    issue(SEPTEMBER)


def names(group):
    return [(row.name, row.sums.points_closing) for row in group.rows]


def test_a_unit_shows_the_units_below_and_its_own_members(dave, alice, community, grids, month):
    found = groups.of_unit(by=dave, unit_id=community.id, month=SEPTEMBER)
    assert names(found)[:2] == [("一网格", 200), ("二网格", 200)]
    assert (f"安* · {alice.card_number[6:]}", 150) in names(found)
    total = found.total
    assert (total.points_deposited, total.points_withdrawn, total.points_closing, total.minutes_in) == (600, 50, 550, 360)
    assert total == sum(
        (row.sums for row in found.rows), groups.Sums(issued=total.issued - sum(r.sums.issued for r in found.rows))
    )


def test_the_bank_adds_up_to_the_trial_balance(dave, month):
    whole = groups.of_unit(by=dave, unit_id=top_unit().id, month=SEPTEMBER)
    trial = books.trial_balance(SEPTEMBER)
    held = {(each.code, each.unit): each.closing for each in trial.accounts}
    assert trial.sums == {"points": 0, "minutes": 0}
    assert (held["member", "points"], held["issued", "points"], held["redeemed", "points"]) == (750, -800, 50)
    assert (whole.total.points_closing, whole.total.issued, whole.total.minutes_closing) == (750, 800, held["member", "minutes"])


def test_it_tells_what_each_community_issued(community, other_community, month):
    assert [(each.unit_id, each.points) for each in groups.issued_by_community(SEPTEMBER)] == [
        (community.id, 600), (other_community.id, 200)]  # fmt: skip


def test_who_moves_later_stays_where_the_month_ended(dave, grids, community, other_community, month):
    before = groups.of_unit(by=dave, unit_id=community.id, month=SEPTEMBER)
    first, person = next(iter(grids.items()))
    later = local_instant(date(2026, 10, 9), time(9))
    with transaction():
        belonging.move_person(by=None, person_id=person.id, unit_id=other_community.id, at=later)
        organisation.move_unit(by=None, unit_id=first, parent_id=other_community.id, at=later)
        organisation.rename_unit(by=None, unit_id=first, name="新网格", at=later)
    assert groups.of_unit(by=dave, unit_id=community.id, month=SEPTEMBER) == before


def test_a_team_is_its_members_of_the_month_end(dave, alice, charlie, community, month):
    with transaction():
        team = organisation.add_unit(by=None, name="红马甲服务队", kind="team", parent_id=community.id, at=EARLY)
        belonging.join_team(by=None, person_id=alice.id, unit_id=team.id, at=EARLY)
        belonging.join_team(by=None, person_id=charlie.id, unit_id=team.id, at=local_instant(OCTOBER, time()))
    found = groups.of_unit(by=dave, unit_id=team.id, month=SEPTEMBER)
    assert (found.kind, [row.person_id for row in found.rows]) == ("team", [alice.id])


def test_a_leader_sees_totals_but_no_single_member(bob, dave, community, month):
    leaders, admins = (groups.of_unit(by=each, unit_id=community.id, month=SEPTEMBER) for each in (bob, dave))
    assert leaders.total == admins.total
    assert [row.name for row in leaders.rows] == ["一网格", "二网格"] and leaders.unlisted == len(admins.rows) - 2


@pytest.mark.parametrize("who", ["alice", "carol", "charlie"])
def test_others_see_no_units_month(request, who, community, month):
    with pytest.raises(RoleMissing):
        groups.of_unit(by=request.getfixturevalue(who), unit_id=community.id, month=SEPTEMBER)


def test_a_household_shows_who_agreed_and_counts_the_others(alice, bob, carol, month, at):
    with transaction():
        for other in (bob, carol):
            belonging.join_household(by=None, person_id=other.id, with_person_id=alice.id, at=EARLY)
        decide_consent(by=bob, person_id=bob.id, purpose="household", is_given=True, at=at)
    found = groups.of_household(by=alice, month=SEPTEMBER)
    assert ({row.person_id for row in found.rows}, found.unlisted) == ({alice.id, bob.id}, 1)
    assert found.total.points_closing == 150


def test_a_month_without_statements_is_not_found(dave, community, month):
    for unit_id, asked in ((community.id, OCTOBER), (top_unit().id, date(1999, 1, 1))):
        with pytest.raises(StatementNotFound):
            groups.of_unit(by=dave, unit_id=unit_id, month=asked)


def test_everybodys_statement_of_a_community_comes_grid_by_grid(dave, bob, community, grids, month):
    views = printing.statements_in(by=dave, unit_id=community.id, month=SEPTEMBER)
    assert [each.unit_name for each in views][-2:] == ["一网格", "二网格"] and len(views) == 7
    with pytest.raises(RoleMissing):
        printing.statements_in(by=bob, unit_id=community.id, month=SEPTEMBER)


def test_page_paper_and_table_say_the_same(client, dave, community, month):
    browser, path = Browser(client).sign_in(dave), f"/units/{community.id}/statements/2026-09"
    page = browser.get(path).text
    paper = browser.get(f"{path}.pdf").data
    said = "".join("".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(paper)).pages).split())
    for words in ("一网格", "二网格", "5.50", "+6.00", "−0.50"):
        assert words in page and words in said
    sheet = load_workbook(io.BytesIO(browser.get(f"{path}?as=xlsx").data)).active
    assert [float(row[2].value) for row in sheet.iter_rows(min_row=2)].count(0.0) == sheet.max_row - 1
    assert sum(float(row[7].value) for row in sheet.iter_rows(min_row=2)) == pytest.approx(5.5)
    assert browser.get(f"{path}.pdf").data == paper


def test_every_figure_of_the_bank_leads_to_the_rows_behind_it(client, dave, month):
    browser, top = Browser(client).sign_in(dave), top_unit().id
    page = browser.get(f"/units/{top}/statements", follow_redirects=True).text
    assert "试算平衡" in page and "各社区本月发放的积分" in page and "−8.00" in page and "-8.00" not in page
    links = {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]}
    behind = [each for each in links if each.startswith(("/units/", "/ledger/accounts/"))]
    assert len(behind) > 6
    assert [each for each in behind if browser.get(each).status_code != 200] == []


def test_the_pages_of_a_household_and_of_all_members(app, alice, dave, community, month):
    assert "家庭账单" in Browser(app.test_client()).sign_in(alice).get("/me/household/statements/2026-09").text
    paper = Browser(app.test_client()).sign_in(dave).get(f"/units/{community.id}/statements/2026-09/members.pdf").data
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 7


def test_programs_read_what_the_page_shows(api, dave, community, month):
    found = api(dave).get(f"/units/{community.id}/statements/2026-09").json
    group = months.of_unit(by=dave, unit_id=community.id, month=SEPTEMBER).group
    assert [(row["name"], row["sums"]) for row in found["group"]["rows"]] == [(row.name, asdict(row.sums)) for row in group.rows]
    assert (found["group"]["kind"], found["group"]["total"], found["books"]) == ("unit", asdict(group.total), None)


def test_programs_read_the_banks_books_which_sum_to_zero(api, dave, community, month):
    found = api(dave).get(f"/units/{top_unit().id}/statements/2026-09").json
    assert found["books"]["sums"] == {"points": 0, "minutes": 0}
    assert all(each["opening"] + each["moved"] == each["closing"] for each in found["books"]["accounts"])
    assert sum(each["points"] for each in found["issued"]) == 800


@pytest.mark.parametrize(("who", "status"), [("dave", 200), ("erin", 200), ("bob", 200), ("alice", 403), ("charlie", 403)])
def test_a_units_month_is_for_its_leaders_and_staff_by_api_as_well(api, request, community, month, who, status):
    answer = api(request.getfixturevalue(who)).get(f"/units/{community.id}/statements/2026-09")
    assert answer.status_code == status
    if who == "bob":
        assert answer.json["group"]["unlisted"] and not any(row["person_id"] for row in answer.json["group"]["rows"])


def test_a_household_reads_its_own_month_by_api(api, alice, month):
    found = api(alice).get("/me/household/statements/2026-09").json
    assert [row["person_id"] for row in found["group"]["rows"]] == [alice.id] and found["group"]["kind"] == "household"
    assert api(alice).get("/me/household/statements/2031-01").status_code == 404
    assert api(alice).get("/me/household/statements/2026-13").status_code == 400


def test_an_unknown_units_month_is_not_found_by_api(api, dave, month):
    assert api(dave).get(f"/units/{10**15}/statements/2026-09").status_code in (403, 404)
