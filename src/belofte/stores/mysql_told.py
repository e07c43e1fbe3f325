"""What a MariaDB store is told of people's choices: written and read by key, one at a time per store.

INVARIANT: whoever writes locks the row of the turn first and reads the choices after: of two who tell about the same
person, the later one knows more.

Moments are kept twice: in civil time, for columns of days and civil times, and as seconds, for columns of type
TIMESTAMP. Those are compared in seconds, because a session chooses the zone in which it reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.masks import KEYS
from belofte.compiler.standing import SCHEMA, CalendarRow, Told, allowed_table, person_table
from belofte.compiler.statement import Among, Bind, Keys, Statement
from belofte.law.term import CIVIL
from belofte.policy.person import Key
from belofte.stores.bound import PersonKey
from belofte.stores.mysql_names import place
from belofte.stores.session import Session

ToldRow = tuple[int, bool, bool, int | None, datetime | None, Decimal | None, str | None]
"""A slot, whether consent is open, whether it is shut, the identity, after when (twice), restricted."""
TOLD = ("slot", "consent", "shut", "identity", "after", "after_second", "restricted")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = date(1000, 1, 1)
"""The first day that MariaDB promises to keep."""


def lock(session: Session) -> None:
    """Wait until nobody else tells this store; the lock ends with the transaction."""
    query = exp.select(column("id")).from_(_own(session, "turn"))
    query.set("locks", [exp.Lock(update=True)])
    session.rows(Statement(query), {})


def tell_slots(session: Session, slots: Mapping[Key, int]) -> None:
    """Make the store's slots these: a new one has no lease yet, one that is gone leaves nothing open."""
    known = {int(row[0]) for row in session.rows(Statement(exp.select(column("id")).from_(_own(session, "slot"))), {})}
    gone = known - set(slots.values())
    if gone:
        delete = exp.Delete(this=_own(session, "slot"), where=exp.Where(this=_is_in("id", "gone")))
        session.change(Statement(delete), {"gone": _numbers(gone)})
    rows = [
        {"id": number, "purpose": purpose, "channel": channel}
        for (purpose, channel), number in slots.items()
        if number not in known
    ]
    session.insert(_insert(session, "slot", ("id", "purpose", "channel")), rows)


