"""`belofte choices …`, end to end: recorded for the person meant, derived at once, and asked about in the past."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.requests.company import ALICE, ALICE_PHONE, BOB, SECRETS, Company, Ran

GRANT = (
    "grant", "--person", "email=-", "--purpose", "mailing", "--act", "click", "--notice", "v1", "--in", "nl",
    "--how", "web-form", "--text", "sha256:" + "a" * 64, "--json",
)  # fmt: skip


def answers(company: Company, *more: str, who: str = ALICE) -> list[str]:
    """Return what `explain` answers on the mailing by e-mail."""
    done = company.choose(
        "explain", "--person", "email=-", "--purpose", "mailing", "--channel", "email", "--json", *more, stdin=who
    )
    return [one["reason"] if "reason" in one else one["answer"] for one in done.document["answers"]]


def granted(company: Company, *more: str, who: str = ALICE) -> Ran:
    done = company.choose(*GRANT, *more, stdin=who)
    assert done.code == 0, done.err
    return done


@pytest.fixture
def calm(company: Company) -> Company:
    """The company without its paper archive."""
    return company.without_archive()


def test_consent_opens_her_mailing_and_withdrawing_it_closes_it_at_once(calm):
    assert answers(calm) == ["unknown"]
    granted(calm)
    assert answers(calm) == ["consent"]
    assert answers(calm, who=BOB) == ["unknown"]
    assert calm.choose("withdraw", "--person", "email=-", "--purpose", "mailing", stdin=ALICE).code == 0
    assert answers(calm) == ["withdrawn"]


def test_she_is_the_same_person_by_whatever_identifier_leads_to_her_records(calm):
    granted(calm)
    done = calm.choose("withdraw", "--person", "phone=-", "--purpose", "mailing", stdin=ALICE_PHONE)
    assert "crm" in done.out
    assert answers(calm) == ["withdrawn"]


def test_a_record_says_what_shows_it(calm):
    granted(calm, "--where", "newsletter page", "--age", "34")
    (seen,) = calm.choose("show", "--person", "email=-", "--json", stdin=ALICE).document["people"]
    (event,) = seen["events"]
    assert {name: event["evidence"][name] for name in ("act", "notice", "language", "how", "where", "age")} == {
        "act": "click", "notice": "v1", "language": "nl", "how": "web-form", "where": "newsletter page", "age": 34,
    }  # fmt: skip
    assert event["evidence"]["text"] == "sha256:" + "a" * 64
    assert event["recorded_at"] >= event["holds_from"]


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        (("--act", "pre-ticked"), "NO_ACT"),
        (("--notice", "v0"), "UNPROVEN"),
        (("--not", "apart_from_terms"), "TIED_TO_TERMS"),
        (("--age", "12"), "CHILD"),
        (("--asked-at", "2026-01-01"), "NO_ACT"),
    ],
)
def test_what_the_law_does_not_accept_is_kept_as_evidence_and_opens_nothing(calm, failing, code):
    calm.policy["notices"] = {"v0-old": {"from": "2016-01-01"}}
    calm.write()
    done = calm.choose(*GRANT, *failing, stdin=ALICE)
    assert (done.code, [one["code"] for one in done.document["failing"]]) == (3, [code])
    if code == "UNPROVEN":
        words = done.document["failing"][0]["words"]
        assert words["nl"].endswith("Hier ontbreekt: een versie van de tekst die het beleid kent.")
        assert words["en"].endswith("Missing here: a version of the text that the policy knows.")
    assert answers(calm) == ["invalid"]
    assert ("consent:given", "mailing") in calm.events()


def test_both_acts_of_a_double_opt_in_are_kept_and_the_second_counts(calm):
    granted(calm, "--asked-at", "2026-01-01T10:00", "--confirmed-at", "2026-01-02T11:00")
    assert answers(calm, "--at", "2026-01-02T10:59+01:00") == ["never-asked"]
    assert answers(calm, "--at", "2026-01-02T11:00+01:00") == ["cannot tell"] or answers(
        calm, "--at", "2026-01-02T11:00+01:00"
    ) == ["consent"]


def test_a_child_may_consent_with_a_parent(calm):
    granted(calm, "--age", "12", "--parent-agreed")
    assert answers(calm) == ["consent"]


def test_consent_ends_at_its_own_end(calm):
    granted(calm, "--at", "2026-01-01", "--until", "2026-02-01")
    assert answers(calm, "--at", "2026-01-31") == ["consent"]
    assert answers(calm) == ["expired"]


def test_the_past_is_asked_about_as_it_was_and_as_it_was_known(calm):
    granted(calm, "--at", "2026-01-01")
    late = calm.choose("withdraw", "--person", "email=-", "--purpose", "mailing", "--at", "2026-03-01", stdin=ALICE)
    assert late.code == 0
    assert answers(calm, "--at", "2025-12-31") == ["never-asked"]
    assert answers(calm, "--at", "2026-02-28") == ["consent"]
    assert answers(calm, "--at", "2026-03-03") == ["withdrawn"]
    before = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    done = calm.choose(
        "explain",
        "--person",
        "email=-",
        "--purpose",
        "mailing",
        "--at",
        "2026-03-03",
        "--known-at",
        before,
        stdin=ALICE,
    )
    assert (done.code, "cannot be told" in done.err) == (4, True)  # no policy was recorded by then


def test_a_day_on_which_she_changed_her_mind_has_two_answers(calm):
    granted(calm, "--at", "2026-01-01")
    calm.choose("withdraw", "--person", "email=-", "--purpose", "mailing", "--at", "2026-03-03T14:00", stdin=ALICE)
    assert answers(calm, "--at", "2026-03-03") == ["consent", "withdrawn"]


def test_a_day_before_the_first_policy_that_is_known_cannot_be_told(calm):
    granted(calm)
    done = calm.choose(
        "explain", "--person", "email=-", "--purpose", "mailing", "--at", "2017-03-03", "--json", stdin=ALICE
    )
    assert (done.code, done.document["answers"][0]["answer"]) == (4, "cannot tell")


def test_what_only_a_store_knows_cannot_be_told(calm):
    calm.choose("refuse", "--person", "email=-", "--purpose", "mailing", stdin=ALICE)
    done = calm.choose("explain", "--person", "email=-", "--purpose", "service", "--json", stdin=ALICE)
    (answer,) = done.document["answers"]
    assert (done.code, answer["allowed"], answer["answer"], answer["facts"]) == (
        4, True, "cannot tell", ["contract.active"],
    )  # fmt: skip


def test_reasons_are_said_in_the_reader_s_language(calm):
    calm.choose("object", "--person", "email=-", "--marketing", stdin=ALICE)
    for language, words in (("nl", "maakte bezwaar"), ("fr", "opposée"), ("en", "objected")):
        done = calm.choose(
            "explain", "--person", "email=-", "--purpose", "mailing", "--language", language, stdin=ALICE
        )
        assert words in done.out


def test_an_objection_is_weighed_and_its_word_recorded_with_the_grounds(calm):
    calm.policy["purposes"]["quality"] = {"title": "Quality", "basis": "legitimate-interest", "uses": "dealings"}
    calm.write()
    asked = ("--person", "email=-", "--json")
    done = calm.choose("object", *asked, "--purpose", "quality", stdin=ALICE)
    assert (done.code, done.document["after"][0]["reason"]) == (4, "weighed")
    done = calm.choose("object", *asked, "--overrule", "quality=safety of the wearer", stdin=ALICE)
    assert (done.code, done.document["after"][0]["reason"]) == (0, "other-basis")
    events = calm.choose("show", *asked, stdin=ALICE).document["people"][0]["events"]
    assert [(e["kind"], e["evidence"].get("ground")) for e in events] == [
        ("objection:pending", None),
        ("objection:overruled", "safety of the wearer"),
    ]
    done = calm.choose("object", *asked, "--overrule", "mailing=we like it", stdin=ALICE)
    assert (done.code, "never weighed" in done.err) == (3, True)


def test_restriction_names_its_ground_and_is_lifted_only_after_she_was_told(calm):
    granted(calm)
    restrict = ("restrict", "--person", "email=-", "--ground", "accuracy", "--category", "identity")
    assert calm.choose(*restrict, stdin=ALICE).code == 0
    assert answers(calm) == ["restricted"]
    lift = ("lift", "--person", "email=-", "--category", "identity", "--told")
    refused = calm.choose(*lift, datetime.now(UTC).isoformat(), "--at", "2026-01-01", stdin=ALICE)
    assert (refused.code, answers(calm)) == (3, ["restricted"])
    assert calm.choose(*lift, "2026-01-01", stdin=ALICE).code == 0
    assert answers(calm) == ["consent"]
    events = calm.choose("show", "--person", "email=-", "--json", stdin=ALICE).document["people"][0]["events"]
    assert events[1]["evidence"] == {"ground": "18(1)(a)"}
    assert events[2]["evidence"]["told"].startswith("2026-01-01")


def test_outreach_to_the_dead_stops_until_it_proves_wrong(calm):
    granted(calm)
    calm.choose("deceased", "--person", "email=-", stdin=ALICE)
    assert answers(calm) == ["deceased"]
    calm.choose("deceased", "--person", "email=-", "--mistaken", stdin=ALICE)
    assert answers(calm) == ["consent"]


SALE = ("sale", "--person", "email=-", "--purpose", "mailing", "--channel", "email")
SHOWN = ("--address-from-sale", "--similar", "--could-refuse", "--can-always-refuse")


def test_own_customers_may_be_written_to_after_a_sale_where_the_policy_says_so(calm):
    assert calm.choose(*SALE, *SHOWN, stdin=ALICE).code == 3
    calm.policy["purposes"]["mailing"]["soft_opt_in"] = "workwear, and more workwear"
    calm.write()
    assert calm.choose(*SALE, *SHOWN[:3], stdin=ALICE).code == 3
    assert answers(calm) == ["never-asked"]
    assert calm.choose(*SALE, *SHOWN, stdin=ALICE).code == 0
    assert answers(calm) == ["soft-opt-in"]
    calm.choose("object", "--person", "email=-", "--marketing", stdin=ALICE)
    calm.choose(*SALE, *SHOWN, stdin=ALICE)
    assert answers(calm) == ["objected"]


def test_an_erased_person_stays_closed_until_she_signs_up_again_herself(calm):
    granted(calm)
    assert calm.erase("--uphold", "mailing").code in (0, 2)
    assert answers(calm) == ["objected"]
    granted(calm)
    assert answers(calm) == ["consent"]


def test_nothing_is_opened_for_somebody_who_may_be_another(calm):
    calm.choose("refuse", "--person", "email=-", "--purpose", "mailing", stdin=ALICE)
    calm.choose("refuse", "--person", "email=-", "--purpose", "mailing", stdin=BOB)
    both = calm.choose(*GRANT[:3], *GRANT[3:], "--person", f"email={BOB}", stdin=ALICE)
    assert both.code == 4
    assert calm.choose(
        "withdraw", "--person", "email=-", "--person", f"email={BOB}", "--purpose", "mailing", stdin=ALICE
    ).code == 0  # fmt: skip


def test_a_time_that_is_none_and_a_future_one_are_refused(calm):
    assert calm.choose(*GRANT, "--at", "3 March", stdin=ALICE).code == 3
    assert calm.choose(*GRANT, "--at", "2999-01-01", stdin=ALICE).code == 3
    assert calm.events() == []


def test_no_identifier_appears_in_the_ledger_or_in_what_is_said(calm):
    done = granted(calm)
    refused = calm.choose(*GRANT, "--where", f"page?u={ALICE}", stdin=ALICE)
    assert refused.code == 3
    with calm.own() as own:
        (whole,) = own.execute("SELECT string_agg(e::text, ' ') FROM belofte.event e").fetchone()
    for secret in SECRETS:
        assert secret not in done.out + refused.out + refused.err + whole


ROWS = """kind,value,purpose,channel,at,how,notice,language
email,alice.peeters@example.com,mailing,email,2024-03-01,click,v1,nl
email,bob@example.com,mailing,email,2024-03-01,,v1,nl
email,nonsense,mailing,email,2024-03-01,click,v1,nl
"""


def test_an_import_waits_for_a_second_person_where_its_proof_is_missing(calm, tmp_path):
    file = tmp_path / "consents.csv"
    file.write_text(ROWS)
    assert calm.choose("import", str(file), "--by", "bob").code == 1
    done = calm.choose("import", str(file), "--origin", "the newsletter tool", "--by", "bob", "--json")
    assert (done.code, done.document["given"], done.document["quarantined"]) == (2, 1, 1)
    assert [one["line"] for one in done.document["refused"]] == [4]
    assert (answers(calm), answers(calm, who=BOB)) == (["consent"], ["quarantined"])
    assert calm.choose("import", str(file), "--origin", "again", "--by", "bob").code == 1
    word = ("import", "--sign-off", done.document["import"], "--act", "signature")
    assert calm.choose(*word, "--by", "bob").code == 1
    assert calm.choose(*word, "--by", "alice").code == 0
    assert answers(calm, who=BOB) == ["consent"]
    assert calm.choose("import", "--list", "--json").document[0]["signed_off_by"] == "alice"


def test_the_ledger_is_taken_along_without_a_name(calm, tmp_path):
    granted(calm)
    calm.choose("withdraw", "--person", "email=-", "--purpose", "mailing", stdin=ALICE)
    file = tmp_path / "ledger.jsonl"
    assert calm.choose("export", "--to", str(file)).code == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["kind"] for one in lines] == ["consent:given", "consent:withdrawn"]
    assert len({one["person"] for one in lines}) == 1
    assert calm.choose("export", "--to", str(file)).code == 1
    shown = calm.choose("export").out
    assert shown.splitlines()[0].startswith("recorded_at,person,kind")
    assert not any(secret in shown + file.read_text() for secret in SECRETS)
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_nobody_gave_again_is_let_go_of_by_two(company: Company) -> None:
    assert company.choose(*GRANT, "--at", "2020-01-01", stdin=ALICE).code == 0
    company.policy["purposes"]["mailing"]["consent_since"] = "2021-01-01"
    company.write()
    assert [company.choose("release", "mailing", "--by", who).code for who in ("anna", "anna", "ben")] == [2, 2, 0]
    assert company.choose("stale", "--json").document == []
    assert "no consent is stale" in company.choose("release", "mailing").out
    assert company.events()[-1] == ("consent:released", "mailing")
