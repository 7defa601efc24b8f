"""What the tests about the code itself read: every module of the bank, and every tracked file."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of each module of the bank, by its dotted name."""
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in sorted(ROOT.glob("bank/**/*.py"))}


def imports(name: str) -> Iterator[str]:
    """Every module that a module of the bank imports, wherever the statement stands."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (_imported(node.module or "", each.name) for each in node.names)


@cache
def tracked_files() -> list[Path]:
    """Every text file that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / each for each in listed.split("\0") if each)
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(module: str, name: str) -> str:
    """`from bank.ledger import rules` means the module, `from bank.ledger.rules import Floor` the module it is in."""
    return f"{module}.{name}" if f"{module}.{name}" in modules() else module
