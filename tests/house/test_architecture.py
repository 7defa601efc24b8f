"""The tree tells the truth: imports point down, only one place commits, only one place reads the environment."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.house.sources import imports, modules

LEVELS = (
    {"errors", "config"},
    {"clock", "serve", "workdays"},
    {"db", "fields", "wording"},
    {"backup", "documents"},
    {"ledger"},
    {"units"},
    {"people"},
    {"access", "consents", "enrolment"},
    {"devices", "notices"},
    {"hours"},
    {"certificates", "evaluations", "publicity"},
    {"micro_hours"},
    {"activities", "orders"},
    {"joining"},
    {"attendance"},
    {"closing"},
    {"rewards"},
    {"counter"},
    {"ratings"},
    {"communities", "honours"},
    {"feedback"},
    {"statements"},
    {"boards", "privacy"},
    {"demo", "jobs"},
    {"web"},
    {"cli"},  # Its refusals have the words of the pages.
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


def named(module: str) -> set[str]:
    """What a module calls, looks up or reads, as it is written there."""
    nodes = ast.walk(modules()[module])
    return {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute | ast.Name)}


def calls(module: str) -> list[ast.expr]:
    return [node.func for node in ast.walk(modules()[module]) if isinstance(node, ast.Call)]


def functions(module: str) -> list[ast.AST]:
    return [node for node in ast.walk(modules()[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_module_has_its_level() -> None:
    assert [module for module in modules() if module != "bank" and part(module) not in LEVEL] == []


def test_imports_point_down() -> None:
    pairs = [(module, each) for module in modules() for each in own_imports(module) if part(each) != part(module)]
    assert [(module, each) for module, each in pairs if LEVEL[part(each)] >= LEVEL[part(module)]] == []


def test_imports_stand_at_the_top() -> None:
    inner = ((module, node) for module in modules() for each in functions(module) for node in ast.walk(each))
    assert [(module, ast.unparse(node)) for module, node in inner if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_rules_know_only_values() -> None:
    rules = [each for each in modules() if each.endswith(".rules")]
    allowed = {each for each in modules() if each == "bank.errors" or each.endswith(".rules")}
    assert [(module, each) for module in rules for each in foreign_imports(module)] == []
    assert [(module, each) for module in rules for each in own_imports(module) if each not in allowed] == []


@pytest.mark.parametrize(("module", "known"), [("errors", set()), ("config", set()), ("clock", {"bank.config"})])
def test_the_ground_knows_only_values(module: str, known: set[str]) -> None:
    assert list(foreign_imports(f"bank.{module}")) == []
    assert set(own_imports(f"bank.{module}")) <= known


def test_queries_only_read() -> None:
    queries = [each for each in modules() if each.endswith(".queries")]
    assert [(module, each) for module in queries for each in own_imports(module) if each.endswith(".actions")] == []


def test_slices_know_no_request() -> None:
    slices = [each for each in modules() if part(each) not in FACES]
    nodes = ((module, node) for module in slices for node in ast.walk(modules()[module]))
    froms = ((module, node) for module, node in nodes if isinstance(node, ast.ImportFrom) and node.module == "flask")
    assert [module for module, node in froms if {each.name for each in node.names} & WEB] == []


def test_only_the_database_module_commits() -> None:
    commits = {m for m in modules() for each in calls(m) if isinstance(each, ast.Attribute) and each.attr == "commit"}
    assert commits <= {"bank.db"}


def test_actions_leave_the_transaction_to_the_face() -> None:
    assert [each for each in modules() if each.endswith((".actions", ".queries")) and "transaction" in named(each)] == []


def test_only_the_settings_read_the_environment() -> None:
    environments = {"os.environ", "os.getenv", "os.environb"}
    assert {module for module in modules() if named(module) & environments} <= {"bank.config"}


def test_only_the_clock_reads_the_time() -> None:
    reads = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    assert {module for module in modules() for each in calls(module) if ast.unparse(each) in reads} <= {"bank.clock"}
