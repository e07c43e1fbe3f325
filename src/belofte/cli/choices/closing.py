"""`belofte choices withdraw | refuse | object | restrict | deceased`: what closes, at once and without a form.

Recorded for everybody whom the identifiers may mean: closing too much harms nobody. Exit 0 · 3 not recorded · 4 an
objection has to be weighed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal

import typer

from belofte.choices.events import Event, Kind, Origin
from belofte.cli.choices.person import At, Channels, Purposes, kinds_of, met, recorded, refused, subjects_of, tell, when
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import diagnostics
from belofte.cli.request.asking import NOTHING, Confirm, Person, desk_of
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights import objection, restriction, withdrawal
from belofte.rights.decision import Closing, Decision, known_purposes
from belofte.rights.desk import Desk

Decide = Callable[[Desk, frozenset[str], datetime], Decision]

Overrule = Annotated[
    list[str],
    typer.Option("--overrule", metavar="PURPOSE=GROUNDS", help="Compelling grounds, in words that name nobody."),
]


def run_withdraw(
    person: Person = NOTHING,
    purpose: Purposes = NOTHING,
    channel: Channels = NOTHING,
    at: At = None,
    confirm: Confirm = NOTHING,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record that a person withdraws consent: as easy as giving it, without a question (art. 7(3))."""

    def decide(desk: Desk, kinds: frozenset[str], at: datetime) -> Decision:
        return withdrawal.decide(desk.policy, kinds, at, dict.fromkeys(purpose, channel or None) or None)

    _closed(person, decide, at, confirm, directory, as_json)


def run_refuse(
    purpose: Annotated[list[str], typer.Option("--purpose", help="The purpose that she refused.")],
    person: Person = NOTHING,
    channel: Channels = NOTHING,
    at: At = None,
    confirm: Confirm = NOTHING,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record that a person was asked and refused, so that nobody asks her again at every turn."""

    def decide(desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        known_purposes(desk.policy, purpose)
        made = [Closing(Kind.CONSENT_REFUSED, one, over) for one in purpose for over in channel or (None,)]
        return Decision(at, (), tuple(made))

    _closed(person, decide, at, confirm, directory, as_json)


def run_object(
    person: Person = NOTHING,
    purpose: Purposes = NOTHING,
    marketing: Annotated[bool, typer.Option("--marketing", help="To direct marketing only.")] = False,
    uphold: Annotated[list[str], typer.Option("--uphold", metavar="PURPOSE", help="It is upheld.")] = NOTHING,
    overrule: Overrule = NOTHING,
    at: At = None,
    confirm: Confirm = NOTHING,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record an objection, or the word on one: to direct marketing it is absolute, others are weighed (art. 21)."""
    grounds = {name: why for name, _, why in (one.partition("=") for one in overrule)}
    asked = [*purpose, *uphold, *grounds]

    def decide(desk: Desk, kinds: frozenset[str], at: datetime) -> Decision:
        return objection.decide(
            desk.policy, kinds, at, asked or None, direct_marketing_only=marketing, upheld=frozenset(uphold),
            overruled=grounds,
        )  # fmt: skip

    _closed(person, decide, at, confirm, directory, as_json)


def run_restrict(
    ground: Annotated[
        Literal["accuracy", "unlawful", "claim", "objection"], typer.Option("--ground", help="Why (art. 18(1)(a)-(d)).")
    ],
    person: Person = NOTHING,
    category: Annotated[
        list[str], typer.Option("--category", help="Of which category (default: every one).")
    ] = NOTHING,
    at: At = None,
    confirm: Confirm = NOTHING,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Keep a person's data and use it no more, per category, on a ground of art. 18."""

    def decide(desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        asked = dict.fromkeys(category or [ALL_CATEGORIES], restriction.Asked(ground, True))
        return restriction.decide(desk.policy, asked, at)

    _closed(person, decide, at, confirm, directory, as_json)


def run_deceased(
    person: Person = NOTHING,
    mistaken: Annotated[bool, typer.Option("--mistaken", help="She lives: what was recorded was wrong.")] = False,
    at: At = None,
    confirm: Confirm = NOTHING,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record that a person has died: outreach stops, nothing is removed for it."""

    def decide(_desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        return Decision(at, (), (Closing(Kind.DEATH_CORRECTED if mistaken else Kind.DEATH_RECORDED),))

    _closed(person, decide, at, confirm, directory, as_json, origin=Origin.STAFF)


def _closed(
    person: Sequence[str],
    decide: Decide,
    at: str | None,
    confirm: Sequence[str],
    directory: Directory,
    as_json: bool,
    origin: Origin = Origin.PERSON,
) -> None:
    """Record what follows from a decision for everybody who may be meant, and tell what is left open."""
    with desk_of(directory) as desk:
        moment = when(at, desk.clock())
        meeting = met(desk, person, confirm, quiet=as_json)
        try:
            decision = decide(desk, kinds_of(meeting) or frozenset({"?"}), moment)
        except ValueError as error:
            raise refused(error) from None
        events = [
            Event(c.kind, subject, moment, c.purpose, c.channel, c.category, origin=origin, evidence=c.evidence)
            for subject in subjects_of(meeting)
            for c in decision.closings
        ]
        outcomes = [{"purpose": o.purpose, "outcome": o.outcome, "reason": o.reason} for o in decision.outcomes]
        tell(desk, meeting, recorded(desk, meeting, events), as_json, outcomes=outcomes)
        for one in dict.fromkeys((o.purpose, o.words.en) for o in decision.refusals):
            diagnostics().print(f"{one[0] or 'restriction'}: {one[1]}", markup=False)
    if decision.open:
        waits = ", ".join(sorted({str(one.purpose) for one in decision.open}))
        raise Ending(Code.CANNOT_TELL, f"to be weighed: {waits}", "give the word: `--uphold PURPOSE` or `--overrule`")
