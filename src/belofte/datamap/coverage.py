"""What the data maps together owe the policy, as far as it shows without a live schema.

A fact that a purpose counts on must come from some store that is asked, or its term never runs out: a purpose whose
data is in no mapped column (on paper, or in Belofte's own database) is left out. A store outside the EEA belies a text
that says that no data leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from belofte.datamap.check import FACT_MISSING, facts_given
from belofte.datamap.load import LoadedMap
from belofte.datamap.model import DataMap
from belofte.law.adequacy import is_eea
from belofte.policy.findings import Finding, ranked
from belofte.policy.load import Loaded
from belofte.policy.model import Policy, Purpose
from belofte.policy.problems import listed, nearest


def coverage(loaded: Loaded, maps: Mapping[str, LoadedMap]) -> list[Finding]:
    """Return what the maps leave open of the policy; nothing when there are no maps yet."""
    found = [*_locations(loaded.policy, maps)]
    if maps:
        found += _facts(loaded, maps)
    return ranked(found)


def held_elements(datamap: DataMap, policy: Policy) -> set[str]:
    """Return the elements that a store's mapped columns and rows hold."""
    refs = [column.element for table in datamap.tables.values() for column in table.columns.values()]
    refs += [table.row for table in datamap.tables.values()]
    return {element for ref in refs if ref for element in policy.elements(ref)}


def _facts(loaded: Loaded, maps: Mapping[str, LoadedMap]) -> Iterator[Finding]:
    policy = loaded.policy
    stores = [one.map for one in maps.values() if one.map.kind == "sql"]
    given = facts_given(stores)
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
                FACT_MISSING,
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


def _locations(policy: Policy, maps: Mapping[str, LoadedMap]) -> Iterator[Finding]:
    if not policy.published.stays_in_eea:
        return
    for name, loaded in maps.items():
        if is_eea(loaded.map.location):
            continue
        yield Finding(
            "TRANSFER_CONTRADICTION",
            "error",
            "location",
            loaded.at("location"),
            f"the text says that no data leaves the EEA, and the store `{name}` is in {loaded.map.location}",
            "art. 5(1)(a), 13(1)(f)",
            "move the store into the EEA, or declare the transfer and drop `published.stays_in_eea`",
        )
