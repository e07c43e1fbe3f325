"""What Belofte's own database records, held against what is promised: in time, with reasons, as declared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from belofte.database import promises
from belofte.database.promises import Asked
from belofte.evidence.fsck import fsck
from belofte.incidents.register import register
from belofte.law.breach import is_late
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.receiving import LAWFUL
from belofte.promises.sentence import Sentence, sentence

EXTRACTS = "extracts"
"""The folder of the company in which extracts are kept: each file in it has to be a recorded disclosure."""
YEAR = timedelta(days=365)
"""How long an answer that came too late is counted."""


def in_time(matter: Matter, _scope: Scope) -> Outcome:
    """Count the requests that are past their day without an answer, or were answered after it within the last year."""
    return _answered(matter, sentence("request"), promises.requests_since(matter.desk.db, matter.at - YEAR))


def answered(matter: Matter, _scope: Scope) -> Outcome:
    """Count the complaints that are past their term without an answer, or were answered after it in the last year."""
    return _answered(matter, sentence("complaint"), promises.complaints_since(matter.desk.db, matter.at - YEAR))


def _answered(matter: Matter, what: Sentence, known: Sequence[Asked]) -> Outcome:
    late = [one for one in known if (one.closed_on or matter.today) > one.due]
    opened = sum(1 for one in known if one.closed_on is None)
    figures = {f"{what}s": len(known), "open": opened, "late": len(late)}
    return outcome(
        figures,
        (sentence("%(what)s %(name)s: was due on %(day)s", what=what, name=one.short, day=one.due) for one in late),
    )


def notified(matter: Matter, _scope: Scope) -> Outcome:
    """Count breaches neither notified within 72 hours, nor later with a reason, nor decided not to be (art. 33(1))."""
    known = [one for one in register(matter.desk.db) if one.due is not None]
    found = []
    for one in known:
        left, told = one.left(matter.at), one.told("authority")
        if left is not None and left < timedelta():
            found.append(
                sentence(
                    "breach %(breach)s: its 72 hours were over at %(moment)s UTC",
                    breach=one.short,
                    moment=f"{one.due:%Y-%m-%d %H:%M}",
                )
            )
        elif told and is_late(one.incident(), told[0].at) and not (told[0].late_because or "").strip():
            found.append(
                sentence("breach %(breach)s: was notified after its 72 hours, without a reason", breach=one.short)
            )
    running = sum(1 for one in known if one.runs)
    return outcome({"breaches": len(known), "running": running, "late": len(found)}, found)


def disclosed(matter: Matter, _scope: Scope) -> Outcome:
    """Count disclosures that the policy does not name, or without a ground; and extracts that nobody recorded."""
    policy, found = matter.policy, list[Sentence]()
    recorded = promises.disclosures(matter.desk.db)
    for one in recorded:
        recipient = policy.recipients.get(one.recipient)
        if recipient is None:
            found.append(
                sentence(
                    "disclosure %(number)s: the policy has no recipient `%(recipient)s`",
                    number=one.id,
                    recipient=one.recipient,
                )
            )
            continue
        purpose = policy.purposes.get(one.purpose)
        if purpose is None or (one.purpose not in recipient.purposes and one.recipient not in purpose.recipients):
            found.append(
                sentence(
                    "disclosure %(number)s: `%(recipient)s` receives nothing for `%(purpose)s`",
                    number=one.id,
                    recipient=one.recipient,
                    purpose=one.purpose,
                )
            )
        if recipient.role in LAWFUL and not one.ground.strip() and recipient.ground is None:
            found.append(
                sentence(
                    "disclosure %(number)s: `%(recipient)s` was given it without a ground",
                    number=one.id,
                    recipient=one.recipient,
                )
            )
    known = {one.digest for one in recorded}
    files = list(_extracts(matter.folder))
    for file in files:
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").digest() not in known:
                found.append(
                    sentence(
                        "`%(file)s` is no disclosure that was recorded", file=file.relative_to(matter.folder).as_posix()
                    )
                )
    return outcome({"disclosures": len(recorded), "files": len(files)}, found)


def logged(matter: Matter, _scope: Scope) -> Outcome:
    """Hold the log against itself and against the tables whose rows it commits to."""
    checked = fsck(matter.desk.db)
    acknowledged = len(checked.findings) - len(checked.open)
    figures = {
        "acts": checked.acts, "signed heads": checked.heads, "findings": len(checked.open),
        "acknowledged": acknowledged,
    }  # fmt: skip
    return outcome(figures, (sentence("`%(table)s`: %(what)s", table=one.table, what=one.what) for one in checked.open))


def _extracts(folder: Path) -> Iterator[Path]:
    """Yield the files of extracts that the company keeps in its folder, without hidden and unfinished ones."""
    for file in sorted((folder / EXTRACTS).glob("**/*")):
        if file.is_file() and not file.name.startswith(".") and file.suffix != ".part":
            yield file
