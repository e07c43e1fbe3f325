"""Whether people were told of a changed policy before it held: of each version that changed something for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.examples.folders import policy as example
from tests.servers import Postgres

from belofte.choices.policies import remember
from belofte.compiler.digests import policy_digest
from belofte.database import announcements
from belofte.database.announcements import Prepared, Telling, Told
from belofte.database.key import company_key
from belofte.database.open import Database, open_database
from belofte.notices.publishing import publish
from belofte.policy.forms import Period
from belofte.policy.model import Policy
from belofte.promises.announced import announced
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome
from belofte.rights.desk import Desk

SELLIGENT = example("selligent")
FIRST = SELLIGENT.policy
HELD = datetime(2027, 1, 15, tzinfo=UTC)
"""About when the second version begins to hold."""
ALICE, BOB = bytes(32), bytes([1] * 32)


def second(term: str | None = "P20Y") -> Policy:
    """A version that keeps what support knows longer (or changes nothing but its name)."""
    version = FIRST.version
    assert version is not None
    purposes = dict(FIRST.purposes)
    if term is not None:
        longer = {"keep": Period(years=20), "consent_since": date(2027, 1, 15)}
        purposes["support"] = purposes["support"].model_copy(update=longer)
    after = version.model_copy(update={"id": "next", "from_": date(2027, 1, 15)})
    return FIRST.model_copy(update={"version": after, "purposes": purposes})


@dataclass
class Company:
    """A company with two versions of its policy."""

    db: Database
    folder: Path
    now: datetime = HELD + timedelta(days=10)
    told: list[Telling] = field(default_factory=list)

    def adopts(self, *policies: Policy) -> None:
        for one in policies:
            remember(self.db, one)

    def adopts_on(self, at: datetime, policy: Policy) -> None:
        version = policy.version
        assert version is not None
        made = {"digest": policy_digest(policy), "version": version.id, "day": version.from_, "at": at}
        self.db.connection.execute(
            "INSERT INTO belofte.policy_version (digest, version, holds_from, document)"
            " VALUES (%(digest)s, %(version)s, %(day)s, %(document)s) ON CONFLICT DO NOTHING",
            {**made, "document": policy.model_dump_json(by_alias=True)},
        )
        self.db.connection.execute(
            "INSERT INTO belofte.policy_adoption (digest, adopted_at) VALUES (%(digest)s, %(at)s)", made
        )

    def publishes(self, policy: Policy, at: datetime) -> None:
        publish(self.db, policy, ["en"], lambda language, form: f"{language} {form}".encode(), at)

    def announces(self, after: Policy, people: int = 2, by_hand: tuple[str, ...] = (), silent: tuple[str, ...] = ()):
        prepared = Prepared(
            bytes([people] * 32), policy_digest(FIRST), policy_digest(after), [], people, silent, by_hand
        )
        return announcements.prepare(self.db, prepared, "alice", HELD - timedelta(days=30))

    def tells(self, made, *tellings: Telling, at: datetime = HELD - timedelta(days=20)) -> None:
        announcements.record(self.db, made.id, tellings, "smtp", at)

    def came_to(self) -> Outcome:
        desk = Desk(FIRST, {}, self.db, company_key(self.folder, {}), clock=lambda: self.now)
        return announced(Matter(desk, SELLIGENT, {}, self.folder, self.now), Scope())


@pytest.fixture(scope="module")
def own(postgres_running: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    name = postgres_running.fresh()
    yield f"postgresql://postgres@/{name}?host={postgres_running.socket}"
    postgres_running.drop(name)


@pytest.fixture
def company(own: str, tmp_path: Path) -> Iterator[Company]:
    """A company whose first version is in force; whatever is recorded of it is undone."""
    with open_database(own) as db:
        db.connection.execute("BEGIN")
        made = Company(db, tmp_path)
        made.adopts(FIRST)
        yield made
        db.connection.execute("ROLLBACK")


def test_one_version_has_nobody_to_tell(company):
    assert company.came_to() == Outcome({"versions": 1})


def test_a_version_that_changes_something_for_people_is_announced_to_everyone(company):
    after = second()
    company.adopts(after)
    assert company.came_to().found == ("version `next`: nobody was told of 1 changes",)
    made = company.announces(after, by_hand=("paper",))
    company.tells(made, Telling(Told.ATTEMPTED, ALICE), Telling(Told.TOLD, ALICE), Telling(Told.FAILED, BOB))
    assert company.came_to().found == (
        f"version `next`, announcement {made.short}: people who were not told: 1",
        f"version `next`, announcement {made.short}: people in `paper` were not told by hand",
    )
    company.tells(made, Telling(Told.TOLD, BOB), Telling(Told.TOLD, store="paper", reason="letters"))
    assert company.came_to() == Outcome({"versions": 2, "changes": 1, "people": 2, "told": 2, "late": 0}, (), ())


def test_who_was_told_after_it_held_was_told_too_late_for_a_year(company):
    after = second()
    company.adopts(after)
    made = company.announces(after)
    company.tells(made, Telling(Told.TOLD, ALICE))
    company.tells(made, Telling(Told.TOLD, BOB), at=HELD + timedelta(days=2))
    assert company.came_to().found == (
        f"version `next`, announcement {made.short}: people who were told after it began to hold: 1",
    )
    company.now += timedelta(days=400)
    assert company.came_to().found == ()


def test_who_may_have_got_it_and_a_store_that_was_silent_cannot_be_told(company):
    after = second()
    company.adopts(after)
    made = company.announces(after, people=1, silent=("shop",))
    company.tells(made, Telling(Told.ATTEMPTED, ALICE))
    came_to = company.came_to()
    assert came_to.found == ()
    assert len(came_to.unclear) == 2


def test_an_announcement_of_something_else_tells_nobody(company):
    company.adopts(second(None), second())
    company.announces(second(None))
    assert company.came_to().found == ("version `next`: nobody was told of 1 changes",)


def test_a_version_that_does_not_hold_yet_has_its_time(company):
    company.adopts(second())
    company.now = HELD - timedelta(days=5)
    assert company.came_to().found == ()


def mended() -> Policy:
    """The first version with a longer term, under its own name."""
    return FIRST.model_copy(update={"purposes": second().purposes})


def test_a_version_is_mended_as_long_as_nobody_could_read_it(company):
    company.adopts_on(HELD, mended())
    assert company.came_to() == Outcome({"versions": 1})


def test_a_version_that_is_mended_after_it_was_published_is_another(company):
    company.publishes(FIRST, HELD)
    company.adopts_on(HELD + timedelta(days=5), mended())
    assert company.came_to().found == ("version `2026-1`: nobody was told of 1 changes",)


def test_what_was_mended_is_told_under_a_name_of_its_own_and_counts_as_late_for_a_year(company):
    company.publishes(FIRST, HELD - timedelta(days=20))
    company.adopts_on(HELD - timedelta(days=10), mended())
    company.adopts_on(HELD - timedelta(days=5), second())
    made = company.announces(second(), people=1)
    company.tells(made, Telling(Told.TOLD, ALICE), at=HELD)
    assert company.came_to().found == (
        f"version `2026-1`, announcement {made.short}: people who were told after it began to hold: 1",
    )
    company.now += timedelta(days=400)
    assert company.came_to().found == ()


def test_who_goes_back_to_what_people_know_has_nobody_to_tell_and_answers_for_a_year(company):
    company.publishes(FIRST, HELD - timedelta(days=20))
    company.adopts_on(HELD - timedelta(days=10), mended())
    company.adopts_on(HELD - timedelta(days=5), FIRST)
    assert company.came_to().found == ("version `2026-1`: nobody was told of 1 changes",)
    company.now += timedelta(days=400)
    assert company.came_to().found == ()


def test_a_version_in_other_words_needs_no_announcement(company):
    company.adopts(second(None))
    assert company.came_to() == Outcome({"versions": 2})


def test_a_term_that_may_grow_with_old_consents_is_found(company, monkeypatch):
    monkeypatch.setattr("belofte.promises.announced.compare", lambda *_: [])
    found = company.came_to().found
    assert cast(str, found[0]).endswith("a longer term would be told to nobody")
