"""What scan found, as values: proposals for columns, people tables, links, hints. Counts and names, never a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Identifies = Literal["person", "shared", "organisation"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column probably holds an element. `confidence` 0..1; `reasons` say why; `special` of art. 9 or 10, if any."""

    table: str
    column: str
    element: str
    confidence: float
    reasons: tuple[str, ...]
    special: str | None = None
    inside: tuple[str, ...] = ()
    """Special elements that words inside the free text point at."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A column of a people table that says who someone is, and whether it does so for one person."""

    kind: str
    column: str
    identifies: Identifies
    reason: str


@dataclass(frozen=True, slots=True)
class People:
    """A table whose rows probably are people, of which kind, and by what they are known."""

    table: str
    kind: str
    key: tuple[str, ...]
    confidence: float
    reasons: tuple[str, ...]
    identifiers: tuple[Identifier, ...] = ()
    without_table: bool = False
    """Its rows are not people but name one (an e-mail address in a log): the identifier is the key."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that no foreign key states, before its values were compared. `prior` is what the names alone say."""

    table: str
    column: str
    target: str
    target_column: str
    prior: float
    reason: str
    by: Literal["name", "role", "self", "identifier", "values"] = "name"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Of so many different sampled values of a column, so many exist in the target."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A likely link without a foreign key, with its evidence."""

    table: str
    column: str
    target: str
    target_column: str
    confidence: float
    reasons: tuple[str, ...]
    match: Literal["exact", "email"] = "exact"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that the map has to say and scan cannot: a polymorphic pair, people inside JSON."""

    table: str
    columns: tuple[str, ...]
    what: Literal["polymorphic", "json", "organisation"]
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything scan found in one store."""

    proposals: tuple[Proposal, ...] = ()
    people: tuple[People, ...] = ()
    links: tuple[FoundLink, ...] = ()
    hints: tuple[Hint, ...] = ()
    unread: tuple[str, ...] = field(default=())
    """Tables whose values could not be sampled; judged by names only."""

    def of(self, table: str) -> list[Proposal]:
        """Return the proposals for a table's columns."""
        return [proposal for proposal in self.proposals if proposal.table == table]
