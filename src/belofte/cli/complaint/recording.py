"""`belofte complaint record | acknowledge`: what came in, which way and when; and that she was told so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from belofte.choices.subjects import Identifier
from belofte.cli.complaint.shared import Name, found, tell
from belofte.cli.incident.shared import Entering, moments, refusing
from belofte.cli.options import who
from belofte.cli.request.asking import NOTHING, Person, answering, desk_of, people, text_of
from belofte.incidents import complaints
from belofte.incidents.complaints import Coming, Way


@answering
def run_record(
    how: Entering,
    way: Annotated[Way, typer.Option("--way", help="Which way it came: desk, email, fax, phone, post, web.")],
    words: Annotated[
        Path,
        typer.Option("--words", metavar="FILE", help="What she wrote or said; `-` is standard input. It is sealed."),
    ],
    person: Person = NOTHING,
    about: Annotated[
        str | None, typer.Option("--about", metavar="KIND:NAME", help="purpose:…, right:…, incident:… or request:….")
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="TIME", help="When it came (default: now).")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Hers, for the letters (default: the policy's first).")
    ] = None,
) -> None:
    """Record a complaint; its term runs from the day on which it came."""
    with desk_of(how.directory) as desk, refusing(how.as_json):
        asked = people(person, None, desk.country)[0] if person else []
        coming = Coming(
            way, text_of(words), language or desk.policy.languages[0],
            moments({"--received": received})["--received"] or desk.clock(), about,
            tuple(Identifier(one.kind, one.normal) for one in asked),
        )  # fmt: skip
        one = complaints.record(desk.db, desk.key, desk.policy, coming, who(how.by), desk.clock())
        tell(one, desk.today(), how.as_json)


@answering
def run_acknowledge(how: Entering, name: Name) -> None:
    """Record that whoever complains was told that it came, and by when it is answered."""
    with desk_of(how.directory) as desk, refusing(how.as_json):
        one = complaints.acknowledge(desk.db, found(desk.db, name), who(how.by), desk.clock())
        tell(one, desk.today(), how.as_json)
