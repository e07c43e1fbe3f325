"""The drafted map: it loads, says what to decide, states ownership where keys cannot; additions keep what is there."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML
from tests.scan.catalogue import scan, schema, table

from belofte.datamap.additions import extended
from belofte.datamap.draft import draft, policy_text
from belofte.datamap.graph import Graph
from belofte.datamap.load import load
from belofte.datamap.model import DataMap
from belofte.datamap.recognise.difference import Difference, differences
from belofte.datamap.schema import TableInfo
from belofte.policy.model import Policy

CUSTOMER = table("customer", "id:int name email phone address_id:int", "address_id>address.id")
ADDRESS = table("address", "id:int street city")
STAFF = table("employee", "id:int first_name email")
ORDERS = table(
    "orders", "id:int customer_id:int handled_by:int total:num", "customer_id>customer.id", "handled_by>employee.id"
)
LINE = table("order_line", "id:int order_id:int product_id:int", "order_id>orders.id", "product_id>product.id")
PRODUCT = table("product", "id:int name description")
SHOP = (CUSTOMER, ADDRESS, STAFF, ORDERS, LINE, PRODUCT)

POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "organisation": {"name": "Voorbeeld NV", "country": "BE", "authority": "be-apd"},
        "languages": ["en"],
        "people": {"customer_contact": {}, "colleague": {"employees": True}},
        "categories": {
            "identity": {"title": "identity", "elements": {"full_name": "pd:Name", "email": "pd:EmailAddress"}},
            "dealings": {"title": "dealings", "elements": {"bought": "pd:Purchase"}},
        },
    }
)


def drafted(*tables: TableInfo, policy: Policy | None = None) -> DataMap:
    found = scan(*tables)
    return load("stores/shop.yaml", draft(found, schema(*tables), "shop", policy).text.encode(), None).map


def test_draft_loads_and_its_graph_holds():
    datamap = drafted(*SHOP)
    graph = Graph(datamap, schema(*SHOP))
    assert sorted(datamap.people) == ["customer", "employee"]
    assert {owner.entry for owner in graph.people("order_line")} == {"customer"}
    assert {owner.entry for owner in graph.people("address")} == {"customer"}
    assert graph.problems == []


def test_order_is_about_the_customer_and_only_mentions_who_handled_it():
    text = draft(scan(*SHOP), schema(*SHOP), "shop").text
    assert "`handled_by` (to employee) names staff who handled the row: left out; decide" in text
    assert drafted(*SHOP).tables["orders"].about[0].of == "customer"


def test_things_are_offered_to_ignore_but_not_ignored():
    text = draft(scan(*SHOP), schema(*SHOP), "shop").text
    assert "#   - product  # named after things" in text
    assert drafted(*SHOP).ignore == []


def test_draft_speaks_the_policys_words():
    found = draft(scan(*SHOP), schema(*SHOP), "shop", POLICY)
    datamap = load("stores/shop.yaml", found.text.encode(), None).map
    assert datamap.tables["customer"].columns["name"].element == "identity.full_name"
    assert datamap.tables["orders"].row == "dealings.bought"
    assert datamap.people["customer"].is_ == "customer_contact"
    assert datamap.people["employee"].is_ == "colleague"
    assert "# phone: identity.phone  # not in your policy" in found.text
    assert found.elements == ()


def test_what_the_policy_lacks_is_yaml_of_its_own():
    text = policy_text(["health.condition", "identity.email"], ["patient"])
    tree = YAML(typ="safe").load(text)
    assert tree["people"] == ["patient"]
    assert tree["categories"]["health"]["special"] == "health"
    assert tree["categories"]["identity"]["elements"] == {"email": "pd:EmailAddress"}


@pytest.mark.parametrize("name", ["null", "naam: x", "a #b", 'quo"te', "new\nline", "[x]", "ünï", "1st", "*alias"])
def test_names_that_yaml_would_misread_come_back_as_they_are(name: str):
    odd = table("customer", "id:int email")
    columns = {**odd.columns, name: odd.columns["email"].__class__(name, "text", "text")}
    whole = TableInfo("customer", columns, primary_key=("id",))
    datamap = drafted(whole)
    assert datamap.people["customer"].table == "customer"
    named = TableInfo(name, odd.columns, primary_key=("id",))
    assert name in drafted(named).tables


def mapped(text: str) -> DataMap:
    return load("stores/shop.yaml", text.encode(), None).map


MAPPED = """\
# our own words
store: shop
url: ${SHOP_URL}
people:
  client: {table: customer, key: id, is: customer_contact}
tables:
  customer:
    columns: {name: identity.full_name, email: dealings.bought, gone_by: identity.email}   # ours
  removed: {columns: {x: identity.email}}
"""


def compared(text: str) -> list[Difference]:
    found = scan(*SHOP)
    return differences(mapped(text), found, schema(*SHOP), {})


def test_difference_names_new_gone_and_changed():
    found = {(one.table, one.column): one.change for one in compared(MAPPED)}
    assert found[("removed", None)] == "gone"
    assert found[("customer", "gone_by")] == "gone"
    assert found[("customer", "email")] == "changed"
    assert found[("customer", "phone")] == "new"
    assert found[("employee", None)] == "new"
    assert ("customer", "name") not in found


def test_ignored_table_and_declined_column_are_the_companys_word():
    text = "store: shop\nurl: ${U}\ntables:\n  customer: {columns: {phone: none}}\nignore: [address, employee]\n"
    found = {(one.table, one.column) for one in compared(text)}
    assert ("customer", "phone") not in found
    assert not any(table_name in ("address", "employee") for table_name, _ in found)


def test_additions_keep_the_companys_lines_and_load():
    found = scan(*SHOP)
    existing = mapped(MAPPED)
    what = differences(existing, found, schema(*SHOP), {})
    text, taken = extended(MAPPED, draft(found, schema(*SHOP), "shop", None, 0, existing), what)
    after = mapped(text)
    assert text.startswith("# our own words\n")
    assert "# ours" in text
    assert after.tables["customer"].columns["email"].element == "dealings.bought"
    assert after.tables["customer"].columns["phone"].element == "identity.phone"
    assert after.people["client"].table == "customer"
    assert after.people["employee"].table == "employee"
    assert after.tables["address"].about[0].of == "client"
    assert {one.change for one in taken} == {"new"}
    assert [one.change for one in differences(after, found, schema(*SHOP), {})].count("new") == 0


def test_company_row_is_about_nobody_though_contacts_point_at_it():
    company = table("company", "id:int name email")
    contact = table("contact", "id:int first_name email company_id:int", "company_id>company.id")
    call = table("call", "id:int contact_id:int company_id:int", "contact_id>contact.id", "company_id>company.id")
    datamap = drafted(company, contact, call)
    assert datamap.tables["company"].about is None
    assert sorted(datamap.organisations) == ["company"]
    assert Graph(datamap, schema(company, contact, call)).people("company") == ()
