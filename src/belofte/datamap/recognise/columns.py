# ruff: noqa: SIM905, E501 (word lists read best as words)
"""What a column probably holds: the evidence of its name, its type, its values and the table it is in, weighed.

Pieces of evidence for the same element add up as independent ones (1 - product of the doubts); values that
contradict a name take from it. What stays under `THRESHOLD` is not proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belofte.datamap.recognise.findings import Proposal
from belofte.datamap.recognise.free_text import identifiers_in, special_words
from belofte.datamap.recognise.names import NameMatch, matches, matches_within
from belofte.datamap.recognise.nouns import LOGS, PEOPLE, Sort, sort
from belofte.datamap.recognise.sample import ColumnSample
from belofte.datamap.recognise.values import SHAPES, Count
from belofte.datamap.recognise.vocabulary import special
from belofte.datamap.recognise.words import stems, subject, words
from belofte.datamap.schema import ColumnInfo, TableInfo

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the table around a column. `person`: how far its rows are people; `about`: they reach one;
    `street`, `town`: it has an address."""

    sort: Sort = "unknown"
    person: float = 0.0
    about: bool = False
    street: bool = False
    town: bool = False


_SHAPE_ELEMENTS: Mapping[str, tuple[str, float, float]] = {
    # shape: element, how far it convinces when all values have it, least share of values
    "email": ("identity.email", 0.95, 0.5),
    "iban": ("payment.account", 0.97, 0.5),
    "card": ("payment.card", 0.9, 0.8),
    "national": ("identity.national_number", 0.9, 0.8),
    "company": ("identity.tax_number", 0.75, 0.7),
    "phone": ("identity.phone", 0.75, 0.6),
    "ip": ("behaviour.ip_address", 0.92, 0.6),
    "mac": ("behaviour.device", 0.85, 0.6),
    "agent": ("behaviour.user_agent", 0.95, 0.5),
    "hash": ("account.password", 0.92, 0.6),
    "given": ("identity.name", 0.8, 0.6),
    "person": ("identity.name", 0.8, 0.6),
    "courtesy": ("identity.title", 0.7, 0.7),
    "street": ("identity.address", 0.75, 0.5),
}
_EXPECTED: Mapping[str, tuple[tuple[str, ...], float]] = {
    # element whose values have a shape: when few of them do, the name counts for so much less
    "identity.email": (("email",), 0.4),
    "payment.account": (("iban",), 0.75),
    "behaviour.ip_address": (("ip",), 0.4),
    "demographics.birth_date": (("birth",), 0.6),
    "identity.phone": (("phone",), 0.9),
    "identity.mobile": (("phone",), 0.9),
}
_NUMBERS = frozenset(
    "identity.phone identity.mobile identity.fax identity.national_number identity.tax_number demographics.birth_date "
    "demographics.age demographics.body demographics.family demographics.gender professional.salary payment.account "
    "payment.card payment.card_code payment.card_expiry payment.credit behaviour.location identity.number "
    "behaviour.ip_address preference.privacy account.password".split()
)
_DATES = frozenset(
    "demographics.birth_date professional.employment payment.card_expiry behaviour.activity preference.privacy "
    "health.condition".split()
)
_BYTES = frozenset("identity.picture identity.signature biometrics.template genetics.profile account.password "
                   "behaviour.ip_address professional.education".split())  # fmt: skip
_NUMBER_ADDRESS = frozenset("house;house number;house no;house nr;zip;zipcode;zip code;postcode;postal code;postalcode;"
                            "huisnummer;huisnr;bus;busnummer;hausnummer;plz;postleitzahl;code postal;cp".split(";"))  # fmt: skip
_QUALIFIERS = frozenset(
    "verified count sent status type valid confirmed enabled flag template format pattern length max min total by "
    "required category source channel provider domain kind level rank order sort rate fee cost price amount".split()
)
_ABOUT_ONLY = frozenset(
    "dealings.text behaviour.browsing behaviour.location demographics.body identity.signature preference.interest "
    "professional.evaluation account.secret".split()
)
_COMPANYS_TOO = frozenset(
    "identity.address identity.phone identity.fax payment.account identity.tax_number identity.picture payment.credit".split()
)
"""What a company has as well as a person: in a table of organisations without people these are the company's."""
_KEYS = frozenset("id ids fk key uuid guid pk".split())
_SIGN_INS = LOGS - {"log", "event", "activity", "interaction"}
_MOMENTS = frozenset("time at date timestamp moment when created datum tijd tijdstip heure zeit zeitpunkt on".split())


