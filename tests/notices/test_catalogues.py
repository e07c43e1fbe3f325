"""Every sentence that people read is in every language, with the same places to fill in."""

import ast
import re
from datetime import date
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from belofte.notices.words import LANGUAGES, catalogue, words_of
from belofte.policy.model import Period
from belofte.policy.promise import ABOUT

NOTICES = Path(str(files("belofte.notices")))
KEYWORDS = {"_": None, "say": None, "say_n": (1, 2), "mark": None}
TRANSLATED = [language for language in LANGUAGES if language != "en"]


def sentences() -> set[str | tuple[str, ...]]:
    """Every message of the code and the templates, and what the board of promises says."""
    found = extract_from_dir(
        str(NOTICES),
        [("**.py", "python"), ("templates/**.html", "jinja2")],
        {"**": {"extensions": "jinja2.ext.i18n"}},
        keywords=KEYWORDS,
    )
    told = extract_from_dir(str(files("belofte.promises")), [("**.py", "python")], keywords={"sentence": None})
    advice = {about.mend for about in ABOUT.values()}
    return {message for part in (found, told) for _, _, message, _, _ in part if message} | advice


def po(language: str) -> Catalog:
    return read_po(BytesIO((NOTICES / "locale" / f"{language}.po").read_bytes()), locale=language)


def places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def test_the_code_has_sentences_to_translate():
    assert len(sentences()) > 150


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_nothing_else(language: str):
    ids = {message.id for message in po(language) if message.id}
    assert ids == sentences()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_empty_or_fuzzy(language: str):
    for message in po(language):
        if message.id:
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            assert all(form.strip() for form in forms), message.id
            assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_values(language: str):
    for message in po(language):
        if message.id:
            singular, forms = (
                (message.id, [message.string]) if isinstance(message.id, str) else (message.id[1], list(message.string))
            )
            for form in forms:
                assert places(form) == places(singular), message.id


def test_every_sentence_of_the_board_is_written_out_where_the_catalogues_find_it():
    """A message that is put together at run time would be in no catalogue; advice is looked up by itself."""
    for file in Path(str(files("belofte.promises"))).glob("*.py"):
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        named = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "sentence"]
        said = {ast.unparse(one.args[0]) for one in named if not isinstance(one.args[0], ast.Constant)}
        assert said <= {"ABOUT[means].mend"}, file.name


def test_a_language_without_a_catalogue_reads_english():
    assert type(catalogue("de")) is NullTranslations
    assert words_of("de").say("yes") == "yes"


@pytest.mark.parametrize(
    ("language", "day", "period", "one", "many"),
    [
        ("nl", "1 maart 2026", "7 jaar en 6 maanden", "1 record", "2.000 records"),
        ("fr", "1er mars 2026", "7 ans et 6 mois", "1 enregistrement", "2 000 enregistrements"),
        ("en", "1 March 2026", "7 years and 6 months", "1 record", "2,000 records"),
    ],
)
def test_dates_periods_and_plurals_follow_the_language(language: str, day: str, period: str, one: str, many: str):
    words = words_of(language)
    assert words.day(date(2026, 3, 1)) == day
    assert words.period(Period(years=7, months=6)).replace("\xa0", " ") == period
    assert words.say_n("%(n)s record", "%(n)s records", 1) == one
    assert words.say_n("%(n)s record", "%(n)s records", 2000).replace("\u202f", " ").replace("\xa0", " ") == many


def test_countries_have_names():
    assert words_of("nl").country("US") == "Verenigde Staten"
    assert words_of("fr").country("UK") == "Royaume-Uni"
    assert words_of("en").country("EPO") == "the European Patent Organisation"


def test_french_has_a_space_before_a_high_sign():
    texts = [
        text for one in po("fr") if one.id for text in ([one.string] if isinstance(one.string, str) else one.string)
    ]
    spoken = [re.sub(r"`[^`]*`", "", text) for text in texts]  # what stands in a file is as it is there
    assert [text for text in spoken if re.search(r"[\w)’»][;:!?](\s|$)", text)] == []
