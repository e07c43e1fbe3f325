"""`belofte compare … --announce DIR`: the message to the people concerned, and who they are, ready to be mailed.

The list holds addresses: only the account that made it may read it. The log gets counts and digests.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from belofte.choices.consent import ZONE
from belofte.cli.ending import Code, Ending
from belofte.compiler.digests import policy_digest
from belofte.database.acts import Act, record
from belofte.datamap.model import UNKNOWN_KIND
from belofte.notices.announcement import announcement
from belofte.notices.telling import Telling
from belofte.notices.words import LANGUAGES
from belofte.policy.change import Change
from belofte.policy.compare import unasked
from belofte.policy.model import Policy
from belofte.policy.problems import listed
from belofte.purposes.addressees import Addressee, addressees, through
from belofte.rights.desk import Desk

COLUMNS = ("store", "entry", "key", "kind", "language", "email")


@dataclass(frozen=True)
class Prepared:
    """What was written: the files, how many people, and of how many there is no address; stores that were silent.

    `told_by_hand`: stores without a connection, whose people are not on the list. `at_most`: somebody may be on it
    twice.
    """

    files: tuple[str, ...]
    people: int
    without_address: int
    silent: tuple[str, ...]
    at_most: bool
    told_by_hand: tuple[str, ...]


def announce(
    desk: Desk, before: Policy, changes: Sequence[Change], to: Path, address: str | None
) -> Prepared:  # fmt: skip
    """Write the message in each language and the list of those concerned to a new folder, and record that.

    Those concerned: everyone whom a purpose may write to and who is of a kind that a change is about. Consent that the
    new policy makes stale is no hindrance to being told so.
    """
    told = [change for change in changes if change.told or change.asked]
    if not told:
        raise Ending(Code.FINE, "nothing changed that people are to be told")
    after = desk.policy
    if names := unasked(before, after):
        raise Ending(
            Code.INVALID, f"consents would count on as given to the new policy: {listed(names)}",
            "add `consent_since:` with the day of the change to each, so that what the message says is so",
        )  # fmt: skip
    kinds = kinds_of(told)
    concerned = {one.purpose for one in told if one.purpose}
    listing = addressees(replace(desk, policy=_fresh(before, after)), kinds, through(after, concerned))
    people = listing.people
    files = _messages(before, after, changes, address) | {"people.csv": _list(after, people)}
    _write(to, files)
    without = sum(1 for one in people if not one.address)
    with desk.db.transaction():
        record(
            desk.db, Act.ANNOUNCEMENT_PREPARED,
            {
                "from": policy_digest(before).hex(), "to": policy_digest(after).hex(), "people": len(people),
                "without_address": without, "silent": listing.silent, "kinds": kinds, "by_hand": listing.by_hand,
                "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
            },
        )  # fmt: skip
    written = tuple(str(to / name) for name in sorted(files))
    return Prepared(written, len(people), without, listing.silent, listing.at_most, listing.by_hand)


def kinds_of(told: Sequence[Change]) -> tuple[str, ...]:
    """Return the kinds of people whom changes are told; () for everybody."""
    return () if any(not one.people for one in told) else tuple(sorted({kind for one in told for kind in one.people}))


def _fresh(before: Policy, after: Policy) -> Policy:
    """Return the new policy in which no consent is stale that was not so before."""
    kept = {
        name: one.model_copy(update={"consent_since": before.purposes[name].consent_since})
        for name, one in after.purposes.items()
        if name in before.purposes
    }
    return after.model_copy(update={"purposes": {**after.purposes, **kept}})


def _messages(before: Policy, after: Policy, changes: Sequence[Change], address: str | None) -> dict[str, bytes]:
    day = after.version.from_ if after.version else datetime.now(ZONE).date()
    files: dict[str, bytes] = {}
    for language in (str(one) for one in after.languages if one in LANGUAGES):
        tellings = [Telling(policy, language, {}, day) for policy in (before, after)]
        made = announcement(tellings[0], tellings[1], changes, _at(address, after, language))
        files[f"{language}.subject.txt"] = f"{made.subject}\n".encode()
        files[f"{language}.html"] = made.html.encode()
        files[f"{language}.txt"] = made.text.encode()
    return files


def _at(address: str | None, policy: Policy, language: str) -> str | None:
    """Return where the notice of this version is in a language, below the address of all of them."""
    if address is None or policy.version is None:
        return None
    return f"{address.rstrip('/')}/{policy.version.id}/{language}.html"


def _list(policy: Policy, people: Sequence[Addressee]) -> bytes:
    spoken = [str(one) for one in policy.languages]
    out = io.StringIO(newline="")
    written = csv.writer(out)
    written.writerow(COLUMNS)
    for one in people:
        language = one.language if one.language in spoken else spoken[0]
        key = "/".join(str(part) for part in one.key)
        written.writerow((one.store, one.entry, key, one.kind or UNKNOWN_KIND, language, one.address))
    return out.getvalue().encode()


def _write(to: Path, files: Mapping[str, bytes]) -> None:
    """Write the files to a new folder that nobody else may read; where that fails, there is none of them."""
    try:
        to.mkdir(mode=0o700, parents=True)
        for name, content in files.items():
            with os.fdopen(os.open(to / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
    except FileExistsError:
        raise Ending(Code.INVALID, f"`{to}` is there already", "name a new folder: it will hold addresses") from None
    except OSError as wrong:
        reason = (wrong.strerror or "it cannot be written").lower()
        raise Ending(Code.COULD_NOT_RUN, f"`{to}`: {reason}", "name a folder that can be made") from None


def summary(prepared: Prepared) -> list[str]:
    """Return what was written, in words."""
    by = Counter(Path(name).suffix for name in prepared.files)
    most = "at most " if prepared.at_most else ""
    said = [
        f"{most}{prepared.people} people are to be told, {prepared.without_address} of them without an e-mail address"
    ]
    said.append(f"{by['.html']} languages, and `people.csv`: {Path(prepared.files[0]).parent}")
    if prepared.told_by_hand:
        said.append(f"to be told by hand, and not on the list: people in {listed(prepared.told_by_hand)}")
    if prepared.silent:
        said.append(f"these stores did not answer: {listed(prepared.silent)}")
    return said
