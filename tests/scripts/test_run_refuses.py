"""What can be wrong on a stranger's machine is said in one plain sentence, before any long work."""

import ast
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.scripts.conftest import Run, refused_in_words
from tests.server import ROOT, free_port

HIDE_MODULE = """
import importlib.machinery as machinery
find = machinery.PathFinder.find_spec
machinery.PathFinder.find_spec = lambda name, *rest: None if name == {name!r} else find(name, *rest)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of its own without an environment, so that one has to be made."""
    for name in ("scripts", "bank", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock", "README.md"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy" / "scripts" / "run"


def test_a_taken_port(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("--port", str(taken.getsockname()[1]))
    assert refused_in_words(done, "端口", "--port")


def test_a_port_out_of_range(run: Run) -> None:
    assert refused_in_words(run("--port", "70000"), "70000", "65535")


def test_a_host_that_is_not_ours(run: Run) -> None:
    assert refused_in_words(run("--host", "192.0.2.1", "--port", "8000"), "192.0.2.1")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_its_venv_module(run: Run, tmp_path: Path, copy: Path, module: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDE_MODULE.format(name=module))
    done = run("--port", str(free_port()), script=copy, PYTHONPATH=str(tmp_path))
    assert refused_in_words(done, "venv", "python3-venv")
    assert not (copy.parent.parent / ".venv").exists()


def test_an_installation_that_fails(run: Run, tmp_path: Path, copy: Path) -> None:
    half_made = copy.parent.parent / ".venv"
    half_made.mkdir()
    done = run("--port", str(free_port()), script=copy, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE="/dev/null")
    assert refused_in_words(done, "依赖安装失败", "No matching distribution", "install.log")
    assert not (half_made / "installed").exists()


@pytest.mark.usefixtures("installed")
def test_an_unreachable_database(run: Run) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/bank"
    done = run("--port", str(free_port()), "--empty", "--database-url", url)
    assert refused_in_words(done, "数据库", "database")


@pytest.mark.usefixtures("installed")
def test_a_database_file_that_cannot_be(run: Run) -> None:
    done = run("--port", str(free_port()), "--empty", "--database-url", "sqlite:////no/such/folder/bank.db")
    assert refused_in_words(done, "数据库", "database")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("url", ["nonsense", "mysql://here/bank", "postgresql://here:port/bank"])
def test_a_database_address_that_means_nothing(run: Run, url: str) -> None:
    done = run("--port", str(free_port()), "--empty", "--database-url", url)
    assert refused_in_words(done, "BANK_DATABASE_URL")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("name", "value"), [("TIMEZONE", "Mars/Olympus"), ("SCHEMA", "public"), ("HTTPS", "yes")])
def test_a_bad_setting(run: Run, name: str, value: str) -> None:
    done = run("--port", str(free_port()), "--empty", **{f"BANK_{name}": value})
    assert refused_in_words(done, f"BANK_{name}", value)


def test_an_old_python_is_told_in_words(tmp_path: Path) -> None:
    text = (ROOT / "scripts" / "_setup.py").read_text(encoding="utf-8").replace("sys.version_info < (3, 11)", "True")
    (tmp_path / "_setup.py").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "scripts" / "run", tmp_path / "run")
    done = subprocess.run([tmp_path / "run"], capture_output=True, text=True, check=False)
    assert refused_in_words(done, "3.11")


@pytest.mark.parametrize("name", ["_setup.py", "check", "lock", "run", "test"])
def test_an_old_python_can_read_the_commands(name: str) -> None:
    ast.parse((ROOT / "scripts" / name).read_text(encoding="utf-8"), feature_version=(3, 6))
