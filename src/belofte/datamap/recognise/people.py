# ruff: noqa: SIM905, E501 (word lists read best as words)
"""Which tables hold people, of which kind, and which of their columns say who someone is (DESIGN §2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from belofte.datamap.recognise.findings import Identifier, Identifies, People, Proposal
from belofte.datamap.recognise.names import matches
from belofte.datamap.recognise.nouns import FAINT, kind, sort
from belofte.datamap.recognise.sample import EMPTY, ColumnSample
from belofte.datamap.recognise.values import is_company_number, is_email, is_role_mailbox
from belofte.datamap.recognise.words import words
from belofte.datamap.schema import TableInfo

ENOUGH = 0.55
STAFF = "employee"
"""The kind of people who handle other people's rows."""
_TRAITS = frozenset(
    "demographics.birth_date identity.national_number demographics.gender account.password identity.passport "
    "demographics.marital_status".split()
)
_KEYS_OF_PEOPLE = {
    "identity.email": "email",
    "identity.phone": "phone",
    "identity.mobile": "mobile",
    "identity.national_number": "national_number",
    "identity.passport": "passport",
    "identity.number": "number",
    "identity.tax_number": "tax_number",
    "account.username": "username",
    "payment.account": "account",
}


@dataclass(frozen=True, slots=True)
class Score:
    """How far a table's rows are people, of which kind, and why."""

    kind: str
    confidence: float
    reasons: tuple[str, ...]


def score(table: TableInfo, proposals: Sequence[Proposal], samples: Mapping[str, ColumnSample], linked: bool) -> Score:
    """Return how far a table's rows are people. `linked`: one of its columns points at a table of people already."""
    pieces: list[tuple[float, str]] = []
    noun = kind(table.name)
    what = sort(table.name)
    if noun is not None:
        pieces.append((0.3 if noun[1] in FAINT else 0.56, f"named after people (`{noun[1]}`)"))
    pieces += _names(table, proposals, samples)
    held = {proposal.element for proposal in proposals if proposal.confidence >= 0.6}
    if "identity.email" in held:
        pieces.append((0.3, "has an e-mail address"))
    if held & _TRAITS:
        traits = ", ".join(sorted(element.partition(".")[2].replace("_", " ") for element in held & _TRAITS))
        pieces.append((0.35, f"has traits of a person ({traits})"))
    if held & {"identity.phone", "identity.mobile", "identity.address"}:
        pieces.append((0.08, "has a telephone number or an address"))
    confidence = (1 - _doubt(pieces)) * _penalty(table, what, noun is not None, linked, pieces)
    return Score(noun[0] if noun else _kind(what), round(confidence, 2), tuple(reason for _, reason in pieces))


def _doubt(pieces: Iterable[tuple[float, str]]) -> float:
    doubt = 1.0
    for weight, _ in pieces:
        doubt *= 1 - weight
    return doubt


def _kind(what: str) -> str:
    return "contact" if what == "organisation" else "person"


def _names(
    table: TableInfo, proposals: Sequence[Proposal], samples: Mapping[str, ColumnSample]
) -> list[tuple[float, str]]:
    strong = [
        proposal.column
        for proposal in proposals
        if proposal.element == "identity.name" and any(match.needs == "" for match in matches(proposal.column))
    ]
    if strong:
        return [
            (0.56, f"has {'the names' if len(strong) > 1 else 'the name'} of a person (`{'`, `'.join(strong[:3])}`)")
        ]
    for name, column in table.columns.items():
        if column.family == "text" and words(name)[-1:] in (("name",), ("naam",), ("nom",), ("contact",)):
            count = samples.get(name, EMPTY).shapes.get("person")
            if count is not None and count.of >= 2 and count.share >= 0.6:
                return [(0.4, f"{count.hits} of {count.of} sampled values of `{name}` are shaped as a person's name")]
    return []


def _penalty(table: TableInfo, what: str, noun: bool, linked: bool, pieces: Sequence[tuple[float, str]]) -> float:
    others = [name for name in table.columns if name not in table.primary_key]
    if not others or all(words(name)[-1:] in (("id",), ("update",), ("at",)) for name in others):
        return 0.5 if not noun or linked else 1.0
    if what == "thing":
        return 0.35
    if what == "dealing":
        return 0.45 if linked else 0.8
    if what == "organisation":
        return 1.0 if any("of a person" in reason for _, reason in pieces) else 0.3
    return 1.0 if noun or not linked else 0.85


def identifiers(
    table: TableInfo, proposals: Sequence[Proposal], samples: Mapping[str, ColumnSample]
) -> tuple[Identifier, ...]:
    """Return the columns of a people table that say who someone is; only those for one person lead further."""
    found = []
    for proposal in proposals:
        name = _KEYS_OF_PEOPLE.get(proposal.element)
        if name is not None and proposal.confidence >= 0.6:
            whose, reason = identifies(table, proposal, samples.get(proposal.column, EMPTY))
            found.append(Identifier(name, proposal.column, whose, reason))
    return tuple(found)


def identifies(table: TableInfo, proposal: Proposal, sample: ColumnSample) -> tuple[Identifies, str]:
    """Return whom an identifier identifies: one person, several (a family mailbox, a switchboard), an organisation."""
    texts = sample.texts
    if proposal.element == "identity.tax_number" or (texts and all(is_company_number(text) for text in texts[:20])):
        return "organisation", "a company's number"
    if proposal.element == "identity.email" and texts:
        role = sum(1 for text in texts if is_email(text) and is_role_mailbox(text))
        if role > len(texts) * 0.5:
            return "organisation", f"{role} of {len(texts)} sampled addresses are a function's (like info@)"
        if role:
            return "shared", f"{role} of {len(texts)} sampled addresses are a function's (like info@)"
    if table.is_unique((proposal.column,)):
        return "person", "the database keeps it unique"
    if sample.repeated:
        return "shared", f"{sample.repeated} of {len(texts)} sampled values occur more than once"
    if proposal.element in ("identity.phone", "payment.account"):
        return "shared", "a household or a switchboard may share it"
    return "person", f"no repetition in {len(texts)} sampled values" if texts else "by its kind; no values were seen"


def strays(tables: Iterable[TableInfo], by_table: Mapping[str, Sequence[Proposal]], samples: Mapping[str, Mapping[str, ColumnSample]],
           owned: frozenset[str]) -> list[People]:  # fmt: skip
    """Return identities without a people table: an e-mail address in a table that reaches no person otherwise."""
    found = []
    for table in tables:
        if table.name in owned or sort(table.name) == "thing":
            continue
        for proposal in by_table.get(table.name, ()):
            if proposal.element != "identity.email" or proposal.confidence < 0.6:
                continue
            whose, reason = identifies(table, proposal, samples.get(table.name, {}).get(proposal.column, EMPTY))
            if whose == "organisation":
                continue
            # Many rows of one person are what a log is; repetition says nothing about sharing here.
            identifier = Identifier("email", proposal.column, "person", "the person's own key in each of her rows")
            reasons = ("names people, and its rows lead to nobody else they could be about", reason)
            found.append(
                People(table.name, "person", (proposal.column,), 0.55, reasons, (identifier,), without_table=True)
            )
            break
    return found
