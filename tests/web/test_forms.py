"""A refused form comes back with what was typed and the reason at its field."""

from flask.testing import FlaskClient

from bank.people.models import Person
from tests.browser import Browser


def test_refused_form_keeps_what_was_typed_and_names_the_field(client: FlaskClient, dave: Person) -> None:
    refused = Browser(client).sign_in(dave).submit("/rewards/manage/new", name="洗衣液 <b>", points="一百")
    assert refused.status_code == 400
    assert "洗衣液 &lt;b&gt;" in refused.text
    assert 'value="一百"' in refused.text
    assert 'id="points-error"' in refused.text


def test_form_mended_after_a_refusal_is_taken(client: FlaskClient, dave: Person) -> None:
    browser = Browser(client).sign_in(dave)
    refused = browser.submit("/rewards/manage/new", name="洗衣液", points="一百", number="77")
    taken = browser.submit(refused, to="/rewards/manage", points="1.50")
    assert taken.status_code == 303
    assert "1.50" in browser.get("/rewards/manage/").text
