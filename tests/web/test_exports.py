"""A list page can be taken along as a file: what it shows, to whom it shows it, as it shows it."""

import pytest

from bank.documents import tables

LISTS = ("/people?search=安丽", "/units", "/ledger/entries")


@pytest.mark.parametrize("ending", tables.KINDS)
@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_taken_along_in_both_languages(browser, dave, path, ending):
    window = browser(dave)
    address = f"{path}{'&' if '?' in path else '?'}as={ending}"
    answer = window.client.get(address)
    assert answer.content_type == tables.KINDS[ending]
    assert answer.headers["Content-Disposition"].endswith(f'.{ending}"')
    [chinese, *_] = tables.read(answer.data)
    window.client.set_cookie("language", "en")
    [english, *_] = tables.read(window.client.get(address).data)
    assert len(chinese.cells) == len(english.cells)
    assert "".join(english.cells).isascii()


def test_a_file_holds_the_rows_under_the_filter_with_their_masks(browser, erin):
    rows = tables.read(browser(erin).client.get("/people?search=安丽&as=csv").data)
    assert [each.cells[:2] for each in rows[1:]] == [("安丽", "138****0001")]


def test_a_file_is_refused_to_whom_the_page_is_refused(browser, alice, client):
    for path in LISTS:
        address = f"{path}{'&' if '?' in path else '?'}as=csv"
        assert browser(alice).client.get(address).status_code == 403
        assert client.get(address).status_code == 303


def test_an_admin_takes_along_only_the_own_units(browser, frank):
    rows = tables.read(browser(frank).client.get("/units?as=csv").data)
    assert [each.cells[0] for each in rows[1:]] == ["月季社区"]


def test_another_kind_of_file_is_the_page(browser, dave):
    assert browser(dave).client.get("/units?as=exe").content_type.startswith("text/html")


def test_the_page_links_to_both_files_under_its_filter(browser, dave):
    page = browser(dave).open("/people?search=安丽").text
    for ending in tables.KINDS:
        assert f"as={ending}" in page
    assert page.count("search=%E5%AE%89%E4%B8%BD") >= 2


@pytest.mark.parametrize("kind", ["sqlite"])
def test_each_list_of_the_staff_goes_along(browser, kind, bob, carol, dave, erin):
    lists = {
        "/ledger/": (erin, "账户"),
        "/ledger/accounts/1": (erin, "业务日期"),
        "/evaluations/fairness/marks": (erin, "志愿者"),
        "/counter/appointments/": (carol, "服务"),
        "/counter/redemptions/holds": (carol, "保留到"),
        "/counter/day/": (carol, "兑换点"),
        "/counter/redemptions/returns": (dave, "交货时间"),
        "/activities/manage": (bob, "活动"),
    }
    found = {path: tables.read(browser(who).client.get(f"{path}?as=csv").data)[0].cells[0] for path, (who, _) in lists.items()}
    assert found == {path: title for path, (_, title) in lists.items()}
