"""What is written of a breach: to the authority, the people in their language, the controller; never of a person."""

from __future__ import annotations

import pytest
from tests.incidents.test_affected import NAMES
from tests.incidents.test_register import hours_ago, incident, opened


@pytest.fixture
def high(company):
    """A breach of which two of the people's languages have no words yet, and which is over its 72 hours."""
    company.policy["categories"]["dealings"]["special"] = "health"
    company.write()
    name = opened(company, "--from", hours_ago(90), "--consequences", "unwanted mail", hours=80)
    for step in (
        ("affected", name, "--store", "crm", "--table", "message"),
        ("assess", name, "--risk", "high", "--because", "in the clear"),
        ("decide", name, "--authority", "notify", "--people", "tell", "--because", "high"),
    ):
        assert incident(company, *step).code == 0
    return name


def test_the_people_are_told_in_their_language_once_it_has_words_and_nobody_is_named(company, high, tmp_path):
    out = tmp_path / "letters"
    refused = incident(company, "draft", high, "--for", "people", "--out", str(out))
    assert refused.code == 3
    assert refused.err.count("is not put in words of") == 2
    assert not out.exists()
    for language, nature in (("en", "Your messages were seen."), ("nl", "Uw berichten zijn gezien.")):
        said = ("--nature", nature, "--consequences", "spam", "--measures", "closed", "--advice", "new password")
        assert incident(company, "words", high, "--language", language, *said).code == 0
    assert incident(company, "draft", high, "--for", "people", "--out", str(out)).code == 0
    text = (out / "nl" / "letter.txt").read_text()
    for part in ("Er gebeurde iets met uw gegevens", "Uw berichten zijn gezien.", "Dealings", "new password",
                 "privacy@example.com", f"Inbreuk {high}"):  # fmt: skip
        assert part in text
    assert "Your messages were seen." in (out / "en" / "index.html").read_text()
    everything = "".join(path.read_text() for path in out.rglob("*.*")).lower().replace("privacy@example.com", "")
    assert not [word for word in NAMES if word in everything]
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.rglob("*"))


def test_the_authority_is_told_item_by_item_and_what_is_not_known_yet(company, high, tmp_path):
    done = incident(company, "draft", high, "--for", "authority", "--out", str(tmp_path / "a"), "--language", "en")
    assert done.code == 0, done.err
    assert "not known yet, to follow (art. 33(4)): measures taken and planned" in done.out
    text = " ".join((tmp_path / "a" / "en" / "letter.txt").read_text().split())
    for part in ("About how many people: 3", "About how many records: 2", "customer: 3",
                 "Dealings: 3 people, 2 records, a special category (art. 9, 10)", "Likely consequences: unwanted mail",
                 "there is a high risk to the people", "Why this comes after 72 hours: not known yet",
                 "each of them is told", "Data Protection Authority"):  # fmt: skip
        assert part in text


def test_a_processor_writes_to_the_controller_and_nobody_else_does(company, tmp_path):
    own = opened(company)
    assert "is no processor" in incident(company, "draft", own, "--for", "controller", "--out", str(tmp_path / "x")).err
    name = opened(company, "--role", "processor", "--controller", "Client NV")
    done = incident(company, "draft", name, "--for", "controller", "--out", str(tmp_path / "c"), "--language", "fr")
    assert done.code == 0, done.err
    text = (tmp_path / "c" / "fr" / "letter.txt").read_text()
    assert "Client NV" in text
    assert "En tant que sous-traitant" in text


def test_who_is_to_be_told_is_reached_by_an_address_and_nothing_more(company, high, tmp_path):
    said = ("--nature", "seen", "--consequences", "spam", "--measures", "closed")
    assert incident(company, "words", high, "--language", "en", *said).code == 0
    asked = ("draft", high, "--for", "people", "--language", "en", "--addresses", "--out")
    done = incident(company, *asked, str(tmp_path / "letters"))
    assert done.code == 0, done.err
    assert "@" not in done.out + done.err
    file = tmp_path / "letters" / "addresses.csv"
    assert sorted(file.read_text().splitlines()) == [
        "en,bob@example.com,,0470 99 99 99",
        "en,charlie@example.com,,",
        "language,email,mobile,phone",
        "nl,Alice.Peeters@Example.com,,0470 12 34 56",
    ]
    assert file.stat().st_mode & 0o077 == 0
    company.env["CRM_URL"] = "postgresql://nobody@127.0.0.1:1/crm"
    assert incident(company, *asked, str(tmp_path / "again")).code == 4
    assert not (tmp_path / "again").exists()
