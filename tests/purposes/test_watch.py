"""What was told of somebody is not shown of the next: the company's tables say who changed, as it happens."""

from __future__ import annotations

import pytest
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.stores.session import Failed

ALICE = (1, "Alice", "Alice@example.com")


@pytest.fixture
def consented(shop: Shop) -> Shop:
    """The shop, where alice consented to mailing and bob objected to service."""
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.choose("bob", Kind.OBJECTION_MADE, "service")
    shop.refresh()
    assert shop.sees("mailing", "contact") == [ALICE]
    return shop


def test_a_key_given_again_after_a_delete_shows_nothing(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("DELETE FROM message; DELETE FROM orders WHERE contact_id = 1; DELETE FROM contact WHERE id = 1")
        crm.execute("INSERT INTO contact VALUES (1, 'Dora', 'dora@example.com')")
    assert consented.sees("mailing", "contact") == []
    consented.refresh()
    assert consented.sees("mailing", "contact") == []


def test_an_emptied_table_leaves_nothing_open(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("TRUNCATE contact CASCADE")
        crm.execute("INSERT INTO contact VALUES (1, 'Dora', 'dora@example.com'), (2, 'Eve', 'eve@example.com')")
    assert consented.sees("mailing", "contact") == []
    assert consented.sees("service", "contact", "id") == [(1,)]


def test_what_was_closed_goes_along_to_a_new_key(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("DELETE FROM message; DELETE FROM orders; UPDATE contact SET id = id + 10")
    assert consented.sees("mailing", "contact") == []
    assert consented.sees("service", "contact", "id") == [(11,), (13,)]
    consented.refresh()
    assert consented.sees("mailing", "contact", "id") == [(11,)]
    assert consented.sees("service", "contact", "id") == [(11,), (13,)]


def test_a_bulk_load_that_turns_triggers_off_for_itself_is_seen_all_the_same(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("SET session_replication_role = replica")
        crm.execute("UPDATE contact SET email = 'dora@example.com' WHERE id = 1")
    assert consented.sees("mailing", "contact") == []


def test_a_change_of_anything_else_closes_nobody(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("UPDATE contact SET shoe_size = 39, email = email WHERE id = 1")
    assert consented.sees("mailing", "contact") == [ALICE]


def test_a_transaction_that_is_not_over_keeps_nobody_waiting(consented: Shop) -> None:
    with consented.crm() as crm, crm.transaction():
        crm.execute("UPDATE contact SET email = 'dora@example.com' WHERE id = 1")
        consented.choose("charlie", Kind.CONSENT_GIVEN, "mailing")
        consented.refresh()
    assert consented.sees("mailing", "contact", "id") == [(3,)]


@pytest.mark.parametrize("how", ["DISABLE TRIGGER ALL", "ENABLE TRIGGER ALL"])
def test_a_watch_that_is_off_is_drift_and_no_lease_is_renewed(consented: Shop, how: str) -> None:
    with consented.crm() as crm:
        crm.execute(f"ALTER TABLE contact {how}")
    assert [change.item for change in consented.plan().stores[0].drift] == ["watch belofte.watch_customer"]
    with pytest.raises(Failed, match="nothing watches"):
        consented.refresh()
    consented.apply()
    assert consented.plan().empty
    consented.refresh()


def test_a_watch_that_somebody_dropped_is_made_again(consented: Shop) -> None:
    with consented.crm() as crm:
        crm.execute("DROP FUNCTION belofte.watch_customer CASCADE")
        crm.execute("UPDATE contact SET email = 'dora@example.com' WHERE id = 1")
    consented.apply()
    assert consented.plan().empty
    assert consented.sees("mailing", "contact") == []


def test_nobody_changes_unseen_between_detach_and_attach(consented: Shop) -> None:
    with consented.desk() as desk:
        applying.detach(desk, desk.open("crm", read_only=False))
    with consented.crm() as crm:
        crm.execute("ALTER TABLE contact ALTER COLUMN email TYPE varchar(80)")
        crm.execute("UPDATE contact SET email = 'dora@example.com' WHERE id = 1")
    with consented.desk() as desk:
        applying.attach(desk, desk.open("crm", read_only=False))
    assert consented.plan().empty
    assert consented.sees("mailing", "contact") == []


def test_a_map_may_leave_the_tables_alone_and_every_read_compares(shop: Shop) -> None:
    shop.map["watch"] = False
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.crm() as crm:
        assert crm.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal").fetchone() == (0,)
        assert shop.sees("mailing", "contact") == [ALICE]
        crm.execute("UPDATE contact SET email = 'dora@example.com' WHERE id = 1")
        assert shop.sees("mailing", "contact") == []
        crm.execute("UPDATE contact SET email = 'Alice@example.com' WHERE id = 1")
    shop.map["watch"] = True
    assert "watch belofte.watch_customer" in {change.item for change in shop.plan().stores[0].changes}
    shop.apply()
    assert shop.plan().empty
    assert shop.sees("mailing", "contact") == [ALICE]


@pytest.mark.parametrize("key", [0, -7, 70_000, 2_000_000_000])
def test_a_key_of_any_size_is_told_and_its_neighbours_are_not(shop: Shop, key: int) -> None:
    with shop.crm() as crm:
        crm.execute("INSERT INTO contact VALUES (%s, 'Alice', 'alice@example.com')", [key])
        crm.execute("INSERT INTO contact VALUES (%s, 'Eve', 'eve@example.com'), (%s, 'Fay', 'fay@example.com')",
                    [key + 5, key - 5])  # fmt: skip
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    assert shop.sees("mailing", "contact", "id") == sorted([(1,), (key,)], key=repr)
    shop.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
    assert shop.sees("mailing", "contact") == []


def test_a_withdrawal_rewrites_one_block(consented: Shop) -> None:
    with consented.crm() as crm:
        query = "SELECT slot, block, octet_length(bits), xmin::text FROM belofte.open_customer"
        before = set(crm.execute(query).fetchall())
        consented.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
        after = set(crm.execute(query).fetchall())
    changed = after - before
    assert {size for _, _, size, _ in changed} == {4096}
    assert len({(slot, block) for slot, block, _, _ in changed}) == len(changed) == 2


@pytest.mark.parametrize("watch", [True, False])
def test_a_store_that_was_told_in_an_older_layout_is_told_anew(shop: Shop, watch: bool) -> None:
    shop.map["watch"] = watch
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    with shop.crm() as crm:
        crm.execute("UPDATE belofte.made SET wanted = 'old' WHERE item = 'relation belofte.allowed_customer'")
    assert "relation belofte.allowed_customer" in {change.item for change in shop.plan().stores[0].changes}
    shop.apply()
    assert shop.plan().empty
    assert shop.sees("mailing", "contact") == [ALICE]


def test_who_has_more_told_of_her_is_seen_beside_those_with_a_bit_and_looked_up_no_longer_than_that(
    consented: Shop,
) -> None:
    blocks = "SELECT bool_or(more) FROM belofte.open_customer"
    consented.choose("charlie", Kind.CONSENT_GIVEN, "mailing")
    consented.choose("charlie", Kind.RESTRICTION_SET, category="dealings")
    assert consented.sees("mailing", "contact", "id") == [(1,), (3,)]
    consented.choose("charlie", Kind.RESTRICTION_SET, category="identity")
    assert consented.sees("mailing", "contact", "id") == [(1,)]
    with consented.crm() as crm:
        assert crm.execute(blocks).fetchone() == (True,)
        consented.choose("charlie", Kind.RESTRICTION_LIFTED, category="dealings")
        consented.choose("charlie", Kind.RESTRICTION_LIFTED, category="identity")
        consented.refresh()
        assert crm.execute(blocks).fetchone() == (False,)
    assert consented.sees("mailing", "contact", "id") == [(1,), (3,)]
