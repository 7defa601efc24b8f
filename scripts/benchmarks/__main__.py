"""Measures floor and ours by turns in one run and prints ours/floor as a table; `--json` writes the same to a file.

Both keep what they commit through a power cut. A ratio says something; a rate belongs to the machine and its other work.
"""

import argparse
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import boards, bulk, places, posting, ratings, reads, statements
from benchmarks.measure import Case, Result, measure

PARTS = (posting, bulk, reads, ratings, boards, statements)


def main() -> int:
    """Measure what was asked for; 0 when every mark is reached."""
    parser = argparse.ArgumentParser(prog="scripts/bench.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small amounts: a first impression in under two minutes")
    parser.add_argument("--only", default="", metavar="PATTERN", help="cases whose name matches")
    parser.add_argument("--kind", choices=places.KINDS, help="one database instead of both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    options = parser.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bank-bench-") as folder:
        os.environ["BANK_DATA_DIR"] = folder
        for kind in (options.kind,) if options.kind else places.KINDS:
            with places.place(kind, Path(folder)) as new_url:
                for case in _wanted(kind, new_url, options):
                    print(f"… {case.name}", file=sys.stderr)
                    results.append(measure(case))
    _show(results)
    if options.json:
        machine = {"python": platform.python_version(), "cores": os.cpu_count(), "is_quick": options.quick}
        text = json.dumps({"machine": machine, "results": [each.to_json() for each in results]}, indent=2, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(each.is_reached for each in results) else 1


def _wanted(kind: str, new_url: places.NewUrl, options: argparse.Namespace) -> Iterator[Case]:
    for part in PARTS:
        yield from (each for each in part.cases(kind, new_url, quick=options.quick) if re.search(options.only, each.name))


def _show(results: list[Result]) -> None:
    table = Table(title="ours beside the floor, operations per second: median [least–most]")
    for column in ("case", "floor", "ours", "ratio", "mark", ""):
        table.add_column(column, justify="left" if column == "case" else "right")
    for each in results:
        sign = "≤" if each.is_cost else "≥"
        row = (each.name, _spread(each.floor), _spread(each.ours), f"{each.ratio:.2f}", f"{sign} {each.mark:.2f}")
        table.add_row(*row, "✓" if each.is_reached else "✗")
    Console().print(table)


def _spread(rates: tuple[float, float, float]) -> str:
    least, middle, most = rates
    return f"{middle:,.0f} [{least:,.0f}–{most:,.0f}]"


sys.exit(main())
