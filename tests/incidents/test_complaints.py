"""The register of complaints: how one comes, by when it is answered, what it becomes, and how it goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.requests.company import POLICY

from belofte.choices.subjects import Identifier, subject_of
from belofte.database import acts, promises, requests
from belofte.database import complaints as rows
from belofte.database.acts import Act
from belofte.database.requests import RequestState
from belofte.evidence.fsck import fsck
from belofte.incidents.complaints import Coming, acknowledge, answer, become, is_late, is_over, let_go, record, said
from belofte.incidents.register import Refused
from belofte.policy.model import Policy

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
SHE = (Identifier("email", "alice@example.com"),)
WORDS = "My address was sold, alice@example.com."
PLAIN = Policy.model_validate(POLICY)
PROMISED = Policy.model_validate(POLICY | {"rights": {"complaints": {"within": "P14D", "keep": "P1Y"}}})


def coming(**said):
    return Coming(**({"way": "post", "words": WORDS, "language": "en", "received_at": AT} | said))


def recorded(db, key, policy=PLAIN, **said):
    return record(db, key, policy, coming(who=SHE, **said), "charlie", AT + timedelta(days=1))


def reasons(done: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.why for one in done.value.reasons]


def test_the_term_is_the_policys_or_a_month_from_the_day_it_came(db, key):
    assert recorded(db, key).due == date(2026, 4, 5)  # a Sunday: no law moves what the company promised
    assert recorded(db, key, PROMISED).due == date(2026, 3, 19)


def test_a_complaint_is_late_from_the_day_after_its_term_until_it_is_answered(db, key):
    one = recorded(db, key)
    assert [is_late(one, date(2026, 4, day)) for day in (5, 6)] == [False, True]
    late = answer(db, key, PLAIN, one, "rejected", "We did not.", "bob", AT + timedelta(days=60))
    assert not is_late(late, date(2027, 1, 1))


def test_who_complains_and_what_is_written_is_sealed_and_leads_to_a_known_person(db, key):
    alice = subject_of(db, key, SHE)
    one = recorded(db, key)
    assert rows.subjects(db, one.id) == [alice]
    everything = db.connection.execute("SELECT c::text FROM belofte.complaint c").fetchall()
    everything += db.connection.execute("SELECT content FROM belofte.act WHERE content IS NOT NULL").fetchall()
    assert "alice" not in str(everything)
    assert "sold" not in str(everything)
    assert "charlie" not in str(everything[1:])  # the log has who recorded it as a digest
    assert said(db, key, one).words == WORDS
    assert said(db, key, one).who == SHE


def test_it_is_acknowledged_once_and_answered_once(db, key):
    one = acknowledge(db, recorded(db, key), "charlie", AT)
    assert one.state == "acknowledged"
    with pytest.raises(Refused):
        acknowledge(db, one, "charlie", AT)
    with pytest.raises(Refused) as empty:
        answer(db, key, PLAIN, one, "upheld", "  ", "bob", AT)
    assert reasons(empty) == ["the answer says nothing"]
    one = answer(db, key, PLAIN, one, "partly", "We stopped.", "bob", AT + timedelta(days=9))
    assert (one.state, one.outcome, one.answered_by) == ("answered", "partly", "bob")
    with pytest.raises(Refused) as again:
        answer(db, key, PLAIN, one, "upheld", "Sorry.", "bob", AT)
    assert reasons(again) == [f"complaint {one.short} has its answer"]
    assert said(db, key, one).answer == "We stopped."


def test_what_is_missing_and_what_is_not_there_is_told_at_once(db, key):
    wrong = coming(words=" ", received_at=AT + timedelta(days=9), language="fr", about="purpose:spying")
    with pytest.raises(Refused) as refused:
        record(db, key, PLAIN, wrong, "charlie", AT)
    assert reasons(refused) == [
        "it is not said what is complained of",
        "the moment at which it came lies in the future",
        "the policy has no language `fr`",
        "there is no purpose `spying`",
    ]
    assert rows.register(db) == []
    for about in ("right:access", "purpose:mailing"):
        assert recorded(db, key, about=about).about == about
    for about in ("incident:B-NONE", "request:NONE-NONE", "weather"):
        with pytest.raises(Refused):
            recorded(db, key, about=about)


@pytest.fixture
def asked(db, key):
    """A request that alice made, taken in some days after her complaint came."""
    alice = subject_of(db, key, SHE)
    return requests.receive(db, "erasure", AT + timedelta(days=8), date(2026, 4, 13), "en", subjects=[alice])


def test_what_asks_for_a_right_becomes_a_request_that_counts_from_the_complaints_day(db, key, asked):
    one = become(db, PLAIN, recorded(db, key), asked.short, "bob", AT + timedelta(days=9))
    assert (one.state, one.request, one.outcome) == ("requested", asked.short, None)
    moved = requests.by_id(db, asked.id)
    assert (moved.received_at, moved.due) == (AT, date(2026, 4, 7))  # the law's month ends after Easter Monday
    (term,) = promises.complaints_since(db, AT)
    assert (term.due, term.closed_on) == (date(2026, 4, 7), None)  # it is answered when the request is
    requests.verify(db, asked.id, "session", AT)
    requests.close(db, asked.id, RequestState.REFUSED, AT + timedelta(days=40), "17(3)")
    assert promises.complaints_since(db, AT)[0].closed_on == date(2026, 4, 14)


def test_it_becomes_no_request_of_somebody_else_nor_one_that_is_over_or_was_extended(db, key, asked):
    one = recorded(db, key)
    bob = subject_of(db, key, [Identifier("email", "bob@example.com")])
    other = requests.receive(db, "access", AT, date(2026, 4, 7), "en", subjects=[bob])
    over = requests.receive(db, "access", AT, date(2026, 4, 7), "en")
    requests.close(db, over.id, RequestState.REFUSED, AT, "12(5)")
    requests.extend(db, asked.id, date(2026, 6, 15), "many systems", date(2026, 3, 20))
    for name, why in (
        (other.short, "is of somebody else"), (over.short, "has its answer"), ("NONE-NONE", "there is no request"),
        (asked.short, "was extended, from a later day"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            become(db, PLAIN, one, name, "bob", AT)
    assert rows.by_id(db, one.id).state == "received"


def test_it_goes_with_everything_when_its_term_is_over_and_the_log_says_so(db, key):
    one, two = recorded(db, key, PROMISED), recorded(db, key, PROMISED)
    answer(db, key, PROMISED, one, "upheld", "Sorry.", "bob", AT)
    assert let_go(db, date(2027, 3, 4)) == []
    assert [is_over(left, date(2027, 3, 5)) for left in rows.register(db)].count(True) == 1
    assert [gone.short for gone in let_go(db, date(2027, 3, 5))] == [one.short]
    assert [left.short for left in rows.register(db)] == [two.short]  # without an answer nothing ends
    names = [name for (name,) in db.connection.execute("SELECT name FROM belofte.act ORDER BY id").fetchall()]
    assert [name for name in names if "complain" in name] == [
        "incidents:complaint:received", "incidents:complainant:named",
        "incidents:complaint:received", "incidents:complainant:named",
        "incidents:complaint:answered", "incidents:complainant:removed", "incidents:complaint:removed",
    ]  # fmt: skip
    assert fsck(db).findings == []
    assert said(db, key, one).words is None
    (opened,) = acts.latest(db, [Act.COMPLAINT_OPENED])
    assert opened.payload == {"complaint": one.short}  # whoever opens what is sealed is in the log, here in vain


def complaint(company, *arguments, stdin=""):
    return company.run(*arguments, stdin=stdin, group="complaint")


def test_from_a_letter_by_post_to_the_answer_in_her_language(company, tmp_path):
    given = ("--way", "post", "--person", "email=-", "--words", "-", "--language", "nl", "--json")
    done = complaint(company, "record", *given, stdin="alice@example.com\nMijn adres werd verkocht.\n")
    assert done.code == 0, done.err
    name = done.document["complaint"]
    assert complaint(company, "letter", name, "--out", str(tmp_path / "first")).code == 0
    assert complaint(company, "acknowledge", name, "--by", "anna").code == 0
    half = complaint(company, "answer", name, "--outcome", "upheld")
    assert (half.code, half.err.splitlines()[0]) == (3, "error: it is not said what came of it")
    said = ("--outcome", "upheld", "--words", "-", "--by", "anna")
    assert complaint(company, "answer", name, *said, stdin="Dat klopt.\n\nWe stopten ermee.").code == 0
    assert complaint(company, "letter", name, "--out", str(tmp_path / "answer")).code == 0
    first, text = (" ".join((tmp_path / one / "letter.txt").read_text().split()) for one in ("first", "answer"))
    assert "Wij antwoorden uiterlijk op" in first
    for part in (f"Klacht {name}", "U had gelijk.", "Dat klopt. We stopten ermee.", "Drukpersstraat 35",
                 "U kunt ook naar de rechter"):  # fmt: skip
        assert part in text
    assert "alice" not in complaint(company, "show", name).out
    shown = complaint(company, "show", name, "--words", "--json").document
    assert (shown["who"], shown["words"]) == (["email=alice@example.com"], "Mijn adres werd verkocht.\n")
    assert complaint(company, "erase").out == "0 complaints erased\n"


def test_a_complaint_that_asks_for_access_goes_on_as_that_request(company, tmp_path):
    came = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    given = ("--way", "email", "--person", "email=-", "--words", "-", "--received", came, "--json")
    name = complaint(company, "record", *given, stdin="alice.peeters@example.com\nWhat do you have?").document[
        "complaint"
    ]
    asked = company.run("access", "--person", "email=-", "--json", stdin="alice.peeters@example.com\n").document
    done = complaint(company, "answer", name, "--request", asked["request"], "--json")
    assert (done.code, done.document["state"], done.document["request"]) == (0, "requested", asked["request"]), done.err
    assert complaint(company, "letter", name, "--out", str(tmp_path / "letter")).code == 0
    (due,) = {one["due"] for one in company.run("list", "--json").document}
    assert date.fromisoformat(due) < date.today() + timedelta(days=27)
    assert f"We treat your complaint as that request ({asked['request']})" in " ".join(
        (tmp_path / "letter" / "letter.txt").read_text().split()
    )


def test_the_list_sounds_the_alarm_when_a_term_is_over(company):
    assert complaint(company, "list").out == "no complaints\n"
    for days, code in ((2, 0), (40, 2)):
        received = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        done = complaint(
            company, "record", "--way", "phone", "--words", "-", "--received", received, stdin="too many calls"
        )
        assert done.code == 0, done.err
        assert complaint(company, "list").code == code
    late = complaint(company, "list").out.splitlines()[0]
    assert "days too late" in late
    checked = company.run("--late", group="check")
    assert f"late complaints: {late.split()[1].rstrip(':')}\n" in checked.out
    assert complaint(company, "show", "K-NONE").code == 3
