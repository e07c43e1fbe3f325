"""`belofte notice announce`, `notice approve`: an announcement that was prepared is approved, sent, and recorded.

Exit 0 everyone was told · 2 some are still to be told, or a second person is waited for · 1 the mail server does not
answer · 3 the folder holds no mailing, or another one than was prepared.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.compiler.digests import policy_digest
from belofte.database import announcements, requests
from belofte.database.announcements import Announcement, Busy, Standing, Telling, Told
from belofte.notices.mailing import Mailing, NoMailing, mailing
from belofte.notices.sending import Lost, NoServer, Progress, Smtp, carry_over, progress, reported, send, server
from belofte.policy.problems import listed
from belofte.policy.staff import same
from belofte.rights.desk import Desk

SERVER = "BELOFTE_SMTP"
"""The variable that names the mail server: its address holds a password."""
NAMED = 20
"""Failures that are shown; `--json` has all of them."""

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `belofte compare --announce` wrote.")]
Send = Annotated[bool, typer.Option("--send", help=f"Send it, through the server that ${SERVER} names.")]
Rate = Annotated[int, typer.Option("--rate", min=1, metavar="N", help="Send so many messages a minute at most.")]
Again = Annotated[
    bool, typer.Option("--again", help="Send it also to who was refused, and to who may have got it already.")
]
Sent = Annotated[
    Path | None,
    typer.Option("--sent", metavar="FILE", help="Record what your own mailer reports: recipient,state,reason; CSV."),
]
TellStore = Annotated[
    str | None, typer.Option("--told", metavar="STORE", help="Record that people in a store kept by hand were told.")
]
Evidence = Annotated[str | None, typer.Option("--evidence", help="What shows that they were told.")]
By = Annotated[str | None, staff("Who sends this (default: the account).")]


@dataclass(frozen=True)
class Ready:
    """A mailing that was prepared, as recorded and as it is in its folder."""

    announcement: Announcement
    mailing: Mailing


def run_announce(
    folder: Folder, do_send: Send = False, rate: Rate = 600, again: Again = False, sent: Sent = None,
    store: TellStore = None, evidence: Evidence = None, by: By = None, directory: Directory = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Tell people of a changed policy: shows what would be sent; `--send` sends it, each message once."""
    with desk_of(directory) as desk:
        ready = _ready(desk, folder)
        if store is not None:
            _told_by_hand(desk, ready, store, evidence)
        if sent is not None:
            _reported(desk, ready, sent)
        stopped = _send(desk, ready, who(by), rate, again) if do_send else None
        now = progress(desk.db, ready.announcement, ready.mailing)
        approved = _approvers(desk, ready.announcement)
    if as_json:
        json_result(_document(ready, now, approved))
    else:
        _show(ready, now)
    if stopped is not None:
        raise stopped
    if not now.over:
        raise Ending(Code.CHANGES, *_next(ready, now, approved, folder))


