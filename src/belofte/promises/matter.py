"""What promises are held against: policy, maps, the desk with its stores and Belofte's own database, the folder.

What several promises need is found out once. A store that does not answer is no error: what needs it cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from belofte.datamap.load import LoadedMap
from belofte.policy.load import Loaded
from belofte.policy.model import Policy
from belofte.policy.promise import Promise
from belofte.promises.sentence import Sentence, of_store
from belofte.rights.desk import Desk, Opened
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed

T = TypeVar("T")


@dataclass(frozen=True)
class Scope:
    """What of a means a promise rests on: purposes, recipients, rules (none: all); accounts that are vouched for."""

    purposes: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, promise: Promise, on: date) -> Scope:
        """Return the scope of a promise; whom an attestation vouched for, it does so until its day."""
        word = promise.attestation
        accounts = word.accounts if word is not None and on < word.expires else []
        return cls(
            frozenset(promise.purposes), frozenset(promise.recipients), frozenset(promise.rules), frozenset(accounts)
        )

    @property
    def parts(self) -> tuple[frozenset[str], ...]:
        """What it is made of."""
        return (self.purposes, self.recipients, self.rules, self.accounts)

    def about(self, purposes: Iterable[str]) -> bool:
        """Return whether what these purposes do falls under it."""
        return not self.purposes or not self.purposes.isdisjoint(purposes)


@dataclass
class Matter:
    """One company, at the moment at which its promises are held against it."""

    desk: Desk
    loaded: Loaded
    maps: Mapping[str, LoadedMap]
    folder: Path
    at: datetime
    _known: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The company's policy."""
        return self.loaded.policy

    @property
    def today(self) -> date:
        """The civil day."""
        return self.desk.today()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes for a key, made once."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def opened(self, store: str, *, read_only: bool = True) -> Opened | Sentence:
        """Return a store that answers, or why it does not."""
        try:
            return self.desk.open(store, read_only=read_only)
        except (Unreachable, Failed) as silent:
            return of_store(store, silent.why)

    def purposes(self, scope: Scope) -> list[str]:
        """Return the purposes that a scope names, or all, in the policy's order."""
        return [name for name in self.policy.purposes if not scope.purposes or name in scope.purposes]
