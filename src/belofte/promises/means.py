"""Which function exercises or measures each means of the policy language (`policy/promise.py` says what they are)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from belofte.policy.promise import Means
from belofte.promises import (
    announced,
    declared,
    identified,
    imagined,
    letting_go,
    mapped,
    reaching,
    readers,
    receiving,
    recorded,
    suppressed,
)
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome

Reads = Literal["declared", "stores", "stores and choices", "records"]
"""What a means is measured from, beside the policy, the maps and the day. What reads records is always read anew."""


@dataclass(frozen=True)
class Exercise:
    """How a means is exercised, and from what."""

    run: Callable[[Matter, Scope], Outcome]
    reads: Reads = "declared"


EXERCISES: Mapping[Means, Exercise] = {
    Means.ACCESS: Exercise(imagined.accessed),
    Means.ANNOUNCED: Exercise(announced.announced, "records"),
    Means.AUTHORITIES: Exercise(receiving.demanded),
    Means.BREACHES: Exercise(recorded.notified, "records"),
    Means.CHECK: Exercise(declared.checked),
    Means.CHOICES: Exercise(reaching.reached, "stores and choices"),
    Means.COMPLAINTS: Exercise(recorded.answered, "records"),
    Means.DISCLOSURES: Exercise(recorded.disclosed, "records"),
    Means.EEA: Exercise(declared.places),
    Means.ERASURE: Exercise(imagined.erased, "stores"),
    Means.IDENTITY: Exercise(identified.identified, "stores"),
    Means.LATE: Exercise(letting_go.still_there, "stores and choices"),
    Means.LINKS: Exercise(declared.linked),
    Means.LOG: Exercise(recorded.logged, "records"),
    Means.MAP: Exercise(mapped.mapped, "stores"),
    Means.NOTICE: Exercise(declared.noticed),
    Means.OBJECTION: Exercise(imagined.objected),
    Means.OVERDUE: Exercise(letting_go.overdue, "stores and choices"),
    Means.PORTABILITY: Exercise(imagined.ported),
    Means.READERS: Exercise(readers.tried, "stores"),
    Means.RECIPIENTS: Exercise(receiving.received, "stores"),
    Means.RECTIFICATION: Exercise(imagined.corrected),
    Means.REQUESTS_IN_TIME: Exercise(recorded.in_time, "records"),
    Means.RESTRICTION: Exercise(imagined.restricted),
    Means.SPECIAL: Exercise(mapped.special, "stores"),
    Means.SUPPRESSION: Exercise(suppressed.suppressed, "records"),
    Means.TRANSFERS: Exercise(declared.transferred),
    Means.WITHDRAWAL: Exercise(imagined.withdrawn),
}
