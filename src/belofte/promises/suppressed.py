"""Does an erased person come back by an import (DESIGN §8)? Tried in Belofte's own database, and undone.

Somebody imaginary consents, is erased, and is in the next file that is brought in, with every proof that a consent can
have: what her erasure closed has to stay closed. That holds for as long as digests lead to her; of everybody who was
erased it is counted whether they still do.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

from belofte.choices.decide import Decider
from belofte.choices.events import record
from belofte.choices.imports import Source, import_consents
from belofte.choices.subjects import Identifier, events_of, subject_of
from belofte.promises.imagined import EVERY, Somebody, on_consent, said, ways
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, sentence
from belofte.rights import erasure

DAY = timedelta(days=1)
CONSENTED, ERASED, AFTER = 4 * DAY, 2 * DAY, DAY
"""How long ago she consented, was erased, and consented again as far as a file goes that nobody but an import shows."""


def suppressed(matter: Matter, scope: Scope) -> Outcome:
    """Bring in consents of somebody who was erased, as each kind of person; count the erased whom nothing leads to."""
    found: list[Sentence] = []
    tried = 0
    for kind in matter.policy.people:
        with matter.desk.db.undone():
            for what, back in _brought_in(matter, scope, kind):
                tried += 1
                found += [what] if back else []
    ((erased, lost),) = matter.desk.db.values("erased_led_to")
    if lost:
        found.append(
            sentence(
                "of %(all)s people who were erased, nothing leads to %(lost)s: an import would bring them back",
                all=erased,
                lost=lost,
            )
        )
    figures = {"imports tried": tried, "people erased": cast(int, erased), "led to no more": cast(int, lost)}
    return outcome(figures, found)


def _brought_in(matter: Matter, scope: Scope, kind: str) -> Iterator[tuple[Sentence, bool]]:
    """Erase somebody and bring her in again; yield each way in which that may open something, and whether it did."""
    policy, db, key = matter.policy, matter.desk.db, matter.desk.key
    address = f"{uuid4().hex}@nobody.invalid"
    she = subject_of(db, key, [Identifier("email", address)])
    assert isinstance(she, UUID)
    person = Somebody(policy, matter.at)
    for purpose in on_consent(matter, Scope()):
        person = person.consented(purpose, EVERY, matter.at - CONSENTED)
    person = person.chose(*erasure.decide(policy, frozenset({kind}), matter.at).closings, at=matter.at - ERASED)
    record(db, [replace(one, subject_id=she) for one in person.events])
    keys = [(name, channel) for name in matter.purposes(scope) for channel in ways(policy, name)]
    closed = [one for one in keys if not person.reached(*one)]
    source = Source("tried", secrets.token_bytes(32), "belofte prove")
    import_consents(db, key, policy, list(_rows(matter, address, keys)), matter.at, source)
    anew = sentence("a file makes somebody new of who was erased")
    yield anew, subject_of(db, key, [Identifier("email", address)]) != she
    events = events_of(db, [she], matter.at).get(she, [])
    for name, channel in closed:
        allowed = Decider(policy, matter.at).decide(events, name, channel).allowed
        opened = sentence(
            "an import opens %(what)s for a `%(kind)s` who was erased", what=said(name, channel), kind=kind
        )
        yield opened, allowed


def _rows(matter: Matter, address: str, keys: list[tuple[str, str | None]]) -> Iterator[dict[str, str]]:
    """Yield a row per purpose and channel, from before her erasure and from after it, her address written otherwise."""
    version = matter.policy.version
    for name, channel in keys:
        for ago in (CONSENTED, AFTER):
            yield {
                "kind": "email", "value": f" {address.upper()} ", "purpose": name, "channel": channel or "",
                "at": (matter.at - ago).isoformat(), "how": "click", "notice": version.id if version else "",
                "language": matter.policy.languages[0],
            }  # fmt: skip
