"""What each purpose reads: rows and columns, and what choices change about it."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pymysql
import pytest
from tests.purposes.shop import NOW, Shop

from belofte.choices.events import Kind

REFUSED = (psycopg.Error, pymysql.MySQLError)


@pytest.fixture(params=["postgres", "maria"])
def shop(request: pytest.FixtureRequest) -> Shop:
    """The shop, on each database that can bind its readers."""
    found: Shop = request.getfixturevalue(f"{request.param}_shop")
    return found


def test_nobody_is_seen_on_consent_before_she_consents(shop: Shop) -> None:
    shop.apply()
    assert shop.sees("mailing", "contact") == []


def test_a_consent_shows_her_at_once_and_a_withdrawal_hides_her_at_once(shop: Shop) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    assert shop.sees("mailing", "contact") == [(1, "Alice", "Alice@example.com")]
    shop.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
    assert shop.sees("mailing", "contact") == []
    assert len(shop.sees("service", "contact")) == 3
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    assert shop.sees("mailing", "contact") == [(1, "Alice", "Alice@example.com")]


def test_columns_outside_the_purpose_are_not_there(shop: Shop) -> None:
    shop.apply()
    assert shop.sees("books", "contact") == []
    assert shop.sees("books", "orders") == [(10, 1, "boots"), (12, 3, "helmet")]
    for purpose, column in (("books", "email"), ("service", "shoe_size")):
        with pytest.raises(REFUSED, match=column):
            shop.sees(purpose, "contact", column)


def test_an_objection_hides_her_on_an_interest_and_her_message_to_another(shop: Shop) -> None:
    shop.apply()
    assert shop.sees("service", "message", "id") == [(20,), (21,)]
    shop.choose("alice", Kind.OBJECTION_MADE, "service")
    assert shop.sees("service", "contact", "id") == [(2,), (3,)]
    assert shop.sees("service", "orders", "id") == [(11,), (12,)]
    assert shop.sees("service", "message", "id") == [(21,)]


def test_a_restricted_category_is_hidden_and_the_rest_is_shown(shop: Shop) -> None:
    shop.apply()
    shop.choose("charlie", Kind.RESTRICTION_SET, category="dealings")
    assert shop.sees("service", "orders", "id") == [(10,), (11,)]
    assert shop.sees("service", "contact", "id") == [(1,), (2,), (3,)]


def test_a_row_whose_term_ends_tomorrow_is_gone_tomorrow(shop: Shop) -> None:
    with shop.crm() as crm:
        crm.execute("UPDATE orders SET placed = '2019-04-01' WHERE id = 10")
    shop.apply()
    assert shop.sees("books", "orders", "id") == [(10,), (12,)]
    shop.freeze(NOW + timedelta(days=1))
    assert shop.sees("books", "orders", "id") == [(12,)]


def test_a_lease_that_is_over_shows_nothing(shop: Shop) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    shop.freeze(NOW + timedelta(days=4))
    assert shop.sees("mailing", "contact") == []
    assert shop.sees("service", "contact") == []
    shop.refresh()
    assert len(shop.sees("mailing", "contact")) == 1


def test_a_key_that_is_somebody_elses_now_shows_nothing(shop: Shop) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.crm() as crm:
        crm.execute("UPDATE contact SET name = 'Dora', email = 'dora@example.com' WHERE id = 1")
    assert shop.sees("mailing", "contact") == []
    shop.refresh()
    assert shop.sees("mailing", "contact") == []


def test_a_new_customer_is_not_shown_on_consent(shop: Shop) -> None:
    shop.apply()
    with shop.crm() as crm:
        crm.execute("INSERT INTO contact (id, name, email) VALUES (4, 'Dora', 'dora@example.com')")
    assert shop.sees("mailing", "contact") == []
    assert len(shop.sees("service", "contact")) == 4


def test_writes_through_a_view_are_refused(shop: Shop) -> None:
    shop.apply()
    with shop.reader("service") as reading:
        for write in ("UPDATE {} SET name = 'x'", "DELETE FROM {}", "INSERT INTO {} (id) VALUES (9)", "TRUNCATE {}"):
            with pytest.raises(REFUSED, match=r"cannot|denied|not a table"):
                reading.execute(write.format(f"{shop.schema('service')}.contact"))
