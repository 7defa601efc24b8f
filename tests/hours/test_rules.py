"""The rules of hours and points, with worked examples, and what must hold for any scans."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.hours import rules
from bank.hours.rules import DEFAULTS, MINUTE, Credit, NewPart, NewService, RuleSet, Stay, Tally

START = datetime(2026, 10, 15, 1, 0, tzinfo=UTC)
DAY = date(2026, 10, 15)


def stay(begin: int, end: int) -> Stay:
    """From one minute after the start to another."""
    return Stay(START + begin * MINUTE, START + end * MINUTE)


def minutes(*stays: Stay, planned: int = 120, pause: int = 0) -> int:
    present = rules.present_stays(stays, starts_at=START, ends_at=START + planned * MINUTE)
    return rules.credited_minutes(present, planned_minutes=planned - pause, break_minutes=pause, rules=DEFAULTS)


def service(planned: int = 120, **changes: object) -> NewService:
    values: dict[str, object] = {
        "source": "test:1", "name": "清扫楼道", "category": "environment", "place": "3 号楼", "content": "清扫",
        "starts_at": START, "ends_at": START + planned * MINUTE, "unit_id": 1, "leader_id": 1,
    }  # fmt: skip
    return NewService(**(values | changes))  # type: ignore[arg-type]


def credit(*stays: Stay, tally: Tally | None = None, evidence: str = "scanned", planned: int = 120, percent: int = 100) -> Credit:
    part = NewPart(person_id=1, stays=stays, evidence=evidence)
    return credit_of(service(planned, class_percent=percent), part, tally or Tally())


def credit_of(asked: NewService, part: NewPart, tally: Tally) -> Credit:
    return rules.credit(rules.worth(asked, part, day=DAY, rules=DEFAULTS), tally=tally, rules=DEFAULTS)


@pytest.mark.parametrize(("present", "credited"), [(0, 0), (71, 0), (72, 72), (119, 119), (120, 120), (300, 120)])
def test_under_60_percent_of_the_plan_counts_nothing(present: int, credited: int) -> None:
    assert minutes(stay(0, present)) == credited


def test_time_outside_the_plan_does_not_count() -> None:
    assert minutes(stay(-30, 100)) == 100
    assert minutes(stay(20, 150)) == 100
    assert minutes(stay(-30, -1)) == 0


def test_a_begun_minute_is_not_a_minute() -> None:
    assert minutes(Stay(START, START + 72 * MINUTE - timedelta(seconds=1))) == 0
    assert minutes(Stay(START, START + 73 * MINUTE - timedelta(seconds=1))) == 72


def test_stays_that_overlap_count_once() -> None:
    assert minutes(stay(0, 60), stay(30, 90), stay(30, 90)) == 90


def test_stays_add_up_in_any_order() -> None:
    assert minutes(stay(70, 120), stay(0, 50)) == 100


def test_a_break_is_taken_off_what_was_present() -> None:
    assert minutes(stay(0, 120), pause=20) == 100
    assert minutes(stay(0, 60), pause=20) == 40


def test_a_break_spent_outside_is_not_taken_off_again() -> None:
    assert minutes(stay(0, 50), stay(70, 120), pause=20) == 100
    assert minutes(stay(0, 55), stay(65, 120), pause=20) == 100


def test_checking_out_before_checking_in_counts_nothing() -> None:
    assert minutes(Stay(START + 100 * MINUTE, START)) == 0


@pytest.mark.parametrize(("percent", "points"), [(120, 190), (90, 142), (100, 158), (80, 126), (150, 237)])
def test_points_of_95_minutes_by_class(percent: int, points: int) -> None:
    assert rules.points_for(95, percent, DEFAULTS) == points


def test_an_hour_is_one_point() -> None:
    assert rules.points_for(60, 100, DEFAULTS) == 100


def test_eight_hours_a_day_are_the_most() -> None:
    tally = Tally(day_minutes={DAY: 450})
    assert credit(stay(0, 120), tally=tally) == Credit(120, 30, 50, ("day_cap",), stay(0, 120))


def test_a_full_day_leaves_nothing() -> None:
    assert credit(stay(0, 120), tally=Tally(day_minutes={DAY: 480})).minutes == 0


def test_another_day_has_its_own_eight_hours() -> None:
    assert credit(stay(0, 120), tally=Tally(day_minutes={DAY - timedelta(days=1): 480})).minutes == 120


def test_600_points_a_year_are_the_most_but_minutes_go_on() -> None:
    got = credit(stay(0, 120), tally=Tally(year_points={2026: 59_950}))
    assert (got.minutes, got.points, got.cut_reasons) == (120, 50, ("year_cap",))


def test_last_years_points_are_not_this_years() -> None:
    assert credit(stay(0, 120), tally=Tally(year_points={2025: 60_000})).points == 200


def test_time_credited_elsewhere_counts_once() -> None:
    got = credit(stay(0, 120), tally=Tally(spans=[stay(-60, 30), stay(0, 30)]))
    assert (got.minutes, got.points, got.cut_reasons) == (90, 150, ("overlap",))


def test_leaving_one_service_for_the_next_costs_nothing() -> None:
    assert credit(stay(0, 120), tally=Tally(spans=[stay(-60, 0)])).cut_reasons == ()


def test_two_cuts_are_both_told() -> None:
    tally = Tally(spans=[stay(0, 30)], day_minutes={DAY: 460}, year_points={2026: 59_990})
    assert credit(stay(0, 120), tally=tally).cut_reasons == ("overlap", "day_cap", "year_cap")


def test_too_short_a_presence_is_told() -> None:
    assert credit(stay(0, 71)) == Credit(71, 0, 0, ("presence",), stay(0, 71))


def test_supplemented_time_counts_minutes_but_no_points() -> None:
    got = credit(stay(0, 120), evidence="supplemented")
    assert (got.minutes, got.points, got.cut_reasons) == (120, 0, ("supplemented",))


def test_supplemented_time_is_never_above_the_plan() -> None:
    assert credit(stay(-60, 500), evidence="supplemented").minutes == 120


def test_a_supplement_needs_a_reason_and_a_second_person() -> None:
    part = NewPart(person_id=1, stays=(stay(0, 60),), evidence="supplemented", reason="忘记签退", approved_by_id=3)
    rules.check_part(part, by_id=2)
    for changes in ({"reason": " "}, {"reason": None}, {"approved_by_id": None}):
        with pytest.raises(rules.SupplementNeedsReason):
            rules.check_part(NewPart(**(vars(part) | changes)), by_id=2)
    for approver in (1, 2):
        with pytest.raises(rules.SupplementNeedsSecond):
            rules.check_part(NewPart(**(vars(part) | {"approved_by_id": approver})), by_id=2)


@pytest.mark.parametrize("category", rules.BANNED_CATEGORIES)
def test_duty_and_outings_are_no_service(category: str) -> None:
    with pytest.raises(rules.CategoryBanned):
        rules.check_service(service(category=category), at=START + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"category": "gardening"}, rules.CategoryUnknown),
        ({"name": " "}, rules.BadService),
        ({"content": "x" * 1001}, rules.BadService),
        ({"ends_at": START}, rules.BadService),
        ({"ends_at": START + timedelta(hours=25)}, rules.BadService),
        ({"break_minutes": 120}, rules.BadService),
        ({"break_minutes": -1}, rules.BadService),
        ({"class_percent": 79}, rules.BadService),
        ({"class_percent": 151}, rules.BadService),
    ],
)
def test_a_service_that_cannot_be_meant_is_refused(changes: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_service(service(**changes), at=START + timedelta(days=2))


def test_hours_are_not_recorded_before_the_end() -> None:
    with pytest.raises(rules.ServiceInFuture):
        rules.check_service(service(), at=START + 119 * MINUTE)


def test_a_late_record_counts_in_the_open_month() -> None:
    served, recorded = date(2026, 9, 30), date(2026, 10, 15)
    closed = {"before": date(2026, 8, 1), "its own": date(2026, 9, 1)}
    assert rules.effective_on(served, last_closed_month=None, recorded_on=recorded) == served
    assert rules.effective_on(served, last_closed_month=closed["before"], recorded_on=recorded) == served
    assert rules.effective_on(served, last_closed_month=closed["its own"], recorded_on=recorded) == recorded


def test_a_rule_set_survives_json() -> None:
    changed = RuleSet(version=2, starts_on=DAY, points_per_hour=150)
    assert RuleSet.from_json(changed.to_json(), version=2, starts_on=DAY) == changed


@pytest.mark.parametrize("wrong", [1.5, "100", True, -1, None, 10**9])
def test_a_rule_that_is_no_whole_number_is_refused(wrong: object) -> None:
    with pytest.raises(rules.BadRuleSet):
        RuleSet.from_json({"points_per_hour": wrong}, version=2, starts_on=DAY)  # type: ignore[dict-item]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(rules.BadRuleSet):
        RuleSet.from_json({"points_per_deed": 1}, version=2, starts_on=DAY)


seconds = st.integers(min_value=-7200, max_value=50_000)
scans = st.lists(st.tuples(seconds, seconds), max_size=5).map(
    lambda pairs: [Stay(START + timedelta(seconds=a), START + timedelta(seconds=b)) for a, b in pairs]
)
plans = st.integers(min_value=1, max_value=720).flatmap(lambda length: st.tuples(st.just(length), st.integers(0, length - 1)))
tally_of = st.builds(
    Tally, spans=scans, day_minutes=st.fixed_dictionaries({DAY: st.integers(0, 600)}),
    year_points=st.fixed_dictionaries({2026: st.integers(0, 70_000)}),
)  # fmt: skip


@given(scans, plans)
def test_credited_minutes_are_whole_and_within_the_plan(stays: list[Stay], plan: tuple[int, int]) -> None:
    got = minutes(*stays, planned=plan[0], pause=plan[1])
    assert type(got) is int
    assert 0 <= got <= plan[0] - plan[1]


@given(scans, st.tuples(seconds, seconds), plans)
def test_staying_longer_never_counts_less(stays: list[Stay], more: tuple[int, int], plan: tuple[int, int]) -> None:
    extra = Stay(START + timedelta(seconds=more[0]), START + timedelta(seconds=more[1]))
    before, after = (minutes(*each, planned=plan[0], pause=plan[1]) for each in (stays, [*stays, extra]))
    assert after >= before


@given(st.integers(0, 1440), st.integers(0, 1440), st.integers(80, 150))
def test_points_are_whole_and_never_more_for_two_halves_than_for_the_whole(first: int, second: int, percent: int) -> None:
    parts = [rules.points_for(each, percent, DEFAULTS) for each in (first, second)]
    whole = rules.points_for(first + second, percent, DEFAULTS)
    assert all(type(each) is int and each >= 0 for each in (*parts, whole))
    assert sum(parts) <= whole <= sum(parts) + 1


@given(scans, plans, tally_of, st.integers(80, 150), st.sampled_from(rules.EVIDENCE))
def test_no_credit_breaks_a_cap(stays: list[Stay], plan: tuple[int, int], tally: Tally, percent: int, evidence: str) -> None:
    asked = service(plan[0], break_minutes=plan[1], class_percent=percent)
    part = NewPart(person_id=1, stays=tuple(stays), evidence=evidence)
    got = credit_of(asked, part, tally)
    assert type(got.minutes) is type(got.points) is int
    assert 0 <= got.minutes <= min(asked.planned_minutes, max(0, 480 - tally.day_minutes[DAY]))
    assert 0 <= got.points <= min(rules.points_for(got.minutes, percent, DEFAULTS), max(0, 60_000 - tally.year_points[2026]))
    by_plan = minutes(*stays, planned=plan[0], pause=plan[1])
    is_cut = not by_plan or got.minutes < by_plan or got.points < rules.points_for(got.minutes, percent, DEFAULTS)
    assert bool(got.cut_reasons) == is_cut


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(30, 300)), min_size=1, max_size=12))
def test_many_services_in_a_day_never_pay_a_minute_twice(services: list[tuple[int, int]]) -> None:
    tally, paid = Tally(), 0
    for begin, length in services:
        window = stay(begin, begin + length)
        asked = service(starts_at=window.starts_at, ends_at=window.ends_at)
        got = credit_of(asked, NewPart(person_id=1, stays=(window,)), tally)
        tally.add(day=DAY, minutes=got.minutes, points=got.points, span=got.span)
        paid += got.minutes
    covered = {minute for begin, length in services for minute in range(begin, begin + length)}
    assert paid <= min(480, len(covered))
