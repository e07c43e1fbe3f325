"""Whom each table's rows are about, as far as scan can tell: what a draft map states where the keys do not.

A row that a customer owns and a member of staff handled is about the customer: the handling is a mention, left out
and said. Where a row names its person, a second way round (her order's payment card, perhaps another's) is left out
and said too. A parent of people's rows (an address that customers point at) is about those who point at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from belofte.datamap.recognise.findings import Findings, FoundLink, People
from belofte.datamap.recognise.links import real_tables
from belofte.datamap.recognise.nouns import sort
from belofte.datamap.recognise.people import STAFF
from belofte.datamap.schema import ForeignKey, Schema


@dataclass(frozen=True, slots=True)
class Step:
    """An edge that a row is about somebody by: from columns here to columns of `parent`."""

    columns: tuple[str, ...]
    parent: str
    to: tuple[str, ...]
    declared: bool
    reverse: bool = False
    email: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Per table: the edges its rows are about people by, and those left out (to staff, or a second way round)."""

    steps: Mapping[str, tuple[Step, ...]]
    mentions: Mapping[str, tuple[Step, ...]]
    people: Mapping[str, People]

    def stated(self, table: str) -> bool:
        """Return whether the map has to state `about`: the foreign keys alone would say something else, or nothing."""
        steps = self.steps.get(table, ())
        return any(not step.declared or step.reverse for step in steps) or bool(self.mentions.get(table))


def ownership(schema: Schema, found: Findings) -> Ownership:
    """Return the ownership that foreign keys, likely links and people tables suggest."""
    people = {entry.table: entry for entry in found.people}
    edges = _edges(schema, found.links)
    ends = _ends(edges, people)
    steps: dict[str, tuple[Step, ...]] = {}
    mentions: dict[str, tuple[Step, ...]] = {}
    for table, own in edges.items():
        if table in people:
            continue
        if sort(table) == "organisation":
            continue
        leading = [s for s in own if ends.get(s.parent) and s.parent != table and _leads_on(s.parent, people)]
        staff_only = [s for s in leading if all(people[end].kind == STAFF for end in ends[s.parent])]
        others = [step for step in leading if step not in staff_only] or leading
        direct = frozenset(step.parent for step in others if step.parent in people)
        around = [s for s in others if s.parent not in people and ends[s.parent] - _staff(people) <= direct]
        kept = [step for step in others if step not in around] or others
        if kept:
            steps[table] = tuple(kept)
            mentions[table] = tuple(step for step in leading if step not in kept)
    pointed = _pointed_at(edges, people, steps, {proposal.table for proposal in found.proposals})
    return Ownership({**steps, **pointed}, mentions, people)


def _leads_on(parent: str, people: Mapping[str, People]) -> bool:
    """Return whether rows below a parent are about its people: below people and dealings, not shops and products."""
    return parent in people or sort(parent) not in ("organisation", "thing")


def _staff(people: Mapping[str, People]) -> frozenset[str]:
    return frozenset(table for table, entry in people.items() if entry.kind == STAFF)


def _edges(schema: Schema, links: Sequence[FoundLink]) -> dict[str, list[Step]]:
    edges: dict[str, list[Step]] = {table.name: [] for table in real_tables(schema)}
    for table in real_tables(schema):
        edges[table.name] += [_declared(fk) for fk in table.foreign_keys if fk.parent in edges]
    for link in links:
        reason = f"{link.confidence:.2f}: {'; '.join(link.reasons)}"
        edges[link.table].append(
            Step((link.column,), link.target, (link.target_column,), False, email=link.match == "email", reason=reason)
        )
    return edges


def _declared(fk: ForeignKey) -> Step:
    return Step(fk.columns, fk.parent, fk.parent_columns, True, reason="foreign key")


def _ends(edges: Mapping[str, Sequence[Step]], people: Mapping[str, People]) -> dict[str, frozenset[str]]:
    """Return, per table, the people tables that its rows reach, not through organisations and things."""
    ends = {table: frozenset([table]) if table in people else frozenset[str]() for table in edges}
    grown = True
    while grown:
        grown = False
        for table, own in edges.items():
            if table in people:
                continue
            reached = frozenset[str]().union(
                *(ends.get(step.parent, frozenset()) for step in own if _leads_on(step.parent, people))
            )
            if not reached <= ends[table]:
                ends[table] |= reached
                grown = True
    return ends


def _pointed_at(
    edges: Mapping[str, Sequence[Step]],
    people: Mapping[str, People],
    steps: Mapping[str, tuple[Step, ...]],
    personal: set[str],
) -> dict[str, tuple[Step, ...]]:
    """Return, for personal tables that reach nobody, the edges back to the people and dealings that point at them."""
    back: dict[str, tuple[Step, ...]] = {}
    for parent in sorted(personal - people.keys() - steps.keys()):
        if sort(parent) == "organisation":
            continue  # an organisation is about nobody: those who belong to it point at it
        pointing = [
            Step(step.to, child, step.columns, False, reverse=True, reason=f"`{child}` points at it")
            for child, own in edges.items()
            for step in own
            if step.parent == parent and (child in people or child in steps)
        ]
        if pointing:
            back[parent] = tuple(pointing)
    return back
