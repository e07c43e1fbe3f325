"""`belofte request …`: take in, decide and carry out a person's request, one verb per right."""

from __future__ import annotations

import typer

from belofte.cli.request import access, choosing, erasing, following


def register(app: typer.Typer) -> None:
    """Add the verbs of `belofte request`."""
    group = typer.Typer(help="Take in, decide and carry out a person's request.", no_args_is_help=True)
    access.register(group)
    erasing.register(group)
    choosing.register(group)
    following.register(group)
    app.add_typer(group, name="request")
