"""`belofte sweep late` on a small company: what should have gone is told with its day, and nothing that is in time."""

from __future__ import annotations

from datetime import date

from tests.requests.company import SECRETS, Company


def test_what_is_past_its_term_is_told_per_purpose_with_its_oldest_day(company: Company) -> None:
    before = company.dump()
    ran = company.run("late", "crm", "--json", group="sweep")
    assert ran.code == 2, ran.out + ran.err
    crm = ran.document["stores"]["crm"]
    assert (crm["late"], crm["people"]) == (True, 1)
    assert crm["purposes"]["accounting"] == {"rows": 1, "oldest": "2010-05-01"}
    assert company.dump() == before
    assert not any(secret in ran.out + ran.err for secret in SECRETS)


def test_a_check_looks_for_late_data_where_it_is_asked_to_and_says_that_it_did_not(company: Company) -> None:
    silent = company.run(group="check")
    assert "late data: not looked at" in silent.out
    looked = company.run("--late", "--json", group="check")
    assert looked.document["late_data"] == {"crm": True, "news": True}, looked.err


def test_what_ended_less_days_ago_is_in_time(company: Company) -> None:
    with company.crm() as crm:
        crm.execute("UPDATE invoice SET issued = (current_date - interval '7 years 3 days')::date WHERE id = 12")
    assert company.run("late", "crm", "--days", "7", group="sweep").code == 0
    assert company.run("late", "crm", "--days", "2", group="sweep").code == 2


def test_what_only_a_condition_kept_is_late_when_it_was_seen_to_have_ended_too_long_ago(company: Company) -> None:
    """alice's contract has ended: nothing in the store says since when."""
    with company.crm() as crm:
        crm.execute("DELETE FROM invoice WHERE id = 12")
    ran = company.run("late", "crm", "--json", group="sweep")
    seen = ran.document["stores"]["crm"]["since_seen"]["service"]
    assert (ran.code, ran.document["stores"]["crm"]["undated"], seen) == (0, [], date.today().isoformat()), ran.out
    company.seen_earlier(6)
    assert company.run("late", "crm", group="sweep").code == 0
    company.seen_earlier(2)
    ran = company.run("late", "crm", "--json", group="sweep")
    late = ran.document["stores"]["crm"]
    assert (ran.code, late["people"], "service" in late["purposes"]) == (2, 2, True), ran.out


def test_what_holds_again_counts_anew(company: Company) -> None:
    with company.crm() as crm:
        crm.execute("DELETE FROM invoice WHERE id = 12")
    company.run("late", "crm", group="sweep")
    company.seen_earlier(30)
    for state, code in (("active", 0), ("ended", 0)):
        with company.crm() as crm:
            crm.execute("UPDATE contact SET status = %s", [state])
        ran = company.run("late", "crm", group="sweep")
        assert ran.code == code, ran.out


def test_a_sweep_that_waits_too_long_is_an_alarm(company: Company) -> None:
    with company.crm() as crm:
        crm.execute("DELETE FROM invoice WHERE id = 12")
    company.run("crm", "--by", "anna", group="sweep")
    assert company.run("late", "crm", group="sweep").code == 0
    with company.own() as own:
        own.execute("UPDATE belofte.sweep SET planned_at = planned_at - interval '8 days'")
    ran = company.run("late", "crm", "--json", group="sweep")
    assert (ran.code, ran.document["stores"]["crm"]["stuck"]["state"]) == (2, "waiting")


def test_a_hold_of_today_makes_nothing_late(company: Company) -> None:
    with company.own() as own:
        hold = "INSERT INTO belofte.hold VALUES (gen_random_uuid(), 'case 7', 'claim', 'anna', '2030-01-01', now())"
        own.execute(hold)
        own.execute("INSERT INTO belofte.hold_table SELECT id, 'crm', 'invoice' FROM belofte.hold")
    assert company.run("late", "crm", group="sweep").code == 0


def test_a_store_that_does_not_answer_cannot_be_told(company: Company) -> None:
    company.env["CRM_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    assert company.run("late", "crm", group="sweep").code == 4