def tell_keys(session: Session, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Write the halves of the keys with which purposes see pseudonyms in place of what was there."""
    session.change(Statement(exp.Delete(this=_own(session, KEYS))), {})
    columns = ("purpose", "inner_half", "outer_half")
    given = [dict(zip(columns, (purpose, *halves), strict=True)) for purpose, halves in keys.items()]
    session.insert(_insert(session, KEYS, columns), given)


def lease(session: Session, until: datetime, at: datetime) -> None:
    """Let what the store was told hold until a moment."""
    given = {name: one.astimezone(UTC).replace(tzinfo=None) for name, one in (("until", until), ("told_at", at))}
    sets = [exp.EQ(this=column(name), expression=Bind(this=name)) for name in given]
    session.change(Statement(exp.Update(this=_own(session, "slot"), expressions=sets), given), {})


def told_until(session: Session) -> tuple[datetime | None, datetime | None]:
    """Return until when the store's leases hold, and when it was last told everything."""
    query = exp.select(exp.Min(this=column("until")), exp.Min(this=column("told_at"))).from_(_own(session, "slot"))
    until, at = (one.replace(tzinfo=UTC) if one is not None else None for one in session.rows(Statement(query), {})[0])
    return until, at


def tell_calendar(session: Session, rows: Iterable[CalendarRow]) -> None:
    """Write the first days of terms in place of what was there."""
    session.change(Statement(exp.Delete(this=_own(session, "first_day"))), {})
    given = [
        {
            "term": term, "today": today, "day": max(day, FIRST_DAY), "local": max(local, datetime(1000, 1, 1)),
            "aware": int(_seconds(aware)),
        }
        for term, today, day, local, aware in rows
    ]  # fmt: skip
    session.insert(_insert(session, "first_day", ("term", "today", "day", "local", "aware")), given)


def told_of(
    session: Session, entry: str, kinds: Sequence[str], keys: Sequence[PersonKey], slots: Sequence[int]
) -> dict[PersonKey, list[ToldRow]]:
    """Return what the store was told of people, by key."""
    found: dict[PersonKey, list[ToldRow]] = {}
    if not keys:
        return found
    names = _names(kinds)
    query = exp.select(*(column(name) for name in (*names, *TOLD))).from_(_own(session, allowed_table(entry)))
    query = query.where(_is_in("slot", "slots")).where(_is_one(names))
    for row in session.rows(Statement(query), {"slots": _numbers(slots), "keys": _keys(kinds, keys)}):
        found.setdefault(row[: len(names)], []).append(row[len(names) :])
    return {key: sorted(rows) for key, rows in found.items()}


def tell(
    session: Session, entry: str, kinds: Sequence[str], rows: Mapping[PersonKey, Sequence[ToldRow]],
    slots: Sequence[int],
) -> None:  # fmt: skip
    """Write what a store is to know of these people in place of what it knew."""
    names, table = _names(kinds), allowed_table(entry)
    where = exp.and_(_is_in("slot", "slots"), _is_one(names))
    delete = exp.Delete(this=_own(session, table), where=exp.Where(this=where))
    session.change(Statement(delete), {"slots": _numbers(slots), "keys": _keys(kinds, list(rows))})
    columns = (*names, *TOLD)
    given = [dict(zip(columns, (*key, *one), strict=True)) for key, told in rows.items() for one in told]
    session.insert(_insert(session, table, columns), given)


def tell_persons(
    session: Session, entry: str, kinds: Sequence[str], whose: Mapping[PersonKey, Sequence[int]],
    led: Collection[int] = (),
) -> None:  # fmt: skip
    """Write whose rows these are, where the store knows otherwise; by key, whoever led here."""
    had = _handles_of(session, entry, kinds, list(whose))
    moved = {key: own for key, own in whose.items() if sorted(own) != had.get(key, [])}
    if not moved:
        return
    names, table = _names(kinds), person_table(entry)
    delete = exp.Delete(this=_own(session, table), where=exp.Where(this=_is_one(names)))
    session.change(Statement(delete), {"keys": _keys(kinds, list(moved))})
    columns = (*names, "handle")
    given = [dict(zip(columns, (*key, one), strict=True)) for key, own in moved.items() for one in own]
    session.insert(_insert(session, table, columns), given)


def _handles_of(
    session: Session, entry: str, kinds: Sequence[str], keys: Sequence[PersonKey]
) -> dict[PersonKey, list[int]]:
    """Return the handles of the people of rows, in order."""
    found: dict[PersonKey, list[int]] = {}
    if not keys:
        return found
    names = _names(kinds)
    query = exp.select(*(column(name) for name in (*names, "handle"))).from_(_own(session, person_table(entry)))
    for *key, handle in session.rows(Statement(query.where(_is_one(names))), {"keys": _keys(kinds, keys)}):
        found.setdefault(tuple(key), []).append(handle)
    return {key: sorted(own) for key, own in found.items()}


def persons(session: Session, entry: str, kinds: Sequence[str], handles: Collection[int]) -> dict[int, list[PersonKey]]:
    """Return the rows of people, by the handles of these."""
    found: dict[int, list[PersonKey]] = {}
    names = _names(kinds)
    query = exp.select(*(column(name) for name in ("handle", *names))).from_(_own(session, person_table(entry)))
    for handle, *key in session.rows(Statement(query.where(_is_in("handle", "h"))), {"h": _numbers(handles)}):
        found.setdefault(handle, []).append(tuple(key))
    return found


def forget_gone(session: Session, entry: str, table: str, key: Sequence[str], kinds: Sequence[str]) -> int:
    """Let go of what the store was told of people whose rows are gone; return how many."""
    count = 0
    for relation in (allowed_table(entry), person_table(entry)):
        own = relation.rpartition(".")[2]
        same = [exp.EQ(this=column(c, "p"), expression=column(f"k{n}", own)) for n, c in enumerate(key)]
        rows = exp.select(exp.Literal.number(1)).from_(table_of(table, "p")).where(exp.and_(*same))
        gone = exp.Not(this=exp.Exists(this=rows))
        count += session.change(Statement(exp.Delete(this=_own(session, relation), where=exp.Where(this=gone))), {})
    return count


def rows_of(told: Mapping[Key, Told], slots: Mapping[Key, int], identity: int | None) -> list[ToldRow]:
    """Return what is told of one person as the store keeps it."""
    return sorted(
        (slots[key], one.consent, one.shut, identity, *_twice(one.after), one.restricted) for key, one in told.items()
    )  # fmt: skip


def _twice(after: datetime | None) -> tuple[datetime | None, Decimal | None]:
    if after is None:
        return None, None
    return after.astimezone(CIVIL).replace(tzinfo=None), _seconds(after)


def _seconds(moment: datetime) -> Decimal:
    return Decimal((moment - EPOCH) // timedelta(microseconds=1)) / 1_000_000


def _own(session: Session, table: str) -> exp.Expr:
    return table_of(f"{place(session.store.name)}.{table.removeprefix(SCHEMA + '.')}")


def _insert(session: Session, table: str, columns: Sequence[str]) -> Statement:
    names = [exp.to_identifier(name, quoted=True) for name in columns]
    given = exp.Values(expressions=[exp.Tuple(expressions=[Bind(this=name) for name in columns])])
    return Statement(exp.Insert(this=exp.Schema(this=_own(session, table), expressions=names), expression=given))


def _names(kinds: Sequence[str]) -> list[str]:
    return [f"k{number}" for number, _ in enumerate(kinds)]


def _is_in(name: str, keyset: str) -> exp.Expr:
    return Among(expressions=[column(name)], this=keyset)


def _is_one(names: Sequence[str]) -> exp.Expr:
    return Among(expressions=[column(name) for name in names], this="keys")


def _numbers(found: Iterable[int]) -> Keys:
    return Keys(("integer",), [(one,) for one in found])


def _keys(kinds: Sequence[str], keys: Sequence[PersonKey]) -> Keys:
    return Keys(tuple("other" for _ in kinds), keys)
