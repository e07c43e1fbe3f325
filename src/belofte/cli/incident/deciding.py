"""`belofte incident assess | decide | notified | follow-up | close`: what is judged, decided, told and done."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from belofte.cli.incident.shared import Because, By, Name, enter, moments, refusing
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.request.asking import desk_of
from belofte.incidents.allowed import Refusal
from belofte.incidents.entry import Assessment, Audience, Closing, Decision, Exception_, FollowUp, Notification, Risk
from belofte.incidents.register import Refused

ToAuthority = Annotated[
    Literal["notify", "not"], typer.Option("--authority", help="Whether the authority is notified: notify, not.")
]
ToPeople = Annotated[
    Literal["tell", "public", "not"], typer.Option("--people", help="Whether the people are told: tell, public, not.")
]


def run_assess(
    name: Name,
    risk: Annotated[Risk, typer.Option("--risk", help="How likely a risk to the people is: unlikely, risk, high.")],
    because: Because,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Assess the risk to the people, with the reasons: what is told to whom follows from it (art. 33(1), 34(1))."""
    with desk_of(directory) as desk:
        enter(desk, name, Assessment(risk=risk, because=because), by, as_json)


def run_decide(
    name: Name,
    authority: ToAuthority,
    people: ToPeople,
    because: Because,
    exception: Annotated[
        Exception_ | None,
        typer.Option("--exception", help="Of art. 34(3): unintelligible, risk-removed, disproportionate."),
    ] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Decide whether the authority and the people are told, with the reasons; the law refuses what it forbids."""
    with desk_of(directory) as desk:
        said = Decision(authority=authority, people=people, exception=exception, because=because)
        enter(desk, name, said, by, as_json)


def run_notified(
    name: Name,
    to: Annotated[Audience, typer.Option("--to", help="Who was told: authority, people, public, controller.")],
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it: the authority's reference, a mailing's.")],
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="When (default: now).")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="More will follow (art. 33(4)).")] = False,
    late_because: Annotated[
        str | None, typer.Option("--late-because", help="Why it took more than 72 hours (art. 33(1)).")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", min=0, help="How many people were told.")] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record that the authority, the people, the public or the controller was told, and what shows it."""
    with desk_of(directory) as desk, refusing(as_json):
        said = Notification(
            to=to, at=moments({"--at": at})["--at"] or desk.clock(), evidence=evidence, partial=partial,
            late_because=late_because, count=count,
        )  # fmt: skip
        enter(desk, name, said, by, as_json)


def run_follow_up(
    name: Name,
    what: Annotated[str | None, typer.Option("--what", help="What is still to be done.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who sees to it, by function.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when.")] = None,
    done: Annotated[int | None, typer.Option("--done", metavar="NUMBER", help="Which one was done.")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", help="What shows that it was done.")] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Ask for something that is still to be done about a breach, or record that it was, with what shows it."""
    with desk_of(directory) as desk, refusing(as_json):
        said = FollowUp(what=what, owner=owner, due=_day(due), number=done, evidence=evidence)
        enter(desk, name, said, by, as_json)


def run_close(
    name: Name, because: Because, by: By = None, directory: Directory = HERE, as_json: Json = False
) -> None:  # fmt: skip
    """Close a breach: everything is decided, told and done; what was kept of the people is destroyed."""
    with desk_of(directory) as desk:
        enter(desk, name, Closing(because=because), by, as_json)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise Refused([Refusal("`--due` is no day", "write `2026-04-30`")]) from None
