"""The options that every verb has, as types: `directory: Directory = HERE, as_json: Json = False`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HERE = Path()

Directory = Annotated[Path, typer.Option("-C", metavar="DIR", help="The company's folder (default: here).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]
