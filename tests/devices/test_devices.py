"""A device joins by one short-lived code, keeps its place, is seen now and then, and ends at once."""

from datetime import timedelta

import pytest

from bank.db import db, transaction
from bank.devices import actions, queries, rules
from bank.people import changes
from bank.people.models import Change
from bank.people.rules import RoleMissing
from bank.units.rules import BadUnitName
from tests.cases import cases

MINUTE = timedelta(minutes=1)


def add(by, unit, at, scope="display", name="大厅屏幕"):
    with transaction():
        return actions.add_device(by=by, unit_id=unit.id, name=name, scope=scope, at=at)


def join(code, at):
    with transaction():
        return actions.join(code=code, at=at)


def test_a_device_joins_with_its_code(dave, community, at):
    added, code = add(dave, community, at)
    device, secret = join(code, at + MINUTE)
    assert device == added == queries.device_of_secret(secret)
    assert (device.unit_id, device.joined_at) == (community.id, at + MINUTE)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_the_code_may_be_typed_in_groups(typed, dave, community, at):
    device, code = add(dave, community, at)
    assert join(typed.format(code[:4], code[4:]), at)[0] == device


def test_a_code_counts_once(dave, community, at):
    _, code = add(dave, community, at)
    join(code, at)
    with pytest.raises(rules.JoinCodeNotFound):
        join(code, at)


def test_a_code_runs_out_after_ten_minutes(dave, community, at):
    _, code = add(dave, community, at)
    with pytest.raises(rules.JoinCodeNotFound):
        join(code, at + 10 * MINUTE)


@cases("code", ["", "x", "00000000", "1" * 9, "\0", "\ud800", "' OR 1=1 --", "1" * 100_000])
def test_a_made_up_code_is_unknown(code, app, at):
    with pytest.raises(rules.JoinCodeNotFound):
        join(code, at)


def test_joining_again_ends_the_old_token(dave, community, at):
    device, code = add(dave, community, at)
    _, old = join(code, at)
    with transaction():
        _, code = actions.renew_code(by=dave, device_id=device.id, at=at)
    assert queries.device_of_secret(old) == device
    _, new = join(code, at)
    assert queries.device_of_secret(old) is None
    assert queries.device_of_secret(new) == device


def test_a_revoked_device_is_out_at_once_and_stays_out(dave, community, at):
    device, code = add(dave, community, at)
    _, secret = join(code, at)
    with transaction():
        actions.revoke_device(by=dave, device_id=device.id, at=at)
        actions.revoke_device(by=dave, device_id=device.id, at=at + MINUTE)
    assert queries.device_of_secret(secret) is None
    assert device.revoked_at == at
    with pytest.raises(rules.DeviceRevoked), transaction():
        actions.renew_code(by=dave, device_id=device.id, at=at)


def test_revoking_ends_a_code_that_is_out(dave, community, at):
    device, code = add(dave, community, at)
    with transaction():
        actions.revoke_device(by=dave, device_id=device.id, at=at)
    with pytest.raises(rules.JoinCodeNotFound):
        join(code, at)


def test_only_the_units_admin_adds_and_ends_devices(frank, bob, dave, community, at):
    for person in (frank, bob):
        with pytest.raises(RoleMissing):
            add(person, community, at)
    device, _ = add(dave, community, at)
    for change in (actions.renew_code, actions.revoke_device):
        with pytest.raises(rules.DeviceNotFound), transaction():
            change(by=frank, device_id=device.id, at=at)


def test_each_admin_sees_the_own_units_devices(frank, dave, erin, alice, community, other_community, at):
    here, _ = add(dave, community, at)
    there, _ = add(frank, other_community, at)
    assert list(queries.devices(by=dave)) == list(queries.devices(by=erin)) == [here, there]
    assert list(queries.devices(by=frank)) == [there]
    assert list(queries.devices(by=alice)) == []


@pytest.mark.parametrize(
    ("scope", "name", "refusal"), [("admin", "大厅屏幕", rules.BadDeviceScope), ("display", "\0", BadUnitName)]
)
def test_what_cannot_be_meant_is_refused(scope, name, refusal, dave, community, at):
    with pytest.raises(refusal):
        add(dave, community, at, scope=scope, name=name)


def test_use_is_written_down_at_most_every_ten_minutes(dave, community, at):
    device, code = add(dave, community, at)
    join(code, at)
    for minutes, written in ((5, at), (11, at + 11 * MINUTE), (20, at + 11 * MINUTE)):
        with transaction():
            actions.note_device(device_id=device.id, at=at + minutes * MINUTE)
        assert device.last_used_at == written


def test_adding_and_ending_is_recorded_without_a_secret(dave, community, at):
    device, code = add(dave, community, at)
    _, secret = join(code, at)
    with transaction():
        actions.revoke_device(by=dave, device_id=device.id, at=at)
    rows = db.session.scalars(changes.seen_by(dave).where(Change.subject_kind == "device").order_by(Change.id)).all()
    assert [row.what for row in rows] == ["add_device", "revoke_device"]
    assert not any(each in str((row.before, row.after)) for row in rows for each in (code, secret))


def test_the_database_keeps_neither_code_nor_token(dave, community, at):
    device, code = add(dave, community, at)
    assert code not in (device.code_hash, device.key)
    _, secret = join(code, at)
    assert secret not in (device.secret_hash, device.key)


@cases("secret", ["", "device-", "device-x", "\0", "device-\ud800", "device-' OR 1=1 --"])
def test_a_made_up_token_is_no_device(secret, app):
    assert queries.device_of_secret(secret) is None
