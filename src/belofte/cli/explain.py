"""`belofte explain STORE [TABLE]`: how each table reaches a person, what can keep its data, and how it goes.

Reads the catalogue in a read-only session, no rows. Exit 0 · 1 the store cannot be reached · 3 no such store or table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

import typer
from rich.text import Text
from rich.tree import Tree

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.datamap.explain import ColumnView, Link, Remark, TableView, Way, explanation
from belofte.policy.problems import nearest, quoted

Store = Annotated[str, typer.Argument(metavar="STORE", help="The store's name: `stores/STORE.yaml`.")]
Table = Annotated[str | None, typer.Argument(metavar="[TABLE]", help="One table; all when left out.")]
WIDE = 400
"""The width of a line that nobody looks at on a screen."""
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def run(store: Store, table: Table = None, directory: Directory = HERE, as_json: Json = False) -> None:
    """Show how each table of a store reaches a person, what can keep its data, and how it goes."""
    company = Company.at(directory)
    views = _views(company, store)
    if table is not None:
        named = [view for view in views if view.name == table]
        if not named:
            near = nearest(table, [view.name for view in views])
            raise Ending(Code.INVALID, f"{quoted(store)} has no table {quoted(table)}", near)
        views = named
    if as_json:
        who = {one.name: asdict(one) for one in departments(company, store)}
        json_result({"store": store, "tables": [asdict(view) for view in views], "departments": who})
        return
    out = console()
    if not out.is_terminal:
        out.width = WIDE
    for view in views:
        out.print(tree(view), soft_wrap=False)
    for one in departments(company, store) if table is None else ():
        reads = ", ".join(one.accounts) or "nobody here"
        out.print(Text(f"{one.name} ", style="bold") + Text(f"({reads}) may read for: {', '.join(one.purposes)}"))
    out.print(summary(store, views))
    out.print(Text(f"what goes is deleted, {remains(company.url(store))}", style="dim"))


@dataclass(frozen=True)
class Reads:
    """A department, the accounts that read for it in a store, and for which purposes."""

    name: str
    accounts: tuple[str, ...]
    purposes: tuple[str, ...]


def departments(company: Company, store: str) -> list[Reads]:
    """Return who of the company may read a store for which purpose."""
    named = company.map(store).map.departments or {}
    found = company.policy.policy.departments.items()
    return [Reads(name, tuple(named.get(name, ())), tuple(one.purposes)) for name, one in found]


def _views(company: Company, store: str) -> list[TableView]:
    from belofte.stores.connect import Unreachable, connect  # drivers are slow to load
    from belofte.stores.reflect import reflect

    loaded = company.map(store)
    if loaded.map.kind == "manual":
        raise Ending(Code.INVALID, f"{quoted(store)} is kept by hand (`kind: manual`)", "only a database has tables")
    try:
        opened = connect(company.url(store), read_only=True, name=store)
    except Unreachable as unreachable:
        raise Ending(Code.COULD_NOT_RUN, str(unreachable), "nothing was read") from None
    try:
        schema = reflect(opened.engine)
    finally:
        opened.close()
    return explanation(loaded, company.policy.policy, schema, date.today())


def remains(url: str) -> str:
    """Return what is left in a database's files of what was deleted there, and what takes it away."""
    if url.startswith("postgresql"):
        return "and in the database's files until a VACUUM (`belofte sweep --vacuum`) makes it vacuumed"
    return "and in the database's files until it uses their space again: it is never told as vacuumed"


def tree(view: TableView) -> Tree:
    """Return a table as a tree."""
    head = Text(view.name, style="bold") + Text(f"  {view.state}", style="dim")
    if view.key:
        head += Text(f", key {' + '.join(view.key)}", style="dim")
    if view.rows is not None:
        head += Text(f", about {view.rows} rows", style="dim")
    top = Tree(head, guide_style="dim")
    for way in view.ways:
        _add_way(top, way)
    if not view.ways:
        top.add(Text("reaches nobody", style="dim"))
    for column in view.columns:
        _add_column(top, column)
    for remark in view.remarks:
        top.add(_remark(remark))
    return top


def _add_way(top: Tree, way: Way) -> None:
    what = "is" if not way.links else "about"
    whose = f"{way.column}: {what}" if way.column is not None else what
    kinds = f" ({', '.join(way.kinds)})" if way.kinds else " (organisation)"
    found = top.add(Text(f"{whose} ") + Text(way.entry, style="bold green" if way.person else "magenta") + Text(kinds))
    for link in way.links:
        found.add(_link(link))


def _link(link: Link) -> Text:
    here = ", ".join(f"{link.child}.{name}" for name in link.columns)
    there = ", ".join(f"{link.parent}.{name}" for name in link.parent_columns)
    said = Text(f"{here} → {there}  ") + Text(link.by, style="dim")
    if link.nullable:
        said += Text(", may be NULL", style="yellow")
    if link.many:
        said += Text(", several rows may match", style="yellow")
    return said + Text(f", when {link.when}" if link.when else "", style="dim")


def _add_column(top: Tree, column: ColumnView) -> None:
    name = "the row" if column.name == "*" else column.name
    said = Text(f"{name} ", style="bold") + Text(
        column.element or "no personal data", style="" if column.element else "dim"
    )
    if column.element is None:
        top.add(said)
        return
    found = top.add(said + Text("  " + column.removal, style="dim" if column.erasable else "red"))
    for keeper in column.keepers:
        sign, style = ("can keep it", "green") if keeper.keeps else ("cannot keep it", "dim")
        found.add(Text(f"{keeper.purpose} ", style=style) + Text(f"{sign}: {keeper.why}", style=style))
    if not column.keepers:
        found.add(Text("no purpose uses it: nothing can keep it", style="yellow"))


def _remark(remark: Remark) -> Text:
    said = Text(f"{remark.severity} ", style=_STYLES[remark.severity]) + Text(f"{remark.text} ")
    said += Text(remark.id, style="dim")
    return said + Text(f"\n   {remark.mend}") if remark.mend else said


def summary(store: str, views: Sequence[TableView]) -> Text:
    """Return the last line: how many tables reach people, and how many remarks of each severity."""
    reach = sum(1 for view in views if any(way.person for way in view.ways))
    counts = {level: sum(1 for v in views for one in v.remarks if one.severity == level) for level in _STYLES}
    told = ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items())
    tables = f"{len(views)} table{'' if len(views) == 1 else 's'}"
    return Text(f"{store}: {tables}, {reach} reach people; {told}", style="bold")
