"""Pseudonyms: the databases make the same HMAC as RFC 4231 states, once, and the value they hide stays kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from sqlglot import exp
from tests.compiler.small import Small, small

from belofte.compiler.pseudonym import digest, halves, pseudonym
from belofte.compiler.statement import Bind, Statement
from belofte.database.key import CompanyKey
from belofte.stores.connect import connect
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.session import session

LONG = (
    "This is a test using a larger than block-size key and a larger than block-size data. "
    "The key needs to be hashed before being used by the HMAC algorithm."
)
VECTORS = {
    1: (b"\x0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    2: (b"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    5: (b"\x0c" * 20, "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    6: (
        b"\xaa" * 131,
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    7: (b"\xaa" * 131, LONG, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
}
"""The test cases of RFC 4231 whose data is text (5 is truncated to 128 bits there)."""

KEY = b"\x01" * 32
OTHER_KEY = b"\x02" * 32
PSEUDONYM = {"element": "data.name", "erase": {"pseudonym": "web"}}


@pytest.mark.parametrize("case", VECTORS)
def test_hmac_of_rfc_4231(store_url: str, case: int) -> None:
    key, data, expected = VECTORS[case]
    store = connect(store_url, read_only=True)
    given = exp.Cast(this=Bind(this="data"), to=exp.DataType.build("varchar(200)"))
    made = pseudonym(given, "web", len(expected), store.dialect)
    with session(store) as opened:
        opened.given = {"data": data, **halves({"web": key})}
        assert opened.rows(Statement(exp.select(made)), {}) == [(f"p-{expected}",)]
    store.close()


@pytest.mark.parametrize("case", VECTORS)
def test_function_that_sqlite_is_lent_is_that_hmac(case: int) -> None:
    key, data, expected = VECTORS[case]
    found = digest(data, *halves({"web": key}).values())
    assert found is not None
    assert found[: len(expected)] == expected
    assert digest(None, b"", b"") is None


@pytest.fixture
def shop(store_url: str) -> Iterator[Small]:
    """People whose words a contract keeps and whose e-mail nothing does; a log that is linked to them by e-mail."""
    script = [
        "create table person (id integer primary key, words varchar(40), email varchar(60))",
        "create table log (id integer primary key, email varchar(60), words varchar(40))",
        "insert into person values (1, 'a', 'alice@example.be'), (2, 'b', 'p-bob é'), (3, 'c', NULL)",
        "insert into log values (1, 'alice@example.be', 'seen'), (2, 'alice@example.be', 'seen'), (3, 'p-bob é', 'no')",
    ]
    datamap: dict[str, Any] = {
        "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
        "tables": {
            "person": {"columns": {"words": "data.text", "email": PSEUDONYM}},
            "log": {
                "about": {"email": {"of": "customer", "to": "email"}},
                "columns": {"words": "data.text", "email": PSEUDONYM},
            },
        },
    }
    service = {"service": {"title": "T", "basis": "contract", "uses": ["data.text"]}}
    with small(store_url, script, datamap, service) as opened:
        yield opened


def erase(shop: Small, *people: int, key: bytes = KEY, many: bool = False) -> dict[str, TableCounts]:
    plan, keysets = shop.plan("customer", [(one,) for one in people])
    with session(shop.store) as opened:
        opened.given = halves({"web": key})
        counts = carry_out(opened, plan, keysets, many=many)
        opened.commit()
    return counts


def expected(shop: Small, value: str, key: bytes = KEY) -> str:
    """Return what fits the column; SQLite's columns have no length."""
    digits = 64 if shop.store.dialect == "sqlite" else 58
    return "p-" + hmac.digest(key, value.encode(), hashlib.sha256).hex()[:digits]


EMAILS = "select id, email from person"
LOGGED = "select id, email from log"


@pytest.mark.parametrize("many", [False, True], ids=["as values", "as tables"])
def test_her_value_is_under_a_pseudonym_everywhere_and_nobody_elses(shop: Small, many: bool) -> None:
    erase(shop, 1, many=many)
    alice = expected(shop, "alice@example.be")
    assert shop.rows(EMAILS) == [(1, alice), (2, "p-bob é"), (3, None)]
    assert shop.rows(LOGGED) == [(1, alice), (2, alice), (3, "p-bob é")]


def test_value_that_only_begins_like_a_pseudonym_is_none(shop: Small) -> None:
    erase(shop, 2)
    assert shop.rows(EMAILS)[1] == (2, expected(shop, "p-bob é"))


def test_pseudonym_is_made_once_and_nothing_stays_nothing(shop: Small) -> None:
    erase(shop, 1, 3)
    before = shop.rows(EMAILS)
    erase(shop, 1, 3)
    assert shop.rows(EMAILS) == before
    assert before[2] == (3, None)


def test_another_key_gives_another_pseudonym(shop: Small) -> None:
    erase(shop, 1, key=OTHER_KEY)
    assert shop.rows(EMAILS)[0] == (1, expected(shop, "alice@example.be", OTHER_KEY))


def test_row_with_a_pseudonym_counts_as_kept_and_not_as_erased(shop: Small) -> None:
    found = erase(shop, 1)["log"]
    assert (found.erased, found.kept) == (0, 2)
    assert found.reasons == {"pseudonymised": 2, "purpose:service": 2}


def test_key_is_in_no_plan_and_no_statement(shop: Small) -> None:
    plan, _ = shop.plan("customer", [(1,)])
    shown = plan.text() + repr(plan.steps)
    assert ":pseudonym_web_inner" in shown
    for half in halves({"web": KEY}).values():
        assert half.hex() not in shown
        assert repr(half) not in shown
    assert [(one.table, one.column) for one in plan.pseudonymised] == [("log", "email"), ("person", "email")]
    assert plan.stuck == []


def test_keys_of_two_names_and_of_two_companies_have_nothing_in_common() -> None:
    one, other = CompanyKey(b"\x01" * 32), CompanyKey(b"\x02" * 32)
    keys = {one.pseudonym("web"), one.pseudonym("shop"), other.pseudonym("web"), one.secret}
    assert len(keys) == 4
    assert one.pseudonym("web") == CompanyKey(b"\x01" * 32).pseudonym("web")
    assert len(one.pseudonym("web")) == 32
