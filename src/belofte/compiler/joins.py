"""The left joins from a row up its paths to the people and facts that decide about it, each path once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.logic import Condition, tree
from belofte.datamap.paths import Edge


@dataclass(frozen=True)
class Join:
    """One left join: the alias that it gives, what is joined, on what, and whether a row may match several."""

    alias: str
    joined: exp.Expr
    on: exp.Expr
    several: bool


@dataclass
class Joins:
    """The left joins from a row up its paths, each path once."""

    closure: Closure
    table: str
    root: str = "t"
    aliases: dict[tuple[Edge, ...], str] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)
    only: Callable[[str], Condition] | None = None
    """Which rows of the table are asked about at all (None: every one): loops are climbed from those alone."""
    _looped: dict[str, str] = field(default_factory=dict)

    @property
    def multiplies(self) -> bool:
        """A row may come out several times: a path that is not unique, or a loop, was joined."""
        return any(join.several for join in self.joins)

    def alias(self, path: tuple[Edge, ...]) -> str:
        """Return the alias of the row at the end of a path, joining what is not joined yet."""
        if not path:
            return self.root
        if path not in self.aliases:
            edge = path[-1]
            below = self._above_loops(edge.child, path[:-1])
            name = f"p{len(self.joins) + 1}"
            on = tree(self.closure.matches(edge, below, name))
            self.joins.append(Join(name, table_of(edge.parent, name), on, not edge.unique))
            self.aliases[path] = name
        return self.aliases[path]

    def _above_loops(self, table: str, path: tuple[Edge, ...]) -> str:
        """Return the alias of the row at the end of a path and of all rows above it by the table's loops."""
        alias, loops = self.alias(path), self.closure.graph.loops(table)
        if not loops:
            return alias
        if alias not in self._looped:
            pairs, above = f"p{len(self.joins) + 1}", f"p{len(self.joins) + 2}"
            count = len(self.closure.graph.key(table))
            low, high = [f"k{i}" for i in range(count)], [f"a{i}" for i in range(count)]
            subquery = exp.alias_(
                exp.Subquery(this=self._ancestors(table, path, low, high)), pairs, quoted=True, table=True
            )
            key = self.closure.key
            on_low = [exp.EQ(this=k, expression=column(c, pairs)) for k, c in zip(key(table, alias), low, strict=True)]
            on_high = [
                exp.EQ(this=k, expression=column(c, pairs)) for k, c in zip(key(table, above), high, strict=True)
            ]
            self.joins.append(Join(pairs, subquery, exp.and_(*on_low), True))
            self.joins.append(Join(above, table_of(table, above), exp.and_(*on_high), True))
            self._looped[alias] = above
        return self._looped[alias]

    def _ancestors(self, table: str, path: tuple[Edge, ...], low: list[str], high: list[str]) -> exp.Query:
        """Return the key of each row at the end of a path with the key of itself and of each row above it."""
        closure, name = self.closure, "above"
        below = Joins(closure, self.table, root="s", only=self.only)
        key = closure.key(table, below.alias(path))
        asked = below.apply(exp.select(*key, *(item.copy() for item in key)).from_(table_of(self.table, "s")))
        start: exp.Query = asked if self.only is None else asked.where(tree(self.only("s")))
        for loop in closure.graph.loops(table):
            step = exp.select(*(column(c, name) for c in low)).from_(exp.to_table(name))
            at = [
                exp.EQ(this=k, expression=column(c, name)) for k, c in zip(closure.key(table, "l0"), high, strict=True)
            ]
            step = step.join(table_of(table, "l0"), on=exp.and_(*at))
            for number, edge in enumerate(loop):
                step = step.join(
                    table_of(edge.parent, f"l{number + 1}"),
                    on=tree(closure.matches(edge, f"l{number}", f"l{number + 1}")),
                )
            step = step.select(*closure.key(table, f"l{len(loop)}"))
            start = exp.union(start, step, distinct=True, copy=False)
        alias = exp.TableAlias(this=exp.to_identifier(name), columns=[exp.to_identifier(c) for c in (*low, *high)])
        return (
            exp.select(*(column(c) for c in (*low, *high)))
            .from_(exp.to_table(name))
            .with_(alias, as_=start, recursive=True, copy=False)
        )

    def needed(self, outputs: Iterable[exp.Expr]) -> Joins:
        """Return the joins without those that no output reads: a left join only adds columns, or the same row again."""
        wanted = {found.table for output in outputs for found in output.find_all(exp.Column)}
        kept: list[Join] = []
        for join in reversed(self.joins):
            if join.alias in wanted:
                kept.append(join)
                wanted.update(found.table for found in join.on.find_all(exp.Column))
        return replace(self, joins=kept[::-1])

    def apply(self, query: exp.Select) -> exp.Select:
        """Return the query with the joins."""
        for join in self.joins:
            query = query.join(join.joined, on=join.on, join_type="left", copy=False)
        return query
