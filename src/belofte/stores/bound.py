"""Purpose-bound use of a store, as one interface: what is made there, what stands there, what it is told.

Every database that can bind its readers implements it in modules of its own (`binding.py` says which); what is decided
above (`purposes/`) is the same for all. A database without roles has no implementation: extracts only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from belofte.compiler.digests import digest_of
from belofte.compiler.standing import CalendarRow, Told
from belofte.compiler.views import View
from belofte.policy.person import Key
from belofte.stores.session import Row, Session

Statements = tuple[str, ...]
PersonKey = tuple[Any, ...]
Entries = Mapping[str, Sequence[str]]
"""The people entries of a store, each with the types of its key as the database spells them."""

KINDS = (
    "role", "relation", "rights", "clock", "columns", "reads", "watch", "schema", "view", "function", "usage", "member",
)  # fmt: skip
"""Kinds of items in the order in which they are made; they are dropped the other way round.

`rights` is who may do anything where the store is told, `usage` who may read a purpose's views.
"""


@dataclass(frozen=True)
class Item:
    """One thing that should stand: `kind name`, the statements that make and drop it, the purpose that it is for."""

    kind: str
    name: str
    make: Statements
    drop: Statements
    purpose: str | None = None
    says: str = ""
    """What it is, where the statements do not say so."""

    @property
    def id(self) -> str:
        """The item's name with its kind."""
        return f"{self.kind} {self.name}"

    @property
    def wanted(self) -> str:
        """The digest of how it is made."""
        return digest_of([self.make, self.says]).hex()


@dataclass(frozen=True)
class Made:
    """What Belofte made: the digest of what was wanted and of what was found after, and how it is made and dropped."""

    wanted: str
    found: str | None
    make: Statements
    drop: Statements


@dataclass(frozen=True)
class Reader:
    """An account that logs in: what it reads past the views, and the roles of ours that it acts through."""

    name: str
    superuser: bool
    tables: tuple[str, ...]
    through: tuple[str, ...]


@dataclass(frozen=True)
class Watch:
    """A people entry whose table says by itself who changed: her key, and what tells her from the next under it."""

    entry: str
    table: str
    key: tuple[str, ...]
    types: tuple[str, ...]
    identity: tuple[str, ...]
    bits: bool
    """Her key is one integer: what is told of her is a bit."""


class Making(Protocol):
    """What is made in a store, as statements."""

    ATOMIC: bool
    """A step and its line in the journal are one transaction: what was not committed was not done."""

    def place(self, store: str) -> str:
        """Return the schema that holds what a store was told, and the journal of what was done there."""

    def schema(self, store: str, purpose: str) -> str:
        """Return the schema that holds a purpose's views."""

    def purpose(self, store: str, schema: str) -> str:
        """Return the purpose whose views a schema holds."""

    def ground(self, store: str) -> Statements:
        """Return what makes that place, with the journal; a second time it does nothing."""

    def items(
        self, store: str, entries: Entries, views: Sequence[View], frozen: datetime | None = None
    ) -> Iterator[Item]:
        """Yield what should stand for these views, `columns` aside. `frozen` stops the store's clock, for a test."""

    def member(self, store: str, purpose: str, account: str) -> Item:
        """Return that an account reads for a purpose; its name is `ACCOUNT of ROLE`."""

    def mended(self, item: Item, standing: Sequence[Item]) -> Statements:
        """Return what takes from a role of ours its own rights, but those on views and functions of its that stand.

        `standing`: those of its purpose, or all where it is the views' owner.
        """

    def carry_out(self, changing: Session, statements: Iterable[str]) -> None:
        """Run statements that make or drop; where they are no part of a transaction, also a second time."""


