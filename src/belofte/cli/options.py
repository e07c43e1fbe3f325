"""The options that every verb has, as types: `directory: Directory = HERE, as_json: Json = False`."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

HERE = Path()

Directory = Annotated[Path, typer.Option("-C", metavar="DIR", help="The company's folder (default: here).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]


def _named(name: str | None) -> str | None:
    if name is not None and not name.strip():
        raise typer.BadParameter("nobody is named: give the name of a person")
    return name.strip() if name is not None else None


def staff(help: str) -> Any:
    """Return the option that says who of the company does something; what is blank is nobody's name."""
    return typer.Option("--by", help=help, callback=_named)


def who(named: str | None) -> str:
    """Return who does something: whom the verb names, else the account."""
    return named or getpass.getuser()
