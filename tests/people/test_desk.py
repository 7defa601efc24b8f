"""At the desk one person after the other is enrolled on one page; what was signed on paper is ticked there."""

from bank.consents.queries import consents
from bank.people import queries


def test_the_next_person_is_enrolled_on_the_same_page(browser, dave, community):
    window = browser(dave)
    window.open("/people/new")
    for name, phone in (("曾国强", "13812345678"), ("仇英", "13812345679")):
        window.send("/people/new", name=name, phone=phone, unit_id=community.id)
        assert f"已开户：{name}" in window.page
        assert f'<option value="{community.id}" selected>' in window.page
        assert 'id="name" name="name" class="form-control" value=""' in window.page
    assert len(queries.find_persons(by=dave, text="1381234567")) == 0
    assert queries.find_persons(by=dave, text="仇英")[0].enrolled_by_id == dave.id


def test_papers_signed_at_the_desk_are_recorded_with_the_account(browser, dave, community):
    window = browser(dave)
    window.open("/people/new")
    window.send("/people/new", name="曾国强", phone="13812345678", unit_id=community.id, paper=["board", "contact"])
    decided = consents(queries.find_persons(by=dave, text="曾国强")[0].id)
    assert {purpose: (each.manner, each.recorded_by_id) for purpose, each in decided.items()} == {
        "board": ("paper", dave.id), "contact": ("paper", dave.id),
    }  # fmt: skip


def test_a_refusal_keeps_all_that_was_typed_and_enrols_nobody(browser, dave, community):
    window = browser(dave)
    window.open("/people/new")
    typed = {"name": "曾小明", "phone": "", "unit_id": community.id, "born_on": "2016-01-01", "skills": "画画", "paper": "minor"}
    assert window.send("/people/new", **typed).status_code == 400
    assert "未满 14 岁的孩子要有监护人" in window.page
    assert 'value="画画"' in window.page
    typed |= {"guardian_name": "曾妈妈", "guardian_phone": "13812121212"}
    assert window.send("/people/new", **typed).status_code == 200
    child = queries.find_persons(by=dave, text="曾小明")[0]
    assert consents(child.id)["minor"].is_by_guardian


def test_a_person_is_edited_on_a_page_that_shows_what_is_known(browser, dave, alice):
    window = browser(dave)
    window.open(f"/people/{alice.id}/edit")
    assert 'value="13800000001"' in window.page
    window.send(f"/people/{alice.id}/edit", name="安丽", phone="13800000001", kind="in_service", area="向阳小区")
    assert "已保存" in window.page
    assert "向阳小区" in window.page
    assert queries.person(by=dave, person_id=alice.id).is_in_service


def test_where_somebody_belongs_is_changed_on_one_page(browser, dave, alice, bob, community, other_community):
    window = browser(dave)
    path = f"/people/{alice.id}"
    window.open(f"{path}/belonging")
    window.send(f"{path}/move", unit_id=other_community.id)
    window.send(f"{path}/household", card_number=bob.card_number)
    window.send(f"{path}/guardian", guardian_name="安妈妈", guardian_phone="13812121212", guardian_relation="parent")
    window.open(path)
    assert all(each in window.page for each in (community.name, other_community.name, "包博", "安妈妈"))
    assert queries.household_of(alice.id) == {alice.id, bob.id}


def test_a_list_is_asked_for_any_unit_and_kind(browser, dave, alice, charlie, town, community):
    window = browser(dave)
    assert all(each.name in window.open(f"/people?unit_id={town.id}").text for each in (alice, charlie))
    assert charlie.name not in window.open(f"/people?unit_id={community.id}").text
    assert alice.name not in window.open(f"/people?unit_id={town.id}&kind=resident").text
    assert "安丽" in window.open(f"/people?unit_id={town.id}&as=csv").text


def test_a_paper_consent_is_recorded_and_withdrawn_on_the_members_page(browser, dave, alice):
    window = browser(dave)
    for is_given in (True, False):
        window.open(f"/people/{alice.id}")
        window.send(f"/people/{alice.id}/consents/board")
        assert consents(alice.id)["board"].is_given is is_given


def test_an_auditor_reads_what_was_changed_and_by_whom(browser, dave, erin, alice, other_community):
    window = browser(dave)
    window.open(f"/people/{alice.id}/belonging")
    window.send(f"/people/{alice.id}/move", unit_id=other_community.id)
    page = browser(erin).open("/changes").text
    assert all(each in page for each in ("戴维", "调动", "安丽", "向阳社区", "月季社区"))
    assert "安丽" in browser(erin).open(f"/changes?person_id={alice.id}&as=csv").text
