"""Consents from elsewhere: which rows count, which wait, which are refused."""

import csv
import io
import itertools
import os

import pytest
from tests.choices.company import CLICK, NOW, POLICY, day

from belofte.choices.events import Event, Kind, record
from belofte.choices.imports import BEYOND, Refusal, Refused, Source, import_consents, imports, sign_off
from belofte.choices.subjects import Identifier, add_identifiers, candidates, events_of, states, subject_of
from belofte.policy.person import nobody

HEADER = "kind,value,purpose,channel,at,how,notice,language\n"
EMAIL = ("newsletter", "email")
ALICE = Identifier("email", "alice@example.be")


def load(db, key, *lines):
    rows = csv.DictReader(io.StringIO(HEADER + "\n".join(lines)), restkey=BEYOND)
    return import_consents(db, key, POLICY, rows, NOW, Source("the newsletter tool", os.urandom(32), "bob"))


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
    assert report.missing == {"notice": 1, "language": 1}
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
        "email,alice@example.be,newsletter,email,2024-03-01,click,notice-2024,nl,one,more",
    )
    assert report.refused == [
        Refused(2, "the policy has no such purpose"),
        Refused(3, "the purpose has no such channel"),
        Refused(4, "the value is no identifier of its kind"),
        Refused(5, "the value is no identifier of its kind"),
        Refused(6, "the time is no ISO 8601 day or moment"),
        Refused(7, "the consent lies in the future"),
        Refused(8, "the policy has no such purpose"),
        Refused(9, "the row has more cells than the file has columns"),
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


def test_an_import_that_was_stopped_is_taken_up_where_it_stopped(db, key, monkeypatch):
    monkeypatch.setattr("belofte.choices.imports.BATCH", 2)
    lines = ["email,alice@example.be,newsletter,email,2024-03-01,click,notice-2024,nl"] * 3 + ["email"] * 2
    source = Source("the newsletter tool", os.urandom(32), "bob")

    def bring(stops_after=None):
        rows = csv.DictReader(io.StringIO(HEADER + "\n".join(lines)))
        return import_consents(db, key, POLICY, itertools.islice(rows, stops_after), NOW, source)

    bring(stops_after=2)
    report = bring()
    assert (report.taken_up, report.given, [one.line for one in report.refused]) == (2, 1, [5, 6])
    (made,) = imports(db)
    assert (made.given, made.refused) == (3, 2)
    assert db.connection.execute("SELECT count(*) FROM belofte.event").fetchone() == (3,)
    with pytest.raises(Refusal, match="brought in before"):
        bring()


WAITS = (
    "email,alice@example.be,newsletter,email,2024-03-01,,notice-2024,nl",
    "email,bob@example.be,newsletter,email,2024-03-01,pre-ticked,notice-2024,nl",
    "email,charlie@example.be,newsletter,email,2024-03-01,click,notice-2024,nl",
)


def test_an_import_carries_its_origin_in_every_record(db, key):
    report = load(db, key, *WAITS)
    (made,) = imports(db)
    assert (made.short, made.source, made.imported_by) == (report.short, "the newsletter tool", "bob")
    assert (made.given, made.quarantined, made.refused) == (1, 2, 0)
    ((_, (recorded,)),) = events_of(db, [subject_of(db, key, [ALICE])], NOW).items()
    assert (recorded.evidence["import"], recorded.evidence["source"]) == (report.short, "the newsletter tool")


def test_whoever_brought_an_import_in_does_not_sign_it_off(db, key):
    report = load(db, key, *WAITS)
    for by in ("bob", " Bob "):
        with pytest.raises(Refusal, match="second person"):
            sign_off(db, POLICY, report.short, by, NOW, None)
    with pytest.raises(Refusal, match="no import"):
        sign_off(db, POLICY, "nothing", "alice", NOW, None)


def test_a_proof_is_judged_like_any_other_and_what_still_fails_goes_on_waiting(db, key):
    report = load(db, key, *WAITS)
    assert sign_off(db, POLICY, report.short, "charlie", NOW, {"notice": "notice-2024"}) == (0, 0)
    assert EMAIL in state_of_alice(db, key).unusable
    assert sign_off(db, POLICY, report.short, "charlie", NOW, {"act": "signature"}) == (2, 0)
    found = state_of_alice(db, key)
    assert EMAIL not in found.consent_closed | found.unusable
    (made,) = imports(db)
    assert (made.signed_off_by, made.word) == ("charlie", "proven")
    with pytest.raises(Refusal, match="was signed off"):
        sign_off(db, POLICY, report.short, "charlie", NOW, None)


def test_what_is_let_go_of_is_kept_no_longer(db, key):
    report = load(db, key, *WAITS)
    assert sign_off(db, POLICY, report.short, "charlie", NOW, None) == (0, 2)
    assert state_of_alice(db, key) == nobody(POLICY)
    charlie = subject_of(db, key, [Identifier("email", "charlie@example.be")])
    assert EMAIL not in states(db, POLICY, [charlie], NOW)[charlie].consent_closed


def test_a_proof_opens_nothing_that_she_closed_meanwhile(db, key):
    report = load(db, key, *WAITS)
    record(db, [Event(Kind.CONSENT_WITHDRAWN, subject_of(db, key, [ALICE]), day(5), "newsletter")])
    sign_off(db, POLICY, report.short, "charlie", NOW, {"act": "signature"})
    assert EMAIL in state_of_alice(db, key).consent_closed


def test_the_same_file_is_not_brought_in_twice(db, key):
    source = Source("the newsletter tool", bytes(32), "bob")
    import_consents(db, key, POLICY, [], NOW, source)
    with pytest.raises(Refusal, match="brought in before"):
        import_consents(db, key, POLICY, [], NOW, source)


def test_suppression_survives_an_erasure_and_the_next_import_and_ends_by_her_own_act(db, key):
    alice = subject_of(db, key, [ALICE])
    record(db, [Event(Kind.CONSENT_GIVEN, alice, day(0), "newsletter", evidence=CLICK)])
    record(db, [Event(Kind.ERASURE_CLOSED, alice, day(1))])
    load(db, key, "email,alice@example.be,newsletter,email,2024-06-01,click,notice-2024,nl", *WAITS)
    assert subject_of(db, key, [ALICE]) == alice
    assert EMAIL in state_of_alice(db, key).consent_closed
    assert EMAIL in state_of_alice(db, key).closed_before
    record(db, [Event(Kind.CONSENT_GIVEN, alice, day(200), "newsletter", "email", evidence=CLICK)])
    assert EMAIL not in state_of_alice(db, key).consent_closed
    assert EMAIL not in state_of_alice(db, key).closed_before
