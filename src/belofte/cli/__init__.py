"""The command line: one file per verb (`cli/verbs.py` tells how to add one)."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `belofte` with the arguments of this process and end it with the verb's exit code."""
    from belofte.cli.app import run  # the verbs are heavy; `import belofte.cli` is not

    sys.exit(run())
