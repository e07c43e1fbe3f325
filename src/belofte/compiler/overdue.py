"""What nothing justifies any more, for everybody: whose it is, how much of what, since when, and what reaches nobody.

These are questions only. A sweep asks the first to know whom to look at, and the second is its proof: after a sweep it
counts zero (DESIGN §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.erasure import in_place
from belofte.compiler.justify import Justify
from belofte.compiler.logic import Condition, conjunction, disjunction, flag, inverse, on, surely, tells, tree
from belofte.compiler.search import Others
from belofte.compiler.setting import Group, Setting
from belofte.compiler.statement import Among, Statement
from belofte.compiler.staying import removable, row_stays, with_row_only
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.facts import RowFact
from belofte.datamap.paths import Owner


@dataclass(frozen=True)
class Asked:
    """The SELECTs of people of whom a row holds too much. `left`: where this one finds no row, none of them does."""

    people: tuple[Others, ...]
    left: Statement | None = None


def overdue_people(setting: Setting, closure: Closure, *, only_removable: bool = False) -> list[Asked]:
    """Return, per people entry, the SELECTs of the people of whom a row holds a datum that nothing justifies for them.

    With a cohort: those of the cohort; without one: everybody. Somebody is named too where another's purpose keeps the
    row: she may have to be unlinked from it. `only_removable`: only those for whom a plan can change something.
    """
    plainly: list[Others] = []
    besides: dict[str, list[tuple[Others, Left]]] = {}
    for found, left in _overdue(setting, closure, only_removable):
        if left is None:
            plainly.append(found)
        else:
            besides.setdefault(found.entry, []).append((found, left))
    return [Asked(tuple(plainly)), *(_besides(closure, entry, some) for entry, some in besides.items())]


def _besides(closure: Closure, entry: str, asked: Sequence[tuple[Others, Left]]) -> Asked:
    """Return the SELECTs that look for who is left of an entry, behind the one that tells whether anybody is."""
    may_be = disjunction(left.may_be for _, left in asked)
    people = closure.graph.entry(entry)
    query = exp.select(exp.Literal.number(1)).from_(table_of(people.table, "t"))
    if entry in closure.cohort:
        keys = (entry, closure.cohort[entry])
        query = query.where(closure.member(people.table, people.key, "t", keys, exactly=True))
    query = query.where(tree(conjunction([asked[0][1].not_named, may_be]))).limit(1)
    statement = Statement(query, asked[0][0].statement.binds, f"whether anybody of {entry} is left to be looked for")
    return Asked(tuple(found for found, _ in asked), statement)


def over_by_row(setting: Setting, entry: str, keys: str) -> tuple[tuple[str, ...], Statement] | None:
    """Return the purposes of which a person's own row can say that it is over, and the SELECT of those of whom one is.

    Per person the key, and 1 or 0 per purpose; among the people of a key set. None: her row says it of no purpose.
    """
    graph = setting.graph
    people, owner = graph.entry(entry), Owner(entry, True, ())
    justify = Justify(setting, Closure(graph, {}), people.table)
    told = {name: justify.over(name, owner) for name in setting.policy.purposes}
    told = {name: condition for name, condition in told.items() if condition is not False}
    if not told:
        return None
    outputs = [column(name, "t") for name in people.key]
    flags = [exp.alias_(flag(condition), f"over{n}", quoted=True) for n, condition in enumerate(told.values())]
    query = exp.select(*outputs, *flags).from_(table_of(people.table, "t"))
    query = query.where(Among(expressions=[item.copy() for item in outputs], this=keys))
    query = query.where(tree(disjunction(told.values())))
    return tuple(told), Statement(query, dict(justify.binds), f"whose own row says what of {entry} is over")


def _overdue(setting: Setting, closure: Closure, only_removable: bool) -> Iterator[tuple[Others, Left | None]]:
    graph, lost_of = setting.graph, _lost_of(only_removable)
    binds: dict[str, Any] = {}  # of all of them, so that conditions of several can stand together
    for table in graph.ours:
        found = Verdicts(setting, closure, table)
        owners = tuple(dict.fromkeys(owner for group in found.groups for owner in found.owners_of(group)))
        for owner in dict.fromkeys((*owners, *found.owners)):
            if closure.cohort and not closure.touches(owner):
                continue
            judged = everybody(setting, closure, table)
            judged.justify.binds = binds
            with_others = _goes_whole(judged, owner)
            if only_removable and with_row_only(judged):
                with_others = conjunction([with_others, inverse(row_stays(judged))])
            lost = disjunction([lost_of(judged, owner), with_others])
            if lost is False:
                continue
            left = None
            if owner.path and with_others is False:
                left = _not_named_yet(judged, owner, only_removable)
            if left is not None:
                alias = judged.justify.joins.alias(owner.path)
                lost = conjunction([on(alias, left.may_be), on(alias, left.not_named), lost])
            # INVARIANT: a verdict takes rows about nobody in the cohort for hers, so that none may be selected
            whose = judged.justify.present(owner)
            if closure.cohort:
                whose = conjunction([judged.where(), judged.justify.asked(owner)])
            key = judged.justify.person_key(owner)
            query = exp.select(*(exp.alias_(item.copy(), f"key{n}", quoted=True) for n, item in enumerate(key)))
            query = judged.justify.joins.apply(query.distinct().from_(table_of(table, "t")))
            query = query.where(tree(conjunction([whose, lost])))
            yield Others(owner.entry, Statement(query, binds, f"of whom {table} holds too much")), left


def _lost_of(only_removable: bool) -> Callable[[Verdicts, Owner], Condition]:
    """Return what says whether a row holds a datum of a person that nothing justifies."""
    return removable if only_removable else Verdicts.unjustified


@dataclass(frozen=True)
class Left:
    """What a person's own row `t` says of who is left: something of hers may be too much, and it names her not yet."""

    may_be: Condition
    not_named: Condition


