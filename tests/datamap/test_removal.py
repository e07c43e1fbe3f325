# ruff: noqa: E501 (what is said stands here whole)
"""What the map asks to put in place of a value has to fit its column, or check says why it does not."""

from __future__ import annotations

import pytest

from belofte.datamap.model import Column
from belofte.datamap.removal import FILLER, form
from belofte.datamap.schema import ColumnInfo, Schema, TableInfo


def asked(erase: object, email: ColumnInfo, *keys: ColumnInfo, unique: bool = False) -> tuple[str, str | None]:
    """Return the form of `person.email` and why it is that one; `erase` None: what the constraints allow."""
    columns = {one.name: one for one in (*keys, email)}
    person = TableInfo("person", columns, tuple(one.name for one in keys), unique=((email.name,),) if unique else ())
    mapped = Column.model_validate({"element": "identity.email", "erase": erase})
    found = form(Schema("postgres", {"person": person}), person, email.name, mapped)
    return found.kind, found.why


def email(length: int | None) -> ColumnInfo:
    return ColumnInfo("email", "text", "varchar", nullable=False, length=length)


def key(family: str = "integer", kind: str = "integer", length: int | None = None, name: str = "id") -> ColumnInfo:
    return ColumnInfo(name, family, kind, nullable=False, length=length)


def test_text_longer_than_its_column():
    assert asked({"redact": "erased at her request"}, email(20), key()) == (
        "none",
        "`person.email` holds 20 characters and the text put there has more: shorten it",
    )
    assert asked({"redact": "erased at her request"}, email(21), key()) == ("text", None)
    assert asked({"redact": "erased at her request"}, email(None), key()) == ("text", None)


def test_number_longer_than_its_column():
    assert asked({"redact": 1234}, email(3), key())[0] == "none"


def test_same_text_for_everybody_in_a_column_of_unique_values():
    assert asked({"redact": "gone"}, email(20), key(), unique=True) == (
        "none",
        "`person.email` must be unique and two people may be erased: use `unique`",
    )


def test_filler_longer_than_its_column():
    assert asked({"unique": "erased-at-her-request-{key}"}, email(20), key()) == (
        "none",
        "`person.email` holds 20 characters and its filler has more: shorten it",
    )


@pytest.mark.parametrize("filler", ["{key}", "{key}-gone", ""])
def test_filler_by_which_an_erased_value_cannot_be_told(filler: str):
    """With no word before the key, any address at all would count as erased already."""
    assert asked({"unique": filler}, email(None), key()) == (
        "none",
        "the filler of `person.email` begins with the row's key: put a word first, by which an erased value is known",
    )


def test_filler_that_names_no_key_is_followed_by_it():
    assert asked({"unique": "gone-"}, email(16), key()) == ("unique", None)
    assert asked({"unique": "gone-"}, email(15), key())[0] == "none"


@pytest.mark.parametrize(
    ("keys", "needs"),
    [
        ([key()], 5 + 11),
        ([key(kind="smallint")], 5 + 6),
        ([key(kind="bigint")], 5 + 20),
        ([key("uuid", "uuid")], 5 + 36),
        ([key("text", "varchar", 12)], 5 + 12),
        ([key(), key(name="part")], 5 + 11 + 1 + 11),
    ],
    ids=["integer", "smallint", "bigint", "uuid", "text", "two columns"],
)
def test_filler_with_a_key_that_may_not_fit(keys: list[ColumnInfo], needs: int):
    assert asked({"unique": "gone-{key}"}, email(needs), *keys) == ("unique", None)
    assert asked({"unique": "gone-{key}"}, email(needs - 1), *keys) == (
        "none",
        f"`person.email` holds {needs - 1} characters and its filler may need {needs}, with the row's key in it",
    )


