"""What sampled values look like: each shape is a test with a checksum or grammar, counted over the sample.

Checksums by python-stdnum, telephone numbers by phonenumbers, e-mail grammar by email-validator (no DNS).
A count leaves this module, a value never. These libraries are loaded with the first value that is looked at: `check`
judges columns by their names and needs none of them.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import ModuleType

from belofte.datamap.recognise.people_words import (
    COURTESY,
    GIVEN_NAMES,
    PARTICLES,
    ROLE_MAILBOXES,
    STREET_WORDS,
    STREETS,
)

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_PHONE_LETTERS = re.compile(r"[A-Za-z]{3}")
_LOCAL_DOMAINS = re.compile(r"@[^@]*\.(test|example|invalid|local|localhost|internal)$", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"(\$(2[aby]|argon2\w*|pbkdf2\w*|scrypt|5|6)\$.+|pbkdf2_\w+\$.+|\{SSHA\}.+)")
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
_AGENT = re.compile(r"(Mozilla|Opera|curl|okhttp|Dalvik|PostmanRuntime)/\d")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def plain(text: str) -> str:
    """Return text in lower case without accents, for comparing with word lists."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def is_email(text: str) -> bool:
    """Return whether text is an e-mail address by grammar; reserved test domains count, since samples have them."""
    if not _EMAIL.fullmatch(text):
        return False
    if _LOCAL_DOMAINS.search(text):
        return True
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def is_role_mailbox(text: str) -> bool:
    """Return whether an e-mail address is a function's (`info@`, `sales@`), not a person's."""
    left = plain(text.partition("@")[0])
    return left in ROLE_MAILBOXES or re.split(r"[._+-]", left)[0] in ROLE_MAILBOXES - {"post", "mail", "team", "order"}


_REGIONS = ("BE", "NL", "FR", "DE", "US")


def is_phone(text: str) -> bool:
    """Return whether text is a telephone number: with country code, or as written in BE, NL, FR, DE or the US."""
    if not 6 <= len(text) <= 30 or _PHONE_LETTERS.search(text) or is_ip(text) or _DAY.fullmatch(text):
        return False
    import phonenumbers

    regions: tuple[str | None, ...] = (None,) if text.startswith(("+", "00")) else _REGIONS
    if text.startswith("00"):
        text = "+" + text[2:]
    for region in regions:
        try:
            found = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(found):
            return True
    return False


def is_ip(text: str) -> bool:
    """Return whether text is an IPv4 or IPv6 address."""
    if "." not in text and ":" not in text:
        return False
    try:
        ipaddress.ip_address(text.partition("/")[0])
    except ValueError:
        return False
    return True


@cache
def _national() -> tuple[tuple[ModuleType, ...], tuple[ModuleType, ...]]:
    """Return the rules of people's numbers: those that a bare number passes only by its check digits, and the weak.

    A bare Dutch or US number is any ninth one: the weak ones say something only of a number with marks.
    """
    from stdnum.be import bis, nn
    from stdnum.de import idnr
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.it import codicefiscale
    from stdnum.nl import bsn
    from stdnum.pl import pesel
    from stdnum.us import ssn

    return (nn, bis, nir, dni, nie, codicefiscale), (bsn, idnr, pesel, ssn)


def is_national_number(text: str) -> bool:
    """Return whether text has the form and check digits of a person's number of BE, NL, FR, DE, ES, IT, PL or US."""
    if len(text) < 9 or len(text) > 21:
        return False
    strong, weak = _national()
    return any(module.is_valid(text) for module in (strong if text.isdigit() else (*strong, *weak)))


def is_company_number(text: str) -> bool:
    """Return whether text is a VAT or KBO/BCE number."""
    from stdnum.be import vat as be_vat
    from stdnum.eu import vat as eu_vat

    compact = text.replace(" ", "").replace(".", "")
    return 8 <= len(compact) <= 15 and bool(be_vat.is_valid(text) or (compact[:2].isalpha() and eu_vat.is_valid(text)))


