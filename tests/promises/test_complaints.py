"""A complaint that is past its term breaks what was promised of complaints, and nothing else: the workwear maker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.promises.company import Prepared, copied, states
from tests.servers import Postgres

from belofte.database.open import open_database
from belofte.incidents.complaints import Coming, answer, record
from belofte.promises.outcome import State

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = ("A19", "A20a", "A22")
"""What rests on what is recorded of people who ask and complain, and of breaches."""


@pytest.fixture(scope="module")
def maker(postgres_running: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The workwear maker, without its databases: what is recorded is in Belofte's own."""
    folder, own = tmp_path_factory.mktemp("maker"), postgres_running.fresh()
    copied("alsico", folder)
    made = Prepared(folder, open_database(f"postgresql://postgres@/{own}?host={postgres_running.socket}"), {}, NOW)
    yield made
    made.db.close()
    postgres_running.drop(own)


def test_a_complaint_without_an_answer_in_its_term_breaks_its_promise_and_a_late_answer_does_not_mend_it(maker):
    before = states(maker.prove(*RECORDED))
    assert set(before.values()) == {State.KEPT}
    with maker.desk() as (desk, _):
        for days in (10, 40):
            coming = Coming("fax", "too many folders", "nl", maker.now - timedelta(days=days))
            one = record(desk.db, desk.key, desk.policy, coming, "anna", maker.now)
        after = states(maker.prove(*RECORDED))
        assert {name: state for name, state in after.items() if before[name] is not state} == {"A22": State.BROKEN}
        answer(desk.db, desk.key, desk.policy, one, "upheld", "Sorry.", "anna", maker.now)
    (a22,) = maker.prove("A22").promises
    assert a22.found == [f"complaint {one.short}: was due on {one.due}"]
    assert a22.figures == {"complaints: complaints": 2, "complaints: open": 1, "complaints: late": 1}
    maker.now += timedelta(days=400)  # after a year nobody is told of it any more
    (a22,) = maker.prove("A22").promises
    assert a22.figures["complaints: complaints"] == 1