def _not_named_yet(judged: Verdicts, owner: Owner, only_removable: bool) -> Left | None:
    """Return, where a person's own row decides, that it may say so, and that she is not named by what is in it.

    Whoever her own row names need not be looked for on every row of hers: a database begins at the few who are left.
    """
    setting, alias = judged.setting, judged.justify.joins.alias(owner.path)
    hers = [group for group in judged.groups if owner in judged.owners_of(group)]
    may_be = disjunction(inverse(judged.justified_for(group, owner)) for group in hers)
    own, herself = (
        everybody(setting, judged.closure, setting.graph.entry(owner.entry).table),
        Owner(owner.entry, True, ()),
    )
    own.justify.binds = judged.justify.binds
    named = conjunction([own.justify.present(herself), _lost_of(only_removable)(own, herself)])
    if not (isinstance(may_be, exp.Expr) and isinstance(named, exp.Expr)) or own.justify.joins.joins:
        return None
    if not tells(may_be, alias) or not tells(named, "t"):
        return None
    return Left(on("t", may_be), inverse(surely(named)))


def _goes_whole(judged: Verdicts, owner: Owner) -> Condition:
    """Return whether a row that is a person's own may go whole for what it holds about another, and nothing keeps hers.

    A row goes only with those whose row it is (the trader whose meeting's minutes are about somebody else). What a row
    holds about her as well as about others is not asked about again: either it is kept for her, or it is too much.
    """
    if owner not in judged.owners:
        return False
    anothers = (found for group in judged.groups if owner not in (found := judged.owners_of(group)))
    others = dict.fromkeys(one for found in anothers for one in found)
    lost = [conjunction([judged.justify.present(one), judged.unjustified(one)]) for one in others]
    return conjunction([disjunction(lost), inverse(judged.justified(owner))])


def everybody(setting: Setting, closure: Closure, table: str) -> Verdicts:
    """Return the verdicts on a table's rows about a cohort, or without one about everybody."""
    judged = Verdicts(setting, closure, table)
    if not closure.cohort:
        judged.justify.joins.only = None  # everybody is asked about
    return judged


@dataclass(frozen=True)
class Overdue:
    """Data of one element in a table. `purposes` have used it.

    `left`: why it stays all the same where its row does (no removal form, or a pseudonym).
    """

    element: str
    columns: tuple[str, ...]
    purposes: tuple[str, ...]
    left: str | None = None


@dataclass(frozen=True)
class Proof:
    """How much of a table's data nothing justifies: the SELECT gives for each in turn how many rows, and since when."""

    table: str
    data: tuple[Overdue, ...]
    statement: Statement


def overdue_data(setting: Setting, closure: Closure) -> list[Proof]:
    """Return the counts of what nothing justifies about a cohort, per table and element: the proof query."""
    judged = (Verdicts(setting, closure, table) for table in setting.graph.ours if table not in setting.held_tables)
    return [_counted(one) for one in judged if one.touched and one.groups]


