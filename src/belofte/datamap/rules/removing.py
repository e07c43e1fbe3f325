"""What is personal can go, and lies where it may (GDPR art. 17(1), 5(1)(e), ch. V).

Each column has a removal form that its constraints allow, and no ring of keys holds its rows.
"""

from __future__ import annotations

from belofte.datamap.model import Pseudonym
from belofte.datamap.removal import form, is_structural, mask
from belofte.datamap.rules.rule import Held, Rule
from belofte.law.adequacy import Safeguards, ground
from belofte.policy.findings import Hits
from belofte.policy.rules import gaps


def _no_form(held: Held) -> Hits:
    for path, table, name, column in held.columns():
        found = form(held.schema, table, name, column)
        if found.kind == "none":
            yield path, found.why or f"`{table.name}.{name}` cannot be erased the way the map says"


def _no_mask(held: Held) -> Hits:
    for name, purpose in held.policy.purposes.items():
        for path, table, column, mapped in held.columns() if purpose.masked else ():
            stated = purpose.mask(mapped.element) if mapped.element is not None else None
            if stated is None:
                continue
            found = mask(
                table.name, table.columns[column], Pseudonym(pseudonym=name) if stated == "pseudonym" else stated
            )
            if found.kind == "none":
                yield path, f"{found.why}: no view of `{name}` shows it"


def _with_row_only(held: Held) -> Hits:
    for path, table, name, column in held.columns():
        if column.element is None or column.erase is not None or is_structural(held.schema, table, name):
            continue
        found = form(held.schema, table, name, column)
        if found.kind == "row":
            why = found.why or f"`{table.name}.{name}` has no form of its own"
            yield path, f"{why}: it goes only with its whole row"


def _facts_go(held: Held) -> Hits:
    """Yield the columns by which a purpose counts, and that it does not itself keep: they go before it has counted.

    Of an aggregate whole rows go, and it is judged by those that are left.
    """
    for name, purpose in held.policy.purposes.items():
        refs = (*purpose.uses, *purpose.channels.values())
        kept = {element for ref in refs for element in held.policy.elements(ref)}
        for stated in dict.fromkeys((purpose.while_, purpose.after)):
            fact = held.graph.facts.get(stated or "")
            if fact is None or fact.aggregate is not None or fact.table not in held.map.tables:
                continue
            mapped = held.map.tables[fact.table].columns
            for column in fact.expression.columns:
                element = mapped[column].element if column in mapped else None
                if element is not None and not kept & set(held.policy.elements(element)):
                    why = f"`{name}` counts on `{stated}`, and does not use `{element}` by which it counts"
                    yield f"tables.{fact.table}.columns.{column}", why


def _rings(held: Held) -> list[tuple[str, ...]]:
    """Return the groups of mapped tables whose NOT NULL foreign keys hold each other in a ring."""
    edges: dict[str, set[str]] = {}
    for name, _, info in held.tables:
        edges[name] = {
            fk.parent
            for fk in info.foreign_keys
            if fk.parent in held.map.tables and not any(info.columns[column].nullable for column in fk.columns)
        }

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        todo = [start]
        while todo:
            for parent in edges.get(todo.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found

    beyond = {name: reached(name) for name, parents in edges.items() if parents}
    rings = {
        tuple(sorted(other for other in found if name in beyond.get(other, ())))
        for name, found in beyond.items()
        if name in found
    }
    return sorted(rings)


def _cycles(held: Held) -> Hits:
    for ring in _rings(held):
        names = ", ".join(f"`{name}`" for name in ring)
        what = "refers to itself" if len(ring) == 1 else "refer to each other"
        yield f"tables.{ring[0]}", f"{names} {what} by keys that may not be NULL: no row of it can be deleted first"


def _triggers(held: Held) -> Hits:
    for name, _, info in held.tables:
        if info.triggers and held.map.mode != "observe":
            yield f"tables.{name}", f"triggers of `{name}` run when its rows change: {', '.join(info.triggers)}"


def transfer_missing(held: Held) -> Hits:
    """Yield the store itself when it lies outside the EEA without a ground of chapter V."""
    where = held.map.location
    transfer = held.policy.transfers.get(held.map.transfer) if held.map.transfer is not None else None
    if transfer is not None and transfer.country != where:
        yield "transfer", f"the store is in `{where}` and `{held.map.transfer}` is a transfer to `{transfer.country}`"
        return
    declared = None
    if transfer is not None:
        declared = Safeguards(ground=transfer.ground, certified=transfer.certified, module=transfer.module)
    found = ground(where, declared, held.today)
    if found.code == "block":
        yield "location", f"the store is in `{where}`, outside the EEA, and no ground lets data go there"


def _gaps(held: Held) -> Hits:
    yield from gaps.gaps(held.map)


RULES = (
    Rule(
        "MAP_NO_REMOVAL", "error", "GDPR art. 17(1), 5(1)(e)",
        "choose a form that the column's constraints allow, or leave `erase` out", _no_form,
    ),
    Rule(
        "MAP_NO_MASK", "warning", "GDPR art. 5(1)(c), 25(1)",
        "choose another form under `masked` of the purpose, or give the column an element of its own", _no_mask,
    ),
    Rule(
        "MAP_WITH_ROW_ONLY", "note", "GDPR art. 17(1), 5(1)(e)",
        "let the column be NULL, or state `erase` with a form that fits", _with_row_only,
    ),
    Rule(
        "MAP_FACT_GOES", "note", "GDPR art. 5(1)(e)",
        "add the element to the purpose's `uses`: when nothing else keeps it, the purpose cannot tell when its term is "
        "over, shows nothing and lets nothing go", _facts_go,
    ),
    Rule(
        "MAP_CYCLE", "warning", "GDPR art. 17(1)",
        "let one of the keys be NULL, or keep these rows and erase their columns", _cycles,
    ),
    Rule(
        "MAP_TRIGGER", "note", "GDPR art. 17(1)",
        "make sure that they copy nothing of what is erased", _triggers,
    ),
)  # fmt: skip

TRANSFER = Rule(
    "STORE_TRANSFER", "error", "GDPR art. 44-46, 13(1)(f)",
    "declare it under `transfers` of the policy and name it with `transfer`, or move the store", transfer_missing,
)  # fmt: skip

GAP = Rule(gaps.FILL_IN, "error", f"GDPR {gaps.LAW}", gaps.MEND, _gaps)
