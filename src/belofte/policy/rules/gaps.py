"""Gaps that a starter or a draft left for the company to fill (GDPR art. 5(2), 12(1)): a text that says `FILL-IN`.

Where only certain values can stand, loading refuses the gap already; this rule finds those in free text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel

from belofte.policy.findings import Hits
from belofte.policy.model import Policy, Text
from belofte.policy.rules.rule import Rule

GAP = "FILL-IN"
FILL_IN = "FILL_IN"
LAW = "art. 5(2), 12(1)"
MEND = "write what belongs there, or leave the key out where it need not be said"


def gaps(part: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, message) of every value in a policy or a data map that is still a gap, in order."""
    if isinstance(part, str):
        if GAP in part:
            yield path, f"`{path}` still says `{GAP}`"
        return
    for name, below in _inside(part):
        yield from gaps(below, f"{path}.{name}" if path and name else name or path)


def _inside(part: object) -> Iterator[tuple[str, object]]:
    """Yield (key, value) of what a part of the language holds; a bare text has no key of its own."""
    if isinstance(part, Text):
        yield from (("" if language == "*" else language, words) for language, words in part.root.items())
    elif isinstance(part, BaseModel):
        yield from ((info.alias or name, getattr(part, name)) for name, info in type(part).model_fields.items())
    elif isinstance(part, Mapping):
        yield from ((str(key), value) for key, value in part.items())
    elif isinstance(part, list | tuple):
        yield from ((str(index), value) for index, value in enumerate(part))


def _policy(policy: Policy, today: date) -> Hits:
    yield from gaps(policy)


RULES = (Rule(FILL_IN, "error", LAW, MEND, _policy),)
