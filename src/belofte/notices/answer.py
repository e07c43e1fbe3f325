"""The answer to an access request (GDPR art. 15) as frozen values, independent of how the data was fetched.

Words in it are already in the person's language; codes (bases, grounds, states) become words when rendered.
Rows are iterators, read once: 200,000 of them never sit in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal

from belofte.policy.model import Basis, Source


class Hidden(Enum):
    """A value that is not shown, and why: the row is shared and this column is about somebody else (art. 15(4))."""

    OTHER_PERSON = "[left out: about someone else]"


@dataclass(frozen=True)
class Reach:
    """How a party is reached: any of post, e-mail, telephone, page."""

    address: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Controller:
    """Who answers: the controller, with its company number."""

    name: str
    company_number: str | None = None
    reach: Reach = Reach()
    representative: str | None = None


@dataclass(frozen=True)
class OfficerPart:
    """The data protection officer, or why there is none."""

    name: str | None = None
    reach: Reach = Reach()
    none_because: str | None = None


@dataclass(frozen=True)
class Authority:
    """The supervisory authority where a person complains (art. 77), named in the person's language."""

    name: str
    reach: Reach = Reach()
    complaint_url: str | None = None
    procedure: str | None = None


@dataclass(frozen=True)
class Case:
    """What every answer, report and letter opens with: which request, when, by whom, in which language."""

    request: str
    received: date
    answered: date
    language: str
    controller: Controller
    officer: OfficerPart | None = None
    authority: Authority | None = None


@dataclass(frozen=True)
class PurposePart:
    """A purpose (art. 15(1)(a)): its bases, interest, law, retention in words, and who may receive."""

    id: str
    title: str
    bases: tuple[Basis, ...]
    retention: str
    description: str | None = None
    interest: str | None = None
    law: str | None = None
    direct_marketing: bool = False
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class CategoryPart:
    """A category of data (art. 15(1)(b)) and where it comes from (15(1)(g))."""

    id: str
    title: str
    elements: tuple[str, ...]
    sources: tuple[Source, ...]
    origin: str | None = None
    special: bool = False


@dataclass(frozen=True)
class RecipientPart:
    """Who may receive data by policy (art. 15(1)(c)); `role` and `country` are codes."""

    id: str
    title: str
    role: str
    name: str | None = None
    country: str | None = None
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disclosure:
    """Who actually received the person's data (CJEU C-154/21): to whom, when, what, for which purpose."""

    recipient: str
    on: date | None = None
    what: str | None = None
    purpose: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class TransferPart:
    """A transfer outside the EEA (art. 15(2)): country and ground as codes, where a copy of the safeguards is."""

    country: str
    ground: str
    recipients: tuple[str, ...] = ()
    copy_at: str | None = None


RightCode = Literal[
    "rectification", "erasure", "restriction", "portability", "objection", "marketing-objection", "withdrawal", "human"
]


@dataclass(frozen=True)
class RightPart:
    """A right that applies to this person, and the purposes that it reaches (all when empty)."""

    right: RightCode
    article: str
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AutomatedPart:
    """An automated decision or a profile (art. 15(1)(h)): its logic and consequences in words."""

    purpose: str
    decision: bool
    profiling: bool
    logic: str | None = None
    consequences: str | None = None
    human_review: bool = False


ChoiceKind = Literal[
    "consent", "taken-over", "released", "refusal", "withdrawal", "objection", "objection-withdrawn", "restriction",
    "lifting", "erasure", "sale", "hold", "hold-lifted", "death", "death-corrected",
]  # fmt: skip
ChoiceState = Literal["in-force", "ended", "pending", "refused"]


@dataclass(frozen=True)
class ChoicePart:
    """A choice that the person made: about which purposes or categories, when, over which channel, until when."""

    kind: ChoiceKind
    about: tuple[str, ...]
    on: date
    channel: str | None = None
    until: date | None = None
    state: ChoiceState = "in-force"


RecordKind = Literal["request", "complaint", "announcement", "breach", "recognition"]
RecordState = Literal["open", "answered", "refused", "requested", "told", "attempted", "failed", "kept"]
SaidKind = Literal[
    "words", "answer", "outcome", "about", "identity", "extension", "note", "identifiers", "nature", "consequences",
    "measures", "advice", "withheld",
]  # fmt: skip


@dataclass(frozen=True)
class SaidPart:
    """What a record says, in whose words it was written."""

    kind: SaidKind
    text: str