def fits(element: str, column: ColumnInfo, phrase: str = "") -> bool:
    """Return whether a column of this type can hold the element: a boolean holds no name, a date no address."""
    family = column.family
    if family == "boolean":
        return element == "preference.privacy" or special(element) is not None
    if family in ("date", "timestamp", "timestamptz", "time"):
        return element in _DATES
    if family == "bytes":
        return element in _BYTES
    if family in ("integer", "numeric"):
        if element == "identity.address":
            return phrase in _NUMBER_ADDRESS
        return element in _NUMBERS or special(element) is not None
    return True


def _name_weight(match: NameMatch, column: ColumnInfo, table: TableInfo, context: Context) -> float:
    """Return how far a name's match convinces in this table; 0 when the ambiguous word means something else here."""
    spelled = words(column.name)
    weight = match.weight
    after = [word for word in spelled[match.position :] if not word.isdigit()]
    if after and (after[-1] in _KEYS or after[-1] in _QUALIFIERS):
        return weight * 0.3
    before = spelled[: match.position - len(match.phrase.split())]
    if match.element == "identity.name" and match.phrase in ("name", "naam", "nom") and before:
        weight = _qualified_name(before[-1], match.weight)
    if match.needs == "person":
        weight *= _for_person(match.element, table, context)
    elif match.needs == "place" and not (context.person >= 0.5 or context.street):
        weight *= 0.4
    if context.sort == "organisation" and context.person < 0.5 and match.element in _COMPANYS_TOO:
        weight *= 0.5
    if match.phrase == "state" and not context.town:
        weight *= 0.4  # of an order, not of the United States
    return weight


def _qualified_name(before: str, weight: float) -> float:
    forms = stems(before)
    if forms & PEOPLE.keys():
        return 0.85
    return 0.0 if sort(before) != "unknown" or len(before) > 3 else weight


def _for_person(element: str, table: TableInfo, context: Context) -> float:
    if context.person >= 0.5:
        return 1.25
    if context.about and element in _ABOUT_ONLY:
        return 1.1 if context.sort != "thing" else 0.6
    if element == "dealings.text" and context.sort in ("dealing", "unknown"):
        return 0.7
    return 0.2


def _value_evidence(column: ColumnInfo, sample: ColumnSample, counts: Mapping[str, Count], context: Context,
                    ) -> list[tuple[str, float, str]]:  # fmt: skip
    found: list[tuple[str, float, str]] = []
    if column.family not in ("text", "enum", "other", "integer", "numeric"):
        return found
    for shape, (element, weight, least) in _SHAPE_ELEMENTS.items():
        count = counts.get(shape)
        if count is None or count.share < least or not fits(element, column):
            continue
        if column.family in ("integer", "numeric") and shape in ("phone", "national", "ip", "company"):
            continue
        if shape in ("given", "person") and (count.of < 3 or context.sort == "thing"):
            continue
        sure = weight * min(1.0, count.share / 0.8) * count.of / (count.of + 0.4)
        found.append((element, sure, f"{count.hits} of {count.of} sampled values are {SHAPES[shape][0]}"))
    return found


def _contradicted(element: str, weight: float, sample: ColumnSample, counts: Mapping[str, Count]) -> float:
    """Return the weight of a name after its values were asked: names of mailboxes without a single address fall."""
    if len(sample.distinct) < 5 and len(sample.values) < 5:
        return weight
    expected = _EXPECTED.get(element)
    if expected is not None:
        best = max((counts[shape].share for shape in expected[0] if shape in counts), default=0.0)
        return weight if best >= 0.3 else weight * expected[1]
    if element == "identity.name":
        numbered = sum(1 for text in sample.distinct if any(c.isdigit() for c in text))
        if numbered > 0.6 * max(1, len(sample.distinct)):
            return weight * 0.5
    return weight


