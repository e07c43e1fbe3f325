"""Plans: what they show, what they refuse, and what is left after them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.purposes.applying import Refused
from belofte.purposes.plan import NoPlan, read


def test_a_plan_after_its_apply_is_empty(shop: Shop) -> None:
    assert not shop.plan().empty
    shop.apply()
    assert shop.plan().stores[0].changes == ()
    assert shop.plan().empty


def test_a_plan_counts_what_each_purpose_would_see(shop: Shop) -> None:
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    plan = shop.plan(counting=True)
    rows = {(one.purpose, one.table): one.rows for one in plan.stores[0].counts}
    assert rows["mailing", "contact"] == (None, 1)
    assert rows["service", "contact"] == (None, 3)
    assert rows["books", "orders"] == (None, 2)
    assert shop.plan(counting=True).digest == plan.digest


def test_a_plan_that_was_written_is_read_as_the_same_plan(shop: Shop, tmp_path: Path) -> None:
    plan = shop.plan(counting=True)
    assert read(plan.text()).digest == plan.digest
    with pytest.raises(NoPlan, match="changed after it was made"):
        read(plan.text().replace("GRANT SELECT", "GRANT ALL", 1))
    shop.apply(read(plan.text()))
    assert shop.plan().empty


@pytest.mark.parametrize("what", ["policy", "map", "schema"])
def test_a_plan_whose_ground_changed_is_refused(shop: Shop, what: str) -> None:
    plan = shop.plan()
    if what == "policy":
        shop.policy["purposes"]["mailing"]["title"] = "other"
    elif what == "map":
        shop.map["backups"] = "other"
    else:
        with shop.crm() as crm:
            crm.execute("ALTER TABLE contact ADD COLUMN iban text")
    with pytest.raises(Refused, match=what):
        shop.apply(plan)


def test_a_changed_view_a_given_role_and_a_new_column_are_shown_and_mended(shop: Shop) -> None:
    shop.apply()
    with shop.crm() as crm:
        crm.execute("CREATE OR REPLACE VIEW for_mailing.contact WITH (security_barrier) AS "
                    "SELECT id, name, email FROM public.contact")  # fmt: skip
        crm.execute("GRANT pg_read_all_data TO belofte_crm_for_mailing")
        crm.execute("ALTER TABLE contact ADD COLUMN iban text")
        crm.execute("CREATE VIEW for_mailing.all_of_it AS SELECT * FROM public.contact")
    one = shop.plan().stores[0]
    assert {change.item for change in one.drift} >= {
        "view for_mailing.contact", "role belofte_crm_for_mailing", "columns contact"
    }  # fmt: skip
    assert one.strangers == ("view for_mailing.all_of_it",)
    with shop.crm() as crm:
        crm.execute("DROP VIEW for_mailing.all_of_it")
    shop.apply()
    assert shop.plan().empty
    assert shop.sees("mailing", "contact") == []


def test_a_purpose_that_the_policy_lets_go_of_loses_its_views(shop: Shop) -> None:
    shop.apply()
    del shop.policy["purposes"]["mailing"]
    shop.apply()
    assert shop.plan().empty
    with shop.crm() as crm:
        assert crm.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'belofte_crm_for_mailing'").fetchone() == (0,)


def test_the_company_changes_its_tables_between_detach_and_attach(shop: Shop) -> None:
    shop.apply()
    with shop.desk() as desk:
        assert applying.detach(desk, desk.open("crm", read_only=False)) == 6
    with shop.crm() as crm:
        crm.execute("ALTER TABLE contact ALTER COLUMN name TYPE varchar(80)")
        crm.execute("ALTER TABLE contact DROP COLUMN shoe_size")
    with shop.desk() as desk:
        applying.attach(desk, desk.open("crm", read_only=False))
    assert len(shop.sees("service", "contact")) == 3
    assert shop.plan().empty


def test_rights_of_the_views_owner_and_strangers_in_a_schema_are_taken_back(shop: Shop) -> None:
    with shop.crm() as crm:  # a role of that name was there, with more than it should have
        crm.execute("CREATE ROLE belofte_crm_for_mailing LOGIN")
        crm.execute("GRANT SELECT ON orders TO belofte_crm_for_mailing")
    shop.apply()
    with shop.crm() as crm:
        query = "SELECT rolcanlogin, has_table_privilege(oid, 'orders', 'SELECT') FROM pg_roles WHERE rolname = %s"
        assert crm.execute(query, ["belofte_crm_for_mailing"]).fetchone() == (False, False)
    with shop.crm() as crm:
        crm.execute("GRANT SELECT, DELETE ON contact TO belofte_crm_views")
        crm.execute("GRANT UPDATE (email) ON contact TO belofte_crm_views")
        crm.execute("GRANT USAGE ON SCHEMA for_mailing TO PUBLIC")
        crm.execute("GRANT CREATE ON SCHEMA for_mailing TO belofte_crm_for_mailing")
    plan = shop.plan()
    assert {change.item for change in plan.stores[0].drift} == {"role belofte_crm_views", "usage for_mailing"}
    shop.apply(plan)
    assert shop.plan().empty
    with shop.crm() as crm:
        privileges = crm.execute(
            "SELECT has_table_privilege('belofte_crm_views', 'contact', 'SELECT, DELETE'), "
            "has_column_privilege('belofte_crm_views', 'contact', 'email', 'UPDATE'), "
            "has_schema_privilege('belofte_crm_for_mailing', 'for_mailing', 'CREATE'), "
            "has_schema_privilege('belofte_crm_for_service', 'for_mailing', 'USAGE')"
        ).fetchone()
        assert privileges == (False, False, False, False)
        assert crm.execute("SELECT count(*) FROM for_service.contact").fetchone() == (3,)


def test_a_store_that_is_not_enforced_and_silent_cannot_be_told(shop: Shop) -> None:
    shop.map["mode"] = "act"
    shop.url = "postgresql://nobody@127.0.0.1:1/none"
    plan = shop.plan()
    assert plan.stores == ()
    assert "whether views of ours still stand there nobody can see" in plan.silent["crm"]


@pytest.mark.parametrize("left", ["act", "no purpose"])
def test_a_store_that_is_not_enforced_any_more_gets_a_plan_that_drops_what_was_made(shop: Shop, left: str) -> None:
    shop.apply()
    if left == "act":
        shop.map["mode"] = "act"
    else:
        shop.map["enforce"] = []
    plan = shop.plan(counting=True)
    assert {change.action for change in plan.stores[0].changes} == {"drop"}
    assert {one.rows[1] for one in plan.stores[0].counts} == {None}
    shop.apply(plan)
    assert shop.plan().empty
    with shop.crm() as crm:
        assert crm.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^for_'").fetchall() == []
        assert crm.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^belofte_'").fetchall() == []


def test_a_store_that_is_only_read_says_that_views_are_left(shop: Shop) -> None:
    shop.apply()
    shop.map["mode"] = "observe"
    plan = shop.plan()
    assert plan.stores == ()
    assert "mode: act" in plan.silent["crm"]
