"""`belofte choices grant | sale | lift`: what opens, for one person who is certain.

Exit 0 · 2 recorded, and a store is still to be told · 3 not recorded, or a consent that the law does not accept (kept
as evidence) · 4 who is meant cannot be told.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from belofte.choices.events import Event, Origin
from belofte.choices.granting import NotRecorded, Shown, failing, granted, sold, text_digest
from belofte.choices.moments import NoMoment, moment
from belofte.cli.choices.person import (
    Categories,
    Channels,
    Choosing,
    Purpose,
    met,
    recorded,
    refused,
    tell,
    the_one,
    when,
)
from belofte.cli.ending import Code, Ending
from belofte.cli.output import diagnostics
from belofte.cli.request.asking import NOTHING, answering, desk_of
from belofte.cli.telling import ending_untold
from belofte.notices.publishing import digest_of
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights import restriction
from belofte.rights.desk import Desk

Act = Literal["click", "toggle", "signature", "spoken", "scroll", "continued-use", "silence", "pre-ticked"]


@answering
def run_grant(
    how: Choosing,
    purpose: Purpose,
    act: Annotated[Act, typer.Option("--act", help="What she did.")],
    notice: Annotated[str, typer.Option("--notice", help="The version of the notice that she saw.")],
    words: Annotated[str, typer.Option("--in", metavar="LANGUAGE", help="The language she was asked in: nl, fr, en.")],
    form: Annotated[str, typer.Option("--how", help="The form or desk: `web-form`, `paper-form`, `call`.")],
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="@FILE|sha256:…", help="The words she agreed to (default: the notice as published)."
        ),
    ] = None,
    channel: Channels = NOTHING,
    where: Annotated[str | None, typer.Option("--where", help="Which page or place, without a query.")] = None,
    asked_at: Annotated[
        str | None, typer.Option("--asked-at", metavar="TIME", help="The first act of a double opt-in.")
    ] = None,
    confirmed_at: Annotated[
        str | None,
        typer.Option("--confirmed-at", metavar="TIME", help="Its second act; without, it opens nothing yet."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Its own end.")] = None,
    age: Annotated[int | None, typer.Option("--age", help="Her age, where it was asked for an online service.")] = None,
    parent: Annotated[bool, typer.Option("--parent-agreed", help="A parent agreed (art. 8).")] = False,
    explicit: Annotated[bool, typer.Option("--explicit", help="It was explicit (art. 9(2)(a)).")] = False,
    denied: Annotated[
        list[str],
        typer.Option("--not", metavar="POINT", help="What the asking failed on: apart_from_terms, refusal_equal, …"),
    ] = NOTHING,
) -> None:
    """Record a consent with what shows it; one that the law does not accept is kept as evidence and opens nothing."""
    with desk_of(how.directory) as desk:
        now = desk.clock()
        given = when(how.at, now)
        shown = Shown(
            act, notice, digest_of_text(text) if text is not None else read(desk, notice, words), words, form, where,
            asked_at=when(asked_at, now) if asked_at else None,
            confirmed_at=when(confirmed_at, now) if confirmed_at else None,
            age=age, parent_agreed=parent or None, explicit=explicit or None, denied=points(denied),
        )  # fmt: skip
        end = end_of(until)
        meeting = met(desk, how.person, how.confirm, quiet=how.as_json)
        subject = the_one(meeting)
        try:
            events = [granted(desk.policy, subject, purpose, one, shown, given, end) for one in channel or (None,)]
        except NotRecorded as error:
            raise refused(error) from None
        made = recorded(desk, meeting, events)
        fails = failing(events[0].evidence, desk.policy, purpose)
        tell(desk, meeting, made, how.as_json, failing=[{"code": f.code, "words": f.words._asdict()} for f in fails])
    if fails:
        for one in fails:
            diagnostics().print(f"{one.code} (art. {one.article}): {one.words.en}", markup=False)
        raise Ending(Code.INVALID, "the law does not accept this consent", "it is kept as evidence and opens nothing")
    ending_untold(made.untold)


def read(desk: Desk, notice: str, language: str) -> str:
    """Return the digest of the notice that she read, as it was published in her language."""
    found = digest_of(desk.db, notice, language)
    if found is None:
        raise Ending(
            Code.INVALID, f"no notice `{notice}` was published in `{language}`",
            "publish it (`belofte notice publish`), or give the words she agreed to: `--text @FILE`",
        )  # fmt: skip
    return found


@answering
def run_sale(
    how: Choosing,
    purpose: Purpose,
    channel: Annotated[str, typer.Option("--channel", help="The electronic channel: email, sms.")],
    address: Annotated[bool, typer.Option("--address-from-sale", help="She gave the address in the sale.")] = False,
    similar: Annotated[bool, typer.Option("--similar", help="What is advertised is one's own and similar.")] = False,
    refusable: Annotated[bool, typer.Option("--could-refuse", help="She could refuse, free, when asked.")] = False,
    always: Annotated[bool, typer.Option("--can-always-refuse", help="She can, in each message.")] = False,
) -> None:
    """Record a sale: the company may write to its own customer on similar products until she refuses (WER XII.13)."""
    with desk_of(how.directory) as desk:
        sold_at = when(how.at, desk.clock())
        meeting = met(desk, how.person, how.confirm, quiet=how.as_json)
        shown = {
            "address_from_sale": address,
            "similar_products": similar,
            "objection_at_collection": refusable,
            "objection_in_each_message": always,
        }
        try:
            event = sold(desk.policy, the_one(meeting), purpose, channel, shown, sold_at)
        except NotRecorded as error:
            raise refused(error) from None
        made = recorded(desk, meeting, [event])
        tell(desk, meeting, made, how.as_json)
    if not all(shown.values()):
        missing = ", ".join(name.replace("_", " ") for name, there in shown.items() if not there)
        raise Ending(Code.INVALID, f"the sale opens nothing: not shown is {missing}", "it is kept as evidence")
    ending_untold(made.untold)


@answering
def run_lift(
    how: Choosing,
    told: Annotated[str, typer.Option("--told", metavar="TIME", help="When she was told beforehand (art. 18(3)).")],
    category: Categories = NOTHING,
) -> None:
    """Lift a restriction, once the person was told that it ends (art. 18(3))."""
    with desk_of(how.directory) as desk:
        now = desk.clock()
        lifted, before = when(how.at, now), when(told, now)
        meeting = met(desk, how.person, how.confirm, quiet=how.as_json)
        subject = the_one(meeting)
        try:
            decision = restriction.lift(desk.policy, category or [ALL_CATEGORIES], lifted, told=before)
        except ValueError as error:
            raise refused(error) from None
        if not decision.closings:
            raise Ending(Code.INVALID, decision.outcomes[0].words.en, "tell her first, then lift it: `--told TIME`")
        events = [
            Event(
                c.kind, subject, lifted, category=c.category, origin=Origin.STAFF, evidence={"told": before.isoformat()}
            )
            for c in decision.closings
        ]
        made = recorded(desk, meeting, events)
        tell(desk, meeting, made, how.as_json)
    ending_untold(made.untold)


def end_of(until: str | None) -> datetime | None:
    """Return the end of a consent; `Ending` for one that is no time."""
    try:
        return moment(until) if until is not None else None
    except NoMoment as error:
        raise Ending(Code.INVALID, str(error), "write `2026-03-03`") from None


def points(denied: list[str]) -> tuple[str, ...]:
    """Return the points on which an asking failed; `Ending` for one that is none."""
    known = ("apart_from_terms", "refusal_equal", "without_detriment", "informed", "withdrawal_easy")
    strange = [one for one in denied if one not in known]
    if strange:
        raise Ending(Code.INVALID, f"`{strange[0]}` is no point of a consent", f"they are: {', '.join(known)}")
    return tuple(denied)


def digest_of_text(given: str) -> str:
    """Return the digest of the words in a file (`@FILE`), or the digest that was given itself."""
    if not given.startswith("@"):
        return given
    try:
        return text_digest(Path(given[1:]).read_bytes())
    except OSError:
        raise Ending(
            Code.COULD_NOT_RUN, f"the file `{given[1:]}` cannot be read", "it holds the words she saw"
        ) from None
