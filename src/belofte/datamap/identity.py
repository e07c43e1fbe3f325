"""Identifiers in one form, so that the same person is found in every store (DESIGN §2, `a person is found`).

Syntax only: nothing here asks the network whether an address or number exists. What has no normal form is None and
matches nobody; it is never compared as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban as iban_rules
from stdnum.be import nn as belgian_national_number
from stdnum.be import vat as belgian_company_number
from stdnum.exceptions import ValidationError

_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s.\-/]+")
_LONGEST = 320
"""RFC 3696 erratum 1690: the longest identifier there is, an e-mail address, has fewer characters."""

_PUBLIC = ".be"
"""Addresses in private networks (`intranet.local`) are people's too; below a public suffix they pass the syntax."""

_WORD = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
PLAIN_EMAIL = re.compile(rf"(?=.{{3,60}}\Z)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@{_WORD}(?:\.{_WORD})*\Z")
"""Addresses of which nothing but the case can be written otherwise: most. The rules of all others take fifty times as
long as this look, and a company's people are all looked up by theirs."""


def normalise(kind: str, value: str, country: str = "BE") -> str | None:
    """Return the one form under which identifiers of `kind` are compared, or None where `value` is not one.

    `country` (ISO 3166 alpha-2) reads telephone numbers written without a country code, and company and national
    numbers, which are checked for Belgium only. A kind that is not known here is a name of the company's own
    (customer number, badge): trimmed, without inner blanks, upper case.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if not text or len(text) > _LONGEST or "\x00" in text:
        return None
    rule = _RULES.get(kind)
    return rule(text, country) if rule else _own_number(text, country)


def _email(text: str, country: str) -> str | None:
    text = text.removeprefix("mailto:").strip("<>")
    if PLAIN_EMAIL.match(text):
        return text.lower()
    try:
        found = validate_email(text + _PUBLIC, check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.removesuffix(_PUBLIC).casefold()


def _phone(text: str, country: str) -> str | None:
    try:
        found = phonenumbers.parse(text.removeprefix("tel:"), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(found):
        return None
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def _company_number(text: str, country: str) -> str | None:
    compact = _compact(_SEPARATORS, text)
    if country != "BE" and not compact.startswith("BE"):
        return compact or None
    try:
        return str(belgian_company_number.validate(compact))
    except ValidationError:
        return None


def _iban(text: str, country: str) -> str | None:
    try:
        return str(iban_rules.validate(_SEPARATORS.sub("", text)))
    except ValidationError:
        return None


def _national_number(text: str, country: str) -> str | None:
    compact = _compact(_SEPARATORS, text)
    if country != "BE":
        return compact or None
    try:
        return str(belgian_national_number.validate(compact))
    except ValidationError:
        return None


def _own_number(text: str, country: str) -> str | None:
    return _compact(_BLANKS, text) or None


def _compact(between: re.Pattern[str], text: str) -> str:
    """Return text in capitals without what stands between; accents join letters that a blank kept them from."""
    return unicodedata.normalize("NFKC", between.sub("", text).upper())


_RULES: dict[str, Callable[[str, str], str | None]] = {
    "email": _email,
    "phone": _phone,
    "mobile": _phone,
    "fax": _phone,
    "company_number": _company_number,
    "vat": _company_number,
    "iban": _iban,
    "national_number": _national_number,
    "customer_number": _own_number,
}
