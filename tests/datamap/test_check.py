"""The map's check: each rule finds what breaks it, at its place, and leaves the sound map alone."""

from __future__ import annotations

from datetime import date

import pytest

from belofte.datamap.check import RULES, facts_given, map_findings
from belofte.datamap.coverage import coverage
from belofte.datamap.explain import explanation
from belofte.datamap.load import LoadedMap
from belofte.datamap.load import load as load_map
from belofte.datamap.model import DataMap
from belofte.datamap.schema import Check, ColumnInfo, ForeignKey, Schema, TableInfo
from belofte.policy.load import Loaded
from belofte.policy.load import load as load_policy

POLICY = b"""
belofte: 1
organisation: {name: Shop, country: BE, authority: be-apd}
languages: [en]
people: [customer, employee]
categories:
  identity: {title: Identity, elements: {name: pd:Name, email: pd:EmailAddress, birth: pd:BirthDate}}
  dealings: {title: Dealings, source: observed, elements: {text: pd:Communication, amount: pd:Transaction}}
  health: {title: Health, special: health, elements: {condition: pd:MedicalHealth}}
purposes:
  orders: {title: Orders, basis: contract, while: contract.active, uses: [identity, dealings]}
  accounting:
    {title: Books, basis: legal-obligation, law: WER III.86, uses: identity, keep: P7Y, after: invoice.issued_at}
transfers:
  us-scc: {country: US, ground: scc}
"""

MAP = """
store: shop
url: ${SHOP_URL}
people:
  customer: {table: person, key: id, is: customer, identifiers: {email: email}}
facts:
  contract.active: person.status = 'active'
tables:
  person: {columns: {email: identity.email, name: identity.name, birth_date: identity.birth, status: none}}
  invoice: {facts: {issued_at: issued}, columns: {amount: dealings.amount, attention_of: identity.name}}
"""


def column(name: str, family: str = "text", **kept) -> ColumnInfo:
    return ColumnInfo(name=name, family=family, type=family, **kept)


def table(name: str, *columns: ColumnInfo, **kept) -> TableInfo:
    return TableInfo(name=name, columns={one.name: one for one in columns}, primary_key=("id",), **kept)


ID = column("id", "integer", nullable=False)
OWNER = column("person_id", "integer", nullable=False)
TO_PERSON = ForeignKey(("person_id",), "person", ("id",))
PERSON = table(
    "person", ID, column("email"), column("name"), column("birth_date", "date"), column("status"),
    indexes=(("id",), ("lower(email)",)),
)  # fmt: skip
INVOICE = table(
    "invoice", ID, OWNER, column("issued", "date"), column("amount", "numeric"), column("attention_of"),
    foreign_keys=(TO_PERSON,),
)  # fmt: skip


def schema(*tables: TableInfo, warnings: tuple[str, ...] = ()) -> Schema:
    return Schema("postgres", {one.name: one for one in (PERSON, INVOICE, *tables)}, warnings=warnings)


def policy(extra: str = "") -> Loaded:
    return load_policy({"policy/shop.yaml": POLICY + extra.encode()})


def datamap(text: str = "") -> LoadedMap:
    return load_map("stores/shop.yaml", (MAP + text).encode(), policy())


def found(text: str = "", *tables: TableInfo, base: str = MAP, warnings: tuple[str, ...] = ()) -> list[str]:
    loaded = load_map("stores/shop.yaml", (base + text).encode(), policy())
    findings = map_findings(loaded, policy().policy, schema(*tables, warnings=warnings))
    return [f"{one.severity} {one.id} {one.place}: {one.message}" for one in findings]


def test_a_sound_map_has_no_findings():
    assert found() == []


def test_every_finding_has_its_law_and_its_mend():
    findings = map_findings(datamap("  gone: {}\n"), policy().policy, schema())
    assert [(one.id, one.path, one.law, one.mend) for one in findings] == [
        (
            "MAP_TABLE_GONE", "tables.gone", "GDPR art. 5(2), 30(1)",
            "correct the name, or remove the table from the map when its data is gone",
        )
    ]  # fmt: skip
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.law.startswith("GDPR art. ") and rule.mend for rule in RULES)


def test_a_mapped_table_that_is_gone():
    assert found("  persn: {columns: {name: identity.name}}\n") == [
        "error MAP_TABLE_GONE stores/shop.yaml:11:3: there is no table `persn` in the database; did you mean `person`?"
    ]


