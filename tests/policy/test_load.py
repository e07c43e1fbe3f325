"""Loading: several files become one policy, every part knows its place, and large policies load in seconds."""

from __future__ import annotations

import time

from tests.policy.shop import BASE, changed, complaint

from belofte.datamap.load import load as load_map
from belofte.policy.load import load
from belofte.policy.problems import Place
from belofte.policy.terms import iri, mistake, short
from belofte.policy.texts import untranslated

PURPOSE = (
    b"  p%d:\n    title: {nl: doel, en: purpose}\n    basis: contract\n"
    b"    uses: [identity.name, identity.email]\n    keep: P7Y\n    after: invoice.issued_at\n"
)


def test_files_are_merged_by_top_level_key():
    made = b"promises: [{id: A, text: x, holds: planned}]\n"
    orders = b"purposes:\n  orders: {title: x, basis: contract, uses: identity}\n" + made
    news = b"purposes:\n  news: {title: x, basis: consent}\n" + made.replace(b"A", b"B") + b"people: [visitor]\n"
    loaded = load({"policy/a.yaml": BASE, "policy/b.yaml": orders, "policy/deep/c.yaml": news})
    assert list(loaded.policy.purposes) == ["orders", "news"]
    assert list(loaded.policy.people) == ["customer", "employee", "visitor"]
    assert [promise.id for promise in loaded.policy.promises] == ["A", "B"]
    assert loaded.at("purposes.news.basis") == Place("policy/deep/c.yaml", 2, 27)
    assert loaded.at("promises.1.id") == Place("policy/deep/c.yaml", 3, 17)
    assert loaded.at("people.2") == Place("policy/deep/c.yaml", 4, 10)


def test_a_part_that_is_not_written_is_where_its_owner_is():
    loaded = load({"policy/a.yaml": BASE})
    assert loaded.at("categories.identity.origin") == Place("policy/a.yaml", 6, 3)
    assert loaded.at("nowhere.at.all") == Place("policy")


def test_a_broken_file_hides_no_problem_of_the_others():
    said = complaint(BASE + b"scope: `x`\n", b"purposes:\n\tx: 1\n")
    assert "policy/a.yaml:7:8" in said
    assert "policy/b.yaml:2:1" in said


def test_all_problems_come_at_once_and_in_order():
    said = complaint(BASE + b"purposes:\n  b: {title: x, basis: no}\n  a: {basis: contract, keep: long}\nzzz: 1\n")
    places = [line.split(": ")[0] for line in said.splitlines() if line.startswith("policy")]
    assert places == ["policy/a.yaml:8:24", "policy/a.yaml:9:3", "policy/a.yaml:9:30", "policy/a.yaml:10:1"]


def test_ten_thousand_purposes_load_in_seconds():
    began = time.monotonic()
    loaded = load({"policy/a.yaml": BASE + b"purposes:\n" + b"".join(PURPOSE % n for n in range(10_000))})
    assert len(loaded.policy.purposes) == 10_000
    assert time.monotonic() - began < 10


def test_ten_thousand_mistakes_are_told_in_seconds():
    began = time.monotonic()
    wrong = b"".join(PURPOSE % n for n in range(10_000)).replace(b"identity.name", b"identity.nme")
    assert complaint(BASE + b"purposes:\n" + wrong).count("did you mean `name`?") == 10_000
    assert time.monotonic() - began < 15


def test_the_short_forms_of_the_design_load_in_a_map():
    loaded = load_map(
        "stores/crm.yaml",
        b"""
store: crm
kind: sql
url: ${CRM_URL}
location: BE
collected: {is: contact.created_at, older: notice-2018}
mode: observe
people:
  customer: {table: contact, key: id, is: customer_contact, identifiers: {email: {column: email, identifies: person}, phone: {column: phone, identifies: shared}}}
organisations: {company: {table: company, key: id}}
facts:
  contract.active: company.status = 'active'
  contract.ended_at: {is: company.ended_on, null: not-yet}
  last_contact.at: max(call.at)
tables:
  contact: {columns: {name: identity.name, email: identity.email, birth_date: {element: demographics.age, erase: {generalise: year}}}}
  invoice: {about: company, facts: {issued_at: date}, columns: {attention_of: {element: identity.name, about: contact, erase: redact}}}
  message: {about: {sender_id: customer, recipient_id: customer}, columns: {body: {element: dealings.text, on_unlink: redact}}}
""",  # noqa: E501 (the design's own lines)
        None,
    )
    assert loaded.map.facts["contract.ended_at"].null == "not-yet"
    assert [link.of for link in loaded.map.tables["message"].about or ()] == ["customer", "customer"]
    assert loaded.at("tables.invoice.about").line == 17


def test_texts_that_fall_back_are_reported():
    def only_dutch(policy: dict) -> None:
        del policy["purposes"]["news"]["title"]["en"]
        policy["scope"] = "customers"

    assert untranslated(changed().policy) == []
    assert untranslated(changed(only_dutch).policy) == [("scope", ["nl", "en"]), ("purposes.news.title", ["en"])]


def test_terms_are_those_of_the_vocabulary():
    assert mistake("pd:Name", "personal data") == ""
    assert mistake("https://w3id.org/dpv/pd#Name", "personal data") == ""
    assert mistake("dpv:DirectMarketing", "purpose") == ""
    assert "did you mean `pd:EmailAddress`?" in mistake("pd:EmailAdress", "personal data")
    assert "did you mean `pd:Name`?" in mistake("Name", "personal data")
    assert mistake("dpv:DirectMarketing", "personal data") != ""
    assert iri("pd:Name") == "https://w3id.org/dpv/pd#Name"
    assert short(iri("dpv:Marketing")) == "dpv:Marketing"
