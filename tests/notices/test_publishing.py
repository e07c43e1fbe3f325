"""Publishing a notice: a version says one thing for good, and a consent finds what was read under it."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import psycopg
import pytest
from tests.notices.people import POLICY
from tests.notices.test_page import Outline

from belofte.choices.policies import remember
from belofte.database.acts import Act, latest
from belofte.database.open import Database
from belofte.notices.page import document_page
from belofte.notices.publishing import NotPublished, digest_of, files_of, publish, published, takings
from belofte.notices.renditions import FORMS
from belofte.notices.versions import index
from belofte.policy.model import Policy

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def version(name: str, day: str = "2026-01-01") -> Policy:
    return POLICY.model_copy(update={"version": POLICY.version.model_validate({"id": name, "from": day})})


def files(text: str, *languages: str) -> dict[tuple[str, str], bytes]:
    return {(language, form): f"{text} {language} {form}".encode() for language in languages for form in FORMS}


def out(db: Database, policy: Policy, made: dict[tuple[str, str], bytes]) -> int:
    remember(db, policy)
    languages = list(dict.fromkeys(language for language, _ in made))
    return publish(db, policy, languages, lambda language, form: made[language, form], AT)


def test_a_version_is_kept_as_it_went_out_and_each_file_is_an_act_of_the_log(db):
    made = files("hello", "nl", "fr")
    assert out(db, version("2026-1"), made) == 8
    assert files_of(db, "2026-1") == made
    acts = latest(db, [Act.NOTICE_PUBLISHED])
    assert {(act.payload["row"]["version"], act.payload["row"]["language"]) for act in acts} == {
        ("2026-1", "nl"), ("2026-1", "fr"),
    }  # fmt: skip
    assert {act.payload["row"]["digest"] for act in acts} == {sha256(content).hexdigest() for content in made.values()}
    assert all("hello" not in (act.content or "") for act in acts)


def test_the_same_text_again_changes_nothing_and_keeps_the_first_looks(db):
    out(db, version("2026-1"), files("hello", "nl"))
    restyled = {**files("hello", "nl"), ("nl", "html"): b"another style"}
    assert out(db, version("2026-1"), restyled) == 0
    assert files_of(db, "2026-1")["nl", "html"] == b"hello nl html"


def test_another_text_under_the_same_name_is_refused(db):
    out(db, version("2026-1"), files("hello", "nl"))
    with pytest.raises(NotPublished, match="in `nl`: its policy says the same, so that a data map or") as refused:
        out(db, version("2026-1"), files("goodbye", "nl", "fr"))
    assert "give the policy a new `version`" in refused.value.mend
    assert set(files_of(db, "2026-1")) == {("nl", form) for form in FORMS}


def test_a_language_may_be_added_to_a_version(db):
    out(db, version("2026-1"), files("hello", "nl"))
    assert out(db, version("2026-1"), files("hello", "nl", "fr")) == 4
    assert {one.language for one in published(db)} == {"nl", "fr"}


@pytest.mark.parametrize("name", ["../2026", "a/b", "", "2026 1"])
def test_a_name_that_cannot_be_part_of_an_address_is_refused(db, name: str):
    with pytest.raises(NotPublished, match="cannot be part of an address"):
        out(db, version(name), files("hello", "nl"))


def test_what_was_published_cannot_be_changed_or_removed(db):
    out(db, version("2026-1"), files("hello", "nl"))
    for statement in ("UPDATE belofte.notice SET content = 'x', digest = sha256('x')", "DELETE FROM belofte.notice"):
        with pytest.raises(psycopg.Error, match="append-only"):
            db.connection.execute(statement)


def test_a_consent_finds_the_page_that_was_read(db):
    out(db, version("2026-1"), files("hello", "nl"))
    assert digest_of(db, "2026-1", "nl") == "sha256:" + sha256(b"hello nl html").hexdigest()
    assert digest_of(db, "2026-1", "fr") is None
    assert digest_of(db, "2025-9", "nl") is None


def listed(db: Database, at: datetime = AT, language: str = "en") -> Outline:
    return Outline(document_page(index("Werkgoed NV", language, published(db), takings(db), at, {"nl": "index.html"})))


def test_no_line_of_a_french_page_begins_with_a_sign():
    page = document_page(index("Werkgoed NV : « textile »", "fr", [], [], AT, {}))
    assert "confidentialité\xa0: toutes" in page
    assert "NV\xa0: «\xa0textile\xa0»" in page


def put_out(db: Database, name: str, day: str, at: str) -> None:
    """A version that is published on a day, or again."""
    policy = version(name, day)
    remember(db, policy)
    when = datetime.fromisoformat(at).replace(hour=12, tzinfo=UTC)
    publish(db, policy, ["nl"], lambda language, form: f"{name} {language} {form}".encode(), when)


def test_the_index_lists_the_versions_the_newest_first_with_their_addresses(db):
    out(db, version("2025-1", "2025-01-01"), files("old", "nl"))
    out(db, version("2026-1", "2026-01-01"), files("new", "nl", "fr"))
    outline = listed(db, language="fr")
    assert [link["href"] for link in outline.all("a") if not (link["href"] or "").startswith("#")] == [
        "index.html", "2026-1/fr.html", "2026-1/fr.pdf", "2026-1/nl.html", "2026-1/nl.pdf",
        "2025-1/nl.html", "2025-1/nl.pdf",
    ]  # fmt: skip
    assert "1er janvier 2026" in outline.text
    assert "Le 1er mars 2026, la version 2026-1 est en vigueur." in outline.text


def test_a_version_that_the_company_went_back_to_stands_where_it_was_taken_up_again(db):
    put_out(db, "2025-1", "2025-01-01", "2025-01-01")
    put_out(db, "2026-1", "2026-01-01", "2025-12-01")
    put_out(db, "2025-1", "2025-01-01", "2026-02-10")
    page = " ".join(listed(db).text.split())
    assert "On 1 March 2026 version 2025-1 is in force." in page
    assert [one for one in page.split() if one in ("2025-1", "2026-1")][1:] == ["2025-1", "2026-1", "2025-1"]
    for said in ("since 10 February 2026", "from 1 January 2026 until 10 February 2026",
                 "from 1 January 2025 until 1 January 2026"):  # fmt: skip
        assert said in page


def test_a_version_that_is_announced_is_named_with_its_day(db):
    put_out(db, "2026-1", "2026-01-01", "2026-01-01")
    put_out(db, "2027-1", "2027-01-01", "2026-02-01")
    page = " ".join(listed(db).text.split())
    assert "On 1 March 2026 version 2026-1 is in force. From 1 January 2027 on it is version 2027-1." in page
    put_out(db, "2026-1", "2026-01-01", "2026-02-15")
    page = " ".join(listed(db).text.split())
    assert "never: another version took its place before it began" in page
    assert "From 1 January 2027" not in page
    assert "since 1 January 2026" in page  # what was taken up again never ceased
    assert page.count("2026-1") == 2