def test_a_mapped_column_that_is_gone():
    assert found(base=MAP.replace("status: none", "status: none, nme: identity.name")) == [
        "error MAP_COLUMN_GONE stores/shop.yaml:9:113: `person` has no column `nme`; did you mean `name`?"
    ]


def test_a_purpose_that_sees_a_column_in_a_form_that_it_cannot_have():
    stated = POLICY.replace(
        b"purposes:", b"purposes:\n  figures: {title: x, uses: identity, masked: {identity: {generalise: year}}}"
    )
    assert stated != POLICY
    loaded = load_policy({"policy/shop.yaml": stated})
    datamap = load_map("stores/shop.yaml", MAP.encode(), loaded)
    findings = [one for one in map_findings(datamap, loaded.policy, schema()) if one.id == "MAP_NO_MASK"]
    assert [(one.path, one.message) for one in findings] == [
        ("tables.person.columns.email", "`person.email` is no date: it has no year: no view of `figures` shows it"),
        ("tables.person.columns.name", "`person.name` is no date: it has no year: no view of `figures` shows it"),
        ("tables.invoice.columns.attention_of",
         "`invoice.attention_of` is no date: it has no year: no view of `figures` shows it"),
    ]  # fmt: skip


def test_an_identifier_whose_column_is_gone():
    assert found(base=MAP.replace("{email: email}", "{phone: phone}")) == [
        "error MAP_COLUMN_GONE stores/shop.yaml:5:73: `person` has no column `phone`"
    ]


def test_people_whose_table_is_gone():
    text = MAP.replace("table: person,", "table: persons,").replace("person.status", "person.status")
    assert "there is no table `persons` in the database; did you mean `person`?" in found(base=text)[0]


def test_a_condition_that_does_not_parse_stops_the_rules_that_follow_rows():
    text = MAP.replace("is: customer,", "is: customer, where: 'count(*) > 1',")
    (only,) = found(base=text)
    assert only.startswith("error MAP_EXPRESSION_WRONG stores/shop.yaml:5:59: `count(*) > 1` ")


def test_a_condition_on_a_column_that_is_not_there():
    assert found(base=MAP.replace("is: customer,", "is: customer, where: form = 'x',")) == [
        "error MAP_EXPRESSION_WRONG stores/shop.yaml:5:59: `person` has no column `form`"
    ]


def test_a_personal_looking_column_that_is_not_mapped():
    assert found(base=MAP.replace("birth_date: identity.birth, ", "")) == [
        "warning MAP_COLUMN_UNMAPPED stores/shop.yaml:9:3: "
        "`person.birth_date` looks like demographics.birth_date and is not mapped"
    ]


def test_a_column_mapped_to_none_is_answered_for():
    assert found(base=MAP.replace("birth_date: identity.birth", "birth_date: none")) == []


def test_a_personal_looking_table_that_is_neither_mapped_nor_ignored():
    log = table("sign_in", ID, column("email"), column("ip_address"))
    assert found("", log) == [
        "warning MAP_TABLE_UNMAPPED stores/shop.yaml:8:1: "
        "`sign_in` looks personal (`email, ip_address`) and is neither mapped nor ignored"
    ]
    assert found("ignore: [sign_in]\n", log) == []


def test_a_table_without_personal_looks_needs_no_word():
    assert found("", table("product", ID, column("price", "numeric"), column("colour"))) == []


def test_a_partition_of_a_mapped_table_needs_no_word():
    part = table("invoice_2024", ID, OWNER, column("attention_of"), column("email"), child_of="invoice")
    assert found("", part) == []


def test_special_data_under_an_ordinary_element():
    sick = table("absence", ID, OWNER, column("diagnosis"), foreign_keys=(TO_PERSON,))
    assert found("  absence: {columns: {diagnosis: dealings.text}}\n", sick) == [
        "warning MAP_SPECIAL_UNDECLARED stores/shop.yaml:11:34: `absence.diagnosis` looks like data on health "
        "and is mapped to `dealings.text`, which is not declared special"
    ]
    assert found("  absence: {columns: {diagnosis: health.condition}}\n", sick) == []


