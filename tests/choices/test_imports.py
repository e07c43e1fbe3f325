"""Consents from elsewhere: which rows count, which wait, which are refused."""

import csv
import io

from tests.choices.company import NOW, POLICY, day

from belofte.choices.events import Event, Kind, record
from belofte.choices.imports import Refused, import_consents
from belofte.choices.subjects import Identifier, add_identifiers, candidates, events_of, states, subject_of
from belofte.policy.person import nobody

HEADER = "kind,value,purpose,channel,at,how,notice,language\n"
EMAIL = ("newsletter", "email")
ALICE = Identifier("email", "alice@example.be")


def load(db, key, *lines):
    rows = csv.DictReader(io.StringIO(HEADER + "\n".join(lines)))
    return import_consents(db, key, POLICY, rows, NOW)


def state_of_alice(db, key):
    alice = subject_of(db, key, [ALICE])
    return states(db, POLICY, [alice], NOW)[alice]


def test_a_record_of_her_own_act_counts_as_given_at_its_time(db, key):
    report = load(db, key, "email, Alice@Example.be ,newsletter,email,2024-03-01,click,notice-2024,nl")
    assert (report.given, report.quarantined, report.refused) == (1, 0, [])
    assert EMAIL not in state_of_alice(db, key).consent_closed
    ((_, (recorded,)),) = events_of(db, [subject_of(db, key, [ALICE])], NOW).items()
    assert recorded.valid_from.isoformat() == "2024-02-29T23:00:00+00:00"
    assert recorded.evidence["via"] == "import"


def test_a_row_without_act_notice_or_language_waits_and_opens_nothing(db, key):
    report = load(
        db,
        key,
        "email,alice@example.be,newsletter,email,2024-03-01,,notice-2024,nl",
        "email,alice@example.be,newsletter,email,2024-03-01,pre-ticked,notice-2024,nl",
        "email,alice@example.be,newsletter,email,2024-03-01,click,,nl",
        "email,alice@example.be,newsletter,email,2024-03-01,click,notice-2024,",
    )
    assert (report.given, report.quarantined, report.refused) == (0, 4, [])
    assert report.defects == {"NO_ACT": 2, "UNPROVEN": 2}
    found = state_of_alice(db, key)
    assert found.consent_closed == nobody(POLICY).consent_closed - {EMAIL, ("newsletter", None)}
    assert found.unusable == {EMAIL, ("newsletter", None)}


def test_what_she_closed_no_import_opens(db, key):
    alice = subject_of(db, key, [ALICE])
    record(db, [Event(Kind.CONSENT_WITHDRAWN, alice, day(0), "newsletter")])
    assert load(db, key, "email,alice@example.be,newsletter,email,2024-06-01,click,notice-2024,nl").given == 1
    assert EMAIL in state_of_alice(db, key).consent_closed


def test_a_row_that_says_nothing_sure_is_refused_by_its_line_without_its_values(db, key):
    report = load(
        db,
        key,
        "email,alice@example.be,sales,,2024-03-01,click,notice-2024,nl",
        "email,alice@example.be,newsletter,fax,2024-03-01,click,notice-2024,nl",
        "email,alice,newsletter,email,2024-03-01,click,notice-2024,nl",
        ",alice@example.be,newsletter,email,2024-03-01,click,notice-2024,nl",
        "email,alice@example.be,newsletter,email,01/03/2024,click,notice-2024,nl",
        "email,alice@example.be,newsletter,email,2031-03-01T10:00:00+01:00,click,notice-2024,nl",
        "email",
    )
    assert report.refused == [
        Refused(2, "the policy has no such purpose"),
        Refused(3, "the purpose has no such channel"),
        Refused(4, "the value is no identifier of its kind"),
        Refused(5, "the value is no identifier of its kind"),
        Refused(6, "the time is no ISO 8601 day or moment"),
        Refused(7, "the consent lies in the future"),
        Refused(8, "the policy has no such purpose"),
    ]
    assert candidates(db, key, [[ALICE]]) == [()]


def test_an_identifier_of_two_people_is_refused_and_not_guessed(db, key):
    subject_of(db, key, [ALICE])
    bob = subject_of(db, key, [Identifier("email", "bob@example.be")])
    add_identifiers(db, key, bob, [ALICE])
    report = load(db, key, "email,alice@example.be,newsletter,email,2024-03-01,click,notice-2024,nl")
    assert report.given == 0
    assert [one.line for one in report.refused] == [2]


def test_many_rows_come_in_by_batches(db, key):
    lines = [f"customer_number,k{n},reference,,2024-03-01T10:00:00+01:00,click,notice-2024,nl" for n in range(6000)]
    assert load(db, key, *lines).given == 6000
    assert db.connection.execute("SELECT count(*) FROM belofte.event").fetchone() == (6000,)
