"""`belofte incident open | add | words`: what is known of a breach, at first and as more comes out (art. 33(3)-(5))."""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.cli.incident.shared import By, Name, enter, moments, refusing, tell
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.request.asking import desk_of
from belofte.incidents.entry import Facts, InWords, Kind, Language, Role
from belofte.incidents.register import opened

Title = Annotated[str | None, typer.Option("--title", help="What people call it: `laptop lost on a train`.")]
What = Annotated[str | None, typer.Option("--facts", help="What happened.")]
Kinds = Annotated[
    list[Kind], typer.Option("--kind", help="What was harmed: confidentiality, integrity, availability; repeatable.")
]
Aware = Annotated[
    str | None, typer.Option("--aware", metavar="TIME", help="When the company was reasonably certain: 72 hours run.")
]
AwareBecause = Annotated[
    str | None, typer.Option("--aware-because", help="Why the moment of awareness is another one than was entered.")
]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="When it began, where that is known.")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="When it ended.")]
FoundBy = Annotated[str | None, typer.Option("--found-by", help="Who noticed it, by function.")]
Cause = Annotated[str | None, typer.Option("--cause", help="What caused it.")]
Effects = Annotated[str | None, typer.Option("--effects", help="What it led to.")]
Consequences = Annotated[str | None, typer.Option("--consequences", help="What it may lead to for the people.")]
Measures = Annotated[str | None, typer.Option("--measures", help="What was done about it, and is planned.")]
AsRole = Annotated[Role | None, typer.Option("--role", help="controller, or processor for somebody else.")]
Controller = Annotated[str | None, typer.Option("--controller", help="For whom the data is processed, as processor.")]
NoData = Annotated[
    bool | None,
    typer.Option("--personal-data/--no-personal-data", help="Whether personal data is concerned (default: yes)."),
]


NO_KIND: list[Kind] = []
"""INVARIANT: nobody changes it."""


def run_open(
    title: Title = None, facts: What = None, kind: Kinds = NO_KIND, aware: Aware = None, found_by: FoundBy = None,
    began: From = None, ended: Until = None, cause: Cause = None, effects: Effects = None,
    consequences: Consequences = None, measures: Measures = None, role: AsRole = None, controller: Controller = None,
    personal_data: NoData = None, by: By = None, directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Open a breach in the register with what is known; the clock runs from the moment of awareness."""
    with desk_of(directory) as desk, refusing(as_json):
        said = _facts(
            {"--aware": aware, "--from": began, "--until": ended}, kind, role, title=title, facts=facts,
            found_by=found_by, cause=cause, effects=effects, consequences=consequences, measures=measures,
            controller=controller, personal_data=personal_data,
        )  # fmt: skip
        tell(desk, opened(desk.db, said, who(by), desk.clock()), as_json)


def run_add(
    name: Name, title: Title = None, facts: What = None, kind: Kinds = NO_KIND, aware: Aware = None,
    aware_because: AwareBecause = None, found_by: FoundBy = None, began: From = None, ended: Until = None,
    cause: Cause = None, effects: Effects = None, consequences: Consequences = None, measures: Measures = None,
    role: AsRole = None, controller: Controller = None, personal_data: NoData = None, by: By = None,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Add what became known of a breach; what was entered before stays beside it."""
    with desk_of(directory) as desk, refusing(as_json):
        said = _facts(
            {"--aware": aware, "--from": began, "--until": ended}, kind, role, title=title, facts=facts,
            aware_because=aware_because, found_by=found_by, cause=cause, effects=effects, consequences=consequences,
            measures=measures, controller=controller, personal_data=personal_data,
        )  # fmt: skip
        enter(desk, name, said, by, as_json)


def run_words(
    name: Name,
    language: Annotated[Language, typer.Option("--language", help="The language of these words: nl, fr, en.")],
    nature: Annotated[str, typer.Option("--nature", help="What happened to their data, in plain words.")] = "",
    consequences: Annotated[str, typer.Option("--consequences", help="What may follow for them.")] = "",
    measures: Annotated[str, typer.Option("--measures", help="What the company did and does.")] = "",
    advice: Annotated[str | None, typer.Option("--advice", help="What they can do themselves.")] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Put what the people are told in words of one language (art. 34(2)); the draft of their letter takes them."""
    with desk_of(directory) as desk:
        said = InWords(
            language=language, nature=nature, consequences=consequences, measures=measures, advice=advice
        )  # fmt: skip
        enter(desk, name, said, by, as_json)


def _facts(times: dict[str, str | None], kinds: list[Kind], role: Role | None, **said: object) -> Facts:
    """Return the facts that options give."""
    read = moments(times)
    at = {"aware": read["--aware"], "happened_from": read["--from"], "happened_until": read["--until"]}
    return Facts.model_validate({**said, **at, "kinds": tuple(kinds), "role": role})
