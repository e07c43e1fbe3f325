"""The data map: what a company's store holds and which people it is about, as frozen values.

Foreign keys are read from the database; the map states only what the schema cannot (DESIGN §3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import JsonSchemaValue

from belofte.policy.forms import Generalise, Id, Node, Redacted

Name = Annotated[str, Field(min_length=1, max_length=128)]
"""A table or column as the database spells it; a table may be `schema.table`."""


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Listed = Annotated[list[Name], Field(min_length=1)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_many, json_schema_input_type=Name | Listed), Field(min_length=1)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_many, json_schema_input_type=Id | list[Id])]

WORD: JsonSchemaValue = {"type": "string"}
NOTHING: JsonSchemaValue = {"type": "null"}
"""The short forms of a part: one word for the whole of it, or its name alone."""


UNKNOWN_KIND = "unknown"
"""How figures name the kind of somebody whose row does not tell it."""


class Identifier(Node):
    """A column that says who someone is. Only `person` identifiers lead from one store to the next."""

    column: Name = Field(description="the column")
    identifies: Literal["person", "shared", "organisation"] = Field(
        "person", description="whom a value points at: one person, several people who share it, or an organisation"
    )

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (WORD,)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value


class KindBy(Node):
    """The kind of person told by a column: `{column: form, values: {EZ: sole_trader}, else: customer_contact}`."""

    column: Name = Field(description="the column that tells")
    values: dict[str, Id] = Field(description="a kind of people per value of the column")
    else_: Id | None = Field(None, alias="else", description="the kind for every other value; absent: unknown")


class PeopleEntry(Node):
    """Rows that are people: the table, its key, their kind and what identifies them.

    `key` need not be unique: an e-mail in a log table is a person's key in each of her rows.
    `where` narrows to the rows that are people (a sole trader in a table of companies).
    """

    table: Name = Field(description="the table")
    key: Names = Field(description="the column or columns that tell one person from another")
    is_: Id | KindBy = Field(
        alias="is", description="their kind, one of the policy's `people`, or the column that tells it"
    )
    where: str | None = Field(None, description="which rows are people")
    identifiers: dict[Id, Identifier | list[Identifier]] = Field(
        {}, description="columns by which a person is found, per sort: email, phone, badge, …"
    )
    language: Name | None = Field(None, description="the column with her language")
    deceased: str | None = Field(None, description="an expression that holds for people who died")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of people that its rows may be, in the map's order."""
        if not isinstance(self.is_, KindBy):
            return (self.is_,)
        return tuple(dict.fromkeys([*self.is_.values.values(), *filter(None, [self.is_.else_])]))

    def kind_of(self, row: Mapping[str, object]) -> str | None:
        """Return the kind of a row by the column that tells it; None where nobody knows.

        NULL is unknown, whatever `else` says, and so is a value that the map does not list where there is no `else`.
        Who asks fails closed: no purpose surely uses the row's data for her; her request is undetermined where her
        kind decides; and she is told, and counted, with every kind that she may be, for a message too many harms
        nobody, and one too few leaves her in the dark (GDPR art. 12(1), 13(3)).
        """
        if not isinstance(self.is_, KindBy):
            return self.is_
        value = row.get(self.is_.column)
        return None if value is None else self.is_.values.get(str(value), self.is_.else_)

    def may_be(self, kind: str | None, kinds: Collection[str]) -> bool:
        """Return whether a row of this kind (None: unknown) may be one of these kinds (() for all of them)."""
        return not kinds or (bool(set(self.kinds) & set(kinds)) if kind is None else kind in kinds)

    @property
    def kind_column(self) -> str | None:
        """The column that tells the kind; None where all its rows are of one."""
        return self.is_.column if isinstance(self.is_, KindBy) else None

    def identified_by(self) -> list[tuple[str, Identifier]]:
        """Return (kind of identifier, identifier) in the map's order."""
        return [
            (kind, one)
            for kind, found in self.identifiers.items()
            for one in (found if isinstance(found, list) else [found])
        ]