def test_a_store_outside_the_eea_needs_a_ground():
    assert found("location: US\n") == [
        "error STORE_TRANSFER stores/shop.yaml:11:11: "
        "the store is in `US`, outside the EEA, and no ground lets data go there"
    ]
    assert found("location: US\ntransfer: us-scc\n") == []
    assert found("location: CH\n") == []
    assert found("location: NO\n") == []


def test_a_transfer_to_another_country_is_no_ground():
    assert found("location: IN\ntransfer: us-scc\n") == [
        "error STORE_TRANSFER stores/shop.yaml:12:11: the store is in `IN` and `us-scc` is a transfer to `US`"
    ]


def test_an_adequacy_decision_counts_until_it_ends():
    loaded = datamap("location: GB\n")
    assert map_findings(loaded, policy().policy, schema(), date(2026, 6, 1)) == []
    after = map_findings(loaded, policy().policy, schema(), date(2032, 1, 1))
    assert [one.id for one in after] == ["STORE_TRANSFER"]


def test_a_store_that_is_down_is_held_against_the_policy_only():
    loaded = datamap("location: US\n")
    assert [one.id for one in map_findings(loaded, policy().policy, None)] == ["STORE_TRANSFER"]


def test_a_fact_of_a_column_that_is_not_there():
    assert found(base=MAP.replace("issued_at: issued", "issued_at: issued_on")) == [
        "error MAP_FACT_WRONG stores/shop.yaml:10:32: `invoice` has no column `issued_on`"
    ]


def test_a_fact_that_does_not_parse():
    (only,) = found(base=MAP.replace("person.status = 'active'", "now() - person.birth_date"))
    assert only.startswith("error MAP_FACT_WRONG stores/shop.yaml:7:20: `now() - person.birth_date` uses ")


def test_a_link_by_a_column_that_is_not_there():
    note = table("note", ID, column("author", "integer"), column("body"))
    assert found("  note: {about: {writer: customer}, columns: {body: dealings.text}}\n", note) == [
        "error MAP_LINK_WRONG stores/shop.yaml:11:10: the link to `customer` has no column `writer`"
    ]


def test_rows_that_reach_nobody():
    note = table("note", ID, column("body"))
    assert found("  note: {columns: {body: dealings.text}}\n", note) == [
        "error MAP_REACHES_NOBODY stores/shop.yaml:11:3: `note` holds personal data and its rows reach nobody"
    ]
    assert found("  note: {columns: {body: none}}\n", note) == []
    assert found("  note: {unowned: true, columns: {body: dealings.text}}\n", note) == []


def test_a_column_about_nobody():
    text = MAP.replace("attention_of: identity.name", "attention_of: {element: identity.name, about: none}")
    assert found(base=text) == [
        "error MAP_REACHES_NOBODY stores/shop.yaml:10:76: `invoice.attention_of` is personal data and is about nobody"
    ]


def test_rows_that_reach_organisations_only():
    firm = table("company", ID, column("contact_name"))
    text = "  company: {columns: {contact_name: identity.name}}\norganisations: {company: {table: company, key: id}}\n"
    assert found(text, firm) == [
        "warning MAP_ORGANISATIONS_ONLY stores/shop.yaml:11:3: "
        "`company` holds personal data and its rows reach organisations only"
    ]


def test_a_path_through_a_nullable_key():
    loose = table("note", ID, column("person_id", "integer"), column("body"), foreign_keys=(TO_PERSON,))
    assert found("  note: {columns: {body: dealings.text}}\n", loose) == [
        "note MAP_PATH_NULLABLE stores/shop.yaml:11:3: "
        "where `note.person_id` is NULL a row of `note` reaches nobody: it is hidden, and stays"
    ]


def test_a_nullable_key_deep_in_the_path():
    loose = table("orders", ID, column("person_id", "integer"), foreign_keys=(TO_PERSON,))
    up = ForeignKey(("order_id",), "orders", ("id",))
    line = table("line", ID, column("order_id", "integer", nullable=False), column("engraving"), foreign_keys=(up,))
    (only,) = found("  orders: {columns: {}}\n  line: {columns: {engraving: dealings.text}}\n", loose, line)
    assert "where `orders.person_id` is NULL a row of `line` reaches nobody" in only


def test_a_second_way_that_never_breaks_makes_the_path_sound():
    also = ForeignKey(("maker_id",), "person", ("id",))
    maker = column("maker_id", "integer")
    note = table("note", ID, OWNER, maker, column("body"), foreign_keys=(TO_PERSON, also))
    about = "{person_id: customer, maker_id: customer}"
    assert found(f"  note: {{about: {about}, columns: {{body: dealings.text}}}}\n", note) == []


