"""Two people of one organisation, whose data counts on its meetings: at once, and one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from tests.compiler.small import small

SCRIPT = [
    "create table company (id integer primary key, title varchar(20))",
    "create table person (id integer primary key, company_id integer, name varchar(20), "
    "foreign key (company_id) references company(id))",
    "create table meeting (id integer primary key, company_id integer not null, person_id integer, held date, "
    "minutes varchar(20), foreign key (company_id) references company(id), "
    "foreign key (person_id) references person(id))",
    "insert into company values (1, 'Weavers')",
    "insert into person values (1, 1, 'alice'), (2, 1, 'bob'), (3, 1, 'charlie')",
    "insert into meeting values (1, 1, 1, '2010-05-04', 'a'), (2, 1, 2, '2010-06-07', 'b')",
]
ORDERS = [[[1, 2]], [[2, 1]], [[1], [2]], [[2], [1]]]
KEPT: dict[str, Any] = {
    "books": {"title": "T", "basis": "legal-obligation", "uses": ["data"], "keep": "P7Y", "after": "last_meeting.at"}
}


def of_companies(**columns: Any) -> dict[str, Any]:
    """Return a map in which a meeting is the company's, and its minutes (and `columns`) are about who was there."""
    theirs = {"element": "data.text", "about": {"person_id": "customer"}}
    return {
        "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
        "organisations": {"company": {"table": "company", "key": "id"}},
        "facts": {"last_meeting.at": "max(meeting.held)"},
        "tables": {
            "person": {"columns": {"name": {"element": "data.name", "erase": "redact"}}},
            "meeting": {
                "about": "company",
                "columns": {"minutes": theirs, **{name: {**theirs, **how} for name, how in columns.items()}},
            },
        },
    }


def left(store_url: str, cohorts: list[list[int]], datamap: dict[str, Any], *more: str) -> tuple[Any, Any]:
    """Return the names and the meetings that are left after one erasure per cohort."""
    with small(store_url, [*SCRIPT, *more], datamap, KEPT) as found:
        for cohort in cohorts:
            found.erase("customer", [(key,) for key in cohort])
        return found.rows("select name from person"), found.rows("select id, person_id, held, minutes from meeting")


@pytest.mark.parametrize("cohorts", ORDERS, ids=str)
def test_people_of_a_company_go_in_any_order_while_its_meetings_stay(store_url: str, cohorts: list[list[int]]) -> None:
    names, meetings = left(store_url, cohorts, of_companies())
    assert names == [("charlie",)]
    assert [(key, person, minutes) for key, person, _, minutes in meetings] == [(1, None, None), (2, None, None)]


@pytest.mark.parametrize("cohorts", ORDERS, ids=str)
def test_a_meeting_with_one_of_them_keeps_what_is_the_others_in_any_order(
    store_url: str, cohorts: list[list[int]]
) -> None:
    lately = "update meeting set held = '2025-11-12' where id = 1"
    names, meetings = left(store_url, cohorts, of_companies(), lately)
    assert names == [("alice",), ("bob",), ("charlie",)]
    assert [(person, minutes) for _, person, _, minutes in meetings] == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("cohorts", ORDERS[:2], ids=str)
def test_at_once_all_are_judged_by_the_days_that_go_with_them(store_url: str, cohorts: list[list[int]]) -> None:
    names, meetings = left(store_url, cohorts, of_companies(held={}))
    assert names == [("charlie",)]
    assert [found[1:] for found in meetings] == [(None, None, None), (None, None, None)]


def test_a_day_that_went_with_the_first_is_unknown_for_the_second_and_keeps(store_url: str) -> None:
    names, meetings = left(store_url, [[1], [2]], of_companies(held={}))
    assert names == [("bob",), ("charlie",)]
    assert [(person, minutes) for _, person, _, minutes in meetings] == [(None, None), (2, "b")]


@pytest.mark.parametrize("cohorts", ORDERS, ids=str)
def test_a_day_that_is_cut_to_its_year_leaves_no_doubt_behind(store_url: str, cohorts: list[list[int]]) -> None:
    names, meetings = left(store_url, cohorts, of_companies(held={"erase": {"generalise": "year"}}))
    assert names == [("charlie",)]
    assert [(str(held), minutes) for _, _, held, minutes in meetings] == [("2010-01-01", None)] * 2
