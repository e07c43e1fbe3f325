"""What a bundle shows of a day: a company that went back to an older text, and what the log was told too late."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.database.fixtures import db, migrated
from tests.notices.people import POLICY

from belofte.choices import policies
from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.evidence import bundling, days, seal
from belofte.evidence.leaves import Log, commitment
from belofte.evidence.signing import KeyFile
from belofte.evidence.verify import NotVerified, leaf_hash
from belofte.law.term import CIVIL
from belofte.notices.publishing import publish
from belofte.policy.model import Policy

__all__ = ["db", "migrated"]

TODAY = datetime.now(CIVIL).date()


def version(name: str) -> Policy:
    return POLICY.model_copy(update={"version": POLICY.version.model_validate({"id": name, "from": "2026-01-01"})})


A, B = version("a"), version("b")


def worked_with(db: Database, policy: Policy, *, out: bool = True) -> None:
    """Work with a policy as every verb does, and publish its notice."""
    policies.remember(db, policy)
    if out:
        publish(db, policy, ["en"], lambda language, form: f"{policy.version} {form}".encode(), datetime.now(UTC))


def handed_over(db: Database, folder: Path) -> Log:
    """Write what a bundle has of policies and notices, and return its log as a stranger reads it."""
    head = seal.seal(db, KeyFile(bytes(32)))
    assert head is not None
    log = Log()
    for line in bundling.leaves(db, head.size):
        log.add(leaf_hash(commitment(line.decode(), log)))
    for name, query in (("policy/versions.json", "policies_all"), ("notices/notices.json", "notices_all")):
        (folder / name).parent.mkdir()
        at = 0 if name.startswith("policy") else 3
        (folder / name).write_text(json.dumps([{"digest": row[at].hex()} for row in db.values(query)]))
    return log


def shown(found: days.InForce) -> tuple[str | None, tuple[str, ...], int]:
    return found.version, found.published, len(found.doubts)


def test_a_company_that_went_back_to_an_older_text_is_seen_to_have_done_so(db, tmp_path):
    for policy in (A, B, B, A, A):
        worked_with(db, policy)
    log = handed_over(db, tmp_path)
    today = days.on(tmp_path, log, TODAY)
    assert today[-1].policy == policy_digest(A).hex()
    certain = [shown(one) for one in today if not one.doubts and one.published]
    assert certain == [("a", ("a (en)",), 0), ("b", ("b (en)",), 0), ("a", ("a (en)",), 0)]
    assert policies.in_force(db, datetime.now(UTC)).version.id == "a"


def test_a_notice_of_another_policy_is_not_the_one_of_the_policy_in_force(db, tmp_path):
    worked_with(db, A)
    worked_with(db, B)
    worked_with(db, A, out=False)
    now = days.on(tmp_path, handed_over(db, tmp_path), TODAY)[-1]
    assert (now.version, now.published) == ("a", ())
    assert now.doubts == ("the notice that was out, `b`, was put out for another policy",)


def test_another_policy_that_says_the_same_is_published_when_its_notice_is_put_out(db, tmp_path):
    mended = A.model_copy(update={"limits": A.limits.model_copy(update={"told_within": 7})})
    worked_with(db, A)
    worked_with(db, mended, out=False)
    assert policy_digest(A) != policy_digest(mended)
    worked_with(db, mended)
    now = days.on(tmp_path, handed_over(db, tmp_path), TODAY)[-1]
    assert (now.policy, now.published) == (policy_digest(mended).hex(), ("a (en)",))


def test_what_the_log_was_told_later_does_not_show_the_day_itself(db, tmp_path):
    worked_with(db, A)
    (before,) = days.on(tmp_path, handed_over(db, tmp_path), TODAY - timedelta(days=1))
    assert [one.partition(" only at ")[0] for one in before.doubts] == [
        "the log was told of this policy", "the log was told of this notice",
    ]  # fmt: skip


def test_a_log_from_before_takings_were_recorded_says_that_it_does_not_tell(db, tmp_path):
    worked_with(db, A)
    worked_with(db, B)
    log = handed_over(db, tmp_path)
    log.acts = [one for one in log.acts if one.table not in ("policy_adoption", "notice_publication")]
    now = days.on(tmp_path, log, TODAY)[-1]
    assert (now.version, now.published) == ("b", ("b (en)",))
    assert [one.rpartition(" ")[2] for one in now.doubts] == ["policy", "notice"]


def test_a_day_after_the_last_act_of_the_log_is_not_told(db, tmp_path):
    worked_with(db, A)
    log = handed_over(db, tmp_path)
    assert not days.on(tmp_path, log, TODAY)[-1].doubts
    (tomorrow,) = days.on(tmp_path, log, TODAY + timedelta(days=1))
    (doubt,) = tomorrow.doubts
    assert doubt.startswith(f"the log of this bundle ends at {datetime.now(UTC).date()}")
    assert doubt.endswith("ask for a bundle that was made after that day")


def test_each_change_in_the_course_of_a_day_says_from_when_it_was_so(db, tmp_path):
    worked_with(db, A)
    morning, *later = days.on(tmp_path, handed_over(db, tmp_path), TODAY)
    assert morning.begins is None
    assert morning.doubts
    moments = [datetime.fromisoformat(one.begins) for one in later]
    assert moments == sorted(set(moments))
    assert all(one.date() == datetime.now(UTC).date() for one in moments)


def test_a_day_before_the_first_policy_is_not_told(db, tmp_path):
    worked_with(db, A)
    with pytest.raises(NotVerified, match="no policy that was in force on 2025-12-31"):
        days.on(tmp_path, handed_over(db, tmp_path), date(2025, 12, 31))


@pytest.mark.parametrize(("last", "published"), [(B, ("b (en)",)), (A, None)])
def test_an_erasure_was_planned_under_the_policy_in_force_or_is_not_shown(db, tmp_path, last, published):
    for policy in (A, B, last):
        worked_with(db, policy)
    db.connection.execute(
        'INSERT INTO belofte.request (id, short, "right", state, received_at, due, language, policy_digest, closed_at) '
        "VALUES (gen_random_uuid(), 'ABCD', 'erasure', 'fulfilled', now(), '2026-12-01', 'nl', %s, now())",
        [policy_digest(B)],
    )
    log = handed_over(db, tmp_path)
    if published is None:
        with pytest.raises(NotVerified, match="and the one in force was"):
            days.erasure(tmp_path, log, "abcd")
    else:
        assert days.erasure(tmp_path, log, "abcd").published == published