def test_several_keys_to_people_ask_whom_the_rows_are_about():
    also = ForeignKey(("clerk_id",), "person", ("id",))
    clerk = column("clerk_id", "integer", nullable=False)
    note = table("note", ID, OWNER, clerk, column("body"), foreign_keys=(TO_PERSON, also))
    assert found("  note: {columns: {body: dealings.text}}\n", note) == [
        "warning MAP_OWNER_AMBIGUOUS stores/shop.yaml:11:3: the rows of `note` reach people by several keys "
        "(`person_id` to customer, `clerk_id` to customer)"
    ]
    assert found("  note: {about: customer, columns: {body: dealings.text}}\n", note) == [
        "warning MAP_OWNER_AMBIGUOUS stores/shop.yaml:11:17: "
        "several foreign keys lead to `customer` (person_id, clerk_id): name the column"
    ]
    assert found("  note: {about: {person_id: customer}, columns: {body: dealings.text}}\n", note) == []


@pytest.mark.parametrize("live", [True, False])
def test_a_gap_that_nobody_filled(live: bool):
    """It is found in a store that is down or kept by hand as well."""
    written = b"store: attic\nkind: manual\nbackups: FILL-IN\nmanual:\n  keeper: ask FILL-IN\n  where: attic\n"
    schema = Schema("sqlite", {}) if live else None
    hits = map_findings(load_map("stores/attic.yaml", written, policy()), policy().policy, schema)
    assert [(one.severity, one.id, str(one.place), one.message) for one in hits] == [
        ("error", "FILL_IN", "stores/attic.yaml:3:10", "`backups` still says `FILL-IN`"),
        ("error", "FILL_IN", "stores/attic.yaml:5:11", "`manual.keeper` still says `FILL-IN`"),
    ]


def test_a_form_that_the_constraints_refuse():
    strict = table("note", ID, OWNER, column("body", nullable=False), foreign_keys=(TO_PERSON,))
    assert found("  note: {columns: {body: {element: dealings.text, erase: 'null'}}}\n", strict) == [
        "error MAP_NO_REMOVAL stores/shop.yaml:11:20: "
        "`note.body` may not be NULL: use `redact`, `delete` or leave `erase` out"
    ]


def test_a_form_of_another_family_than_its_column():
    sized = table("note", ID, OWNER, column("size", "integer"), foreign_keys=(TO_PERSON,))
    assert found("  note: {columns: {size: {element: dealings.text, erase: {redact: gone}}}}\n", sized) == [
        "error MAP_NO_REMOVAL stores/shop.yaml:11:20: `note.size` is a number: put one there, without quotes"
    ]


def test_a_value_that_goes_only_with_its_row():
    checked = table(
        "note", ID, OWNER, column("body", nullable=False), foreign_keys=(TO_PERSON,), checks=(Check(("body",), "x"),)
    )
    assert found("  note: {columns: {body: dealings.text}}\n", checked) == [
        "note MAP_WITH_ROW_ONLY stores/shop.yaml:11:26: "
        "a check constraint of `note` names `body`: it goes only with its whole row"
    ]


def test_a_purpose_that_counts_by_a_column_which_it_does_not_keep():
    stated = "amount: dealings.amount, issued: {}"
    assert found(base=MAP.replace("amount: dealings.amount", stated.format("dealings.text"))) == [
        "note MAP_FACT_GOES stores/shop.yaml:10:84: "
        "`accounting` counts on `invoice.issued_at`, and does not use `dealings.text` by which it counts"
    ]
    assert found(base=MAP.replace("amount: dealings.amount", stated.format("identity.birth"))) == []


def test_a_partition_is_explained_as_part_of_its_table():
    part = table("invoice_2025", ID, OWNER, foreign_keys=(TO_PERSON,), child_of="invoice")
    told = {one.name: one for one in explanation(datamap(), policy().policy, schema(part), date(2026, 1, 1))}
    assert told["invoice_2025"].state == "part of invoice"
    assert told["invoice_2025"].remarks == ()


