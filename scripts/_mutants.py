"""Runs the ledger's tests against one mutant after the other: a plugin of pytest, started by `scripts/mutate`.

All fixtures of the session are made once, by a first run without mutants that notes which tests call which function. Then a
child is forked for each mutant, which runs those tests, the quickest first, until one fails.
"""

import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any

SURVIVED, KILLED = 0, 1
ORIGINAL = "_mutmut_orig"
MutantDict = dict
chosen: str | None = None
called: set[str] = set()


def wrap_in_trampoline(mutants: dict[str, Callable[..., Any]], is_classmethod: bool = False) -> Callable[..., Any]:
    """Decorate a function that has mutants: a call goes to the chosen one, if it is one of these."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def meant() -> Callable[..., Any]:
            name = mutants[ORIGINAL].__name__.rpartition("__mutmut_")[0]
            called.add(f"{function.__module__}.{name}")
            module, _, mutant = (chosen or "").rpartition(".")
            return mutants.get(mutant, mutants[ORIGINAL]) if module == function.__module__ else mutants[ORIGINAL]

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            return meant()(*args, **kwargs)

        @wraps(function)
        def generate(*args: Any, **kwargs: Any) -> Any:
            return (yield from meant()(*args, **kwargs))

        return generate if isgeneratorfunction(function) else call

    return decorate


class Runner:
    """Replaces pytest's loop over the tests."""

    def __init__(self, mutants: list[str], results: Path, slowest_s: float) -> None:
        self.mutants, self.results, self.slowest_s = mutants, results, slowest_s
        self.is_child = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and self.is_child:
            os._exit(KILLED)

    def pytest_runtestloop(self, session: Any) -> bool:
        tests = self.first_run(session)
        if session.testsfailed:
            return True
        with self.results.open("a", encoding="utf-8") as file:
            for mutant in self.mutants:
                items = tests.get(mutant.rpartition("__mutmut_")[0], [])
                outcome = self.outcome(mutant, [item for _, item in sorted(items, key=lambda each: each[0])])
                file.write(json.dumps([mutant, outcome]) + "\n")
                file.flush()
        return True

    def first_run(self, session: Any) -> dict[str, list[tuple[float, Any]]]:
        """The tests that call each function, with the seconds they take; those that take very long are left out."""
        tests: dict[str, list[tuple[float, Any]]] = defaultdict(list)
        for number, item in enumerate(session.items):
            following = session.items[(number + 1) % len(session.items)]  # Never None: the session's fixtures must stay.
            called.clear()
            started = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds = time.monotonic() - started
            for function in called if seconds < self.slowest_s else ():
                tests[function].append((seconds, item))
        return tests

    def outcome(self, mutant: str, items: list[Any]) -> str:
        if not items:
            return "no test"
        child = os.fork()
        if child == 0:
            self.run(mutant, items)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return "survived" if status == SURVIVED else "killed"
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "killed by time"

    def run(self, mutant: str, items: list[Any]) -> None:
        global chosen
        chosen, self.is_child = mutant, True
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            for number, item in enumerate(items):
                following = items[(number + 1) % len(items)]
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException:
            os._exit(KILLED)
        os._exit(SURVIVED)


def pytest_configure(config: Any) -> None:
    """Take the place of the loop when `scripts/mutate` has said what to try."""
    if task := os.environ.get("MUTATE"):
        told = json.loads(task)
        # The tests import this module by its name, so its variables must be theirs, not those of a second copy.
        runner = sys.modules["_mutants"].Runner(told["mutants"], Path(told["results"]), told["slowest_s"])
        config.pluginmanager.register(runner, "mutants")
