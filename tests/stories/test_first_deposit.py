"""The main job from enrolment to statement and board, over real HTTP: once by the API, once by the pages."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from tests import cast
from tests.stories.world import Api, World

# Far ahead, because a browser drops a cookie that ended before its own time.
MORNING = datetime(2046, 10, 15, 8, 0, tzinfo=timezone(timedelta(hours=8)))
MINUTE = timedelta(minutes=1)
STARTS_AT, ENDS_AT = MORNING + 60 * MINUTE, MORNING + 155 * MINUTE
ACTIVITY = {
    "name": "河边捡垃圾",
    "category": "environment",
    "place": "向阳河步道",
    "content": "沿河清理垃圾，分类装袋",
    "capacity": 30,
    "class_percent": 120,
}
MING, PIN = "13800000099", "864209"


def community_id(dave: Api) -> int:
    units = dave.get("/units")["units"]
    return next(int(each["id"]) for each in units if each["name"] == cast.COMMUNITY)


def code(bob: Api, activity_id: int) -> str:
    return str(bob.get(f"/activities/{activity_id}/code")["code"])


def enrol_ming(dave: Api, world: World) -> tuple[dict[str, Any], Api]:
    person = dave.post("/persons", "enrol", name="李明明", phone=MING, unit_id=community_id(dave))
    assert (person["points"], person["minutes"]) == (0, 0)
    return person, Api(world.url, world.bank("token", "create", MING).split()[-1])


def serve(world: World, bob: Api, ming: Api, unit_id: int) -> int:
    """Publish, check in at nine, check out after 95 minutes; the activity."""
    published = bob.post(
        "/activities", "publish", **ACTIVITY, unit_id=unit_id, starts_at=STARTS_AT.isoformat(), ends_at=ENDS_AT.isoformat()
    )
    activity_id = int(published["id"])
    world.at(STARTS_AT - MINUTE)
    scan = {"nonce": "ming-came-in", "kind": "in", "code": code(bob, activity_id)}
    came = ming.send("/check-ins", "in", **scan)
    assert came.ok, came.text
    again = ming.send("/check-ins", "in-again", nonce="ming-came-again", kind="in", code=code(bob, activity_id))
    assert (again.status_code, again.json()["code"]) == (409, "already_checked_in")
    world.stop()  # Another server takes over, and the code is old by now: the first scan sent again gets the first answer.
    world.at(ENDS_AT + MINUTE)
    assert ming.send("/check-ins", "in-after-restart", **scan).content == came.content
    ming.post("/check-ins", "out", nonce="ming-left", kind="out", code=code(bob, activity_id))
    return activity_id


def spend(dave: Api, carol: Api, person: dict[str, Any], unit_id: int) -> None:
    """Take the only bar of soap; then there is none left, and the rice is too dear."""
    soap = dave.post("/rewards", "soap", unit_id=unit_id, kind="goods", name="肥皂", points=100, stock=1)
    rice = dave.post("/rewards", "rice", unit_id=unit_id, kind="goods", name="大米", points=500, stock=9)
    handed = carol.post("/redemptions", "take", person_id=person["id"], reward_id=soap["id"], checked="身份证")
    assert handed["points"] == 100
    for reward, code in ((soap, "out_of_stock"), (rice, "balance_too_low")):
        refused = carol.send("/redemptions", f"take-{code}", person_id=person["id"], reward_id=reward["id"], checked="身份证")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    left = {each["name"]: each["stock"] for each in carol.get("/rewards")["rewards"]}
    assert left == {"肥皂": 0, "大米": 9}


def test_from_enrolment_to_statement_by_the_api(world: World) -> None:
    world.at(MORNING)
    dave, bob, carol = (world.api(who) for who in ("dave", "bob", "carol"))
    unit_id = community_id(dave)
    person, ming = enrol_ming(dave, world)
    activity_id = serve(world, bob, ming, unit_id)
    [presence] = bob.get(f"/activities/{activity_id}/attendances")["presences"]
    assert (presence["name"], presence["hours"]["minutes"], presence["hours"]["points"]) == ("李明明", 95, 190)
    first = bob.send(f"/activities/{activity_id}/confirmation", "confirm")
    assert first.json()["record_count"] == 1
    assert bob.send(f"/activities/{activity_id}/confirmation", "confirm").content == first.content
    assert ming.get("/me/passbook")["balances"] == {"points": 190, "minutes": 95}
    spend(dave, carol, person, unit_id)
    assert ming.get("/me/passbook")["balances"] == {"points": 90, "minutes": 95}
    ming.put("/me/consents/board", "consent", is_given=True)
    world.at(MORNING + timedelta(days=30))
    world.bank("jobs", "run", "statements", "--month", "2046-10")
    statement = ming.get("/me/statements/2046-10")
    assert (statement["opening"], statement["closing"]) == ({"points": 0, "minutes": 0}, {"points": 90, "minutes": 95})
    assert [line["points"] for line in statement["lines"]] == [190, -100]
    [row] = ming.get("/board?period=2046-10")["rows"]
    assert (row["rank"], row["name"], row["value"]) == (1, "李**", 190)
    assert "相符" in world.bank("verify")


def option(page: str, label: str) -> str:
    """The value of the choice with this label."""
    [value] = set(re.findall(rf'<option value="(\d+)"[^>]*>[^<]*{label}\s*</option>', page))
    return str(value)


def type_code(ming: Any, bob: Any, activity_id: str, word: str) -> None:
    """Type the six characters from the screen, and press the one button."""
    [code] = re.findall(r'"screen-typed">(\w{3} \w{3})<', bob.get(f"/activities/{activity_id}/screen").text)
    assert word in ming.submit(ming.get(f"/a/typed?code={code}"), to="/a/check").text


def test_from_enrolment_to_statement_by_the_pages(world: World) -> None:
    world.at(MORNING)
    dave, bob, carol = (world.browser(cast.PHONES[who]) for who in ("dave", "bob", "carol"))
    unit_id = option(dave.get("/people/new").text, cast.COMMUNITY)
    enrolled = dave.submit("/people/new", to="/people/new", name="李明明", phone=MING, unit_id=unit_id)
    [person_id] = set(re.findall(r"/people/(\d+)/pin", enrolled.text))
    dave.submit(f"/people/{person_id}/pin", to="/pin", pin=PIN)
    ming = world.browser(MING, PIN)
    times = {"starts_at": f"{STARTS_AT:%Y-%m-%dT%H:%M}", "ends_at": f"{ENDS_AT:%Y-%m-%dT%H:%M}"}
    published = bob.submit("/activities/new", to="/activities/", **ACTIVITY, **times)
    activity_id = published.url.split("/")[-2]
    world.at(STARTS_AT - MINUTE)
    type_code(ming, bob, activity_id, "签到成功")
    assert "李明明" in bob.get(f"/activities/{activity_id}/people").text
    world.at(ENDS_AT + MINUTE)
    type_code(ming, bob, activity_id, "签退成功")
    assert "已确认 1 人" in bob.submit(f"/activities/{activity_id}/people", to="/confirm").text
    assert "1.90" in ming.get("/passbook").text
    dave.submit(
        "/rewards/manage/new",
        to="/rewards/manage",
        kind="goods",
        name="肥皂",
        points="1",
        stock="1",
        number="88",
        unit_id=unit_id,
    )
    asked = carol.get(f"/counter/scan?scan=88&person_id={person_id}")
    agreed = carol.submit(asked, to="/pin", pin=PIN)
    assert "兑换成功" in carol.submit(agreed, to="/rewards/").text
    assert "库存不够" in carol.get(f"/counter/scan?scan=88&person_id={person_id}").text
    assert "0.90" in ming.get("/passbook").text
    ming.submit("/me/consents", to="/consents/board")
    world.at(MORNING + timedelta(days=30))
    world.bank("jobs", "run", "statements", "--month", "2046-10")
    ming = world.browser(MING, PIN)  # Nobody stays signed in for a month.
    assert "0.90" in ming.get("/statements/2046-10").text
    assert "李**" in ming.get("/board?period=2046-10").text
