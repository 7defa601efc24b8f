"""The bank works without the internet: nothing in a page or a script leads to another host."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, tracked_files

# Names of document types, which nobody calls up.
NAMESPACES = {"www.w3.org"}
HERE = {"localhost", "127.0.0.1", "0.0.0.0"}
ADDRESS = re.compile(r"""(?:https?:|["'(=])//([a-z0-9][a-z0-9.-]*\.[a-z]{2,}|[0-9.]+)""", re.IGNORECASE)
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "jsdelivr" + ".net", "unpkg" + ".com")

files = pytest.mark.parametrize("path", tracked_files(), ids=lambda path: str(path.relative_to(ROOT)))


def hosts(text: str) -> set[str]:
    return {each.lower() for each in ADDRESS.findall(text)} - NAMESPACES - HERE


@pytest.mark.parametrize(
    "text", ['<script src="//cdn.example.com/x.js">', "fetch('https://example.org')", "url(//a.example.net/f)"]
)
def test_a_foreign_host_would_be_seen(text: str) -> None:
    assert hosts(text)


@files
def test_no_page_or_script_names_another_host(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] in {"bank", "migrations", "scripts"}:
        assert hosts(path.read_text(encoding="utf-8")) == set()


@files
def test_no_file_names_a_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [each for each in REGISTRIES if each in text] == []
