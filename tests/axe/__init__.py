"""The checker of accessibility, axe-core: what its lock file says, put beside it by `npm ci` when it is first asked for."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import databases

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Style sheets are not fetched again (`preload`): no rule of these standards that is on by default asks for them.
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false});
  const why = (node) => node.any.concat(node.all, node.none).map((each) => each.message)[0];
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${why(node)}`));
}"""


def come_with_pages(context: BrowserContext) -> None:
    """Let the checker come with every page of a browser, which is faster than to bring it to each."""
    context.add_init_script(_source())


def violations(page: Page) -> list[str]:
    """What of the open page a person who sees, hears or moves less well could not use, one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[Any] = page.evaluate(RUN, STANDARDS)
    return [str(each) for each in found]


@cache
def _source() -> str:
    npm = shutil.which("npm")
    if npm is None and not AXE.exists():
        pytest.skip("npm is not installed, and it fetches the checker of accessibility")
    databases.shared("axe", lambda: _fetch(str(npm)))  # Two workers at once would take it away from each other.
    return AXE.read_text(encoding="utf-8")


def _fetch(npm: str) -> str:
    if not AXE.exists():
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, check=True, capture_output=True)
    return str(AXE)