def is_card(text: str) -> bool:
    """Return whether text is a payment card number: 13 to 19 digits, an issuer's first digit, Luhn."""
    from stdnum import luhn

    digits = text.replace(" ", "").replace("-", "")
    return digits.isdigit() and 13 <= len(digits) <= 19 and digits[0] in "23456" and bool(luhn.is_valid(digits))


def is_iban(text: str) -> bool:
    """Return whether text is an IBAN."""
    from stdnum import iban

    return len(text) >= 15 and text[:2].isalpha() and bool(iban.is_valid(text))


def is_given_name(text: str) -> bool:
    """Return whether the whole text is a known given name (or two of them)."""
    parts = plain(text).replace("-", " ").split()
    return 1 <= len(parts) <= 2 and all(part in GIVEN_NAMES for part in parts)


def is_person_name(text: str) -> bool:
    """Return whether text is shaped as a person's name with a known given name in it: `Jan Peeters`, `PEETERS, Jan`."""
    if any(c.isdigit() for c in text) or "@" in text or len(text) > 60:
        return False
    parts = [plain(part) for part in _WORD.findall(text)]
    content = [part for part in parts if part not in PARTICLES and part not in COURTESY]
    if not 2 <= len(content) <= 5:
        return False
    ends = {content[0].split("-")[0], content[-1].split("-")[0]}
    return bool(ends & GIVEN_NAMES)


def is_courtesy(text: str) -> bool:
    """Return whether text is a courtesy title only: `Mevr.`, `Dr`."""
    return len(text) <= 15 and plain(text).strip(". ") in COURTESY


def is_street(text: str) -> bool:
    """Return whether text looks like a street with a number: `Kerkstraat 12`, `12 rue Haute`, `1 Main Street`."""
    if not any(c.isdigit() for c in text) or not 6 <= len(text) <= 120:
        return False
    parts = [part.strip(",.;") for part in plain(text).split()]
    return 2 <= len(parts) <= 14 and any(p in STREET_WORDS or p.endswith(STREETS) for p in parts)


def as_day(value: object) -> date | None:
    """Return the day that a value states, if it is a date, a midnight or a text that writes one."""
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else None
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    found = _DAY.match(value.strip())
    rest = value.strip()[found.end() :] if found else "x"
    if found is None or rest not in ("", " 00:00:00", "T00:00:00", " 00:00:00.000000"):
        return None
    year, month, day = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_birth_day(value: object) -> bool:
    """Return whether a value could be a birth date of a grown person: a day between 1920 and 2010."""
    found = as_day(value)
    return found is not None and 1920 <= found.year <= 2010


SHAPES: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "email": ("valid e-mail addresses", is_email),
    "phone": ("valid telephone numbers", is_phone),
    "iban": ("IBANs with a right checksum", is_iban),
    "card": ("card numbers with a right checksum", is_card),
    "national": ("national numbers with a right checksum", is_national_number),
    "company": ("VAT or company numbers with a right checksum", is_company_number),
    "ip": ("IP addresses", is_ip),
    "mac": ("MAC addresses", lambda text: bool(_MAC.fullmatch(text))),
    "agent": ("browser signatures", lambda text: bool(_AGENT.match(text))),
    "hash": ("password hashes", lambda text: bool(_HASH.fullmatch(text))),
    "given": ("known given names", is_given_name),
    "person": ("shaped as a person's name", is_person_name),
    "courtesy": ("courtesy titles", is_courtesy),
    "street": ("shaped as a street with a number", is_street),
    "uuid": ("UUIDs", lambda text: bool(_UUID.fullmatch(text))),
    "prose": ("texts of several words", lambda text: len(text.split()) >= 4 and len(text) >= 20),
}
LOOKED_AT = 200
"""At most so many different values of a column are tested."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many different values have a shape."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0


def shape_counts(distinct: Sequence[str], values: Sequence[object]) -> dict[str, Count]:
    """Return, for every shape that at least one value has, how many of the different values have it."""
    texts = distinct[:LOOKED_AT]
    found = {name: Count(sum(1 for text in texts if test(text)), len(texts)) for name, (_, test) in SHAPES.items()}
    days = values[:LOOKED_AT]
    found["birth"] = Count(sum(1 for value in days if is_birth_day(value)), len(days))
    return {name: count for name, count in found.items() if count.hits}
