"""Every text is in Chinese and in English."""

import subprocess
import sys

from tests.server import ROOT


def test_every_text_has_its_english_and_none_stands_outside_gettext() -> None:
    command = [sys.executable, ROOT / "scripts" / "_texts.py", "check"]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert found.returncode == 0, found.stdout + found.stderr
