"""Do readers see through their purpose only? Each purpose's reader is become, and tries what it may not read.

Where an account reads base tables past the views, or a store does not bind its readers, the contrary is possible: then
nothing can be told, unless somebody answers for that account (`attestation: {accounts: [crm:backup, shop:*]}`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from belofte.compiler.views import view_name
from belofte.policy.uses import used
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.purposes.applying import plan_of, unfit
from belofte.purposes.desk import enforced
from belofte.purposes.plan import StorePlan
from belofte.rights.desk import Opened
from belofte.stores import journal
from belofte.stores.binding import binding
from belofte.stores.postgres_trying import NoReader, Try, succeeded
from belofte.stores.postgres_views import purpose_role
from belofte.stores.session import Failed, session

MOST = 20_000
"""Views of other purposes are tried one by one up to so many attempts; beyond, one view of each."""


def tried(matter: Matter, scope: Scope) -> Outcome:
    """Try every forbidden read of each purpose, in every store; look who reads past the views, and what was changed."""
    figures = {"stores": 0, "reads tried": 0, "accounts vouched for": 0}
    found: list[str] = []
    unclear: list[str] = []
    for name in matter.desk.sql_stores:
        if name not in enforced(matter.desk):
            if f"{name}:*" in scope.accounts:
                figures["accounts vouched for"] += 1
            else:
                unclear.append(f"store `{name}` does not bind its readers (`mode: enforce` in its map does)")
            continue
        opened = matter.opened(name)
        if isinstance(opened, str):
            unclear.append(opened)
            continue
        try:
            _store(matter, scope, opened, figures, found, unclear)
        except Failed as silent:
            unclear.append(f"store `{name}`: {silent.why}")
    if not matter.desk.sql_stores:
        unclear.append("no store is connected: there is nobody who reads")
    return outcome(figures, found, unclear)


def _store(
    matter: Matter, scope: Scope, opened: Opened, figures: dict[str, int], found: list[str], unclear: list[str]
) -> None:  # fmt: skip
    name = opened.name
    why = unfit(opened)
    if why is None:
        with session(opened.store) as looking:
            why = None if journal.made(looking) else "nothing was applied yet: `belofte apply` does"
    if why is not None:
        unclear.append(f"store `{name}`: {why}")
        return
    figures["stores"] += 1
    planned = matter.once(("plan", name), lambda: plan_of(matter.desk, opened, counting=False))
    _changed(planned, found, unclear)
    _past(planned, scope, figures, unclear)
    if opened.store.dialect == "postgres":
        tries = matter.once(("tries", name), lambda: _forbidden(matter, opened, planned))
        for purpose in matter.purposes(scope):
            _try(matter, opened, purpose, tries.get(purpose, ()), figures, found, unclear)


def _changed(planned: StorePlan, found: list[str], unclear: list[str]) -> None:
    """Add what somebody changed of what was applied, and what was stated and not applied."""
    for change in planned.changes:
        if change.action in ("restore", "note") or change.why.startswith("no department"):
            found.append(f"store `{planned.store}`: {change.item}: {change.why}")
    found += [f"store `{planned.store}`: {name}: Belofte did not make it" for name in planned.strangers]
    waiting = [one for one in planned.changes if one.action in ("create", "change", "drop") and not found]
    if waiting:
        unclear.append(f"store `{planned.store}`: {len(waiting)} changes wait to be applied, first {waiting[0].item}")


def _past(planned: StorePlan, scope: Scope, figures: dict[str, int], unclear: list[str]) -> None:
    """Add who reads base tables past the views and is vouched for by nobody."""
    for reader in (one for one in planned.readers if one.tables):
        if {reader.name, f"{planned.store}:{reader.name}", f"{planned.store}:*"} & scope.accounts:
            figures["accounts vouched for"] += 1
        else:
            what = "everything, as a superuser" if reader.superuser else f"{len(reader.tables)} tables"
            unclear.append(f"store `{planned.store}`: the account `{reader.name}` reads {what} past the views")


def _forbidden(matter: Matter, opened: Opened, planned: StorePlan) -> dict[str, list[Try]]:
    """Return what the reader of each purpose that has views may not read."""
    names = [item[0] for item in planned.items]
    relations = [name.removeprefix("relation ") for name in names if name.startswith("relation ")]
    views: dict[str, list[str]] = {}
    making = binding(opened.store.dialect).making
    for view in (name.removeprefix("view ") for name in names if name.startswith("view ")):
        views.setdefault(making.purpose(opened.name, view.partition(".")[0]), []).append(view)
    each = sum(map(len, views.values())) * len(views) <= MOST
    found: dict[str, list[Try]] = {}
    for purpose, own in views.items():
        foreign = [view for other, some in views.items() if other != purpose for view in (some if each else some[:1])]
        tries = [Try(name) for name in (*opened.graph.schema.tables, *relations, *foreign)]
        found[purpose] = [*tries, *_beyond(matter, opened, purpose, own)]
    return found


def _beyond(matter: Matter, opened: Opened, purpose: str, own: Sequence[str]) -> Iterator[Try]:
    """Yield the columns of what a purpose sees of tables that hold what it does not use, and link no rows."""
    uses = used(matter.policy, matter.policy.purposes[purpose])
    for table in opened.graph.mapped:
        view = next((name for name in own if name.partition(".")[2] == view_name(table)), None)
        if view is None:
            continue
        info, stated = opened.graph.schema.tables[table], opened.graph.map.tables[table].columns
        links = {name for key in info.foreign_keys for name in key.columns} | set(info.primary_key)
        for name in info.columns:
            element = stated[name].element if name in stated else None
            if name not in links and element not in (None, "none") and element not in uses:
                yield Try(view, name)


def _try(
    matter: Matter, opened: Opened, purpose: str, tries: Sequence[Try], figures: dict[str, int], found: list[str],
    unclear: list[str],
) -> None:  # fmt: skip
    if not tries:
        return
    key = ("tried", opened.name, purpose)
    try:
        through = matter.once(key, lambda: _through(opened, purpose, tries))
    except NoReader:
        unclear.append(
            f"store `{opened.name}`: the account that Belofte uses may not become the reader of `{purpose}`: "
            "give it that role, and nothing can read more than before"
        )
        return
    figures["reads tried"] += len(tries)
    found += [f"store `{opened.name}`: the reader of `{purpose}` reads `{one}`" for one in through]


def _through(opened: Opened, purpose: str, tries: Sequence[Try]) -> list[Try]:
    with session(opened.store) as trying:
        return succeeded(trying, purpose_role(opened.name, purpose), tries)