class OrganisationEntry(Node):
    """Rows that own other rows and are not people."""

    table: Name = Field(description="the table")
    key: Names = Field(description="the column or columns that tell one organisation from another")
    where: str | None = Field(None, description="which rows are organisations")


class Fact(Node):
    """What purposes refer to: a column, a small expression or an aggregate; what NULL means in it."""

    is_: str = Field(
        alias="is",
        description="a column, a small expression (`state = 'active'`), or one over the rows that lead to the same "
        "person: `max(call.at)`, `min(call.at)`, `any(contract.state = 'active')`",
    )
    null: Literal["not-yet", "unknown"] = Field(
        "unknown", description="what NULL means: not happened yet, or nobody knows"
    )

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (WORD,)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str) else value


class Link(Node):
    """An edge from a table to the table, people or organisations it is about, that no foreign key states.

    `column(s)` here equal `to` there (default: the target's key). `when` holds for the rows that the link is for
    (polymorphic). `json` is a path inside a JSON column. `match: email` compares lower-cased text.
    """

    of: Name = Field(description="the table, people or organisations that the row is about")
    columns: Names | None = Field(None, description="columns here")
    to: Names | None = Field(None, description="columns there; absent: the key")
    when: str | None = Field(None, description="the rows that the link is for")
    json_: str | None = Field(None, alias="json", description="path inside a JSON column")
    match: Literal["exact", "email"] = Field("exact", description="how values are compared")


About = tuple[Link, ...]


def _about_by(column: Any, target: Any) -> Any:
    if not isinstance(target, Mapping):
        return {"of": target, "columns": column}
    if target.get("columns", column) not in (column, [column]):
        raise ValueError(f"`{column}` names the column already: leave `columns` out, or begin with `of`")
    return {**target, "columns": column}


def _about(value: Any) -> Any:
    """Read the short forms: `company`, `[a, b]`, `{sender_id: customer}`, a link, a list of links."""
    if value is None:
        return ()
    if isinstance(value, str):
        return ({"of": value},)
    if isinstance(value, Mapping):
        if "of" in value:
            return (value,)
        return tuple(_about_by(column, target) for column, target in value.items())
    if isinstance(value, list | tuple):
        return tuple({"of": item} if isinstance(item, str) else item for item in value)
    return value


ByColumn = Annotated[
    dict[Name, Name | Link],
    Field(json_schema_extra={"propertyNames": {"not": {"const": "of"}}}),
]
"""`{sender_id: customer}`: whom each column refers to; a mapping with `of` is a link."""

AboutField = Annotated[
    About, BeforeValidator(_about, json_schema_input_type=Name | Link | ByColumn | list[Name | Link])
]


class Unique(Node):
    """Erase to a filler that is unique per row: `{key}` stands for the row's key."""

    unique: str = Field("erased-{key}", description="the filler")


class Pseudonym(Node):
    """Replace by `p-` and a keyed digest, as long as the column allows: 18 characters at least.

    Still personal data: it counts as kept until its key, derived from the company's, is destroyed.
    """

    pseudonym: str = Field(description="the name of the key")


Erase = Literal["null", "redact", "delete"] | Generalise | Unique | Redacted | Pseudonym


class Column(Node):
    """One column: its element, the people it is about where they differ from the row's, how it is erased."""

    element: str | None = Field(None, description="the element of the policy that it holds; `none`: no personal data")
    about: AboutField | None = Field(None, description="the people it is about, where they differ from the row's")
    erase: Erase | None = Field(None, description="how it is erased; absent: derived from what the constraints allow")
    on_unlink: Literal["keep", "redact"] = Field(
        "keep", description="what becomes of it when one of several people is unlinked"
    )
    for_: Ids = Field(
        (), alias="for", description="purposes that reach it even where the facts they count on do not resolve"
    )

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (WORD, NOTHING)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if value is None:
            return {}
        return {"element": None if value == "none" else value} if isinstance(value, str) else value


