"""The commands in scripts/, run as a stranger would run them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server import ROOT, environment

sys.path.insert(0, str(ROOT / "scripts"))
import _setup

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run scripts/run to its end with some arguments and settings, in a data folder of its own."""

    def call(*arguments: str, script: Path = ROOT / "scripts" / "run", **variables: str) -> "subprocess.CompletedProcess[str]":
        env = environment(f"sqlite:///{tmp_path / 'bank.db'}", tmp_path) | variables
        return subprocess.run(
            [sys.executable, script, *arguments], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300
        )

    return call


@pytest.fixture
def installed() -> None:
    """Never let a test change the environment that it runs in."""
    stamp = _setup.STAMP.read_text(encoding="utf-8").splitlines() if _setup.STAMP.exists() else []
    if stamp[1:] != [_setup._fingerprint(), "tools"] or Path(sys.prefix) != _setup.VENV:
        pytest.skip("the environment is not that of scripts/test")


def refused_in_words(done: "subprocess.CompletedProcess[str]", *words: str) -> bool:
    """Whether a command failed with a sentence that has these words, and without a traceback."""
    said = done.stdout + done.stderr
    assert done.returncode not in {0, None}, said
    assert "Traceback" not in said
    assert len(done.stderr.strip().splitlines()) <= 2, said
    return all(word in done.stderr for word in words)


def free_from(*names: str) -> dict[str, str]:
    """This environment without some variables."""
    return {name: value for name, value in os.environ.items() if name not in names}
