"""A request stays open while anything of it is: a store that is down, a task, a verdict, a second person."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from tests.requests.company import ALICE, BOB, SECRETS, Company, words

INTEREST = {
    "title": "Claims",
    "basis": "legitimate-interest",
    "interest": "to defend ourselves",
    "balancing": "weighed",
    "uses": ["dealings"],
    "keep": "P10Y",
    "after": "contract.ended_at",
}


def test_observed_store_is_never_changed(company: Company) -> None:
    company.without_archive()
    for stated in company.maps.values():
        stated["mode"] = "observe"
    company.write()
    before = company.dump()
    done = company.erase()
    assert (done.code, done.document["state"]) == (2, "open")
    assert {store["state"] for store in done.document["stores"].values()} == {"pending"}
    again = company.run(
        "rectification", "--person", "email=-", "--change", "identity.name=Alicia", "--yes", stdin=ALICE
    )
    assert (again.code, "corrected" in again.out) == (2, False)
    company.run("access", "--person", "email=-", "--json", stdin=ALICE)
    assert company.dump() == before
    assert not any(name.endswith("belofte_marker") for name in before)


def test_observed_store_that_does_not_know_her_holds_nothing_up(company: Company) -> None:
    company.without_archive()
    company.maps["news"]["mode"] = "observe"
    company.write()
    with company.news() as news:
        news.execute("UPDATE subscriber SET email = 'another@example.com', mobile = NULL")
    done = company.erase()
    assert (done.code, done.document["state"]) == (0, "fulfilled"), done.err
    assert done.document["stores"]["news"]["state"] == "done"


def test_store_held_for_another_controller_is_passed_on_and_never_decided(company: Company) -> None:
    company.without_archive()
    company.maps["news"] |= {"role": "processor", "controller": "Other Ltd"}
    company.write()
    before = company.state()
    done = company.erase()
    document = done.document
    assert (done.code, document["state"], document["stores"]["news"]["state"]) == (2, "open", "pending")
    assert [task["store"] for task in document["tasks"]] == ["news"]
    assert {"kind": "processor", "store": "news", "words": None} in [
        {key: gap[key] for key in ("kind", "store", "words")} for gap in document["not_covered"]
    ]
    after = company.state()
    assert after["news.subscriber"] == before["news.subscriber"]
    assert after["crm.note"] != before["crm.note"]
    closed = company.run("task", document["tasks"][0]["id"], "--evidence", "mail to the controller")
    assert (closed.code, company.state_of(document["request"])) == (0, "fulfilled"), closed.err
    # an access leaves it to that controller too
    copy = company.run("access", "--person", "email=-", "--json", stdin=BOB).document
    assert copy["stores"].get("news", {"tables": {}})["tables"] == {}
    assert any(gap["kind"] == "processor" for gap in copy["gaps"])


def test_table_held_for_another_controller_is_passed_on_while_the_rest_of_the_store_is_ours(company: Company) -> None:
    company.without_archive()
    company.maps["crm"]["controller"] = "Other Ltd"
    company.maps["crm"]["tables"]["note"]["role"] = "processor"
    company.write()
    before = company.state()
    copy = company.run("access", "--person", "email=-", "--json", stdin=ALICE).document
    assert "note" not in copy["stores"]["crm"]["tables"]
    assert copy["stores"]["crm"]["tables"]["contact"]["rows"] == 1
    assert [(gap["store"], gap["words"]) for gap in copy["gaps"] if gap["kind"] == "processor"] == [("crm", "note")]
    done = company.erase().document
    assert (done["state"], done["stores"]["crm"]["state"], done["residue"]) == ("open", "done", [])
    assert "note" not in done["stores"]["crm"]["tables"]
    (task,) = done["tasks"]
    assert ("Other Ltd" in task["what"], "note in crm" in task["what"]) == (True, True)
    after = company.state()
    assert after["crm.note"] == before["crm.note"]
    assert after["crm.contact"][0][:4] == (1, None, None, None)  # their notes keep the row, and nothing in it
    assert company.run("task", task["id"], "--evidence", "mail to the controller").code == 0
    assert company.state_of(done["request"]) == "fulfilled"
    with company.own() as own:
        ((told,),) = own.execute("SELECT id FROM belofte.task WHERE closed_at IS NULL").fetchall()
    company.run("task", str(told), "--evidence", "mail to the controller")
    assert company.state_of(copy["request"]) == "open"  # her copy was never released


def test_store_that_is_down_leaves_the_request_open_until_it_is_back(company: Company) -> None:
    company.without_archive()
    hidden = company.news_file.with_suffix(".away")
    company.news_file.rename(hidden)
    done = company.erase()
    assert (done.code, done.document["state"], done.document["stores"]["news"]["state"]) == (4, "open", "unreachable")
    assert done.document["stores"]["crm"]["state"] == "done"
    hidden.rename(company.news_file)
    resumed = company.run("resume", done.document["request"], "--json")
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.out
    assert words(resumed.document, "crm", "note") == (2, 0, 0, 0)
    assert company.markers() == {"crm": 1, "news": 1}
    assert [row[1] for row in company.state()["news.subscriber"]] == ["Bob"]


def test_archive_on_paper_waits_for_its_evidence(company: Company) -> None:
    done = company.erase()
    assert (done.code, done.document["state"]) == (2, "open")
    (task,) = done.document["tasks"]
    assert task["store"] == "archive"
    assert ALICE not in task["what"]
    closed = company.run("task", task["id"], "--evidence", "shredded, note 12")
    assert (closed.code, company.state_of(done.document["request"])) == (0, "fulfilled")
    again = company.run("task", task["id"], "--evidence", "shredded, note 12")
    assert (again.code, again.out) == (3, "")


def test_closed_task_does_not_release_what_waits_for_an_identity(company: Company) -> None:
    asked = company.run("access", "--person", "email=-", "--json", stdin=ALICE).document
    with company.own() as own:
        ((task,),) = own.execute("SELECT id FROM belofte.task").fetchall()
    company.run("task", str(task), "--evidence", "copied")
    assert company.state_of(asked["request"]) == "open"


def test_closed_task_does_not_decide_an_objection_that_is_weighed(company: Company) -> None:
    company.policy["purposes"]["claims"] = INTEREST
    company.maps["crm"]["facts"]["contract.ended_at"] = "contact.created_at"
    company.write()
    asked = company.run(
        "objection", "--person", "email=-", "--purpose", "claims", "--verified-by", "session", "--json", stdin=ALICE
    )
    assert (asked.code, asked.document["state"]) == (4, "open")
    company.run("task", asked.document["tasks"][0]["id"], "--evidence", "done")
    assert company.state_of(asked.document["request"]) == "open"


@pytest.mark.parametrize(("word", "kind"), [("uphold", "objection:upheld"), ("overrule", "objection:overruled")])
def test_objection_by_itself_is_decided_by_an_officers_word(company: Company, word: str, kind: str) -> None:
    company.without_archive()
    company.policy["purposes"]["claims"] = INTEREST
    company.maps["crm"]["facts"]["contract.ended_at"] = "contact.created_at"
    company.write()
    asked = company.run("objection", "--person", "email=-", "--purpose", "claims", "--json", stdin=ALICE)
    assert (asked.code, asked.document["state"]) == (4, "open")
    refused = company.run("weigh", asked.document["request"], "--uphold", "mailing")
    assert (refused.code, "what waits: claims" in refused.err) == (3, True)
    given = ["--uphold", "claims"] if word == "uphold" else ["--overrule", "claims=a case is pending"]
    weighed = company.run("weigh", asked.document["request"], *given, "--json")
    assert (weighed.code, weighed.document["state"]) == (0, "fulfilled"), company.run(
        "show", asked.document["request"]
    ).out
    assert company.events()[-1] == (kind, "claims")


@pytest.mark.parametrize("word", ["uphold", "overrule"])
def test_objection_that_is_weighed_leaves_it_undetermined_until_the_word(company: Company, word: str) -> None:
    company.without_archive()
    company.policy["purposes"]["claims"] = INTEREST
    company.maps["crm"]["facts"]["contract.ended_at"] = "contact.created_at"
    company.write()
    done = company.erase()
    document = done.document
    assert (done.code, document["state"], document["stores"]["crm"]["state"]) == (4, "open", "undetermined")
    assert words(document, "crm", "note") == (0, 0, 0, 2)
    before = company.events()
    given = ["--uphold", "claims"] if word == "uphold" else ["--overrule", "claims=a case is pending"]
    weighed = company.run("weigh", document["request"], *given, "--json")
    assert (weighed.code, weighed.document["state"]) == (0, "fulfilled"), weighed.err
    assert words(weighed.document, "crm", "note") == ((2, 0, 0, 0) if word == "uphold" else (0, 0, 0, 2))
    fresh = company.events()[len(before) :]
    assert {purpose for _, purpose in fresh} == {"claims"}


def test_more_than_the_share_waits_for_somebody_else(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    before = company.state()
    everyone = tmp_path / "people"
    everyone.write_text(f"email={ALICE}\nemail={BOB}\nemail=charlie@example.com\n")
    asked = ("erasure", "--persons", str(everyone), "--verified-by", "letters", "--yes", "--json", "--by", "dana")
    stopped = company.run(*asked)
    assert stopped.code == 2
    name = company.open_request()
    company.approve(name, "dana")
    assert company.run("resume", name, "--by", "dana").code == 2
    assert company.state() == before
    company.approve(name, "erin")
    resumed = company.run("resume", name, "--by", "dana", "--json")
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.out
    assert company.state()["news.subscriber"] == []


def test_who_approves_sees_the_plan_first_and_approves_what_was_seen(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    everyone = tmp_path / "people"
    everyone.write_text(f"email={ALICE}\nemail={BOB}\nemail=charlie@example.com\n")
    company.run("erasure", "--persons", str(everyone), "--verified-by", "letters", "--yes", "--by", "dana")
    name = company.open_request()
    unseen = company.run("approve", name, "--by", "erin")
    assert unseen.code == 2
    assert "store news: what would go and what stays" in unseen.out
    assert "changed since" not in unseen.err
    digest = company.run("approve", name, "--by", "erin", "--json").document["digest"]
    assert f"the plan's digest: {digest}" in unseen.err
    assert company.run("resume", name, "--by", "dana").code == 2  # to have seen it is not to have approved it

    with company.crm() as crm:
        crm.execute("ALTER TABLE note ADD COLUMN mood text")
    refused = company.run("approve", name, "--by", "erin", "--digest", digest)
    assert refused.code == 2
    assert "not the plan that was asked for; changed since: crm: schema" in refused.err
    assert f"request {name}: not approved" in refused.err
    assert company.approve(name, "erin").code == 0
    assert company.run("resume", name, "--by", "dana", "--yes").code == 0
    assert company.state()["news.subscriber"] == []


def planned(company: Company, file: Path) -> dict[str, object]:
    done = company.run(
        "erasure", "--person", "email=-", "--verified-by", "session", "--plan", str(file), "--json", stdin=ALICE
    )
    assert done.code == 2, done.err
    found: dict[str, object] = json.loads(file.read_text())
    return found


def test_plan_names_nobody_and_is_done_to_the_letter(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    before = company.state()
    file = tmp_path / "plan.json"
    file.write_text("old")
    file.chmod(0o644)
    plan = planned(company, file)
    assert company.state() == before
    assert file.stat().st_mode & 0o777 == 0o600
    assert [secret for secret in SECRETS if secret.lower() in file.read_text().lower()] == []
    done = company.run("erasure", "--plan", str(file), "--yes", "--json")
    assert (done.code, done.document["plan"], done.document["request"]) == (0, plan["digest"], plan["request"]), (
        done.err
    )
    assert plan["stores"]["crm"]["estimates"] == done.document["stores"]["crm"]["tables"]  # type: ignore[index]
    assert company.run("erasure", "--plan", str(file), "--yes", "--json").code == 1


@pytest.mark.parametrize("change", ["policy", "map", "schema"])
def test_stale_plan_is_refused(company: Company, tmp_path: Path, change: str) -> None:
    company.without_archive()
    file = tmp_path / "plan.json"
    planned(company, file)
    if change == "policy":
        company.policy["purposes"]["accounting"]["keep"] = "P5Y"
    elif change == "map":
        company.maps["crm"]["tables"]["note"]["columns"]["body"] = "none"
    else:
        with company.crm() as crm:
            crm.execute("ALTER TABLE note ADD COLUMN extra text")
    company.write()
    before = company.state()
    done = company.run("erasure", "--plan", str(file), "--yes", "--json")
    assert done.code == 1
    assert "stale" in done.err
    assert company.state() == before
    assert company.events() == []


def test_plan_file_is_not_ignored_when_somebody_is_named_beside_it(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    file = tmp_path / "plan.json"
    planned(company, file)
    before = company.state()
    done = company.run("erasure", "--person", "email=-", "--plan", str(file), "--yes", "--json", stdin=BOB)
    assert done.code == 3
    assert company.state() == before


def test_row_that_comes_while_she_is_erased_goes_or_fails_cleanly(company: Company) -> None:
    company.without_archive()

    def adds(step: str) -> None:
        if step == "crm:marked":
            with psycopg.connect(company.crm_url, autocommit=True) as other:
                other.execute("SET lock_timeout = '200ms'")
                try:
                    other.execute("INSERT INTO note (contact_id, body) VALUES (1, 'late')")
                except psycopg.errors.LockNotAvailable:
                    return

    asked = ("erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json")
    assert company.fork(asked, adds, ALICE) == 0
    assert [body for _, _, body in company.state()["crm.note"]] == ["asked about colours twice"]


def test_trigger_that_brings_data_back_fails_that_store_only(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute(
            """CREATE FUNCTION back() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO note (contact_id, body) VALUES (OLD.contact_id, OLD.body); RETURN OLD; END $$;
            CREATE TRIGGER back AFTER DELETE ON note FOR EACH ROW EXECUTE FUNCTION back()"""
        )
    before = company.state()
    done = company.erase()
    assert (done.code, done.document["state"], done.document["stores"]["crm"]["state"]) == (4, "open", "failed")
    assert "note" in done.document["stores"]["crm"]["reason"]
    assert done.document["stores"]["news"]["state"] == "done"
    assert company.state()["crm.note"] == before["crm.note"]


def test_refusal_of_the_database_is_told_without_values(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute(
            """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'never % %', OLD.name, OLD.email; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION refuse()"""
        )
    done = company.erase()
    assert (done.code, done.document["stores"]["crm"]["state"]) == (4, "failed")
    assert [secret for secret in SECRETS if secret.lower() in (done.out + done.err).lower()] == []


def test_two_erasures_of_her_at_once_change_each_row_once(company: Company) -> None:
    company.without_archive()
    asked = ("request", "erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json")
    started = [company.start(*asked) for _ in range(2)]
    ended = [one.communicate(ALICE, timeout=60) for one in started]
    assert [one.returncode for one in started] == [0, 0], ended
    documents = [json.loads(out) for out, _ in ended]
    assert {one["state"] for one in documents} == {"fulfilled"}
    deleted = [one["stores"]["crm"]["tables"].get("note", {"deleted": 0})["deleted"] for one in documents]
    assert sorted(deleted) == [0, 2]


def test_taking_a_request_up_twice_at_once_changes_each_row_once(company: Company) -> None:
    company.without_archive()
    hidden = company.news_file.with_suffix(".away")
    company.news_file.rename(hidden)
    name = company.erase().document["request"]
    hidden.rename(company.news_file)
    started = [company.start("request", "resume", name, "--json") for _ in range(2)]
    ended = [one.communicate(timeout=60) for one in started]
    assert [one.returncode for one in started] == [0, 0], ended
    assert company.markers() == {"crm": 1, "news": 1}
    assert company.state_of(name) == "fulfilled"


def test_report_is_not_written_before_her_identity_is_established(company: Company, tmp_path: Path) -> None:
    before = company.state()
    done = company.run(
        "erasure", "--person", "email=-", "--yes", "--out", str(tmp_path / "report"), "--json", stdin=ALICE
    )
    assert (done.code, done.out) == (1, "")
    assert company.state() == before
    assert not (tmp_path / "report").exists()


def test_a_report_says_how_far_what_went_is_gone(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    asked = ("erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json")
    done = company.run(*asked, "--out", str(tmp_path / "first"), stdin=f"{ALICE}\n")
    assert {one["level"] for one in done.document["stores"].values()} == {"deleted"}
    assert "Sporen kunnen in de bestanden" in (tmp_path / "first" / "letter.txt").read_text()
    with company.crm() as crm:
        crm.execute("VACUUM")
        crm.execute("SELECT pg_stat_force_next_flush()")
    company.run("show", done.document["request"], "--out", str(tmp_path / "then"))
    stores = json.loads((tmp_path / "then" / "report.json").read_text())["stores"]
    assert {name: one["level"] for name, one in stores.items()} == {"crm": "vacuumed", "news": "deleted"}


def test_what_stays_in_doubt_is_told_with_what_to_do(company: Company) -> None:
    """The law keeps a payment that names its payer by a mailbox; bob and charlie share it."""
    company.without_archive()
    with company.crm() as crm:
        crm.execute("CREATE TABLE payment (id integer PRIMARY KEY, payer text, day date, amount numeric)")
        crm.execute("INSERT INTO payment VALUES (1, 'family@example.com', current_date, 10)")
    crm_map = company.maps["crm"]
    crm_map["tables"]["payment"] = {
        "about": {"payer": {"of": "customer", "to": "mailbox"}}, "facts": {"issued_at": "day"},
        "for": ["accounting"], "columns": {"amount": "payment.invoice"},
    }  # fmt: skip
    company.write()
    asked = ("erasure", "--person", "email=-", "--verified-by", "session", "--yes")
    done = company.run(*asked, stdin="charlie@example.com\n")
    link = "payment.payer → contact.mailbox"
    assert f"kept in doubt: crm.contact: rows that stay reach several people by {link}" in done.err
    assert "then erase again" in done.err
    again = company.run(*asked, "--json", stdin=f"{ALICE}\n")  # nothing of hers hangs on such a link
    assert again.document["stores"]["crm"]["in_doubt"] == {}
