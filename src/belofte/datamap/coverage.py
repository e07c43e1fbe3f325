"""What the data maps together owe the policy, as far as it shows without a live schema.

A fact that a purpose counts on must come from some store, or its term never runs out; a store outside the EEA is a
transfer and needs its ground (GDPR art. 44-49).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from belofte.datamap.load import LoadedMap
from belofte.datamap.model import DataMap
from belofte.law.adequacy import Safeguards, ground, is_eea
from belofte.policy.findings import Finding, ranked
from belofte.policy.load import Loaded
from belofte.policy.model import Policy, Purpose
from belofte.policy.problems import listed, nearest


def coverage(loaded: Loaded, maps: Mapping[str, LoadedMap], today: date) -> list[Finding]:
    """Return what the maps leave open of the policy; nothing when there are no maps yet."""
    found = [*_locations(loaded.policy, maps, today)]
    if maps:
        found += _facts(loaded, maps)
    return ranked(found)


def given_facts(datamap: DataMap) -> set[str]:
    """Return the facts that a store gives: its own, and `table.fact` of each table."""
    own = {f"{table}.{fact}" for table, mapped in datamap.tables.items() for fact in mapped.facts}
    return own | set(datamap.facts)


def held_elements(datamap: DataMap, policy: Policy) -> set[str]:
    """Return the elements that a store's mapped columns and rows hold."""
    refs = [column.element for table in datamap.tables.values() for column in table.columns.values()]
    refs += [table.row for table in datamap.tables.values()]
    return {element for ref in refs if ref for element in policy.elements(ref)}


def _facts(loaded: Loaded, maps: Mapping[str, LoadedMap]) -> Iterator[Finding]:
    policy = loaded.policy
    stores = [one.map for one in maps.values() if one.map.kind == "sql"]
    given = {fact for store in stores for fact in given_facts(store)}
    held = {element for store in stores for element in held_elements(store, policy)}
    for name, purpose in policy.purposes.items():
        if not held & _uses(policy, purpose):
            continue
        for key, fact in (("while", purpose.while_), ("after", purpose.after)):
            if fact is None or fact in given:
                continue
            path = f"purposes.{name}.{key}"
            near = nearest(fact, given)
            mend = f"add it to the `facts` of a store; they give: {listed(sorted(given)) or 'none'}"
            yield Finding(
                "FACT_UNGIVEN",
                "error",
                path,
                loaded.at(path),
                f"`{name}` counts on `{fact}`, which no store gives",
                "art. 5(1)(e), 5(2)",
                f"{mend}; {near}" if near else mend,
            )


def _uses(policy: Policy, purpose: Purpose) -> set[str]:
    refs = [*purpose.uses, *purpose.channels.values()]
    return {element for ref in refs for element in policy.elements(ref)}


def _locations(policy: Policy, maps: Mapping[str, LoadedMap], today: date) -> Iterator[Finding]:
    for name, loaded in maps.items():
        where = loaded.map.location
        if is_eea(where):
            continue
        place = loaded.at("location")
        if policy.published.stays_in_eea:
            message = f"the text says that no data leaves the EEA, and the store `{name}` is in {where}"
            mend = "move the store into the EEA, or declare the transfer and drop `published.stays_in_eea`"
            law = "art. 5(1)(a), 13(1)(f)"
            yield Finding("TRANSFER_CONTRADICTION", "error", "location", place, message, law, mend)
        missing = _ungrounded(policy, loaded.map, today)
        if missing:
            message = f"the store `{name}` is in {where}, outside the EEA: {missing}"
            mend = (
                "name in `transfer` a transfer of the policy with a ground that holds, or move the store into the EEA"
            )
            yield Finding("STORE_OUTSIDE_EEA", "error", "location", place, message, "art. 44-49", mend)


def _ungrounded(policy: Policy, datamap: DataMap, today: date) -> str:
    """Return what a store's transfer lacks, "" when its ground holds."""
    transfer = policy.transfers.get(datamap.transfer) if datamap.transfer else None
    if transfer is None:
        return "no transfer covers it"
    if transfer.country != datamap.location:
        return f"`{datamap.transfer}` is for {transfer.country}"
    declared = Safeguards(
        ground=transfer.ground,
        certified=transfer.certified,
        module=transfer.module,
        assessment=transfer.assessment is not None,
        authorised=transfer.authorised,
    )
    found = ground(transfer.country, declared, today)
    return "" if found.permitted else f"`{datamap.transfer}` lacks {', '.join(found.missing)}"
