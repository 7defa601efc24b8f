"""What an operator can set or call is in the README, in both languages."""

from collections.abc import Iterator

import click
import pytest

from bank.config import SETTINGS
from bank.main import commands
from tests.house.sources import ROOT

READMES = ("README.md", "README.zh-CN.md")


def paths(group: click.Group, name: str) -> Iterator[str]:
    """The full name of every command, such as `bank jobs run`; a group that a library brings counts as one command."""
    for command in group.commands.values():
        if isinstance(command, click.Group) and _is_ours(command):
            yield from paths(command, f"{name} {command.name}")
        else:
            yield f"{name} {command.name}"


def _is_ours(group: click.Group) -> bool:
    return any((each.callback.__module__ or "").startswith("bank.") for each in group.commands.values() if each.callback)


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_documented(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [each.name for each in SETTINGS if f"`BANK_{each.name}`" not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_documented(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [each for each in paths(commands(), "bank") if f"`{each}" not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_is_read_in_one_go(readme: str) -> None:
    assert len((ROOT / readme).read_text(encoding="utf-8").splitlines()) <= 120