class Table(Node):
    """One table with personal data: whom its rows are about, its facts and columns."""

    about: AboutField | None = Field(None, description="absent: derived from the foreign keys; `none`: nobody")
    facts: dict[Id, Fact] = Field(
        {}, description="facts of each row, each a column of the table or an expression: `issued_at: invoiced_on`"
    )
    columns: dict[Name, Column] = Field({}, description="its columns with what they hold")
    row: str | None = Field(None, description="the element that the row's existence is")
    for_: Ids = Field(
        (), alias="for", description="purposes that reach its rows even where the facts they count on do not resolve"
    )
    collected: str | None = Field(None, description="the column that says when a row's data was collected")
    role: Literal["controller", "joint", "processor"] | None = Field(
        None, description="in which role the company holds it, where it differs from the store's"
    )
    key: Names | None = Field(None, description="what identifies a row where the table has no primary key")
    unowned: bool = Field(False, description="declared to hold no personal data although it looks so")

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (NOTHING,)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {} if value is None else value


class Collected(Node):
    """When data was collected, and which notice data of unknown or older date is declared to come from."""

    is_: str | None = Field(None, alias="is", description="the column or fact that says when")
    older: Id | None = Field(None, description="the notice that data of older or unknown date is declared to come from")

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (WORD,)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str) else value


class Manual(Node):
    """What a store without a connection holds, who keeps it, and how long a task may take."""

    holds: dict[str, str | None] | list[str] = Field(
        [], description="elements that it holds; as a mapping, each with a word on it"
    )
    keeper: str | None = Field(None, description="who looks things up in it")
    where: str | None = Field(None, description="where it is")
    rotation: str | None = Field(None, description="how and when its contents go")


class DataMap(Node):
    """One store. `mode: observe` is a read-only session; `act` lets requests change it; `enforce` adds views, sweep."""

    store: Id = Field(description="the store's name")
    kind: Literal["sql", "manual"] = Field("sql", description="`sql`: a database; `manual`: each request makes a task")
    url: str | None = Field(None, description="its address, with secrets left to the environment: `${CRM_URL}`")
    location: str = Field("BE", pattern=r"^[A-Z]{2}$", description="where the data is: two letters")
    transfer: Id | None = Field(None, description="the transfer that covers a store outside the EEA")
    mode: Literal["observe", "act", "enforce"] = Field("observe", description="what Belofte may do there")
    enforce: list[Id] | None = Field(
        None, description="in mode `enforce`: the purposes that read through views; absent: all"
    )
    departments: dict[Id, list[Name]] | None = Field(
        None,
        description="the accounts that read for each department of the policy, and no others do; "
        "absent: accounts are given and taken by hand",
    )
    watch: bool = Field(
        True, description="in mode `enforce`, on PostgreSQL: triggers on the tables of people tell who changed"
    )
    role: Literal["controller", "joint", "processor"] = Field(
        "controller", description="in which role the company holds it"
    )
    controller: str | None = Field(None, description="for whom we process, where role is processor")
    collected: Collected | None = Field(
        None, description="when its data was collected, and under which notice older data"
    )
    people: dict[Id, PeopleEntry] = Field({}, description="which rows are people")
    organisations: dict[Id, OrganisationEntry] = Field({}, description="which rows are organisations")
    facts: dict[str, Fact] = Field({}, description="facts that purposes refer to: `contract.active`")
    tables: dict[Name, Table] = Field({}, description="tables with personal data")
    ignore: list[Name] = Field([], description="tables declared to hold no personal data")
    manual: Manual | None = Field(None, description="what a manual store holds")
    backups: str | None = Field(None, description="how backups rotate; named in every erasure report")

    def for_others(self, table: str) -> bool:
        """Return whether a table is held as processor: what is in it is its controller's to decide (LAW 2.0 G1)."""
        stated = self.tables.get(table)
        return ((stated.role if stated is not None else None) or self.role) == "processor"

    @property
    def passed_on(self) -> tuple[str, ...]:
        """The tables that are held as processor: requests about them are passed on, and nothing of them is ours."""
        tables = dict.fromkeys([*self.tables, *(entry.table for entry in self.people.values())])
        return tuple(table for table in tables if self.for_others(table))

    @property
    def all_passed_on(self) -> bool:
        """Whether nothing in the store is ours to answer for."""
        return self.role == "processor" and not any(
            table.role not in (None, "processor") for table in self.tables.values()
        )
