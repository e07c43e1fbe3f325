"""Where a verb's words go: results to standard output, everything else to standard error.

With `--json` standard output holds exactly one JSON document; `json_result` writes it. Rich markup and names of emoji
in what a user wrote, or an act is called (`evidence:key:added`), are never interpreted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from belofte.policy.problems import Problem


def console() -> Console:
    """Return the console for results."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False)


def diagnostics() -> Console:
    """Return the console for progress, warnings and errors."""
    return Console(file=sys.stderr, stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def json_result(value: object) -> None:
    """Write the one JSON document of a run."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def show_problems(problems: Iterable[Problem]) -> None:
    """Write problems as STYLE has them: place and summary, then what to do."""
    out = diagnostics()
    for problem in problems:
        out.print(Text(f"{problem.place}: ", style="bold") + Text(problem.summary, style="red"))
        if problem.advice:
            out.print(Text(f"   {problem.advice}"))


def show_error(summary: str, advice: str = "") -> None:
    """Write one error that has no place in a file."""
    out = diagnostics()
    out.print(Text("error: ", style="bold red") + Text(summary))
    if advice:
        out.print(Text(f"   {advice}"))


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as `--json` shows it."""
    place = problem.place
    return {
        "file": place.file,
        "line": place.line or None,
        "column": place.column or None,
        "summary": problem.summary,
        "advice": problem.advice,
    }
