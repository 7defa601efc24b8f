"""The tree tells the truth: imports point down, only one place commits, only one place reads the environment."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.house.sources import imports, modules

LEVELS = (
    {"errors", "config"},
    {"clock", "serve", "workdays"},
    {"db", "fields"},
    {"documents"},
    {"ledger"},
    {"units"},
    {"people"},
    {"access", "consents", "enrolment"},
    {"devices"},
    {"hours"},
    {"evaluations"},
    {"activities", "orders"},
    {"attendance"},
    {"rewards"},
    {"counter"},
    {"ratings"},
    {"communities", "honours"},
    {"feedback"},
    {"statements"},
    {"boards", "privacy"},
    {"demo", "schedule"},
    {"web", "cli", "jobs"},
    {"app"},
    {"exposed", "main"},
)
LEVEL = {part: number for number, parts in enumerate(LEVELS) for part in parts}
STANDARD_LIBRARY = set(sys.stdlib_module_names)
FACES = {"demo", "web", "cli", "jobs", "app", "main"}
WEB = {"request", "session", "g", "redirect", "render_template", "url_for", "Response"}


def part(module: str) -> str:
    return module.removeprefix("bank").partition(".")[2].partition(".")[0]


def own_imports(module: str) -> Iterator[str]:
    return (each for each in imports(module) if each.split(".")[0] == "bank" and each != "bank")


def foreign_imports(module: str) -> Iterator[str]:
    return (each.split(".")[0] for each in imports(module) if each.split(".")[0] not in STANDARD_LIBRARY | {"bank"})


everywhere = pytest.mark.parametrize("module", sorted(modules()))
rules = pytest.mark.parametrize("module", sorted(each for each in modules() if each.endswith(".rules")))


@everywhere
def test_every_module_has_its_level(module: str) -> None:
    assert module == "bank" or part(module) in LEVEL


@everywhere
def test_imports_point_down(module: str) -> None:
    others = (each for each in own_imports(module) if part(each) != part(module))
    assert [each for each in others if LEVEL[part(each)] >= LEVEL[part(module)]] == []


@everywhere
def test_imports_stand_at_the_top(module: str) -> None:
    functions = [node for node in ast.walk(modules()[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    hidden = (node for each in functions for node in ast.walk(each) if isinstance(node, ast.Import | ast.ImportFrom))
    assert [ast.unparse(node) for node in hidden] == []


@rules
def test_rules_know_only_values(module: str) -> None:
    assert list(foreign_imports(module)) == []
    assert [each for each in own_imports(module) if each != "bank.errors" and not each.endswith(".rules")] == []


@pytest.mark.parametrize(("module", "known"), [("errors", set()), ("config", set()), ("clock", {"bank.config"})])
def test_the_ground_knows_only_values(module: str, known: set[str]) -> None:
    assert list(foreign_imports(f"bank.{module}")) == []
    assert set(own_imports(f"bank.{module}")) <= known


@everywhere
def test_queries_only_read(module: str) -> None:
    if module.endswith(".queries"):
        assert [each for each in own_imports(module) if each.endswith(".actions")] == []


@everywhere
def test_slices_know_no_request(module: str) -> None:
    froms = (node for node in ast.walk(modules()[module]) if isinstance(node, ast.ImportFrom) and node.module == "flask")
    names = {each.name for node in froms for each in node.names}
    assert not names & WEB or part(module) in FACES


@everywhere
def test_only_the_database_module_commits(module: str) -> None:
    calls = (node.func for node in ast.walk(modules()[module]) if isinstance(node, ast.Call))
    commits = [each for each in calls if isinstance(each, ast.Attribute) and each.attr == "commit"]
    assert not commits or module == "bank.db"


@everywhere
def test_actions_leave_the_transaction_to_the_face(module: str) -> None:
    if module.endswith((".actions", ".queries")):
        names = {node.id for node in ast.walk(modules()[module]) if isinstance(node, ast.Name)}
        assert "transaction" not in names


@everywhere
def test_only_the_settings_read_the_environment(module: str) -> None:
    named = {ast.unparse(node) for node in ast.walk(modules()[module]) if isinstance(node, ast.Attribute)}
    assert not named & {"os.environ", "os.getenv", "os.environb"} or module == "bank.config"


@everywhere
def test_only_the_clock_reads_the_time(module: str) -> None:
    calls = (ast.unparse(node.func) for node in ast.walk(modules()[module]) if isinstance(node, ast.Call))
    reads = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    assert not reads & set(calls) or module == "bank.clock"
