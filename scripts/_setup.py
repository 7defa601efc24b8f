"""What the commands in this folder share: the virtual environment, and one plain sentence when something is missing.

These files need nothing installed, and use no syntax newer than Python 3.6, so that an old Python too can say what is needed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this very check is for those who have an older one.
    found = sys.version.split()[0]
    sys.exit(f"需要 Python 3.11 或更新版本，现在是 {found}。\nPython 3.11 or newer is needed; this is {found}.")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
TOOLS_LINE = "# What tests and tools add:"
STAMP = VENV / "installed"
LOG = ROOT / ".bank" / "install.log"
STRANGE = {
    "PYTHONDONTWRITEBYTECODE",  # Every process would compile everything anew.
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
}
TRANSLATIONS = ROOT / "bank" / "web" / "translations"


def fail(chinese: str, english: str) -> None:
    """End here, with one sentence in each language."""
    sys.exit(f"{chinese}\n{english}")


def speak_utf8() -> None:
    """Print Chinese whatever the locale says, and each line at once."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]


def environment(**more: str) -> dict[str, str]:
    """The environment of child processes: without what would lead Python or pip away from the project's own folder."""
    clean = {name: value for name, value in os.environ.items() if name not in STRANGE}
    return {**clean, "PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


def prepare(*, with_tools: bool) -> None:
    """Make `.venv` hold what the lock file says; with the tools for tests if wanted. Quick when nothing has changed."""
    check_python()
    wanted = _fingerprint()
    installed = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    if not _is_sound(installed):
        _make_venv()
        installed = []
    if installed[1:2] != [wanted] or (with_tools and installed[2:] != ["tools"]):
        has_tools = with_tools or installed[2:] == ["tools"]
        STAMP.unlink(missing_ok=True)
        _install(with_tools=has_tools)
        STAMP.write_text(f"{_place()}\n{wanted}\n{'tools' if has_tools else 'run'}\n", encoding="utf-8")
    _compile_translations()


def check_python() -> None:
    """End with a sentence unless this Python can make the environment."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        fail(
            "这个 Python 缺少 venv 模块，请先安装（Debian/Ubuntu:sudo apt install python3-venv）。",
            "This Python lacks its venv module; install it first (Debian/Ubuntu: sudo apt install python3-venv).",
        )


def _place() -> str:
    """What an environment cannot be moved away from: the version of Python and the folder."""
    return f"{_version()} {ROOT}"


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _fingerprint() -> str:
    if not LOCK.exists():
        fail("缺少 requirements.lock 文件。", "The file requirements.lock is missing.")
    project, _, _ = (ROOT / "pyproject.toml").read_bytes().partition(b"\n[tool.")  # What follows only steers tools.
    return hashlib.sha256(LOCK.read_bytes() + project).hexdigest()


def _is_sound(installed: list[str]) -> bool:
    """Whether the environment was once finished, here and by this version of Python, and its interpreter still runs."""
    if installed[:1] != [_place()] or not PYTHON.exists():
        return False
    command = [str(PYTHON), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return answer.stdout.strip() == _version()


def _make_venv() -> None:
    print("建立虚拟环境……  Making the virtual environment…")
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    _run_logged([sys.executable, "-m", "venv", str(VENV)], "虚拟环境建立失败", "The virtual environment could not be made")


def _install(*, with_tools: bool) -> None:
    print("安装依赖，第一次约需一分钟……  Installing; the first time takes about a minute…")
    wanted = VENV / "wanted.txt"
    text = LOCK.read_text(encoding="utf-8")
    wanted.write_text(text if with_tools else text.partition(TOOLS_LINE)[0], encoding="utf-8")
    pip = [str(PYTHON), "-m", "pip", "--no-input", "install"]
    sentence = ("依赖安装失败", "Installing failed")
    _run_logged([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(wanted)], *sentence)
    _run_logged([*pip, "--no-deps", "--no-build-isolation", "--force-reinstall", "-e", str(ROOT)], *sentence)


def _run_logged(command: list[str], chinese: str, english: str) -> None:
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as log:
        done = subprocess.run(command, env=environment(), cwd=ROOT, stdout=log, stderr=log, check=False)
    if done.returncode != 0:
        errors = [line for line in LOG.read_text(errors="replace").splitlines() if line.startswith("ERROR:")]
        reason = errors[-1].removeprefix("ERROR:").strip() if errors else f"exit {done.returncode}"
        fail(f"{chinese},详情见 {LOG}。", f"{english}: {reason} (details in {LOG})")


def _compile_translations() -> None:
    stale = [path for path in TRANSLATIONS.rglob("*.po") if not _is_newer(path.with_suffix(".mo"), path)]
    if stale:
        command = [str(PROGRAMS / "pybabel"), "--quiet", "compile", "-d", str(TRANSLATIONS)]
        _run_logged(command, "翻译文件有误", "The translations could not be compiled")


def _is_newer(path: Path, other: Path) -> bool:
    return path.exists() and path.stat().st_mtime >= other.stat().st_mtime