def _free_text(column: ColumnInfo, sample: ColumnSample, counts: Mapping[str, Count], context: Context,
               named: bool) -> tuple[list[tuple[str, float, str]], tuple[str, ...]]:  # fmt: skip
    """Return evidence for free text about people, and the special elements that its words point at."""
    personal = context.about or context.person >= 0.5
    prose = counts.get("prose")
    if column.family not in ("text", "json") or not (named or (prose is not None and prose.share >= 0.3)):
        return [], ()
    found: list[tuple[str, float, str]] = []
    if prose is not None and prose.share >= 0.5 and personal and context.sort != "thing" and prose.of >= 3:
        found.append(("dealings.text", 0.5, f"{prose.hits} of {prose.of} sampled values are {SHAPES['prose'][0]}"))
    for what, count in identifiers_in(sample.distinct[:200]).items():
        least = 2 if personal else max(2, 0.05 * count.of)
        if count.share < 0.8 and count.hits >= least:
            found.append(("dealings.text", 0.5, f"{count.hits} of {count.of} sampled texts have {what} inside"))
    if context.sort == "thing" and not personal:
        return found, ()
    inside = []
    for element, count in special_words(sample.distinct[:200]).items():
        if count.hits >= 2 or (count.of <= 20 and count.hits >= 1):
            inside.append(element)
            weight = 0.55 if count.hits >= 2 else 0.3
            label = element.partition(".")[0]
            found.append(("dealings.text", weight, f"{count.hits} of {count.of} sampled texts have words of {label}"))
    return found, tuple(inside)


def proposal(table: TableInfo, column: ColumnInfo, sample: ColumnSample, context: Context) -> Proposal | None:
    """Return what the column most probably holds, or None where nothing personal is likely.

    A key that points elsewhere is no personal element of its own: the row that it leads to is.
    """
    counts = sample.shapes
    evidence: dict[str, list[tuple[float, str]]] = {}
    named_text = False
    spelled = words(column.name)
    is_key = bool(spelled) and spelled[-1] in _KEYS
    for match in (*matches_within(table.name, column.name), *matches(column.name)):
        if match.element in evidence or not fits(match.element, column, match.phrase):
            continue
        covers_key = match.position == len(spelled)
        if is_key and not covers_key:
            continue
        weight = _contradicted(match.element, _name_weight(match, column, table, context), sample, counts)
        named_text = named_text or match.element == "dealings.text"
        if weight > 0.1:
            evidence[match.element] = [(min(weight, 0.95), f"name matched `{match.phrase}` ({match.language})")]
    moment = _activity(table, column, spelled)
    if moment:
        evidence.setdefault("behaviour.activity", []).append(moment)
    for element, weight, reason in _value_evidence(column, sample, counts, context):
        evidence.setdefault(element, []).append((weight, reason))
    texts, inside = _free_text(column, sample, counts, context, named_text)
    for element, weight, reason in texts:
        evidence.setdefault(element, []).append((weight, reason))
    return _best(table, column, evidence, inside)


def _activity(table: TableInfo, column: ColumnInfo, spelled: tuple[str, ...]) -> tuple[float, str] | None:
    head = subject(table.name)[-1:]
    if column.family not in ("date", "timestamp", "timestamptz") or not head or not stems(head[0]) & _SIGN_INS:
        return None
    if not set(spelled) & _MOMENTS:
        return None
    return 0.65, f"a moment in a table of `{head[0]}`"


def _best(table: TableInfo, column: ColumnInfo, evidence: Mapping[str, list[tuple[float, str]]],
          inside: tuple[str, ...]) -> Proposal | None:  # fmt: skip
    def belief(pieces: list[tuple[float, str]]) -> float:
        doubt = 1.0
        for weight, _ in pieces:
            doubt *= 1 - weight
        return 1 - doubt

    if not evidence:
        return None
    # A mobile number is a telephone number too: the values of the one support the name of the other.
    merged = {element: list(pieces) for element, pieces in evidence.items()}
    for narrow, wide in (("identity.mobile", "identity.phone"), ("identity.fax", "identity.phone")):
        if narrow in merged and wide in merged:
            merged[narrow] += merged.pop(wide)
    element, pieces = max(merged.items(), key=lambda item: belief(item[1]))
    confidence = round(min(belief(pieces), 0.99), 2)
    if confidence < THRESHOLD:
        return None
    reasons = tuple(reason for _, reason in pieces)
    return Proposal(table.name, column.name, element, confidence, reasons, special(element), inside)