def run_approve(
    folder: Folder, by: Annotated[str, staff("Who approves; not who prepared or sends it.")],
    digest: Annotated[
        str | None, typer.Option("--digest", help="The digest of the mailing that was shown; without it, it is shown.")
    ] = None,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Approve, as a second person, exactly the messages and the list of an announcement: shows them first."""
    with desk_of(directory) as desk:
        ready = _ready(desk, folder)
        one, now = ready.announcement, ready.mailing.digest.hex()
        if digest != now:
            if not as_json:
                _show_messages(ready)
            why = "not approved yet; this is what it says" if digest is None else f"not approved: `{digest}` is not it"
            raise Ending(
                Code.CHANGES, f"announcement {one.short}: {why}, to {one.people} people",
                f"approve exactly this with `belofte notice approve {folder} --by {quote(by)} --digest {now}`",
            )  # fmt: skip
        _refuse_stale(desk, ready)
        if same(by, one.prepared_by):
            raise Ending(Code.INVALID, f"`{by}` prepared it", "somebody else approves it")
        requests.approve(desk.db, by, one.digest, run=one.short)
    if as_json:
        json_result({"announcement": one.short, "state": "approved", "digest": now, "by": by})
    else:
        console().print(f"announcement {one.short}: approved by {by}", markup=False)


def _ready(desk: Desk, folder: Path) -> Ready:
    """Return the mailing of a folder; ends the verb where it is not what was prepared."""
    try:
        found = mailing({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()})
    except NoMailing as wrong:
        raise Ending(Code.INVALID, f"`{folder}` holds no mailing: {wrong}", _PREPARE) from None
    except OSError as wrong:
        raise Ending(Code.INVALID, f"`{folder}`: {(wrong.strerror or 'cannot be read').lower()}", _PREPARE) from None
    announcement = announcements.of(desk.db, found.digest)
    if announcement is None:
        raise Ending(Code.INVALID, f"`{folder}` is not as it was prepared: a message or the list is another", _PREPARE)
    return Ready(announcement, found)


def _refuse_stale(desk: Desk, ready: Ready) -> None:
    """End the verb where the policy moved on: what became of a message is recorded still, and none is sent."""
    if ready.announcement.to_policy != policy_digest(desk.policy):
        raise Ending(Code.INVALID, "the policy changed since this was prepared", _PREPARE)


_PREPARE = "prepare one with `belofte compare A --announce DIR`"


def _send(desk: Desk, ready: Ready, by: str, rate: int, again: bool) -> Ending | None:
    """Send what waits; return how the verb is to end where the server went."""
    _refuse_stale(desk, ready)
    one = ready.announcement
    if not _approvers(desk, one, by):
        raise Ending(
            Code.CHANGES, f"announcement {one.short}: nobody but `{by}` approved exactly this",
            f"a second person approves it: `belofte notice approve DIR --by NAME --digest {one.digest.hex()}`",
        )  # fmt: skip
    contact = desk.policy.organisation.contact.email
    if not contact:
        raise Ending(Code.INVALID, "the policy names no address to write from", "add `organisation.contact.email`")
    try:
        with announcements.alone(desk.db, one.id):
            carry_over(desk.db, one, ready.mailing, desk.clock())
            waiting = progress(desk.db, one, ready.mailing, again=again).waiting
            if waiting:
                with Smtp(server(os.environ.get(SERVER, "")), contact) as courier:
                    sender = (desk.policy.organisation.name, contact)
                    send(desk.db, one, ready.mailing, waiting, courier, sender, desk.clock, 60 / rate)
    except Busy:
        raise Ending(Code.COULD_NOT_RUN, "somebody else sends this now", "look again when that is over") from None
    except NoServer as wrong:
        return Ending(Code.COULD_NOT_RUN, str(wrong), f"${SERVER}: {wrong.mend}")
    except Lost:
        return Ending(
            Code.COULD_NOT_RUN, "the mail server went in the middle of a message: whether it came is not known",
            "run this again for the others; `--again` sends that one once more",
        )  # fmt: skip
    return None


def _approvers(desk: Desk, one: Announcement, *senders: str) -> list[str]:
    return requests.approvers(desk.db, one.digest, beside=(one.prepared_by, *senders), run=one.short)


def _reported(desk: Desk, ready: Ready, file: Path) -> None:
    try:
        with file.open(newline="", encoding="utf-8") as opened:
            reported(desk.db, ready.announcement, ready.mailing, list(csv.DictReader(opened)), desk.clock())
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Ending(Code.INVALID, f"`{file}` cannot be read as CSV", "its columns: recipient,state,reason") from None
    except ValueError as wrong:
        raise Ending(
            Code.INVALID, f"`{file}`: {wrong}", "nothing was recorded; its columns: recipient,state,reason"
        ) from None


def _told_by_hand(desk: Desk, ready: Ready, store: str, evidence: str | None) -> None:
    if store not in ready.announcement.by_hand:
        raise Ending(
            Code.INVALID, f"nobody in `{store}` is to be told by hand",
            f"these are: {listed(ready.announcement.by_hand) or 'none'}",
        )  # fmt: skip
    if not evidence:
        raise Ending(Code.INVALID, "what shows that they were told?", '`--evidence "letters of 3 March, binder 12"`')
    telling = Telling(Told.TOLD, store=store, reason=evidence)
    announcements.record(desk.db, ready.announcement.id, [telling], "hand", desk.clock())


def _next(ready: Ready, now: Progress, approved: list[str], folder: Path) -> tuple[str, str]:
    """Return what is still to be done, and by what."""
    left = len(now.waiting) + len(now.unsure) + len(now.failed) + len(now.letters)
    said = f"{left} people are still to be told" + (f", and those in {listed(now.by_hand)}" if now.by_hand else "")
    if now.waiting and not approved:
        digest = ready.mailing.digest.hex()
        return said, f"a second person approves it: `belofte notice approve {folder} --by NAME --digest {digest}`"
    if now.waiting:
        return said, f"`belofte notice announce {folder} --send`, or record what your own mailer sent: `--sent FILE`"
    return (
        said,
        "write them a letter, or reach them otherwise, and record it: `--sent FILE`, `--told STORE`",
    )


def _document(ready: Ready, now: Progress, approved: list[str]) -> dict[str, object]:
    one = ready.announcement
    return {
        "announcement": one.short, "digest": one.digest.hex(), "people": one.people, "told": now.told,
        "waiting": len(now.waiting), "letters": [each.digest.hex() for each in now.letters],
        "failed": [_standing(each) for each in now.failed], "unsure": [_standing(each) for each in now.unsure],
        "told_by_hand": list(now.by_hand), "silent": one.silent, "approved_by": approved,
    }  # fmt: skip


def _standing(one: Standing) -> Mapping[str, object]:
    return {"recipient": one.recipient.hex() if one.recipient else None, "reason": one.reason, "at": one.at}


def _show(ready: Ready, now: Progress) -> None:
    for line in _lines(ready, now):
        console().print(line, markup=False)


def _lines(ready: Ready, now: Progress) -> Iterator[str]:
    """Yield how far an announcement is; people by the beginning of their digest, as the list has it."""
    one = ready.announcement
    yield f"announcement {one.short}: {now.told} of {one.people} people were told; {len(now.waiting)} messages wait"
    if now.waiting:
        languages = sorted({each.language for each in now.waiting})
        counts = (f"{name} {sum(1 for each in now.waiting if each.language == name)}" for name in languages)
        yield f"   in {', '.join(counts)}"
    if now.letters:
        yield f"   {len(now.letters)} have no address that may be used: write them a letter"
    for said, some in (("refused", now.failed), ("nobody knows whether it came", now.unsure)):
        for each in some[:NAMED]:
            yield f"   {said}: {each.recipient.hex()[:16] if each.recipient else ''} {each.reason or ''}".rstrip()
        if len(some) > NAMED:
            yield f"   … and {len(some) - NAMED} more: `--json` has them all"
    if now.by_hand:
        yield f"   to be told by hand: people in {listed(now.by_hand)}"
    if one.silent:
        yield f"   not on the list, for they did not answer: {listed(one.silent)}"


def _show_messages(ready: Ready) -> None:
    """Show every message, so that who approves has read it."""
    for language, made in ready.mailing.messages.items():
        count = sum(1 for one in ready.mailing.people if one.language == language)
        console().print(f"— {language}, {count} people: {made.subject}\n{made.text}", markup=False)