def ring(nullable: bool) -> tuple[TableInfo, TableInfo]:
    to_b, to_a = ForeignKey(("b_id",), "b", ("id",)), ForeignKey(("a_id",), "a", ("id",))
    first = table("a", ID, column("b_id", "integer", nullable=False), foreign_keys=(to_b,))
    return first, table("b", ID, column("a_id", "integer", nullable=nullable), foreign_keys=(to_a,))


def test_a_ring_of_keys_that_may_not_be_null():
    assert found("  a: {}\n  b: {}\n", *ring(nullable=False)) == [
        "warning MAP_CYCLE stores/shop.yaml:11:3: "
        "`a`, `b` refer to each other by keys that may not be NULL: no row of it can be deleted first"
    ]
    assert found("  a: {}\n  b: {}\n", *ring(nullable=True)) == []


def test_a_table_that_must_refer_to_itself():
    own = table("a", ID, column("up", "integer", nullable=False), foreign_keys=(ForeignKey(("up",), "a", ("id",)),))
    (only,) = found("  a: {}\n", own)
    assert "`a` refers to itself by keys that may not be NULL" in only


def test_an_identifier_without_an_index_in_a_large_table():
    bare = TableInfo("person", PERSON.columns, ("id",), rows=100_000)
    assert found("", bare) == [
        "note MAP_IDENTIFIER_SLOW stores/shop.yaml:5:73: "
        "`person.email` has no index: finding a person reads the whole table"
    ]
    assert found("", TableInfo("person", PERSON.columns, ("id",), rows=999)) == []
    assert found("", TableInfo("person", PERSON.columns, ("id",), unique=(("email",),), rows=100_000)) == []


def test_a_mapped_view_and_a_mapped_child():
    view = TableInfo("named", {"name": column("name")}, kind="view")
    child = table("invoice_2024", ID, OWNER, child_of="invoice", foreign_keys=(TO_PERSON,))
    assert found("  named: {}\n  invoice_2024: {}\n", view, child) == [
        "warning MAP_VIEW stores/shop.yaml:11:3: `named` is a view: its data lies in other tables",
        "warning MAP_CHILD stores/shop.yaml:12:3: "
        "the rows of `invoice_2024` are also rows of `invoice`, which is mapped",
    ]


def test_triggers_matter_where_rows_may_change():
    armed = table("note", ID, OWNER, foreign_keys=(TO_PERSON,), triggers=("copy_note",))
    assert found("  note: {}\n", armed) == []
    assert found("  note: {}\nmode: act\n", armed) == [
        "note MAP_TRIGGER stores/shop.yaml:11:3: triggers of `note` run when its rows change: copy_note"
    ]


def test_what_the_catalogue_warns_of_is_said_of_mapped_tables():
    warnings = ("`person` has row security: this account may not see all its rows", "`other` cannot be read")
    (only,) = found(warnings=warnings)
    assert only.endswith("`person` has row security: this account may not see all its rows")


def test_the_facts_that_stores_give():
    bare = DataMap.model_validate({"store": "books", "url": "x", "facts": {"order.paid_at": "paid.at"}})
    assert facts_given([datamap(), bare]) == {"contract.active", "invoice.issued_at", "order.paid_at"}


def test_a_fact_that_no_store_gives():
    assert coverage(policy(), {"shop": datamap()}) == []
    text = MAP.replace("contract.active:", "contract.activ:")
    without = load_map("stores/shop.yaml", text.encode(), policy())
    (only,) = coverage(policy(), {"shop": without})
    assert (only.id, only.severity, only.path) == ("FACT_MISSING", "error", "purposes.orders.while")
    assert str(only.place) == "policy/shop.yaml:11:51"
    assert only.message == "`orders` counts on `contract.active`, which no store gives"
    assert only.mend.endswith("did you mean `contract.activ`?")


def test_a_map_without_its_file_is_placed_at_its_store():
    bare = DataMap.model_validate({"store": "books", "url": "x", "tables": {"gone": {}}})
    assert [str(one.place) for one in map_findings(bare, policy().policy, Schema("postgres", {}))] == [
        "stores/books.yaml"
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_stumbles_over_a_map_whose_tables_are_all_gone(rule):
    loaded = datamap("  note: {about: {writer: customer}, columns: {body: dealings.text}}\n")
    for one in map_findings(loaded, policy().policy, Schema("sqlite", {})):
        assert one.id in {"MAP_TABLE_GONE", "MAP_FACT_WRONG", "MAP_EXPRESSION_WRONG"}, rule.id
