"""Rows are looked up through an index where one leads to them: else each would be held against every value."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one
from tests.compiler.small import NOW, small

from belofte.compiler.closure import Closure, column
from belofte.compiler.indexes import by_index
from belofte.compiler.logic import tree
from belofte.compiler.overdue import overdue_people
from belofte.compiler.setting import Setting
from belofte.compiler.statement import LookedUp, Statement, render, text
from belofte.datamap.paths import Edge
from belofte.datamap.schema import ColumnInfo, Dialect, Family, Schema, TableInfo
from belofte.policy.person import nobody
from belofte.retention.overdue import whom
from belofte.stores.session import session

INDEXED = (("owner",), ("lower(email)",))


def schema(owner: tuple[Family, str], key: tuple[Family, str], few: frozenset[str] = frozenset()) -> Schema:
    """Return a schema of people and their visits: of which types what leads from one to the other is."""
    email = ColumnInfo("email", "text", "character varying(40)")
    person = TableInfo("person", {"id": ColumnInfo("id", *key), "email": email}, primary_key=("id",))
    visit = TableInfo("visit", {"owner": ColumnInfo("owner", *owner), "email": email}, indexes=INDEXED, few=few)
    return Schema("postgres", {"person": person, "visit": visit})


@pytest.mark.parametrize(
    ("owner", "key", "led"),
    [
        (("integer", "integer"), ("integer", "bigint"), True),
        (("integer", "integer"), ("numeric", "numeric(10,0)"), False),
        (("text", "character varying(40)"), ("text", "text"), True),
        (("text", "character(10)"), ("text", "text"), False),
        (("text", "citext"), ("text", "text"), False),
        (("uuid", "uuid"), ("uuid", "uuid"), True),
        (("uuid", "uuid"), ("text", "text"), False),
    ],
)
def test_an_index_leads_to_rows_only_by_values_of_its_own_type(
    owner: tuple[Family, str], key: tuple[Family, str], led: bool
) -> None:
    assert by_index(schema(owner, key), Edge("visit", ("owner",), "person", ("id",))) is led


def test_an_index_leads_to_rows_only_where_many_different_values_stand_in_it() -> None:
    number: tuple[Family, str] = ("integer", "integer")
    by_owner = Edge("visit", ("owner",), "person", ("id",))
    by_email = Edge("visit", ("email",), "person", ("email",), match="email")
    assert by_index(schema(number, number), by_email)
    assert not by_index(schema(number, number), by_email, above=True)
    assert not by_index(schema(number, number, frozenset({"owner"})), by_owner)
    assert not by_index(schema(number, number, frozenset({"email"})), by_email)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite"])
def test_a_plan_reads_the_same_where_postgres_goes_through_an_index_once(dialect: Dialect) -> None:
    asked = exp.Subquery(this=parse_one("SELECT id FROM orders"))
    found = exp.select("*").from_("line").where(LookedUp(this=column("order_id"), query=asked))
    run, _ = render(Statement(found), dialect, {})
    assert ("= ANY(ARRAY(SELECT" in run, " IN (SELECT" in run) == (dialect == "postgres", dialect != "postgres")
    assert " IN (" in text(Statement(found), dialect)


def test_a_table_that_is_joined_is_not_looked_up_for_every_row_of_another() -> None:
    """PostgreSQL would sort all the values again each time."""
    orders = exp.Subquery(this=parse_one("SELECT id FROM orders"))
    looked_up = LookedUp(this=column("order_id"), query=orders)
    plain = exp.select("id").from_("line").where(looked_up)
    joined = exp.select("id").from_("line").join("product", on="a = b").where(looked_up.copy())
    within = (
        exp.select("id").from_("parcel").where(exp.In(this=column("line_id"), query=exp.Subquery(this=plain.copy())))
    )
    apart = exp.In(this=column("line_id"), query=exp.Subquery(this=exp.union(plain.copy(), plain.copy())))
    other = exp.select("id").from_("parcel").join("product", on="a = b").where(apart)
    arrays = [render(Statement(found), "postgres", {})[0].count("ARRAY(") for found in (plain, joined, within, other)]
    assert arrays == [1, 0, 0, 2]


def test_one_of_several_ways_to_rows_without_a_key_is_not_looked_up(postgres) -> None:
    script = [
        "create table person (id integer primary key, email varchar(40), mailbox varchar(40))",
        "create table visit (email varchar(40), page varchar(40))",
        "create index on visit (email)",
    ]
    ways = [{"of": "customer", "columns": "email", "to": to} for to in ("email", "mailbox")]
    datamap = {
        "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
        "tables": {"visit": {"about": ways, "columns": {"page": "data.text"}}},
    }
    with small(postgres(), script, datamap) as found:
        closure = Closure(found.graph, {"customer": "cohort"})
        one, both = found.graph.people("visit")[0], tree(closure.rows("visit", "t", [None]))
        assert tree(closure.within("visit", "t", one)).find(LookedUp)
        assert both.find(exp.Or)
        assert not both.find(LookedUp)


def test_other_tables_are_asked_only_where_somebody_is_left_whom_her_own_row_does_not_name(postgres) -> None:
    script = [
        "create table person (id integer primary key, name varchar(40), since date)",
        "create table visit (id integer primary key, person_id integer references person, page varchar(40))",
        "insert into person values (1, 'alice', '2020-01-01'), (2, 'bob', '2026-01-01')",
        "insert into visit values (1, 1, 'shirts'), (2, 2, 'shirts')",
    ]
    datamap = {
        "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
        "facts": {"account.opened_at": "person.since"},
        "tables": {
            "person": {"columns": {"name": "data.name"}},
            "visit": {"about": {"person_id": "customer"}, "columns": {"page": "data.text"}},
        },
    }
    served = {
        "title": "T", "basis": "contract", "uses": ["data"], "keep": "P1Y", "after": "account.opened_at",
    }  # fmt: skip
    with small(postgres(), script, datamap, {"service": served}) as found, session(found.store) as opened:
        setting = Setting(found.policy, found.graph, NOW, {}, nobody(found.policy), sweep=True)
        asked = overdue_people(setting, Closure(found.graph, {}))
        (left,) = (some.left for some in asked if some.left is not None)
        assert opened.rows(left, {}) == []
        assert list(whom(opened, asked, {})["customer"]) == [(1,)]
        opened.execute("update person set name = null where id = 1")
        assert opened.rows(left, {}) == [(1,)]
        assert list(whom(opened, asked, {})["customer"]) == [(1,)]
