"""A policy from the files of `policy/`: read, merged, checked for form and for what it refers to.

Bytes in, a value out; whoever opens the files hands over their names and contents. All problems of all files are
raised at once. Form first: references are looked at when the form holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belofte.policy.merge import merged
from belofte.policy.model import Policy
from belofte.policy.problems import Invalid, Place, Problem
from belofte.policy.references import references
from belofte.policy.source import Places, read
from belofte.policy.wording import validated


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that holds together, and where each part of it is written."""

    policy: Policy
    places: Places

    def at(self, path: str) -> Place:
        """Return the place of an element by its path (`purposes.orders.uses.0`), or of what is nearest around it."""
        return self.places.at(path)


def load(files: Mapping[str, bytes], folder: str = "policy") -> Loaded:
    """Return the policy in `files` (name as shown to people → content).

    Raises `Invalid` with every problem: what is no YAML, what is said twice, unknown and missing keys, wrong values,
    and references to what the policy does not declare.
    """
    documents = []
    problems: list[Problem] = []
    for name in sorted(files):
        document, found = read(name, files[name])
        documents.append(document)
        problems += found
    if not files:
        raise Invalid([Problem(Place(folder), "there is no policy here", "`belofte init` starts one")])
    whole, found = merged(documents, folder)
    problems += found
    if any(_unread(document.data, document.file, problems) for document in documents):
        raise Invalid(problems)
    policy, found = validated(Policy, whole.data, whole.places)
    problems += found
    if policy is not None:
        problems += references(policy, whole.places)
    if problems or policy is None:
        raise Invalid(problems)
    return Loaded(policy, whole.places)


def _unread(data: object, file: str, problems: list[Problem]) -> bool:
    """Return whether a file broke off: what it was to say is then unknown and cannot be missed."""
    return any(problem.place.file == file for problem in problems)