def _counted(judged: Verdicts) -> Proof:
    graph, table = judged.setting.graph, judged.table
    judged.add_justified()
    numbers = range(len(judged.groups))
    asked = {f"{name}{number}" for name in "xj" for number in numbers}
    judged.flags = {name: one for name, one in judged.flags.items() if name in asked}
    days = {f"oldest{number}": _oldest(judged, group) for number, group in enumerate(judged.groups)}
    oldest = {name: day for name, day in days.items() if day is not None}
    comment = f"how much in {table} nothing justifies, and since when"
    rows = judged.select(comment, columns=False, more=oldest)
    outputs: list[exp.Expr] = []
    for number in numbers:
        lost = _told(judged, f"x{number}", f"j{number}")
        day = column(f"oldest{number}", "v") if f"oldest{number}" in oldest else None
        outputs += [exp.Count(this=_where(lost, exp.Literal.number(1))), exp.Min(this=_where(lost, day))]
    query = exp.select(*(exp.alias_(item, f"c{n}", quoted=True) for n, item in enumerate(outputs)))
    query = query.from_(exp.alias_(exp.Subquery(this=rows.tree), "v", quoted=True, table=True))
    data = tuple(
        Overdue(one.element, one.columns, tuple(judged.justify.purposes(one)), in_place(graph, table, one))
        for one in judged.groups
    )
    return Proof(table, data, Statement(query, rows.binds, comment))


def _told(judged: Verdicts, there: str, justified: str) -> Condition:
    """Return whether a judged row `v` holds a datum of theirs, and nothing justifies it."""
    known = judged.constants
    return conjunction(
        bool(known[name]) is wanted
        if name in known
        else exp.EQ(this=column(name, "v"), expression=exp.Literal.number(int(wanted)))
        for name, wanted in ((there, True), (justified, False))
    )


def _where(condition: Condition, found: exp.Expr | None) -> exp.Expr:
    """Return a value where a condition holds, else NULL."""
    if found is None or condition is False:
        return exp.null()
    return exp.Case(ifs=[exp.If(this=tree(condition), true=found)])


def _oldest(judged: Verdicts, group: Group) -> exp.Expr | None:
    """Return the day that a datum's age counts from: the trigger of a purpose that used it, else its collection."""
    graph, policy = judged.setting.graph, judged.setting.policy
    for owner in judged.owners_of(group):
        facts = [policy.purposes[name].after for name in judged.justify.purposes(group)]
        stated = [graph.facts[name] for name in facts if name in graph.facts]
        found = [graph.resolve(fact, judged.table, owner) for fact in stated]
        for fact in (*found, graph.collected(judged.table, owner)):
            if isinstance(fact, RowFact):
                return judged.justify.moment_of(fact)
    return None


@dataclass(frozen=True)
class Unreached:
    """Rows of a table that hold data and reach nobody: the SELECT gives how many. A finding, never a removal."""

    table: str
    statement: Statement


def unreached(setting: Setting) -> list[Unreached]:
    """Return the counts of rows that should reach a person (by a way of the map) and reach none."""
    closure = Closure(setting.graph, {})
    judged = (everybody(setting, closure, table) for table in setting.graph.ours)
    found = ((one.table, about_nobody(one)) for one in judged)
    return [Unreached(table, statement) for table, statement in found if statement is not None]


def about_nobody(judged: Verdicts, where: Condition = True) -> Statement | None:
    """Return the SELECT that counts a table's rows with data, among those of a condition, that reach nobody.

    None: a row is somebody's itself, or may be an organisation's, or the table holds no data.
    """
    owners = [owner for owner in judged.owners if owner.path]
    if not judged.groups or not owners or len(owners) < len(judged.owners) or judged.organisations:
        return None
    nobody = [inverse(judged.justify.present(owner)) for owner in owners]
    data = disjunction(judged.value(group) for group in judged.groups if group.about is None)
    key = judged.closure.key(judged.table, "t")
    rows = exp.select(*(exp.alias_(item, f"key{n}", quoted=True) for n, item in enumerate(key)))
    rows = judged.justify.joins.apply(rows.from_(table_of(judged.table, "t")))
    rows = rows.where(tree(conjunction([surely(data), where])))
    rows = rows.group_by(*(item.copy() for item in key))
    rows = rows.having(exp.EQ(this=exp.Min(this=flag(conjunction(nobody))), expression=exp.Literal.number(1)))
    query = exp.select(exp.Count(this=exp.Star())).from_(
        exp.alias_(exp.Subquery(this=rows), "v", quoted=True, table=True)
    )
    return Statement(query, dict(judged.justify.binds), f"rows of {judged.table} about nobody")


def unowned(setting: Setting) -> list[str]:
    """Return the mapped tables with data of which the map leads no way to a person or an organisation."""
    graph, closure = setting.graph, Closure(setting.graph, {})
    judged = (everybody(setting, closure, table) for table in graph.ours)
    return [
        one.table
        for one in judged
        if any(group.about is None for group in one.groups) and not one.owners and not one.organisations
    ]


def sweeping(setting: Setting, ended: Mapping[str, str] | None = None) -> Setting:
    """Return a setting as a sweep has it: nobody asked. `ended`: what ended long ago, without a day of its own."""
    return replace(setting, sweep=True, ended=ended or {})
