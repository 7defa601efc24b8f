"""The whole bank goes into one file while it is at work, and comes back into an empty place with right books."""

import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bank import clock
from bank.backup import actions, archive, postgres, rules, sqlite
from bank.db import db, is_postgres, transaction
from bank.jobs import runs
from bank.jobs.table import BY_NAME
from bank.ledger import queries as books
from bank.ledger import seal
from bank.people.models import Person
from bank.privacy.actions import erase
from tests import server
from tests.statements.conftest import serve

__all__ = ["serve"]

NIGHT = clock.local_instant(date(2026, 10, 15), time(2))


@pytest.fixture
def data(app, tmp_path):
    """The data folder, with a secret key and seals in it."""
    app.config["DATA_DIR"] = str(tmp_path / "data")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text(server.SECRET + "\n")
    return tmp_path / "data"


@pytest.fixture
def backed_up(data, alice, serve, at, tmp_path):
    """A bank with a service in sealed books, and its backup."""
    serve(alice, 60, date(2026, 10, 3))
    seal.seal_all(published=data / "seals.txt", at=at)
    db.session.rollback()
    return actions.make(into=tmp_path / "backups", at=at)


@pytest.fixture
def restore(databases_of, kind, tmp_path):
    """Put a backup back with `bank restore` into a folder and a database where nothing is, or at an address."""
    url = databases_of(kind).create() if kind == "postgresql" else f"sqlite:///{tmp_path / 'new' / 'bank.db'}"
    (tmp_path / "new").mkdir()

    def command(path, **settings):
        env = server.environment(url, tmp_path / "new", **settings)
        del env["BANK_SECRET_KEY"]
        return subprocess.run([server.BANK, "restore", str(path)], env=env, capture_output=True, text=True, check=False)

    yield command
    databases_of(kind).drop(url) if kind == "postgresql" else None


def test_a_backup_comes_back_with_its_books_secret_and_seals(backed_up, restore, tmp_path):
    done = restore(backed_up)
    assert done.returncode == 0 and "账目相符" in done.stdout, done.stdout + done.stderr
    assert "Not compared" not in done.stdout
    new = tmp_path / "new"
    assert (new / "secret_key").read_text().strip() == server.SECRET
    assert (new / "secret_key").stat().st_mode & 0o077 == backed_up.stat().st_mode & 0o077 == 0
    again = restore(backed_up)
    assert again.returncode == 1 and "place_not_empty" in again.stderr


def test_a_copy_is_made_while_somebody_writes_and_holds_what_was_committed(data, alice, at, tmp_path):
    with transaction():
        db.session.get_one(Person, alice.id).area = "三号楼"
        db.session.flush()
        path = actions.make(into=tmp_path / "backups", at=at)
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None and "三号楼".encode() not in made.read("database")


@pytest.mark.parametrize("harm", ["cut", "empty", "flipped", "another", "no database"])
def test_half_and_broken_files_are_told(harm, kind, tmp_path):
    path, whole = tmp_path / "bank-20261015-090000.zip", tmp_path / "whole.zip"
    (tmp_path / "copy").write_bytes(os.urandom(20_000))
    archive.write(
        whole, archive.Manifest(kind, "", "0001", "2026"), {} if harm == "no database" else {"database": tmp_path / "copy"}
    )
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= harm == "flipped"
    path.write_bytes({"cut": content[:9000], "empty": b"", "another": b"hello"}.get(harm, bytes(content)))
    with pytest.raises(rules.BackupDamaged), archive.opened(path):
        pass


def test_a_full_disk_leaves_no_half_file(data, at, monkeypatch, tmp_path):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(rules.BackupFailed) as refused:
        actions.make(into=tmp_path / "backups", at=at)
    assert refused.value.details == {"reason": "No space left on device"}
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("copying", ["copyfileobj", "copyfile"])
def test_without_room_to_put_it_back_it_says_so_and_leaves_nothing(copying, backed_up, monkeypatch, tmp_path):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, copying, full)
    with pytest.raises(rules.RestoreFailed) as refused, archive.opened(backed_up) as (_, files):
        with closing(sqlite3.connect(files / "copy.db")) as empty:
            empty.execute("CREATE TABLE thing (id)")
        sqlite.restore(files / "copy.db", tmp_path / "bank.db")
    assert refused.value.details == {"reason": "No space left on device"}
    assert not list(tmp_path.glob("bank.db*"))