class Looking(Protocol):
    """What stands in a store."""

    def has(self, session: Session, relation: str) -> bool:
        """Return whether a relation of ours is there."""

    def live(self, session: Session) -> dict[str, str]:
        """Return the digest of each item that stands, ours or not; and `account NAME` of each account there is."""

    def given(self, session: Session) -> dict[str, list[str]]:
        """Return what was given that widens what is ours, by item: as the statements that take it back."""

    def readers(self, session: Session) -> list[Reader]:
        """Return the accounts that read base tables past the views, or act through a role of ours."""

    def unfit(self, session: Session) -> str | None:
        """Return why readers of this very server cannot be bound, None where they can."""


class Telling(Protocol):
    """What a store is told of people's choices, by key, under one lock per store.

    INVARIANT: whoever writes takes the lock first and reads the choices after: of two who tell about the same person,
    the later one knows more.
    """

    def lock(self, session: Session) -> None:
        """Wait until nobody else tells this store; the lock ends with the transaction."""

    def tell_slots(self, session: Session, slots: Mapping[Key, int]) -> None:
        """Make the store's slots these: a new one has no lease yet, one that is gone leaves nothing open."""

    def tell_keys(self, session: Session, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Write the halves of the keys with which purposes see pseudonyms in place of what was there."""

    def lease(self, session: Session, until: datetime, at: datetime) -> None:
        """Let what the store was told hold until a moment."""

    def told_until(self, session: Session) -> tuple[datetime | None, datetime | None]:
        """Return until when the store's leases hold, and when it was last told everything."""

    def tell_calendar(self, session: Session, rows: Iterable[CalendarRow]) -> None:
        """Write the first days of terms in place of what was there."""

    def told_of(
        self, session: Session, entry: str, kinds: Sequence[str], keys: Sequence[PersonKey], slots: Sequence[int]
    ) -> dict[PersonKey, list[Any]]:
        """Return what the store was told of people, by key, as `rows_of` has it."""

    def tell(
        self, session: Session, entry: str, kinds: Sequence[str], rows: Mapping[PersonKey, Sequence[Any]],
        slots: Sequence[int],
    ) -> None:  # fmt: skip
        """Write what a store is to know of these people in place of what it knew."""

    def tell_persons(
        self, session: Session, entry: str, kinds: Sequence[str], whose: Mapping[PersonKey, Sequence[int]],
        led: Collection[int] = (),
    ) -> None:  # fmt: skip
        """Write whose rows these are, so that a later word about a person finds them. `led`: handles that led here.

        Other handles may lead to these rows for longer: whoever follows one asks the row whose it is.
        """

    def persons(
        self, session: Session, entry: str, kinds: Sequence[str], handles: Collection[int]
    ) -> dict[int, list[PersonKey]]:
        """Return the rows of people, by the handles of these."""

    def forget_gone(self, session: Session, entry: str, table: str, key: Sequence[str], kinds: Sequence[str]) -> int:
        """Let go of what the store was told of people whose rows are gone; return how many."""

    def rows_of(self, told: Mapping[Key, Told], slots: Mapping[Key, int], identity: int | None) -> list[Any]:
        """Return what is told of one person as the store keeps it; None: she is watched, not compared."""


class Watching(Protocol):
    """The watch on a store's people, where its tables can say who changed: lines, each settled once she is told of."""

    def items(self, store: str, watch: Watch) -> Iterator[Item]:
        """Yield what stands for the watch on an entry's people."""

    def stands(self, session: Session, entry: str) -> bool:
        """Return whether the watch on an entry's people stands and is on."""

    def changes(self, session: Session, entry: str, keys: Sequence[PersonKey] | None = None) -> list[int]:
        """Return the lines of an entry's people who changed, all or of these; read before the rows are."""

    def settle(self, session: Session, entry: str, lines: Sequence[int]) -> None:
        """Let go of lines about people whom the store was told of since."""


class Stating(Protocol):
    """What readers say they read for, in the store's own log."""

    def stated(self, session: Session, most: int) -> list[Row]:
        """Return (number, account, client, purpose, reason, at) of the first statements in the log."""

    def let_go(self, session: Session, numbers: Sequence[int]) -> None:
        """Delete statements from the log: they stand in Belofte's own database."""
