"""The board: since when, from what, how it ends; and what was measured before is not measured again."""

from __future__ import annotations

import json

import pytest
from tests.promises.company import Prepared, sql

from belofte.cli.prove import CODES, document, show
from belofte.database import promises
from belofte.promises.board import Board
from belofte.promises.outcome import State


@pytest.fixture(scope="module")
def board(vendor: Prepared) -> Board:
    return vendor.prove()


def test_planned_promises_are_never_kept_and_counted_by_themselves(board):
    planned = [one for one in board.promises if one.promise.holds == "planned"]
    assert len(planned) == board.count(State.CANNOT_TELL, planned=True) == 16
    assert {one.state for one in planned} == {State.CANNOT_TELL}
    assert board.state is State.CANNOT_TELL
    assert CODES[board.state] == 4


def test_the_document_names_for_each_promise_its_state_figures_and_what_to_do(board):
    found = json.loads(json.dumps(document(board), default=str))
    (s26,) = (one for one in found["promises"] if one["id"] == "S26")
    assert (s26["state"], s26["holds"], s26["found"]) == ("kept", "proven", [])
    assert s26["figures"] == {"transfers: outside the EEA": 1, "transfers: transfers": 1}
    (s19,) = (one for one in found["promises"] if one["id"] == "S19")
    assert s19["evidence"]["file"] == "evidence/security.md"
    assert len({one["act"] for one in found["promises"]}) == 44  # each is in the log
    assert found["counts"] == {"kept": 28, "broken": 0, "cannot-tell": 0, "planned": 16}


def test_the_board_is_shown_in_the_language_of_who_reads_it(board, capsys):
    shown = {}
    for language in ("nl", "fr", "en"):
        show(board, language)
        shown[language] = capsys.readouterr().out
    assert "nagekomen (zoals verklaard)" in shown["nl"]
    assert "prévues, qui ne comptent jamais" in shown["fr"]
    assert "kept (as declared)" in shown["en"]


def test_what_did_not_change_is_not_measured_again_unless_asked(vendor, board):
    again = {part.means: part.again for one in vendor.prove().promises for part in one.parts}
    anew = {part.means: part.again for one in vendor.prove(anew=True).promises for part in one.parts}
    assert [name for name in ("check", "notice", "transfers", "objection") if again[name]] == []
    assert again["disclosures"]  # what is recorded is read each time
    assert again["overdue"]  # Belofte's own database is on the store's server, and every write counts there
    assert set(anew.values()) == {True}


def test_what_somebody_wrote_into_the_database_is_measured_again(vendor, board):
    vendor.prove("S26")
    vendor.db.connection.execute(
        "UPDATE belofte.measured SET outcome = jsonb_set(outcome, '{figures,transfers}', '77') "
        "WHERE part LIKE 'transfers %'"
    )
    ((part,),) = (one.parts for one in vendor.prove("S26").promises)
    assert part.again
    assert part.outcome.figures == {"outside the EEA": 1, "transfers": 1}
    ((part,),) = (one.parts for one in vendor.prove("S26").promises)
    assert not part.again


def test_a_promise_stays_in_its_state_since_the_day_it_turned(vendor, board):
    (before,) = vendor.prove("S16m").promises
    business = vendor.environ["BUSINESS_URL"]
    sql(business, "INSERT INTO alert VALUES (9002, 1, now() - interval '3 years', 'x')")
    (broken,) = vendor.prove("S16m").promises
    (still,) = vendor.prove("S16m").promises
    sql(business, "DELETE FROM alert WHERE id = 9002")
    (mended,) = vendor.prove("S16m").promises
    assert (before.state, broken.state, mended.state) == (State.KEPT, State.BROKEN, State.KEPT)
    assert before.since < broken.since == still.since < mended.since
    turns = promises.history(vendor.db, "S16m")
    assert [one.state for one in turns] == ["kept", "broken", "kept"]
    assert turns[1].found == ["overdue"]  # which means, and never whose row


def test_runs_are_evidence_that_nobody_rewrites(vendor, board):
    with pytest.raises(Exception, match="append-only"):
        vendor.db.connection.execute("UPDATE belofte.proof SET state = 'kept'")