@pytest.mark.parametrize("keys", [[], [key("text", "text")]], ids=["no key", "unbounded"])
def test_filler_with_a_key_of_unknown_length(keys: list[ColumnInfo]):
    kind, why = asked({"unique": "gone-{key}"}, email(200), *keys)
    assert (kind, "length of a row's key is not known" in str(why)) == ("none", True)
    assert asked({"unique": "gone-{key}"}, email(None), *keys) == ("unique", None)


def test_filler_that_nobody_asked_for_goes_with_the_row_where_it_may_not_fit():
    width = len(FILLER) - len("{key}") + 11
    assert asked(None, email(width), key(), unique=True)[0] == "unique"
    assert asked(None, email(width - 1), key(), unique=True)[0] == "row"


def of(family: str, kind: str = "", length: int | None = None, nullable: bool = False) -> ColumnInfo:
    return ColumnInfo("email", family, kind or family, nullable=nullable, length=length)


WRONG_FAMILY = {
    "a text for a number": ({"redact": "gone"}, of("numeric"), "`person.email` is a number: put one there, without quotes"),
    "a text for an integer": ({"redact": "0"}, of("integer"), "`person.email` is a number: put one there, without quotes"),
    "a number that is too large": (
        {"redact": 40000}, of("integer", "smallint"), "`person.email` is `smallint`, for which the number put there is too large",
    ),
    "a text for a day": ({"redact": "gone"}, of("date"), "`person.email` holds a date: put `1900-01-01` there"),
    "a day that is none": ({"redact": "2026-02-30"}, of("timestamp"), "`person.email` holds a date: put `1900-01-01` there"),
    "a number for a day": ({"redact": 0}, of("date"), "`person.email` holds a date: put `1900-01-01` there"),
    "a text for a yes or no": (
        {"redact": "gone"}, of("boolean"), "`person.email` is neither text nor number nor date: it can hold no `redact`",
    ),
    "redacting a yes or no": (
        "redact", of("boolean"), "`person.email` has no filler that its type and its constraints allow: use another form",
    ),
    "the year of a text": ({"generalise": "year"}, of("text"), "`person.email` is no date: it has no year"),
    "the first characters of a date": (
        {"generalise": 4}, of("date"), "`person.email` is no text: only a text has first characters",
    ),
    "all its characters": (
        {"generalise": 8}, of("text", length=8), "`person.email` holds 8 characters and all of them would stay: keep fewer",
    ),
    "a filler for a number": ({"unique": "gone-{key}"}, of("integer"), "`person.email` is no text: it cannot hold a filler"),
    "a pseudonym for a number": ({"pseudonym": "web"}, of("integer"), "`person.email` is no text: it cannot hold a pseudonym"),
    "a pseudonym in a narrow column": (
        {"pseudonym": "web"}, of("text", length=17),
        "`person.email` holds 17 characters and a pseudonym needs 18: use another form",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("erase", "info", "why"), WRONG_FAMILY.values(), ids=WRONG_FAMILY)
def test_form_that_the_column_cannot_hold(erase: object, info: ColumnInfo, why: str):
    assert asked(erase, info, key()) == ("none", why)


FITTING = {
    "a number": ({"redact": -1}, of("integer", "smallint"), "number"),
    "a number in a text": ({"redact": 0}, of("text"), "text"),
    "a day": ({"redact": "1900-01-01"}, of("date"), "text"),
    "the month of a moment": ({"generalise": "month"}, of("timestamptz"), "month"),
    "redacting a yes or no that may be absent": ("redact", of("boolean", nullable=True), "null"),
    "a pseudonym": ({"pseudonym": "web"}, of("text", length=18), "pseudonym"),
}


@pytest.mark.parametrize(("erase", "info", "kind"), FITTING.values(), ids=FITTING)
def test_form_that_the_column_can_hold(erase: object, info: ColumnInfo, kind: str):
    assert asked(erase, info, key()) == (kind, None)


def test_pseudonym_of_a_key_would_break_what_refers_to_it():
    assert asked({"pseudonym": "web"}, email(40), email(40))[0] == "none"
