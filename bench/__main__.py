"""`python -m bench [--only PREFIX]`: run the benches, print their rows, write `build/bench.json`.

A bench is a module of this folder with

    PREFIXES = ("check.",)          what the names of its rows begin with (default: the module's name and a dot)
    def run() -> list[dict]: …      measure both sides in this run

A row of time is `{name, ratio, goal, ours_s, base_s, n}`: ours against a base, and the ratio that it may reach at
most. A row of quality is `{name, value, …}`: shown in a table of its own, with no goal. Each module starts the servers
that it needs. Exit 0 when every ratio meets its goal, else 2; 1 when nothing could be measured.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "build" / "bench.json"

Row = dict[str, Any]


def chosen(only: str) -> list[Any]:
    """Return the benches that may give rows whose names begin with `only`, by name."""
    names = sorted(found.name for found in pkgutil.iter_modules([str(HERE)]) if not found.name.startswith("_"))
    modules = [importlib.import_module(f"bench.{name}") for name in names]
    benches = [module for module in modules if hasattr(module, "run")]
    return [module for module in benches if any(overlap(only, prefix) for prefix in prefixes(module))]


def prefixes(module: Any) -> tuple[str, ...]:
    """Return what a bench's names begin with: its own word, else its own name."""
    return tuple(getattr(module, "PREFIXES", (module.__name__.rpartition(".")[2] + ".",)))


def overlap(only: str, prefix: str) -> bool:
    """Return whether a name can begin with both."""
    return only.startswith(prefix) or prefix.startswith(only)


def timed(row: Row) -> bool:
    """Return whether a row is of time, with a goal to meet."""
    return "ratio" in row


def met(row: Row) -> bool:
    """Return whether a row of time meets its goal."""
    return float(row["ratio"]) <= float(row["goal"])


def times(rows: Sequence[Row]) -> Table:
    """Return the table of the rows of time."""
    table = Table("name", title="time, ours against the base")
    for heading in ("n", "ours", "base", "ratio", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for row in rows:
        verdict = Text("met", style="green") if met(row) else Text("missed", style="bold red")
        seconds = (f"{row[side]:.4f} s" for side in ("ours_s", "base_s"))
        table.add_row(row["name"], f"{row['n']:,}", *seconds, f"{row['ratio']:.2f}", f"{row['goal']:.2f}", verdict)
    return table


def values(rows: Sequence[Row]) -> Table:
    """Return the table of the rows of quality."""
    table = Table("name", title="quality, no goal set")
    table.add_column("value", justify="right")
    table.add_column("of", justify="right")
    for row in rows:
        table.add_row(row["name"], f"{row['value']:.3f}", f"{row['n']:,}" if "n" in row else "")
    return table


def measured(only: str, said: Console) -> Iterator[Row]:
    """Yield the rows of the chosen benches whose names begin with `only`."""
    for module in chosen(only):
        name = module.__name__.rpartition(".")[2]
        began = time.monotonic()
        with said.status(f"measuring {name} …"):
            rows = [row for row in module.run() if str(row["name"]).startswith(only)]
        said.print(f"{name}: {len(rows)} rows in {time.monotonic() - began:.0f} s", style="dim")
        yield from rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, show, write; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="measure side by side and print ratios")
    parser.add_argument("--only", default="", metavar="PREFIX", help="only the names that begin so")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="where the rows are written as JSON")
    given = parser.parse_args(arguments)
    said, out = Console(stderr=True), Console()
    rows = list(measured(given.only, said))
    if not rows:
        said.print(Text(f"nothing could be measured under names that begin with `{given.only}`", style="bold red"))
        return 1
    slow, graded = [row for row in rows if timed(row)], [row for row in rows if not timed(row)]
    if slow:
        out.print(times(slow))
    if graded:
        out.print(values(graded))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    missed = [row for row in slow if not met(row)]
    out.print(Text(f"{len(slow) - len(missed)} of {len(slow)} goals met; written to {given.out}"))
    return 2 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
