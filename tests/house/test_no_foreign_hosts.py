"""The bank works without the internet: nothing in a page or a script leads to another host."""

import re

import pytest

from tests.house.sources import ROOT, tracked_files

# Names of document types, which nobody calls up.
NAMESPACES = {"www.w3.org"}
HERE = {"localhost", "127.0.0.1", "0.0.0.0"}
ADDRESS = re.compile(r"""(?:https?:|["'(=])//([a-z0-9][a-z0-9.-]*\.[a-z]{2,}|[0-9.]+)""", re.IGNORECASE)
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "jsdelivr" + ".net", "unpkg" + ".com")


def hosts(text: str) -> set[str]:
    return {each.lower() for each in ADDRESS.findall(text)} - NAMESPACES - HERE


@pytest.mark.parametrize(
    "text", ['<script src="//cdn.example.com/x.js">', "fetch('https://example.org')", "url(//a.example.net/f)"]
)
def test_a_foreign_host_would_be_seen(text: str) -> None:
    assert hosts(text)


def test_no_page_or_script_names_another_host() -> None:
    ours = [each for each in tracked_files() if each.relative_to(ROOT).parts[0] in {"bank", "migrations", "scripts"}]
    assert {str(path): found for path in ours if (found := hosts(path.read_text(encoding="utf-8")))} == {}


def test_no_file_names_a_registry() -> None:
    texts = ((path, path.read_text(encoding="utf-8")) for path in tracked_files())
    assert [(str(path), each) for path, text in texts for each in REGISTRIES if each in text] == []
