"""The closure: which rows are about a cohort, and the joins from a row up to what decides about it.

Ownership edges are followed with foreign keys, declared links (also inside JSON, by e-mail, for one type of a
polymorphic pair), and loops of a table to itself, to a fixpoint (DESIGN §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from belofte.compiler.indexes import by_index, same_family
from belofte.compiler.logic import Condition, conjunction, disjunction, tree
from belofte.compiler.statement import Among, LookedUp
from belofte.datamap.expression import Expression
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.schema import ColumnInfo, Dialect

NO_VALUE = "∅"
"""Stands for NULL where a row without a key is told apart by all its columns."""


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a quoted column."""
    return exp.column(name, table=table, quoted=True)


def table_of(name: str, alias: str | None = None) -> exp.Expr:
    """Return a quoted table: `name` or `schema.name`."""
    schema, _, bare = name.rpartition(".")
    found = exp.Table(
        this=exp.to_identifier(bare, quoted=True), db=exp.to_identifier(schema, quoted=True) if schema else None
    )
    return exp.alias_(found, alias, quoted=True, table=True) if alias else found


def text_of(found: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return an expression as text."""
    return exp.Cast(this=found, to=exp.DataType.build("char" if dialect == "mysql" else "text", dialect=dialect))


@dataclass
class Closure:
    """The rows about a cohort in one store. `cohort` names the key set of each people entry that is asked about."""

    graph: Graph
    cohort: Mapping[str, str]
    _fresh: int = field(default=0)

    @property
    def dialect(self) -> Dialect:
        """The store's dialect."""
        return self.graph.schema.dialect

    def keyless(self, table: str) -> bool:
        """Return whether only all columns together tell a table's rows apart."""
        info = self.graph.schema.tables[table]
        mapped = self.graph.map.tables.get(table)
        stated = mapped is not None and mapped.key is not None
        return not stated and not info.primary_key and self.graph.key(table) == tuple(info.columns)

    def key(self, table: str, alias: str | None) -> list[exp.Expr]:
        """Return the expressions that tell a table's rows apart."""
        columns: list[exp.Expr] = [column(name, alias) for name in self.graph.key(table)]
        if not self.keyless(table):
            return columns
        none = exp.Literal.string(NO_VALUE)
        texts = [exp.Coalesce(this=text_of(found, self.dialect), expressions=[none.copy()]) for found in columns]
        # in hexadecimals, for MySQL's collations take `a` and `A ` for the same row
        return [exp.Hex(this=found) for found in texts] if self.dialect == "mysql" else list(texts)

    def touches(self, owner: Owner) -> bool:
        """Return whether a path leads to people that are asked about."""
        return owner.person and owner.entry in self.cohort

    def rows(self, table: str, alias: str, columns: Iterable[str | None]) -> Condition:
        """Return the condition on `alias` that its row (or one of `columns`' data) is about someone in the cohort."""
        owners = dict.fromkeys(o for name in columns for o in self.graph.people(table, name) if self.touches(o))
        simple: list[Condition] = []
        nested: list[Owner] = []
        for owner in owners:
            if self._direct(owner) and not self.graph.loops(table):
                simple.append(self.within(table, alias, owner))
            else:
                nested.append(owner)
        if not nested:
            return disjunction(simple)
        if len(nested) == 1 and not simple:
            return self.within(table, alias, nested[0])
        if self.keyless(table):
            # INVARIANT: one of several ways is no way through an index
            return disjunction([*simple, *(_read_through(self.within(table, alias, owner)) for owner in nested)])
        selects = [
            self._keys_above(table, owner, self.graph.key(table))
            if self._told_above(table, owner)
            else self._keys_where(table, lambda a, o=owner: self.within(table, a, o))
            for owner in owners
        ]
        union: exp.Query = selects[0]
        for other in selects[1:]:
            union = exp.union(union, other, distinct=True, copy=False)
        above = [owner.path[0] for owner in owners if self._told_above(table, owner)]
        alike = self._by_key(table) and all(by_index(self.graph.schema, edge) for edge in above)
        return self.among(self.key(table, alias), union, led=alike)

    def taken(self, table: str, columns: Iterable[str | None], read: Sequence[str]) -> exp.Query:
        """Return the SELECT of some columns of the rows about someone in the cohort."""
        owners = dict.fromkeys(o for name in columns for o in self.graph.people(table, name) if self.touches(o))
        selects: list[exp.Select] = []
        for owner in owners:
            told = self._told_above(table, owner) and set(read) <= set(self.graph.key(table))
            if told:
                selects.append(self._keys_above(table, owner, list(read)))
            else:
                alias = self._alias()
                outputs = [column(name, alias) for name in read]
                query = exp.select(*outputs).from_(table_of(table, alias))
                selects.append(query.where(tree(self.within(table, alias, owner))))
        alike = all(self.graph.schema.tables[table].columns[name].family != "json" for name in read)
        found: exp.Query = selects[0]
        for other in selects[1:]:
            found = exp.union(found, other, distinct=alike, copy=False)
        return found

    def _told_above(self, table: str, owner: Owner) -> bool:
        """Return whether the row above a table's row, on the way to a person, holds the very key of it."""
        edge = owner.path[0] if owner.path else None
        if edge is None or edge.columns != self.graph.key(table) or edge.when is not None or self.graph.loops(table):
            return False
        return (
            edge.json is None
            and edge.match == "exact"
            and same_family(self.graph.schema, edge)
            and not self._folds(edge)
        )

    def _keys_above(self, table: str, owner: Owner, read: Sequence[str]) -> exp.Select:
        """Return the keys of a table's rows off the rows above, on the way to the cohort, that hold them."""
        up, edge = self._alias(), owner.path[0]
        held = dict(zip(edge.columns, self.parent_side(edge, up), strict=True))
        inner = self.within(edge.parent, up, owner, 1)
        outputs = [exp.alias_(held[name], name, quoted=True) for name in read]
        return exp.select(*outputs).from_(table_of(edge.parent, up)).where(tree(inner))

    def _keys_where(self, table: str, condition: object) -> exp.Select:
        alias = self._alias()
        assert callable(condition)
        return exp.select(*self.key(table, alias)).from_(table_of(table, alias)).where(tree(condition(alias)))

    def _direct(self, owner: Owner) -> bool:
        return not owner.path or (len(owner.path) == 1 and self.is_key(owner.path[0], owner.entry))

    def is_key(self, edge: Edge, entry: str) -> bool:
        """Return whether an edge's columns hold the very key of the entry it leads to."""
        plain = edge.json is None and edge.match == "exact"
        return plain and edge.parent_columns == self.graph.entry(entry).key and same_family(self.graph.schema, edge)

    def within(self, table: str, alias: str, owner: Owner, at: int = 0) -> Condition:
        """Return the condition on `alias`, a row `at` edges up the path, that the path ends in the cohort."""
        path = owner.path[at:]
        if not path:
            return self._asked(table, self.graph.entry(owner.entry).key, alias, owner.entry, exactly=True)
        if not self.graph.loops(table):
            return self._step(alias, owner, at)
        start = self._keys_where(table, lambda a: self._step(a, owner, at))
        return self.among(self.key(table, alias), self._down(table, start), led=self._by_key(table))

    def _step(self, alias: str, owner: Owner, at: int) -> Condition:
        edge = owner.path[at]
        when = self.expression(edge.when, alias) if edge.when is not None else True
        if at == len(owner.path) - 1 and self.is_key(edge, owner.entry):
            asked = self._asked(edge.child, edge.columns, alias, owner.entry, exactly=not edge.foreign_key)
            return conjunction([asked, when])
        up = self._alias()
        inner = self.within(edge.parent, up, owner, at + 1)
        child, parent = self.child_side(edge, alias), self.parent_side(edge, up)
        rows = table_of(edge.parent, up)
        above = exp.select(*parent).from_(rows).where(tree(inner))
        found = self.among(child, above, led=by_index(self.graph.schema, edge))
        if self._folds(edge):
            exactly = exp.select(*(exact(item.copy()) for item in parent)).from_(rows.copy()).where(tree(inner).copy())
            found = exp.and_(found, self.among([exact(item.copy()) for item in child], exactly))
        return conjunction([found, when])

    def _asked(self, table: str, columns: Iterable[str], alias: str, entry: str, *, exactly: bool) -> Condition:
        """Return the condition that columns hold the key of someone in the cohort."""
        return self.member(table, tuple(columns), alias, (entry, self.cohort[entry]), exactly=exactly)

    def member(
        self, table: str, columns: tuple[str, ...], alias: str, keys: tuple[str, str], *, exactly: bool
    ) -> exp.Expr:
        """Return the condition that columns hold one of an entry's keys (its name, and the key set's).

        `exactly`: whatever the collation.

        The plain condition stays beside the exact one, for the index.
        """
        entry, name = keys
        return self._among(table, columns, alias, (name, self._key_columns(entry)), exactly=exactly)

    def row_among(self, table: str, alias: str, keys: str) -> exp.Expr:
        """Return the condition that a table's row is one of a key set of its own rows, whatever the collation."""
        info, columns = self.graph.schema.tables[table], self.graph.key(table)
        held = [info.columns[name] for name in columns]
        return self._among(table, columns, alias, (keys, held), exactly=True)

    def _among(
        self, table: str, columns: tuple[str, ...], alias: str, keys: tuple[str, list[ColumnInfo]], *, exactly: bool
    ) -> exp.Expr:
        info = self.graph.schema.tables[table]
        found: list[exp.Expr] = [column(name, alias) for name in columns]
        name, held = keys
        types = [self._array_type(info.columns[one], of) for one, of in zip(columns, held, strict=True)]
        plain = Among(expressions=found, this=name, types=types)
        loose = self.dialect == "mysql" or (
            self.dialect == "sqlite" and any(info.columns[name].folds_case for name in columns)
        )
        if not exactly or not loose or all(info.columns[name].family != "text" for name in columns):
            return plain
        exactly_ = [exact(item.copy(), self.dialect) for item in found]
        return exp.and_(plain, Among(expressions=exactly_, this=name))

    def asked_keys(self, keys: Sequence[exp.Expr], entry: str) -> exp.Expr:
        """Return the condition that expressions are, exactly, the key of someone in the cohort."""
        held = self._key_columns(entry)
        types = [self._array_type(one, one) for one in held]
        texts = self.dialect != "postgres" and any(one.family == "text" for one in held)
        exactly = [exact(item.copy(), self.dialect) if texts else item.copy() for item in keys]
        return Among(expressions=exactly, this=self.cohort[entry], types=types)

    def _key_columns(self, entry: str) -> list[ColumnInfo]:
        people = self.graph.entry(entry)
        return [self.graph.schema.tables[people.table].columns[key] for key in people.key]

    def _array_type(self, info: ColumnInfo, key: ColumnInfo) -> str | None:
        """Return as what PostgreSQL reads the keys that a column is compared with; None: as its family.

        `char(n)` is padded with blanks, which a comparison with plain text would not forgive. Numbers of the column's
        own size are looked up in a hash table, others one after the other.
        """
        if self.dialect != "postgres":
            return None
        if info.type.lower().startswith(("character(", "char(", "bpchar", "character[")):
            return "bpchar"
        return info.type if info.type == key.type and info.type in ("integer", "smallint") else None

    def _folds(self, edge: Edge) -> bool:
        """Return whether the database would match a declared link's texts more loosely than the map means."""
        loose = not edge.foreign_key and edge.match == "exact" and self.dialect == "mysql"
        return loose and (edge.json is not None or self._texts(edge))

    def _down(self, table: str, start: exp.Select) -> exp.Query:
        """Return the keys of `start` and of every row below them by the table's loops."""
        name = f"below_{self._alias()}"
        columns = [f"k{index}" for index, _ in enumerate(self.graph.key(table))]
        steps: exp.Query = start
        for loop in self.graph.loops(table):
            child, alias = self._alias(), ""
            step = exp.select(*self.key(table, child)).from_(table_of(table, child))
            below = child
            for edge in loop:
                alias = self._alias()
                step = step.join(table_of(edge.parent, alias), on=tree(self.matches(edge, below, alias)))
                below = alias
            ends = [
                exp.EQ(this=key, expression=column(k, name))
                for key, k in zip(self.key(table, alias), columns, strict=True)
            ]
            step = step.join(exp.to_table(name), on=exp.and_(*ends))
            steps = exp.union(steps, step, distinct=True, copy=False)
        recursive = exp.select(*(column(k) for k in columns)).from_(exp.to_table(name))
        return recursive.with_(
            exp.TableAlias(this=exp.to_identifier(name), columns=[exp.to_identifier(k) for k in columns]),
            as_=steps,
            recursive=True,
            copy=False,
        )

    # -- edges as conditions ---------------------------------------------------------------------------------

    def child_side(self, edge: Edge, alias: str) -> list[exp.Expr]:
        """Return an edge's values on the child's row."""
        found: list[exp.Expr] = [column(name, alias) for name in edge.columns]
        if edge.json is not None:
            return [self._inside(found[0], edge.json.removeprefix("$.").split("."))]
        return self._comparable(edge, found)

    def _inside(self, found: exp.Expr, names: list[str]) -> exp.Expr:
        """Return the text that a path leads to inside a JSON column; a JSON null is NULL."""
        if self.dialect == "postgres":
            document = exp.Cast(this=found, to=exp.DataType.build("jsonb", dialect="postgres"))
            keys = [exp.Literal.string(name) for name in names]
            return exp.Anonymous(this="jsonb_extract_path_text", expressions=[document, *keys])
        path = exp.Literal.string("$" + "".join(f'."{name}"' for name in names))
        return exp.Anonymous(
            this="JSON_VALUE" if self.dialect == "mysql" else "JSON_EXTRACT", expressions=[found, path]
        )

    def parent_side(self, edge: Edge, alias: str) -> list[exp.Expr]:
        """Return an edge's values on the parent's row."""
        found: list[exp.Expr] = [column(name, alias) for name in edge.parent_columns]
        return (
            [text_of(item, self.dialect) for item in found] if edge.json is not None else self._comparable(edge, found)
        )

    def _comparable(self, edge: Edge, found: list[exp.Expr]) -> list[exp.Expr]:
        if edge.match == "email":
            lowered: list[exp.Expr] = [exp.Lower(this=item) for item in found]
            return [exact(item) for item in lowered] if self.dialect == "mysql" else lowered
        return found if same_family(self.graph.schema, edge) else [text_of(item, self.dialect) for item in found]

    def matches(self, edge: Edge, child: str, parent: str) -> Condition:
        """Return the condition that `parent` is a row that `child` points at."""
        pairs = zip(self.child_side(edge, child), self.parent_side(edge, parent), strict=True)
        equal: list[Condition] = [self.equal(edge, left, right) for left, right in pairs]
        return conjunction([*equal, self.expression(edge.when, child) if edge.when is not None else True])

    def equal(self, edge: Edge, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Return the equality of an edge: a foreign key's own, else exact also where the database folds case."""
        plain = exp.EQ(this=left, expression=right)
        if not self._folds(edge):
            return plain
        return exp.and_(plain, exp.EQ(this=exact(left.copy()), expression=exact(right.copy())))

    def _texts(self, edge: Edge) -> bool:
        return any(self.graph.schema.tables[edge.child].columns[c].family == "text" for c in edge.columns)

    def among(self, left: list[exp.Expr], query: exp.Query, *, led: bool = False) -> exp.Expr:
        """Return the condition that values are one of a query's; `led`: an index leads to rows that have them."""
        this = left[0] if len(left) == 1 else exp.Tuple(expressions=left)
        return (LookedUp if led else exp.In)(this=this, query=exp.Subquery(this=query))

    def _by_key(self, table: str) -> bool:
        """Return whether an index leads to a table's rows by their key."""
        key = self.graph.key(table)
        return len(key) == 1 and not self.keyless(table) and self.graph.schema.tables[table].leads(key[0])

    def _alias(self) -> str:
        self._fresh += 1
        return f"r{self._fresh}"

    # -- the map's small expressions -------------------------------------------------------------------------

    def expression(self, found: Expression, alias: str) -> exp.Expr:
        """Return a fact, `where` or `when` on the rows of `alias`; text compares exactly in every dialect."""
        copied = found.tree.copy()

        def qualified(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                return column(node.name, alias)
            return node

        result = copied.transform(qualified)
        if self.dialect == "mysql":
            result = result.transform(_exactly)
        return exp.Paren(this=result) if isinstance(result, exp.Connector) else result


def _read_through(condition: Condition) -> Condition:
    """Return a condition of which nothing is looked up through an index."""
    if not isinstance(condition, exp.Expr):
        return condition
    return condition.transform(lambda node: exp.In(**node.args) if isinstance(node, LookedUp) else node)


def exact(found: exp.Expr, dialect: Dialect = "mysql") -> exp.Expr:
    """Return a text in exact comparison: MySQL's collations fold case and trailing blanks, SQLite's NOCASE case.

    In MySQL a column's bytes are those of its own character set: it is read as UTF-8 first, as what it is held against.
    """
    if isinstance(found, exp.Literal):
        plain = dialect == "sqlite" or not found.args["is_string"]
        return found if plain else exp.Cast(this=found, to=exp.DataType.build("binary", dialect="mysql"))
    if dialect == "sqlite":
        return exp.Collate(this=found, expression=exp.to_identifier("BINARY"))
    utf8 = exp.DataType(this=exp.DType.CHARACTER_SET, kind=exp.Var(this="utf8mb4"))
    return exp.Cast(this=exp.Cast(this=found, to=utf8), to=exp.DataType.build("binary", dialect="mysql"))


def _exactly(node: exp.Expr) -> exp.Expr:
    """Make comparisons with text literals exact; the plain comparison stays for the index."""
    if (
        isinstance(node, exp.EQ | exp.NEQ)
        and isinstance(node.expression, exp.Literal)
        and node.expression.args["is_string"]
    ):
        kind = type(node)
        return kind(this=exact(node.this.copy()), expression=exact(node.expression.copy()))
    if (
        isinstance(node, exp.In)
        and node.expressions
        and all(isinstance(e, exp.Literal) and e.args["is_string"] for e in node.expressions)
    ):
        return exp.In(this=exact(node.this.copy()), expressions=[exact(e.copy()) for e in node.expressions])
    return node
