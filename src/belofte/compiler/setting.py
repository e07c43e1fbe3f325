"""What a compilation is about: policy and graph, the moment, the people's states, and data that is judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge
from belofte.datamap.removal import form
from belofte.law.term import CIVIL
from belofte.policy.model import Policy
from belofte.policy.person import PersonState


@dataclass(frozen=True)
class People:
    """People of one entry who share a state; `keys` names their key set, None: everyone else."""

    state: PersonState
    keys: str | None = None


Population = Mapping[str, Sequence[People]]
"""Per people entry, who is in which state. An entry that is absent holds nobody that Belofte knows."""


@dataclass(frozen=True)
class Setting:
    """What a compilation is about: policy, graph, moment, the people's states, and the tables under a hold."""

    policy: Policy
    graph: Graph
    now: datetime
    population: Population
    nobody: PersonState
    held_tables: frozenset[str] = frozenset()
    zone: tzinfo = CIVIL
    covered: frozenset[str] = frozenset()
    """Entries whose listed people are everyone in the cohort: of nobody asked about is nothing known."""
    alone: frozenset[str] = frozenset()
    """Entries of whom nobody but the cohort is on its rows. Only for what is done in the very picture of the store in
    which that was seen."""
    sweep: bool = False
    """Nobody asked: a row goes, or loses its link, only for a datum in it that nothing justifies any more.

    What a purpose hides first (`hide_first`) counts as kept until that is over too; no view shows it meanwhile.
    """
    ended: Mapping[str, str] = field(default_factory=dict)
    """Per purpose on a condition alone, the key set of the rows of its fact that ended so long ago that it may go."""

    @property
    def today(self) -> date:
        """The civil day of the moment."""
        return self.now.astimezone(self.zone).date()

    def people(self, entry: str) -> Sequence[People]:
        """Return the classes of people of an entry, those of whom nothing is known last."""
        found = list(self.population.get(entry, ()))
        return found if any(one.keys is None for one in found) else [*found, People(self.nobody)]


@dataclass(frozen=True)
class Group:
    """Data of a table that is judged together: the same element, about the same people, for the same purposes."""

    element: str
    about: str | None
    """The column whose own `about` the data has; None: the row's people."""
    declared_for: tuple[str, ...]
    columns: tuple[str, ...]
    row: bool = False
    """The row's existence is one of the data."""

    @property
    def category(self) -> str:
        """The category of the element."""
        return self.element.partition(".")[0]


_Alike = tuple[str, tuple[Edge, ...] | None, tuple[str, ...], str | None, tuple[bool, bool]]
"""What data of one group has in common: element, people, purposes declared for it, the column that links lead to.

And what becomes of it where its row stays: what can go there never waits for what cannot.
"""
_WITH_ITS_ROW = (False, True)


def groups(graph: Graph, table: str) -> list[Group]:
    """Return a table's data in groups, in the map's order. A column that links lead to is a group of its own."""
    mapped = graph.map.tables.get(table)
    if mapped is None:
        return []
    led_to = graph.led_to(table)
    found: dict[_Alike, tuple[str | None, list[str], bool]] = {}
    if mapped.row is not None:
        found[(mapped.row, None, mapped.for_, None, _WITH_ITS_ROW)] = (None, [], True)
    for name, mapped_column in mapped.columns.items():
        if mapped_column.element is None or name not in graph.schema.tables[table].columns:
            continue
        about = graph.column_about(table, name)
        alone = name if name in led_to else None
        goes = form(graph.schema, graph.schema.tables[table], name, mapped_column)
        becomes = (goes.in_place, goes.erases)
        key = (mapped_column.element, about, (*mapped.for_, *mapped_column.for_), alone, becomes)
        first, columns, row = found.get(key, (name if about is not None else None, [], False))
        found[key] = (first, [*columns, name], row)
    return [
        Group(element, about, for_, tuple(columns), row)
        for (element, _, for_, _, _), (about, columns, row) in found.items()
    ]


def moments(at: datetime, zone: tzinfo = CIVIL) -> dict[str, object]:
    """Return the present moment as each type of column compares with it: the binds of a plan that is used again."""
    utc, local = at.astimezone(UTC), at.astimezone(zone)
    return {
        "now_aware": utc,
        "now_utc": utc.replace(tzinfo=None),
        "now_local": local.replace(tzinfo=None),
        "now_day": local.date(),
    }


NoticeSpans = tuple[date, list[tuple[date, date | None]]]
"""The first notice's day, and spans of days from one notice to the next."""


def notice_spans(policy: Policy, purpose: str) -> NoticeSpans | None:
    """Return the first notice's day and the spans of days in which the notice named a purpose; None: it always did."""
    current = policy.version.from_ if policy.version is not None else None
    notices = sorted(policy.notices.values(), key=lambda notice: notice.from_)
    notices = [n for n in notices if current is None or n.from_ < current]
    if not notices or all(n.purposes is None or purpose in n.purposes for n in notices):
        return None
    starts = [(n.from_, n.purposes is None or purpose in n.purposes) for n in notices]
    if current is not None:
        starts.append((current, True))
    spans: list[tuple[date, date | None]] = []
    for (start, named), after in zip(starts, [*starts[1:], None], strict=True):
        if named:
            spans.append((start, after[0] if after is not None else None))
    return starts[0][0], spans


def named_in(policy: Policy, notice: str, purpose: str) -> bool:
    """Return whether a notice (an earlier one, or the present version) names a purpose."""
    found = policy.notices.get(notice)
    if found is None:
        return policy.version is not None and policy.version.id == notice
    return found.purposes is None or purpose in found.purposes
