"""`belofte choices withdraw | refuse | object | restrict | deceased`: what closes, at once and without a form.

Recorded for everybody whom the identifiers may mean: closing too much harms nobody. Exit 0 · 2 recorded, and a store
is still to be told · 3 not recorded · 4 an objection has to be weighed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

import typer

from belofte.choices.events import Event, Kind, Origin
from belofte.cli.choices.person import (
    Categories,
    Channels,
    Choosing,
    Purposes,
    kinds_of,
    met,
    recorded,
    refused,
    subjects_of,
    tell,
    when,
)
from belofte.cli.ending import Code, Ending
from belofte.cli.output import diagnostics
from belofte.cli.request.asking import NOTHING, answering, desk_of
from belofte.cli.telling import ending_untold
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights import objection, restriction, withdrawal
from belofte.rights.decision import Closing, Decision, known_purposes
from belofte.rights.desk import Desk

Decide = Callable[[Desk, frozenset[str], datetime], Decision]

Overrule = Annotated[
    list[str],
    typer.Option("--overrule", metavar="PURPOSE=GROUNDS", help="Compelling grounds, in words that name nobody."),
]


@answering
def run_withdraw(how: Choosing, purpose: Purposes = NOTHING, channel: Channels = NOTHING) -> None:
    """Record that a person withdraws consent: as easy as giving it, without a question (art. 7(3))."""

    def decide(desk: Desk, kinds: frozenset[str], at: datetime) -> Decision:
        return withdrawal.decide(desk.policy, kinds, at, dict.fromkeys(purpose, channel or None) or None)

    _closed(how, decide)


@answering
def run_refuse(
    how: Choosing,
    purpose: Annotated[list[str], typer.Option("--purpose", help="The purpose that she refused.")],
    channel: Channels = NOTHING,
) -> None:
    """Record that a person was asked and refused, so that nobody asks her again at every turn."""

    def decide(desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        known_purposes(desk.policy, purpose)
        made = [Closing(Kind.CONSENT_REFUSED, one, over) for one in purpose for over in channel or (None,)]
        return Decision(at, (), tuple(made))

    _closed(how, decide)


@answering
def run_object(
    how: Choosing,
    purpose: Purposes = NOTHING,
    marketing: Annotated[bool, typer.Option("--marketing", help="To direct marketing only.")] = False,
    uphold: Annotated[list[str], typer.Option("--uphold", metavar="PURPOSE", help="It is upheld.")] = NOTHING,
    overrule: Overrule = NOTHING,
) -> None:
    """Record an objection, or the word on one: to direct marketing it is absolute, others are weighed (art. 21)."""
    grounds = {name: why for name, _, why in (one.partition("=") for one in overrule)}
    asked = [*purpose, *uphold, *grounds]

    def decide(desk: Desk, kinds: frozenset[str], at: datetime) -> Decision:
        return objection.decide(
            desk.policy, kinds, at, asked or None, direct_marketing_only=marketing, upheld=frozenset(uphold),
            overruled=grounds,
        )  # fmt: skip

    _closed(how, decide)


@answering
def run_restrict(
    how: Choosing,
    ground: Annotated[
        Literal["accuracy", "unlawful", "claim", "objection"], typer.Option("--ground", help="Why (art. 18(1)(a)-(d)).")
    ],
    category: Categories = NOTHING,
) -> None:
    """Keep a person's data and use it no more, per category, on a ground of art. 18."""

    def decide(desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        asked = dict.fromkeys(category or [ALL_CATEGORIES], restriction.Asked(ground, True))
        return restriction.decide(desk.policy, asked, at)

    _closed(how, decide)


@answering
def run_deceased(
    how: Choosing,
    mistaken: Annotated[bool, typer.Option("--mistaken", help="She lives: what was recorded was wrong.")] = False,
) -> None:
    """Record that a person has died: outreach stops, nothing is removed for it."""

    def decide(_desk: Desk, _kinds: frozenset[str], at: datetime) -> Decision:
        return Decision(at, (), (Closing(Kind.DEATH_CORRECTED if mistaken else Kind.DEATH_RECORDED),))

    _closed(how, decide, origin=Origin.STAFF)


def _closed(how: Choosing, decide: Decide, origin: Origin = Origin.PERSON) -> None:
    """Record what follows from a decision for everybody who may be meant, and tell what is left open."""
    with desk_of(how.directory) as desk:
        moment = when(how.at, desk.clock())
        meeting = met(desk, how.person, how.confirm, quiet=how.as_json)
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
        made = recorded(desk, meeting, events)
        tell(desk, meeting, made, how.as_json, outcomes=outcomes)
        for one in dict.fromkeys((o.purpose, o.words.en) for o in decision.refusals):
            diagnostics().print(f"{one[0] or 'restriction'}: {one[1]}", markup=False)
    if decision.open:
        waits = ", ".join(sorted({str(one.purpose) for one in decision.open}))
        raise Ending(Code.CANNOT_TELL, f"to be weighed: {waits}", "give the word: `--uphold PURPOSE` or `--overrule`")
    ending_untold(made.untold)
