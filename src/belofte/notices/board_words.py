"""The board of promises as people read it: where each stands, what kind of thing holds it, and by what.

What broke a promise, and what mends it, says `promises.sentence`; tables, files and commands are named as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from belofte.notices.words import Words, mark

HEADS = (mark("promise"), mark("state"), mark("since"), mark("held by"), mark("what it says"))
"""What the columns of the board are called."""
STATES = {
    "kept": mark("kept (as declared)"),
    "broken": mark("deviation"),
    "cannot-tell": mark("cannot tell"),
}
"""Where a promise stands. Kept says no more than: as declared."""
HOLDS = {
    "enforced": mark("enforced"),
    "proven": mark("proven"),
    "attested": mark("vouched for"),
    "planned": mark("planned"),
}
"""What kind of thing holds a promise."""
MEANS = {
    "access": mark("access to one’s data"),
    "announced": mark("changes are announced"),
    "authorities": mark("no authority without a ground"),
    "breaches": mark("breaches notified in time"),
    "check": mark("the policy against the law"),
    "choices": mark("what people chose"),
    "complaints": mark("complaints answered in time"),
    "disclosures": mark("the register of disclosures"),
    "eea": mark("nothing outside the EEA"),
    "erasure": mark("erasure"),
    "identity": mark("nobody passes for another"),
    "late": mark("nothing stays a month too long"),
    "links": mark("what pages carry of others"),
    "log": mark("the log is whole"),
    "map": mark("all data is mapped"),
    "notice": mark("the notice says it all"),
    "objection": mark("objection"),
    "overdue": mark("nothing is kept too long"),
    "portability": mark("portability"),
    "readers": mark("readers see their purpose only"),
    "recipients": mark("recipients get what they need"),
    "rectification": mark("rectification"),
    "requests-in-time": mark("requests answered in time"),
    "restriction": mark("restriction"),
    "special": mark("sensitive data declared"),
    "suppression": mark("who is erased does not come back"),
    "transfers": mark("transfers have their ground"),
    "withdrawal": mark("withdrawal of consent"),
    "attestation": mark("somebody’s word"),
}
"""What holds it: each means of the policy language, and somebody's word."""


def held(words: Words, holds: str, by: Iterable[str]) -> str:
    """Return what holds a promise, in words: what kind of thing, and which."""
    kind, named = words.say(HOLDS[holds]), ", ".join(words.say(MEANS[one]) for one in by)
    return words.say("%(name)s: %(words)s", name=kind, words=named) if named else kind


def summary(words: Words, counts: Mapping[str, int], planned: int) -> str:
    """Return how many promises stand where; those that are planned by themselves."""
    said = {
        "kept": words.say_n("%(n)s kept (as declared)", "%(n)s kept (as declared)", counts["kept"]),
        "broken": words.say_n("%(n)s deviation", "%(n)s deviations", counts["broken"]),
        "cannot-tell": words.say_n("%(n)s cannot be told", "%(n)s cannot be told", counts["cannot-tell"]),
    }
    return ", ".join(
        [*(said[state] for state in counts), words.say("%(n)s planned, which are never kept", n=words.number(planned))]
    )


def ran(words: Words, run: int, seconds: float) -> str:
    """Return which run it was, and how long it took."""
    return words.say("run %(run)s, %(seconds)s s", run=run, seconds=f"{seconds:.1f}")


def unchanged(words: Words, parts: int) -> str:
    """Return how many parts were not measured anew."""
    return words.say_n(
        "%(n)s part did not change since it was measured; `--anew` measures it all",
        "%(n)s parts did not change since they were measured; `--anew` measures them all",
        parts,
    )
