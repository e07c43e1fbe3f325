"""`belofte compare … --announce DIR`: the message to the people concerned, and who they are, ready to be mailed.

The list holds addresses: only the account that made it may read it. The log gets counts and digests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from belofte.choices.policies import remember
from belofte.cli.ending import Code, Ending
from belofte.cli.folder import written
from belofte.compiler.digests import policy_digest
from belofte.database.announcements import Prepared as Recorded
from belofte.database.announcements import prepare
from belofte.law.term import CIVIL
from belofte.notices.announcement import Announcement, announcement
from belofte.notices.mailing import files, mailing
from belofte.notices.telling import Telling
from belofte.notices.words import LANGUAGES
from belofte.policy.change import Change
from belofte.policy.compare import unasked
from belofte.policy.model import Policy
from belofte.policy.problems import listed
from belofte.purposes.addressees import addressees, through
from belofte.rights.desk import Desk


@dataclass(frozen=True)
class Prepared:
    """What was written: the files, how many people, and of how many there is no address; stores that were silent.

    `told_by_hand`: stores without a connection, whose people are not on the list. `at_most`: somebody may be on it
    twice. `digest` is what a second person approves before it is sent.
    """

    announcement: str
    digest: str
    files: tuple[str, ...]
    people: int
    without_address: int
    silent: tuple[str, ...]
    at_most: bool
    told_by_hand: tuple[str, ...]


def announce(
    desk: Desk, before: Policy, changes: Sequence[Change], to: Path, address: str | None, by: str
) -> Prepared:  # fmt: skip
    """Write the message in each language and the list of those concerned to a new folder, and record that.

    Those concerned: everyone whom a purpose may write to and who is of a kind that a change is about. Consent that the
    new policy makes stale is no hindrance to being told so.
    """
    told = [change for change in changes if change.told or change.asked]
    if not told:
        raise Ending(Code.FINE, "nothing changed that people are to be told")
    after = desk.policy
    if after.version is not None and before.version is not None and after.version.id == before.version.id:
        raise Ending(
            Code.INVALID, f"both are version `{after.version.id}`: whoever reads that name cannot tell them apart",
            "give the policy a new `version`, with the day from which it holds",
        )  # fmt: skip
    if names := unasked(before, after):
        raise Ending(
            Code.INVALID, f"consents would count on as given to the new policy: {listed(names)}",
            "add `consent_since:` with the day of the change to each, so that what the message says is so",
        )  # fmt: skip
    kinds = kinds_of(told)
    concerned = {one.purpose for one in told if one.purpose}
    listing = addressees(replace(desk, policy=_fresh(before, after)), kinds, through(after, concerned))
    content = files(_messages(before, after, changes, address), listing.people, desk.key, desk.country)
    made = mailing(content)
    written(to, content)
    remember(desk.db, after)
    recorded = prepare(
        desk.db, Recorded(made.digest, policy_digest(before), policy_digest(after), kinds, len(made.people),
                          listing.silent, listing.by_hand), by, desk.clock(),
    )  # fmt: skip
    without = sum(1 for one in made.people if not one.address)
    return Prepared(
        recorded.short, made.digest.hex(), tuple(str(to / name) for name in sorted(content)), len(made.people),
        without, listing.silent, listing.at_most, listing.by_hand,
    )  # fmt: skip


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


def _messages(
    before: Policy, after: Policy, changes: Sequence[Change], address: str | None
) -> dict[str, Announcement]:  # fmt: skip
    """Return the message in each language of the policy that Belofte speaks, the policy's first language first."""
    day = after.version.from_ if after.version else datetime.now(CIVIL).date()
    found = {}
    for language in (str(one) for one in after.languages if one in LANGUAGES):
        was, now = (Telling(policy, language, {}, day) for policy in (before, after))
        found[language] = announcement(was, now, changes, _at(address, after, language))
    if not found:
        raise Ending(
            Code.INVALID, "Belofte speaks none of the policy's languages", f"it speaks: {', '.join(LANGUAGES)}"
        )
    return found


def _at(address: str | None, policy: Policy, language: str) -> str | None:
    """Return where the notice of this version is in a language, below the address of all of them."""
    if address is None or policy.version is None:
        return None
    return f"{address.rstrip('/')}/{policy.version.id}/{language}.html"


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
    folder = Path(prepared.files[0]).parent
    said.append(f"nothing is sent yet: `belofte notice announce {folder}` says what would be, and who approves it")
    return said
