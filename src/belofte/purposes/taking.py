"""Take the statements of a plan's step in a session; what the store refuses is named with what was being made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from belofte.stores.binding import binding
from belofte.stores.connect import SQLSTATES
from belofte.stores.session import Failed, Session

Items = Sequence[tuple[str, str, tuple[str, ...], tuple[str, ...]]]
"""What a plan makes, as `StorePlan.items` has it: id, digest, and how it is made and dropped."""

RIGHTS = "the account in the store's address has to own the tables, or be a member of the role that owns them"


def take(changing: Session, statements: Iterable[str], items: Items, says: str) -> None:
    """Run statements one after the other; raises `Failed` with the item of the one that is refused, or what was done.

    `says`: what the statements do, for one that is no item's.
    """
    making = binding(changing).making
    for statement in statements:
        try:
            making.carry_out(changing, (statement,))
        except Failed as failed:
            owners = (name for name, _, make, drop in items if statement in make or statement in drop)
            mend = f" ({RIGHTS})" if failed.why == SQLSTATES["42501"] else ""
            raise Failed(failed.store, f"{failed.why}, at `{next(owners, says)}`{mend}") from None
