"""Tables of people, their identifiers, and links that no foreign key states."""

from __future__ import annotations

from tests.scan.catalogue import scan, table

from belofte.datamap.recognise import Findings


def people(found: Findings) -> dict[str, str]:
    return {entry.table: entry.kind for entry in found.people}


def identifies(found: Findings, column: str) -> str:
    return next(one.identifies for entry in found.people for one in entry.identifiers if one.column == column)


def links(found: Findings) -> set[str]:
    return {f"{one.table}.{one.column} -> {one.target}.{one.target_column}" for one in found.links}


def test_people_in_four_languages_and_under_prefixes():
    found = scan(
        table("tbl_klanten_2019", "id:int naam email"),
        table("salaries", "id:int nom prenom"),
        table("Mitarbeiter", "id:int vorname nachname"),
        table("applicants", "id:int email"),
    )
    assert people(found) == {
        "tbl_klanten_2019": "customer",
        "salaries": "employee",
        "Mitarbeiter": "employee",
        "applicants": "applicant",
    }


def test_people_without_a_word_for_them():
    found = scan(table("crm_master", "id:int first_name last_name email birth_date:date"))
    assert people(found) == {"crm_master": "person"}


def test_things_dealings_and_companies_are_no_people():
    found = scan(
        table("customer", "id:int email name"),
        table("product", "id:int name"),
        table("company", "id:int name vat_number phone"),
        table("customer_type", "id:int name"),
        table("orders", "id:int customer_id:int billing_name billing_email", "customer_id>customer.id"),
    )
    assert people(found) == {"customer": "customer"}
    assert [hint.table for hint in found.hints if hint.what == "organisation"] == []


def test_supplier_with_a_named_contact_is_people():
    assert people(scan(table("supplier", "id:int company_name contact_name phone"))) == {"supplier": "contact"}


def test_function_mailboxes_identify_an_organisation():
    boxes: list[object] = ["info@a.be", "sales@b.be", "boekhouding@c.be", "alice@d.be"]
    found = scan(table("contact", "id:int first_name email"), values={"contact.email": boxes})
    assert identifies(found, "email") == "organisation"


def test_one_function_mailbox_makes_addresses_shared():
    boxes: list[object] = ["alice@a.be", "bob@b.be", "info@c.be", "charlie@d.be"]
    found = scan(table("customer", "id:int first_name email"), values={"customer.email": boxes})
    assert identifies(found, "email") == "shared"


def test_switchboard_that_repeats_is_shared_and_unique_address_is_a_person():
    found = scan(
        table("customer", "id:int first_name email phone", unique="email"),
        values={"customer.phone": ["+32 55 23 71 99", "+32 55 23 71 99", "+32 2 274 48 00"]},
    )
    assert (identifies(found, "phone"), identifies(found, "email")) == ("shared", "person")


def test_link_by_name_is_kept_when_values_are_included_and_dropped_when_not():
    customer = table("customer", "id:int email")
    order = table("orders", "id:int customer_id:int")
    good = scan(customer, order, values={"customer.id": [*range(1, 20)], "orders.customer_id": [1, 2, 3, 7]})
    bad = scan(customer, order, values={"customer.id": [*range(1, 20)], "orders.customer_id": [901, 902, 903, 907]})
    assert links(good) == {"orders.customer_id -> customer.id"}
    assert links(bad) == set()


def test_link_in_dutch_french_and_camel_case():
    found = scan(
        table("Klanten", "KlantId:int naam", key="KlantId"),
        table("client", "id:int nom"),
        table("bestelling", "id:int klantId:int"),
        table("facture", "id:int id_client:int"),
    )
    assert links(found) == {"bestelling.klantId -> Klanten.KlantId", "facture.id_client -> client.id"}


def test_qualified_link_goes_to_the_longest_name():
    found = scan(
        table("address", "id:int street"),
        table("customer", "id:int email shipping_address_id:int"),
        table("payment_card", "id:int number customer_id:int"),
        table("card", "id:int colour"),
        table("orders", "id:int payment_card_id:int"),
    )
    assert {
        "customer.shipping_address_id -> address.id",
        "orders.payment_card_id -> payment_card.id",
    } <= links(found)


def test_log_is_linked_by_the_address_it_names():
    found = scan(
        table("customer", "id:int name email"),
        table("visit", "email at:ts", key=""),
        values={"customer.email": ["alice@a.be", "bob@b.be"], "visit.email": ["alice@a.be"]},
    )
    assert [(one.table, one.target, one.match) for one in found.links] == [("visit", "customer", "email")]


def test_log_of_strangers_is_an_identity_of_its_own():
    found = scan(
        table("customer", "id:int name email"),
        table("subscription", "email at:ts", key=""),
        values={"customer.email": ["alice@a.be", "bob@b.be"], "subscription.email": ["eve@c.be", "mallory@d.be"]},
    )
    assert links(found) == set()
    assert [(e.table, e.key) for e in found.people if e.without_table] == [("subscription", ("email",))]


def test_manager_is_a_link_to_its_own_table():
    found = scan(
        table("employee", "id:int first_name reports_to:int"),
        values={"employee.id": [1, 2, 3, 4], "employee.reports_to": [1, 2, 1]},
    )
    assert links(found) == {"employee.reports_to -> employee.id"}


def test_text_keys_are_found_by_values_alone_and_small_numbers_are_not():
    codes: list[object] = [f"K-{n:05}" for n in range(1, 30)]
    found = scan(
        table("party", "code naam", key="code"),
        table("thing", "id:int owner_ref amount:int"),
        values={"party.code": codes, "thing.owner_ref": codes[3:12], "thing.amount": [1, 2, 3], "thing.id": [1, 2, 3]},
    )
    assert links(found) == {"thing.owner_ref -> party.code"}


def test_polymorphic_pair_and_json_are_hints():
    found = scan(
        table("customer", "id:int email"),
        table("attachment", "id:int subject_type subject_id:int"),
        table("event", "id:int payload:json"),
        values={"event.payload": [{"user": {"email": "alice@a.be", "secretword": 1}}]},
    )
    hints = {(hint.table, hint.what): hint.text for hint in found.hints}
    assert ("attachment", "polymorphic") in hints
    assert "`email`" in hints["event", "json"]
    assert "secretword" not in hints["event", "json"]


def test_visit_that_staff_receive_is_the_visitors():
    found = scan(
        table("employee", "id:int first_name email"),
        table("visit", "id:int name email plate host_id:int", "host_id>employee.id"),
    )
    assert [(entry.table, entry.key) for entry in found.people if entry.without_table] == [("visit", ("email",))]
    assert [p.element for p in found.of("visit")] == ["identity.name", "identity.email"]
