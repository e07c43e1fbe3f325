"""Published notices: each version's files, kept as they went out, and when each was put out.

A version says one thing for good: another text under its name is refused. What people consented under is found by the
same digest that their consent refers to (SHA-256 of the page that they read).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.notices.mended import MEND, mended
from belofte.notices.renditions import FORMS, Form
from belofte.policy.in_force import Taken, taken_up
from belofte.policy.model import Policy

FOR_PUBLISHING = 0x6E6F7469
"""The advisory lock of whoever publishes ("noti")."""

TEXT: Form = "md"
"""The form that two publications are compared by: what it says, not how it looks."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Render = Callable[[str, Form], bytes]
"""What makes the file of a language and form."""


class NotPublished(Exception):
    """A notice that cannot be published as it is; says why, and what to do."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.mend = mend


@dataclass(frozen=True)
class File:
    """A published file: of which version, in which language and form, its digest, from when it holds."""

    version: str
    language: str
    form: str
    digest: bytes
    holds_from: date
    published_at: datetime


def publish(db: Database, policy: Policy, languages: Sequence[str], render: Render, at: datetime) -> int:
    """Keep the files of a policy's version for good, and return how many are new; each is an act of the log.

    Of a language that was published before, nothing is made anew: `files_of` has it as it was. That a version is put
    out again, after another one or for another policy that says the same, is an act too. Raises `NotPublished`
    where the policy has no version, or its version was published with another text, or while other things held.
    """
    version = policy.version
    if version is None:
        raise NotPublished("the policy has no version", "add `version: {id: …, from: …}`")
    if _SAFE.fullmatch(version.id) is None:
        raise NotPublished(
            f"`{version.id}` cannot be part of an address", "name the version with letters, digits, `.`, `_`, `-`"
        )
    with db.transaction():
        db.values("notices_locked", lock=FOR_PUBLISHING)
        before = files_of(db, version.id)
        known = {language for language, _ in before}
        for language in known.intersection(languages):
            if before[language, TEXT] != render(language, TEXT):
                raise NotPublished(_otherwise(db, policy, version.id, language), MEND)
        _refuse_otherwise(db, policy)
        fresh = [(language, form) for language in languages if language not in known for form in FORMS]
        for language, form in fresh:
            db.run(
                "notice_published", version=version.id, language=language, form=form, content=render(language, form),
                holds_from=version.from_, policy_digest=policy_digest(policy), at=at,
            )  # fmt: skip
        db.run(
            "notice_put_out",
            version=version.id, holds_from=version.from_, policy_digest=policy_digest(policy), at=at,
        )  # fmt: skip
    return len(fresh)


def _otherwise(db: Database, policy: Policy, version: str, language: str) -> str:
    """Return that a version was published with another text, and of what that comes where the policy is the same."""
    said = f"version `{version}` was published with another text in `{language}`"
    if mended(db, policy, {}) is not None:
        return said
    return f"{said}: its policy says the same, so that a data map or Belofte's own sentences changed since"


def _refuse_otherwise(db: Database, policy: Policy) -> None:
    """Raise `NotPublished` where people are to be told what changed under a name that they read."""
    found = mended(db, policy, {})
    if found is not None and found.changes:
        raise NotPublished(found.says, MEND)


def files_of(db: Database, version: str) -> dict[tuple[str, Form], bytes]:
    """Return the files of a version as they went out; {} for one that was not published."""
    rows = db.values("notice_files", version=version)
    return {(cast(str, language), cast(Form, form)): cast(bytes, content) for language, form, content in rows}


def published(db: Database) -> list[File]:
    """Return every published file, the newest version first."""
    return db.rows("notices_published", File)


def digest_of(db: Database, version: str, language: str) -> str | None:
    """Return the digest of the page of a version in a language, as a consent refers to it; None where there is none."""
    found = db.values("notice_digest", version=version, language=language, form="html")
    return "sha256:" + cast(bytes, found[0][0]).hex() if found else None


def takings(db: Database) -> list[Taken]:
    """Return how versions were put out, in the order of time: again, too, where the company went back to one."""
    rows = cast(list[tuple[str, datetime, date]], db.values("versions_taken_up"))
    return taken_up(rows)