def test_a_folder_that_cannot_be_written_is_told(data, at, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(rules.BackupFailed):
        actions.make(into=tmp_path / "file", at=at)


def test_without_the_servers_own_programs_a_plain_sentence_says_so(data, at, monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "_places", lambda name: iter(()))
    if is_postgres():
        with pytest.raises(rules.ToolMissing) as refused:
            actions.make(into=tmp_path, at=at)
        assert refused.value.details["tool"] == "pg_dump"
    else:
        assert actions.make(into=tmp_path, at=at).exists()


def test_what_does_not_belong_here_is_refused(app, data, kind, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "secret_key").write_text("another bank's secret, 32 letters or more")
    fits = archive.Manifest(kind, app.config["SCHEMA"] if kind == "postgresql" else "", "0001", "2026")
    other = archive.Manifest("sqlite" if kind == "postgresql" else "postgresql", "", "0001", "2026")
    newer = archive.Manifest(kind, "", "9999", "2026")
    for manifest, refusal in ((fits, rules.PlaceNotEmpty), (other, rules.OtherDatabase), (newer, rules.BackupTooNew)):
        with pytest.raises(refusal):
            actions.check(manifest, files, app.config)


def test_every_night_one_is_made_and_old_ones_go(app, data, monkeypatch):
    app.config["BACKUP_DIR"] = ""
    (data / "backups").mkdir()
    for day in range(1, 15):
        (data / "backups" / f"bank-202610{day:02}-020000.zip").touch()
    (data / "backups" / "mine.zip").touch()
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    done = runs.run(BY_NAME["backup"], date(2026, 10, 14))
    assert json.loads(done.result or "") == {"backed_up": "bank-20261015-020000.zip", "thinned": 7}
    left = sorted(each.name for each in (data / "backups").iterdir())
    assert "mine.zip" in left and "bank-20261004-020000.zip" in left and "bank-20261001-020000.zip" not in left
    app.config["BACKUP_DIR"] = "none"
    monkeypatch.setattr(clock, "now", lambda: NIGHT + timedelta(days=1))
    assert runs.run(BY_NAME["backup"], date(2026, 10, 15)).result == '{"no_backup": 0}'


def test_what_a_killed_backup_left_goes_when_it_is_a_day_old(app, tmp_path):
    for name, age_hours in ((".making-old", 25), (".making-new", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "database").write_text("half")
        then = clock.now().timestamp() - age_hours * 3600
        os.utime(tmp_path / name, (then, then))
    actions.thin(tmp_path)
    assert [each.name for each in tmp_path.glob(".making*")] == [".making-new"]


def test_of_a_year_of_nights_seven_days_five_weeks_and_twelve_months_stay():
    nights = [datetime(2027, 3, 1, 2, tzinfo=UTC) - timedelta(days=each) for each in range(500)]
    names = [rules.name_at(each) for each in nights]
    left = sorted(set(names) - set(rules.superfluous(names)), reverse=True)
    assert left[:7] == names[:7]
    assert [name[5:13] for name in left[7:10]] == ["20270221", "20270214", "20270207"]
    assert len(left) == 7 + 3 + 10 and left[-1] == "bank-20260430-020000.zip"
    assert rules.superfluous(left) == []


def test_a_name_that_is_no_backups_is_left_alone():
    assert rules.superfluous(["bank-20261301-020000.zip", "bank.zip", "bank-20261001-020000.zip.part", "seals.txt"]) == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_who_was_erased_is_in_no_byte_of_the_file(app, data, alice, dave, at, tmp_path):
    database, name, phone = Path(db.engine.url.database), alice.name.encode(), alice.phone.encode()
    with transaction():
        erase(by=dave, person_id=alice.id, at=at)
    db.session.rollback()
    sqlite.dump(database, tmp_path / "copy.db", lambda _done, _all: None)
    beside = [each for each in database.parent.glob(database.name + "*") if each.is_file()]
    assert all(phone not in each.read_bytes() and name not in each.read_bytes() for each in [*beside, tmp_path / "copy.db"])
    assert books.trial_balance() == {} or set(books.trial_balance().values()) == {0}
