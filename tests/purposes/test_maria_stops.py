"""An apply on MariaDB, where no step is a transaction: killed after any statement, it is taken up, or undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pymysql
import pytest
from tests.purposes.maria import MariaShop

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.stores import mysql_views
from belofte.stores.session import Session


class Killed(BaseException):
    """The process ends here."""


def killing_after(statements: int) -> Callable[[Session, Iterable[str]], None]:
    """Return what carries out statements until there were so many."""
    carry_out, done = mysql_views.carry_out, 0

    def carry(changing: Session, some: Iterable[str]) -> None:
        nonlocal done
        for one in some:
            if done == statements:
                raise Killed
            carry_out(changing, [one])
            done += 1

    return carry


@pytest.mark.parametrize("end", ["resume", "undo"])
@pytest.mark.parametrize("statements", [6, 7, 9, 12, 15, 19])  # the journal's own take five
def test_an_apply_killed_after_a_statement_is_taken_up_or_undone(
    maria_shop: MariaShop, monkeypatch: pytest.MonkeyPatch, statements: int, end: str
) -> None:
    shop = maria_shop
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.apply()
    shop.policy["purposes"]["mailing"]["uses"] = []
    shop.policy["purposes"]["service"]["uses"] = ["identity"]
    shop.policy["purposes"]["welcome"] = {"title": "W", "basis": "legitimate-interest", "uses": ["identity.name"]}
    before = standing(shop)
    with monkeypatch.context() as patched:
        patched.setattr(mysql_views, "carry_out", killing_after(statements))
        with pytest.raises(Killed):
            shop.apply()
    assert shows(shop, "mailing") <= {"Alice", "Alice@example.com"}
    with pytest.raises(applying.Refused, match="half-way"):
        shop.apply()
    with shop.desk() as desk:
        act = applying.resume if end == "resume" else applying.undo
        assert act(desk, desk.open("crm", read_only=False)) is not None
    if end == "resume":
        assert shop.plan().empty
        assert shop.sees("mailing", "contact") == [(1, "Alice@example.com")]
        assert len(shop.sees("welcome", "contact")) == 3
    else:
        assert standing(shop) == before
        assert shop.sees("mailing", "contact") == [(1, "Alice", "Alice@example.com")]


def standing(shop: MariaShop) -> list[tuple[object, ...]]:
    """Views, roles and rights of the purposes."""
    with shop.crm() as crm:
        return [
            *crm.many("SELECT table_schema, table_name, view_definition FROM information_schema.views"),
            *crm.many("SELECT user, db, table_name, table_priv FROM mysql.tables_priv WHERE user LIKE 'belofte%'"),
            *crm.many("SELECT user, db, table_name, column_name FROM mysql.columns_priv WHERE user LIKE 'belofte%'"),
            *crm.many("SELECT user FROM mysql.user WHERE user LIKE 'belofte%'"),
        ]


def shows(shop: MariaShop, purpose: str) -> set[object]:
    """Every text that a purpose reads of contacts, nothing where it is kept out."""
    try:
        return {value for row in shop.sees(purpose, "contact") for value in row if isinstance(value, str)}
    except pymysql.MySQLError:
        return set()
