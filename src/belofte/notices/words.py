"""Words in a person's language: Babel catalogues (`locale/*.po`), dates, numbers, lists and periods by CLDR.

The English sentences in the code are the message ids; a language without a catalogue reads English.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from belofte.policy.model import Period

LANGUAGES = ("nl", "fr", "en")
"""The languages in which Belofte speaks; English is the language of the message ids."""

_REGION = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}


def mark(message: str) -> str:
    """Return `message`: marks a constant for the catalogues."""
    return message


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """Return the messages of `language`, read from its `.po`; those of English for a language without one."""
    if language not in LANGUAGES or language == "en":
        return NullTranslations()
    source = files("belofte.notices").joinpath("locale", f"{language}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.locale = Locale.parse(_REGION[self.language])
        self.catalogue = catalogue(self.language)

    def say(self, message: str, **values: object) -> str:
        """Return `message` in this language, its `%(name)s` filled in."""
        text = self.catalogue.gettext(message)
        return text % values if values else text

    def say_n(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the form of the message that fits `n`, with `%(n)s` written as a number of this language."""
        return self.catalogue.ngettext(one, many, n) % {"n": self.number(n), **values}

    def day(self, value: date) -> str:
        """Return a date in full: 3 maart 2026."""
        text = format_date(value, format="long", locale=self.locale)
        return "1er" + text[1:] if self.language == "fr" and value.day == 1 else text

    def moment(self, value: datetime) -> str:
        """Return a date with its time, as stored: 3 mrt. 2026 14:05:00."""
        return format_datetime(value, format="medium", tzinfo=value.tzinfo, locale=self.locale)

    def short_date(self, value: date) -> str:
        """Return a date for a table: 3 mrt. 2026."""
        return format_date(value, format="medium", locale=self.locale)

    def number(self, value: int) -> str:
        """Return a number with this language's separators."""
        return format_decimal(value, locale=self.locale)

    def enumeration(self, items: Iterable[str]) -> str:
        """Return an enumeration: a, b en c."""
        return format_list(list(items), locale=self.locale)

    def period(self, period: Period) -> str:
        """Return a period in words: 7 jaar, 1 an et 6 mois."""
        parts = (
            (period.years, "duration-year"),
            (period.months, "duration-month"),
            (period.weeks, "duration-week"),
        )
        found = [format_unit(n, unit, length="long", locale=self.locale) for n, unit in parts if n]
        if period.days:  # the Dutch units of Babel 2.18 have no word for a day
            days = timedelta(days=period.days)
            found.append(format_timedelta(days, granularity="day", threshold=period.days + 1, locale=self.locale))
        return self.enumeration(found)

    def country(self, code: str) -> str:
        """Return the name of a country (or of the European Patent Organisation) from its code."""
        if code == "EPO":
            return self.say("the European Patent Organisation")
        code = "GB" if code == "UK" else code
        return str(self.locale.territories.get(code, code))


@lru_cache
def words_of(language: str) -> Words:
    """Return the words of `language` (English when there are none)."""
    return Words(language)
