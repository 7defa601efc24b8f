"""`bank people import` and its kin: a file is looked at, taken in whole, and written again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bank.access.queries import person_by_login
from bank.cli import enrolment
from bank.db import db
from bank.documents import tables

Command = Callable[..., tuple[int, str]]
HEADER = ("姓名", "手机号", "所属社区")


@pytest.fixture
def command(app: Flask) -> Command:
    """Run `bank people ...` or `bank units ...` here."""
    runner = app.test_cli_runner()

    def run(group: str, *arguments: object) -> tuple[int, str]:
        done = runner.invoke(getattr(enrolment, group), [str(each) for each in arguments], env={"COLUMNS": "160"})
        db.session.rollback()
        return done.exit_code, done.output + str(done.exception or "")

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"".join(tables.write("xlsx", HEADER, [("张小兰", "13900000001", "向阳社区")])))
    return path


def test_a_file_is_looked_at_then_taken_in_then_there(command: Command, file: Path) -> None:
    assert "新增/new 1" in command("people", "import", file, "--dry-run")[1]
    assert command("people", "import", file)[0] == 0
    assert person_by_login("13900000001").name == "张小兰"
    assert "已存在/already there 1" in command("people", "import", file)[1]


def test_a_bad_row_is_told_and_nothing_is_taken_in(command: Command, tmp_path: Path) -> None:
    file, report = tmp_path / "people.csv", tmp_path / "report.csv"
    file.write_bytes(b"".join(tables.write("csv", HEADER, [("张小兰", "1390000", "向阳社区")])))
    code, output = command("people", "import", file, "--report", report)
    assert code == 1
    assert "手机号应为 11 位数字" in output
    assert "手机号应为 11 位数字" in report.read_text(encoding="utf-8-sig")


def test_what_is_exported_can_be_taken_in_again(command: Command, tmp_path: Path) -> None:
    for group in ("units", "people"):
        for options in ((), ("--english",)):
            file = tmp_path / f"{group}.csv"
            assert command(group, "export", file, *options)[0] == 0
            code, output = command(group, "import", file)
            assert (code, "new 0" in output, "refused 0" in output) == (0, True, True), output


def test_a_template_shows_how_a_row_is_written(command: Command, tmp_path: Path) -> None:
    for group in ("units", "people"):
        assert command(group, "export", tmp_path / "new.xlsx", "--template")[0] == 0
        assert len(tables.read((tmp_path / "new.xlsx").read_bytes())) == 2


def test_a_file_of_another_kind_is_refused(command: Command, tmp_path: Path) -> None:
    assert command("units", "export", tmp_path / "units.pdf")[0] != 0
    (tmp_path / "people.csv").write_bytes(b"\0")
    code, output = command("people", "import", tmp_path / "people.csv")
    assert (code != 0, "broken_table" in output) == (True, True)
