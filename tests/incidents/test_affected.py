"""Whose data it was: counted from stores by table, moment and condition; nobody is named, and who it was is sealed."""

from __future__ import annotations

import os

import pytest
from tests.incidents.test_register import incident, opened

from belofte.cli.incident import affected
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.database.sealed import Shredded, unsealed
from belofte.incidents.affected import people_of

NAMES = ("alice", "peeters", "bob", "charlie", "maes", "@example.com", "0470")


def counted(company, name, *scope):
    """What was counted in the CRM; nothing that is shown or kept in the clear names anybody."""
    done = incident(company, "affected", name, "--store", "crm", *scope, "--json")
    assert done.code == 0, done.err
    with company.own() as own:
        kept = str(own.execute("SELECT said, ciphertext FROM belofte.incident_entry, belofte.sealed").fetchall())
    for word in NAMES:
        assert word not in (done.out + done.err + kept).lower().replace("privacy@example.com", "")
    return done.document["affected"]["stores"]["crm"]


def sealed_people(company, name):
    key = company_key(company.folder, company.env)
    with open_database(company.database) as db:
        ((matter,),) = db.connection.execute("SELECT id FROM belofte.incident WHERE short = %s", [name]).fetchall()
        return people_of(unsealed(db, key, matter, "crm"))


def test_a_table_that_was_read_counts_its_people_their_kinds_and_what_it_held(company):
    company.policy["categories"]["dealings"]["special"] = "health"
    company.write()
    name = opened(company)
    found = counted(company, name, "--table", "message")
    assert (found["people"], found["records"], found["kinds"]) == (3, 2, {"customer": 3})
    assert found["categories"] == {"dealings": {"people": 3, "records": 2, "special": True}}
    assert sorted(sealed_people(company, name)["customer"]) == [(1,), (2,), (3,)]


def test_every_table_of_a_stolen_database_counts_each_person_once(company):
    found = counted(company, opened(company))
    assert found["tables"] == ["contact", "invoice", "message", "note"]
    assert (found["people"], found["records"]) == (3, 11)
    assert found["categories"]["payment"] == {"people": 2, "records": 3}
    assert found["categories"]["identity"] == {"people": 3, "records": 6}


def test_some_rows_are_told_by_a_moment_and_by_a_condition_whose_values_are_not_kept(company):
    name = opened(company)
    window = ("--when", "issued", "--since", "2024-05-01", "--until", "2024-05-01")
    found = counted(company, name, "--table", "invoice", *window)
    assert (found["people"], found["records"], found["when"]) == (2, 2, "issued")
    found = counted(company, name, "--table", "contact", "--where", "name = 'Alice Peeters' and id < 5")
    assert (found["people"], found["records"]) == (1, 1)
    assert found["condition"] == "name = … AND id < …"
    assert sealed_people(company, name) == {"customer": [(1,)]}


def test_nobody_is_affected_where_no_row_is_meant(company):
    name = opened(company)
    found = counted(company, name, "--table", "contact", "--where", "id > 1000")
    assert (found["people"], found["records"]) == (0, 0)


def test_rows_that_lead_to_nobody_are_said(company):
    with company.crm() as crm:
        crm.execute("INSERT INTO message VALUES (40, NULL, NULL, 'to whom it may concern')")
    found = counted(company, opened(company), "--table", "message")
    assert (found["people"], found["records"], found["nobody"]) == (3, 3, 1)


WRONG = (
    (("--table", "nowhere"), "the map has no table `nowhere`"),
    (("--where", "id = 1"), "some rows are those of one table"),
    (("--table", "contact", "--where", "id = 1; DROP TABLE contact"), "uses `block`"),
    (("--table", "contact", "--where", "id in (select id from note)"), "`in` takes a list of values"),
    (("--table", "contact", "--where", "age > 3", "--when", "shoe", "--since", "2024-01-01"), "no column `shoe`"),
    (("--table", "contact", "--since", "2024-01-01"), "name it with `--when`"),
    (("--table", "contact", "--when", "name", "--until", "2024-01-01"), "column `name` holds no moment"),
)


def test_a_scope_that_is_not_in_the_store_is_refused(company):
    name = opened(company)
    for scope, why in WRONG:
        done = incident(company, "affected", name, "--store", "crm", *scope)
        assert (done.code, why in done.err) == (3, True), done.err
    assert incident(company, "show", name, "--json").document["affected"]["stores"] == {}


def test_a_store_that_does_not_answer_is_cannot_tell_and_says_so(company):
    name = opened(company)
    company.env["CRM_URL"] = "postgresql://nobody@127.0.0.1:1/crm"
    done = incident(company, "affected", name, "--store", "crm")
    assert done.code == 4
    assert "store crm: cannot tell: the store did not answer" in done.out
    assert incident(company, "show", name, "--json").document["affected"]["people"] is None


def test_who_it_was_is_destroyed_when_the_breach_closes(company):
    name = opened(company, "--effects", "none", "--measures", "wiped")
    counted(company, name, "--table", "contact")
    for step in (
        ("assess", name, "--risk", "unlikely", "--because", "encrypted"),
        ("decide", name, "--authority", "not", "--people", "not", "--because", "no risk"),
        ("close", name, "--because", "found again"),
    ):
        assert incident(company, *step).code == 0
    with pytest.raises(Shredded):
        sealed_people(company, name)
    assert incident(company, "show", name, "--json").document["affected"]["people"] == 3


def test_a_process_that_dies_while_it_seals_leaves_the_register_as_it_was(company):
    name = opened(company)
    child = os.fork()
    if child == 0:
        affected.keep_people = lambda *_: os._exit(77)
        incident(company, "affected", name, "--store", "crm", "--table", "contact")
        os._exit(99)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 77
    assert incident(company, "show", name, "--json").document["affected"]["stores"] == {}
    assert counted(company, name, "--table", "contact")["people"] == 3
    assert sorted(sealed_people(company, name)["customer"]) == [(1,), (2,), (3,)]
