"""One fault of each kind turns exactly the promises that it undoes, and no other; mended, it leaves nothing behind.

The marketing vendor, whose promises are kept but for those that nothing holds yet.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from tests.promises.company import Prepared, sql, states

from belofte.choices.events import Event, Kind, record
from belofte.choices.subjects import Identifier, subject_of
from belofte.database import requests
from belofte.database.incidents import by_name
from belofte.database.requests import StoreState
from belofte.incidents import entry
from belofte.incidents.entry import Affected, Assessment, Decision, Facts, Notification
from belofte.incidents.register import entered, opened
from belofte.notices.words import words_of
from belofte.promises import suppressed
from belofte.promises.board import Board
from belofte.promises.outcome import State
from belofte.promises.sentence import Sentence
from belofte.sharing import disclosing

READERS_BROKEN = dict.fromkeys(("S5", "S16k", "S16m"), "broken")
"""What rests on readers, when it does not hold."""


@pytest.fixture(scope="module")
def sound(vendor: Prepared) -> dict[str, State]:
    """What the promises come to without a fault."""
    return states(vendor.prove())


@contextmanager
def fault(vendor: Prepared, make: str | tuple[str, ...], mend: str | tuple[str, ...]) -> Iterator[None]:
    """Make a fault in the business database, and mend it however the test ends."""
    business = vendor.environ["BUSINESS_URL"]
    sql(business, *((make,) if isinstance(make, str) else make))
    try:
        yield
    finally:
        sql(business, *((mend,) if isinstance(mend, str) else mend))


def turned(vendor: Prepared, sound: dict[str, State]) -> dict[str, str]:
    """The promises that are in another state than without a fault."""
    return changes(vendor.prove(), sound)


def changes(board: Board, sound: dict[str, State]) -> dict[str, str]:
    """The promises that a board has in another state than without a fault."""
    return {name: str(state) for name, state in states(board).items() if sound[name] is not state}


def found(board: Board, promise: str) -> list[Sentence]:
    """What breaks a promise."""
    (one,) = (one for one in board.promises if one.promise.id == promise)
    return one.found


def test_the_vendor_keeps_what_something_holds(sound):
    assert {name for name, state in sound.items() if state is not State.KEPT} == set()
    assert len(sound) == 28


def test_an_overdue_row_breaks_its_term(vendor, sound):
    late = "INSERT INTO alert VALUES (9001, 1, now() - interval '2 years', 'login at night')"
    with fault(vendor, late, "DELETE FROM alert WHERE id = 9001"):
        assert turned(vendor, sound) == {"S16m": "broken"}
        (one,) = vendor.prove("S16m").promises
    assert one.found[0].startswith("store `business`: 1 rows of `alert` hold abuse.alert that nothing justifies")
    assert one.found[1].startswith("store `business`: contact ")
    assert one.mend == ["`belofte sweep --dry-run` shows it; `belofte sweep` lets go of it"]
    assert one.found[0].of(words_of("nl")).startswith("systeem `business`: 1 rijen van `alert` houden abuse.alert die")
    assert one.mend[0].of(words_of("fr")) == "`belofte sweep --dry-run` le montre ; `belofte sweep` l’efface"


def test_a_leaked_grant_breaks_what_rests_on_readers(vendor, sound):
    leak = 'GRANT SELECT (question) ON support_message TO "belofte_business_for_fraud"'
    with fault(vendor, leak, leak.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")):
        assert turned(vendor, sound) == READERS_BROKEN
        (one,) = vendor.prove("S5").promises
    assert "store `business`: the reader of `fraud` reads `support_message`" in one.found


def test_a_dropped_view_breaks_what_rests_on_readers(vendor, sound):
    sql(vendor.environ["BUSINESS_URL"], 'DROP VIEW "for_marketing-email".prospect')
    changed = turned(vendor, sound)
    vendor.bind()
    assert changed == READERS_BROKEN


def test_an_account_that_reads_past_the_views_leaves_them_untold(vendor, sound):
    made = ("CREATE ROLE clerk LOGIN", "GRANT pg_read_all_data TO clerk")
    with fault(vendor, made, "DROP ROLE clerk"):
        assert turned(vendor, sound) == dict.fromkeys(READERS_BROKEN, "cannot-tell")
        (one,) = vendor.prove("S5").promises
    assert one.unclear == ["store `business`: the account `clerk` reads 16 tables past the views"]


def test_a_recipient_outside_the_eea_without_its_transfer_breaks_the_transfers(vendor, sound):
    place = "name: Meetlat BV, role: processor, location: "
    with vendor.rewritten("policy/processing.yaml", f"{place}BE", f"{place}US"):
        changed = turned(vendor, sound)
    assert changed == {"S26": "broken", "S1": "broken", "S-absent": "broken"}  # and the notice lacks what N07 asks


def test_an_expired_word_leaves_its_promise_untold(vendor, sound):
    file = (vendor.folder / "policy/promises.yaml").read_text(encoding="utf-8")
    whole = next(one for one in file.splitlines() if "evidence/authorities.md" in one)
    with vendor.rewritten("policy/promises.yaml", whole, whole.replace("2027-11-30", "2026-11-22")):
        assert turned(vendor, sound) == {"S24": "cannot-tell"}


def test_evidence_that_was_rewritten_shows_nothing(vendor, sound):
    with vendor.rewritten("evidence/links.md", "30 October", "30 November"):
        assert turned(vendor, sound) == {"S27": "cannot-tell"}


def test_an_extract_that_nobody_recorded_breaks_the_register(vendor, sound):
    file = vendor.folder / "extracts/for-a-friend.csv"
    file.parent.mkdir()
    file.write_text("name\n")
    changed, (one,) = turned(vendor, sound), vendor.prove("S21").promises
    file.unlink()
    assert changed == {"S21": "broken", "S24": "broken"}
    assert one.found == ["`extracts/for-a-friend.csv` is no disclosure that was recorded"]


def test_a_row_of_evidence_that_was_rewritten_breaks_the_log(vendor, sound):
    table, run = "ALTER TABLE belofte.proof_run", vendor.db.connection.execute
    triggers = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'belofte.proof_run'::regclass AND NOT tgisinternal"
    moved = "UPDATE belofte.proof_run SET finished_at = finished_at {} interval '1 day' WHERE id = 1"
    names = [name for (name,) in run(triggers).fetchall()]
    for sign in "+-":
        for name in names:
            run(f"{table} DISABLE TRIGGER {name}")
        run(moved.format(sign))
        for name in names:
            run(f"{table} ENABLE ALWAYS TRIGGER {name}")
        assert turned(vendor, sound) == ({"S19": "broken"} if sign == "+" else {})


def test_a_mail_whose_opening_was_measured_of_who_never_agreed_breaks_what_is_said_of_measuring(vendor, sound):
    with closing(sqlite3.connect(vendor.folder / "site.db", isolation_level=None)) as site:
        site.execute(
            "INSERT INTO visitor VALUES (9001, 'Alice', 'alice@example.com', 'en', '2026-11-10', '2026-11-10')"
        )
        site.execute("INSERT INTO mail_opening VALUES (9001, 9001, '2026-11-10 10:00', '/')")
        changed = turned(vendor, sound)
        site.execute("DELETE FROM mail_opening WHERE id = 9001")
        site.execute("DELETE FROM visitor WHERE id = 9001")
    assert changed == {"S10": "broken", "S11": "broken"}


def test_an_authority_that_receives_without_an_order_breaks_what_is_said_of_authorities(vendor, sound):
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(disclosing, "ON_ORDER", frozenset({"court"}))
        board = vendor.prove(anew=True)
    vendor.prove("S24", anew=True)
    assert changes(board, sound) == {"S24": "broken"}
    assert found(board, "S24")[0] == "`tax-authority` receives for `accounting` without an order"


def test_digests_of_an_erased_person_that_went_leave_her_to_the_next_import(vendor, sound):
    with vendor.desk() as (desk, _):
        alice = subject_of(vendor.db, desk.key, [Identifier("email", "alice@example.com")])
    due = vendor.now.date() + timedelta(days=30)
    request = requests.receive(vendor.db, "erasure", vendor.now, due, "en", subjects=[alice])
    requests.progress(vendor.db, request.id, "site", StoreState.DONE)
    assert found(vendor.prove("S28"), "S28") == []
    kept = vendor.db.connection.execute(
        "DELETE FROM belofte.subject_identifier WHERE subject_id = %s RETURNING *", [alice]
    )
    (row,) = kept.fetchall()
    board = vendor.prove()
    vendor.db.connection.execute("INSERT INTO belofte.subject_identifier VALUES (%s, %s, %s, %s)", row)
    assert changes(board, sound) == {"S28": "broken"}
    assert found(board, "S28") == ["of 1 people who were erased, nothing leads to 1: an import would bring them back"]


def test_an_import_that_opens_what_an_erasure_closed_breaks_the_rights(vendor, sound, monkeypatch):
    def opens(db, key, policy, rows, now, source):
        she = subject_of(db, key, [Identifier("email", rows[0]["value"].strip().casefold())])
        given = {"act": "click", "notice": rows[0]["notice"], "language": rows[0]["language"]}
        record(db, [Event(Kind.CONSENT_GIVEN, she, now, "marketing-email", evidence=given)])

    subjects = vendor.db.connection.execute("SELECT count(*) FROM belofte.subject").fetchone()
    monkeypatch.setattr(suppressed, "import_consents", opens)
    assert found(vendor.prove("S28"), "S28")[0] == "an import opens `marketing-email` for a `visitor` who was erased"
    assert vendor.db.connection.execute("SELECT count(*) FROM belofte.subject").fetchone() == subjects  # it is undone


def test_a_breach_that_nobody_notified_in_time_breaks_its_promise_until_it_is_said_why(vendor, sound):
    aware = vendor.now - timedelta(hours=80)
    lost = Facts(
        title="laptop lost",
        facts="left on a train",
        aware=aware,
        kinds=(entry.Kind.CONFIDENTIALITY,),
        found_by="it desk",
    )
    name = opened(vendor.db, lost, "bob", vendor.now).short
    board = vendor.prove()
    assert changes(board, sound) == {"S19": "broken"}
    assert found(board, "S19")[0].startswith(f"breach {name}: its 72 hours were over at ")
    for said in (
        Affected(store="site", state="estimated", because="a list", people=3, records=3),
        Assessment(risk="risk", because="in the clear"),
        Decision(authority="notify", people="not", because="a risk"),
        Notification(to="authority", at=vendor.now, evidence="form 1", late_because="the train's lost property office"),
    ):
        entered(vendor.db, by_name(vendor.db, name), said, "bob", vendor.now)
    assert found(vendor.prove("S19"), "S19") == []


def test_a_store_that_shows_whom_it_may_not_breaks_the_choices(vendor, sound):
    opened = "UPDATE belofte.open_prospect SET bits = decode(repeat('ff', octet_length(bits)), 'hex')"
    with fault(vendor, opened, ()):
        changed = turned(vendor, sound)
        vendor.tell("business")
    assert changed == {"S15": "broken"}


def test_a_store_that_does_not_answer_leaves_untold_what_needs_it(vendor, sound):
    with vendor.rewritten("stores/site.yaml", "url: ${SITE_URL}", "url: sqlite:////nowhere/site.db"):
        untold = turned(vendor, sound)
    assert set(untold.values()) == {"cannot-tell"}
    assert {"S3", "S10", "S16b", "S16h"} <= set(untold)
    assert {"S1", "S15", "S19", "S26"}.isdisjoint(untold)


def test_nothing_is_left_of_faults_that_were_mended(vendor, sound):
    assert turned(vendor, sound) == {}
