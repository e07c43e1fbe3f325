"""The data map: what a company's store holds and which people it is about, as frozen values.

Foreign keys are read from the database; the map states only what the schema cannot (DESIGN §3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from belofte.policy.model import Id, Node

Name = Annotated[str, Field(min_length=1, max_length=128)]
"""A table or column as the database spells it; a table may be `schema.table`."""


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Names = Annotated[tuple[Name, ...], BeforeValidator(_many), Field(min_length=1)]


class Identifier(Node):
    """A column that says who someone is. Only `person` identifiers lead from one store to the next."""

    column: Name
    identifies: Literal["person", "shared", "organisation"] = "person"

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value


class KindBy(Node):
    """The kind of person told by a column: `{column: form, values: {EZ: sole_trader}, else: customer_contact}`."""

    column: Name
    values: dict[str, Id]
    else_: Id | None = Field(None, alias="else")


class PeopleEntry(Node):
    """Rows that are people: the table, its key, their kind and what identifies them.

    `key` need not be unique: an e-mail in a log table is a person's key in each of her rows.
    `where` narrows to the rows that are people (a sole trader in a table of companies).
    """

    table: Name
    key: Names
    is_: Id | KindBy = Field(alias="is")
    where: str | None = None
    identifiers: dict[Id, Identifier | list[Identifier]] = {}
    language: Name | None = None
    deceased: str | None = None

    def identified_by(self) -> list[tuple[str, Identifier]]:
        """Return (kind of identifier, identifier) in the map's order."""
        return [
            (kind, one)
            for kind, found in self.identifiers.items()
            for one in (found if isinstance(found, list) else [found])
        ]


class OrganisationEntry(Node):
    """Rows that own other rows and are not people."""

    table: Name
    key: Names
    where: str | None = None


class Fact(Node):
    """What purposes refer to: a column, a small expression or an aggregate; what NULL means in it."""

    is_: str = Field(alias="is")
    null: Literal["not-yet", "unknown"] = "unknown"

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str) else value


class Link(Node):
    """An edge from a table to the table, people or organisations it is about, that no foreign key states.

    `column(s)` here equal `to` there (default: the target's key). `when` holds for the rows that the link is for
    (polymorphic). `json` is a path inside a JSON column. `match: email` compares lower-cased text.
    """

    of: Name
    columns: Names | None = None
    to: Names | None = None
    when: str | None = None
    json_: str | None = Field(None, alias="json")
    match: Literal["exact", "email"] = "exact"


About = tuple[Link, ...]


def _about(value: Any) -> Any:
    """Read the short forms: `company`, `[a, b]`, `{sender_id: customer}`, a link, a list of links."""
    if value is None:
        return ()
    if isinstance(value, str):
        return ({"of": value},)
    if isinstance(value, Mapping):
        if "of" in value:
            return (value,)
        return tuple(
            {"columns": column, **target} if isinstance(target, Mapping) else {"of": target, "columns": column}
            for column, target in value.items()
        )
    if isinstance(value, list | tuple):
        return tuple({"of": item} if isinstance(item, str) else item for item in value)
    return value


AboutField = Annotated[About, BeforeValidator(_about)]


class Generalise(Node):
    """Erase to something coarser: a date to its year, a text to its first characters."""

    generalise: Literal["year", "month"] | int


class Unique(Node):
    """Erase to a filler that is unique per row: `{key}` stands for the row's key."""

    unique: str = "erased-{key}"


class Pseudonym(Node):
    """Replace by a keyed digest. Still personal data: it counts as kept until its key is destroyed."""

    pseudonym: str = Field(description="the name of the key")


class Redacted(Node):
    """Erase to this text or number."""

    redact: str | int


Erase = Literal["null", "redact", "delete"] | Generalise | Unique | Redacted | Pseudonym


class Column(Node):
    """One column: its element, the people it is about where they differ from the row's, how it is erased."""

    element: str | None = None
    about: AboutField | None = None
    erase: Erase | None = None
    on_unlink: Literal["keep", "redact"] = "keep"
    for_: Annotated[tuple[Id, ...], BeforeValidator(_many)] = Field((), alias="for")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if value is None:
            return {}
        return {"element": None if value == "none" else value} if isinstance(value, str) else value


class Table(Node):
    """One table with personal data: whom its rows are about, its facts and columns."""

    about: AboutField | None = Field(None, description="absent: derived from the foreign keys; `none`: nobody")
    facts: dict[Id, Fact] = {}
    columns: dict[Name, Column] = {}
    row: str | None = Field(None, description="the element that the row's existence is")
    for_: Annotated[tuple[Id, ...], BeforeValidator(_many)] = Field((), alias="for")
    collected: str | None = None
    role: Literal["controller", "joint", "processor"] | None = None
    key: Names | None = Field(None, description="what identifies a row where the table has no primary key")
    unowned: bool = Field(False, description="declared to hold no personal data although it looks so")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {} if value is None else value


class Collected(Node):
    """When data was collected, and which notice data of unknown or older date is declared to come from."""

    is_: str | None = Field(None, alias="is")
    older: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str) else value


class Manual(Node):
    """What a store without a connection holds, who keeps it, and how long a task may take."""

    holds: dict[str, Any] | list[str] = []
    keeper: str | None = None
    where: str | None = None
    rotation: str | None = None


class DataMap(Node):
    """One store. `mode: observe` is a read-only session; `act` lets requests change it; `enforce` adds views, sweep."""

    store: Id
    kind: Literal["sql", "manual"] = "sql"
    url: str | None = None
    location: str = Field("BE", pattern=r"^[A-Z]{2}$")
    transfer: Id | None = None
    mode: Literal["observe", "act", "enforce"] = "observe"
    role: Literal["controller", "joint", "processor"] = "controller"
    controller: str | None = Field(None, description="for whom we process, where role is processor")
    collected: Collected | None = None
    people: dict[Id, PeopleEntry] = {}
    organisations: dict[Id, OrganisationEntry] = {}
    facts: dict[str, Fact] = {}
    tables: dict[Name, Table] = {}
    ignore: list[Name] = Field([], description="tables declared to hold no personal data")
    manual: Manual | None = None
    backups: str | None = Field(None, description="how backups rotate; named in every erasure report")