@dataclass(frozen=True)
class RecordPart:
    """What Belofte's own registers hold of the person: a request, a complaint, that she was told of a change, a breach.

    `keep`: the purposes (ids) that keep it; `until`: the last of their terms, None where none has begun or none is set.
    """

    kind: RecordKind
    name: str
    state: RecordState
    on: date | None = None
    right: str | None = None
    said: tuple[SaidPart, ...] = ()
    ended: date | None = None
    keep: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True)
class DatumClass:
    """Why a datum is there: purposes (ids) that may keep it, those that use it now, a legal hold, a restriction."""

    keep: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    hold: bool = False
    restricted: bool = False
    undetermined: bool = False

    @property
    def unjustified(self) -> bool:
        """Nothing justifies this any more: no purpose keeps it, nothing holds it, nothing is left to find out."""
        return not (self.keep or self.use or self.hold or self.restricted or self.undetermined)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values in the order of the table's columns, and the index of each one's class (-1: no class)."""

    values: Sequence[object]
    classes: Sequence[int]


@dataclass(frozen=True)
class ColumnPart:
    """A column: its name in the store, its words for people, its element (`identity.email`; None: only structure)."""

    name: str
    title: str
    element: str | None = None


@dataclass(frozen=True)
class TableAnswer:
    """The person's rows of one table. `rows` is read once; `classes` may grow while they are read."""

    name: str
    columns: tuple[ColumnPart, ...]
    rows: Iterable[Row]
    classes: Sequence[DatumClass]
    title: str | None = None


StoreState = Literal["done", "pending", "failed", "unreachable", "undetermined"]


@dataclass(frozen=True)
class StoreAnswer:
    """One store, with its tables in order; `tables` is read once, one table at a time."""

    name: str
    tables: Iterable[TableAnswer]
    state: StoreState = "done"
    title: str | None = None
    country: str | None = None


GapKind = Literal["manual", "backup", "unreachable", "failed", "undetermined", "processor"]


@dataclass(frozen=True)
class Gap:
    """What an answer does not cover: a manual store with an open task, backups, a store that did not answer."""

    kind: GapKind
    store: str
    words: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class AccessAnswer:
    """Every item of art. 15(1) and (2), and the copy of 15(3)."""

    case: Case
    purposes: tuple[PurposePart, ...]
    categories: tuple[CategoryPart, ...]
    recipients: tuple[RecipientPart, ...] = ()
    transfers: tuple[TransferPart, ...] = ()
    rights: tuple[RightPart, ...] = ()
    automated: tuple[AutomatedPart, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    choices: tuple[ChoicePart, ...] = ()
    records: tuple[RecordPart, ...] = ()
    gaps: tuple[Gap, ...] = ()
    policy_version: str | None = None
    policy_from: date | None = None
    policy_url: str | None = None
    state: str = "answered"
    stores: Iterable[StoreAnswer] = field(default=(), compare=False)

    def titles(self) -> Mapping[str, str]:
        """Return the title of each purpose by its id."""
        return {purpose.id: purpose.title for purpose in self.purposes}


@dataclass(frozen=True)
class TableHead:
    """A table once read: its first rows, how many there were, and per class how many data carry it."""

    name: str
    title: str | None
    columns: tuple[ColumnPart, ...]
    rows: tuple[Row, ...]
    total: int
    classes: tuple[DatumClass, ...]
    counts: Mapping[int, int]


@dataclass(frozen=True)
class StoreHead:
    """A store once read: the heads of its tables."""

    name: str
    title: str | None
    country: str | None
    state: StoreState
    tables: tuple[TableHead, ...]

    @property
    def total(self) -> int:
        """The number of rows about the person."""
        return sum(table.total for table in self.tables)


def table_head(table: TableAnswer, limit: int) -> TableHead:
    """Read a table to its end and return its head: the first `limit` rows, and how many data each class has.

    An empty value is no datum, nor is one left out. Memory does not grow with the rows.
    """
    head: list[Row] = []
    total = 0
    counts: Counter[int] = Counter()
    for row in table.rows:
        if total < limit:
            head.append(row)
        total += 1
        pairs = zip(row.values, row.classes, strict=True)
        counts.update([index for value, index in pairs if value is not None and value is not Hidden.OTHER_PERSON])
    del counts[-1]
    return TableHead(table.name, table.title, table.columns, tuple(head), total, tuple(table.classes), dict(counts))


def store_heads(stores: Iterable[StoreAnswer], limit: int) -> Iterator[StoreHead]:
    """Read stores one after the other; yield each one's head."""
    for store in stores:
        tables = tuple(table_head(table, limit) for table in store.tables)
        yield StoreHead(store.name, store.title, store.country, store.state, tables)
