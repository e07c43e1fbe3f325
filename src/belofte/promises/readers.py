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
from belofte.promises.sentence import Sentence, of_store, sentence
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
    found: list[Sentence] = []
    unclear: list[Sentence] = []
    for name in matter.desk.sql_stores:
        if name not in enforced(matter.desk):
            if f"{name}:*" in scope.accounts:
                figures["accounts vouched for"] += 1
            else:
                unbound = sentence("it does not bind its readers (`mode: enforce` in its map does)")
                unclear.append(of_store(name, unbound))
            continue
        opened = matter.opened(name)
        if isinstance(opened, Sentence):
            unclear.append(opened)
            continue
        try:
            _store(matter, scope, opened, figures, found, unclear)
        except Failed as silent:
            unclear.append(of_store(name, silent.why))
    if not matter.desk.sql_stores:
        unclear.append(sentence("no store is connected: there is nobody who reads"))
    return outcome(figures, found, unclear)


def _store(
    matter: Matter, scope: Scope, opened: Opened, figures: dict[str, int], found: list[Sentence],
    unclear: list[Sentence],
) -> None:  # fmt: skip
    name = opened.name
    why: str | None = unfit(opened)
    if why is None:
        with session(opened.store) as looking:
            why = None if journal.made(looking) else sentence("nothing was applied yet: `belofte apply` does")
    if why is not None:
        unclear.append(of_store(name, why))
        return
    figures["stores"] += 1
    planned = matter.once(("plan", name), lambda: plan_of(matter.desk, opened, counting=False))
    _changed(planned, found, unclear)
    _past(planned, scope, figures, unclear)
    if opened.store.dialect == "postgres":
        tries = matter.once(("tries", name), lambda: _forbidden(matter, opened, planned))
        for purpose in matter.purposes(scope):
            _try(matter, opened, purpose, tries.get(purpose, ()), figures, found, unclear)


def _changed(planned: StorePlan, found: list[Sentence], unclear: list[Sentence]) -> None:
    """Add what somebody changed of what was applied, and what was stated and not applied."""
    for change in planned.changes:
        if change.action in ("restore", "note") or change.why.startswith("no department"):
            found.append(of_store(planned.store, f"{change.item}: {change.why}"))
    found += [
        of_store(planned.store, sentence("%(item)s: Belofte did not make it", item=name)) for name in planned.strangers
    ]
    waiting = [one for one in planned.changes if one.action in ("create", "change", "drop") and not found]
    if waiting:
        said = sentence(
            "changes that wait to be applied: %(count)s, first %(item)s", count=len(waiting), item=waiting[0].item
        )
        unclear.append(of_store(planned.store, said))


def _past(planned: StorePlan, scope: Scope, figures: dict[str, int], unclear: list[Sentence]) -> None:
    """Add who reads base tables past the views and is vouched for by nobody."""
    for reader in (one for one in planned.readers if one.tables):
        if {reader.name, f"{planned.store}:{reader.name}", f"{planned.store}:*"} & scope.accounts:
            figures["accounts vouched for"] += 1
        else:
            unclear.append(of_store(planned.store, _past_the_views(reader.name, reader.superuser, len(reader.tables))))


def _past_the_views(account: str, superuser: bool, tables: int) -> Sentence:
    if superuser:
        return sentence("the account `%(account)s` reads everything past the views, as a superuser", account=account)
    return sentence("the account `%(account)s` reads %(count)s tables past the views", account=account, count=tables)


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
    matter: Matter, opened: Opened, purpose: str, tries: Sequence[Try], figures: dict[str, int],
    found: list[Sentence], unclear: list[Sentence],
) -> None:  # fmt: skip
    if not tries:
        return
    key = ("tried", opened.name, purpose)
    try:
        through = matter.once(key, lambda: _through(opened, purpose, tries))
    except NoReader:
        said = sentence(
            "the account that Belofte uses may not become the reader of `%(purpose)s`: give it that role, and nothing "
            "can read more than before", purpose=purpose,
        )  # fmt: skip
        unclear.append(of_store(opened.name, said))
        return
    figures["reads tried"] += len(tries)
    found += [
        of_store(opened.name, sentence("the reader of `%(purpose)s` reads `%(what)s`", purpose=purpose, what=one))
        for one in through
    ]


def _through(opened: Opened, purpose: str, tries: Sequence[Try]) -> list[Try]:
    with session(opened.store) as trying:
        return succeeded(trying, purpose_role(opened.name, purpose), tries)
