"""The forms in which single values of the policy language are written: texts, bases, periods, references, contacts.

Where a value has a short form (a bare word for a mapping, one for a list of one), the form stands in the JSON Schema
too, so that an editor accepts what `load` accepts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    RootModel,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

PURPOSE_ID_BYTES = 40
"""Purpose ids become role and schema names; databases cut names at 63 bytes (DESIGN §3)."""


def with_short(core: CoreSchema, handler: GetJsonSchemaHandler, short: tuple[JsonSchemaValue, ...]) -> JsonSchemaValue:
    """Return a model's JSON Schema, which accepts its short forms as well as its long one."""
    reference = handler(core)
    found = handler.resolve_ref_schema(reference)
    if short and "anyOf" not in found:
        long = dict(found)
        found.clear()
        title, said = long.get("title"), long.pop("description", None)
        found |= {"title": title, "description": said, "anyOf": [*({"title": title, **one} for one in short), long]}
    return reference


class Node(BaseModel):
    """A frozen element of the language; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    short: ClassVar[tuple[JsonSchemaValue, ...]] = ()
    """The forms that may stand for the whole mapping, as JSON Schema; a validator of the element reads them."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON Schema of the element in all its forms."""
        return with_short(core_schema, handler, cls.short)


Id = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=63)]
Lang = Literal["nl", "fr", "en", "de"]


class Text(RootModel[dict[str, str]]):
    """Words for people, per language. A bare string stands for every language and counts as a fallback."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON Schema of a text, bare or per language."""
        return with_short(core_schema, handler, ({"type": "string"},))

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"*": value} if isinstance(value, str) else value

    def of(self, language: str) -> str:
        """Return the words in `language`, else in the best language there is (`missing` tells which are)."""
        root = self.root
        for key in (language, "*", "en", "nl", "fr", "de"):
            if key in root:
                return root[key]
        return next(iter(root.values()), "")

    def missing(self, languages: list[str]) -> list[str]:
        """Return the languages among `languages` that have no words of their own."""
        return [lang for lang in languages if lang not in self.root]


class Basis(StrEnum):
    """The legal bases of GDPR art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTERESTS = "vital-interests"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTEREST = "legitimate-interest"


_PERIOD = re.compile(r"^P(?!$)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$")


class Period(Node):
    """An ISO 8601 period in calendar units (`P7Y`, `P18M`, `P30D`); a term is counted in civil days."""

    years: int = Field(0, description="calendar years")
    months: int = Field(0, description="calendar months")
    weeks: int = Field(0, description="weeks")
    days: int = Field(0, description="days")

    short: ClassVar[tuple[JsonSchemaValue, ...]] = (
        {"type": "string", "pattern": r"^P(?=.*[1-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?$"},
    )

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D"))
        return "P" + "".join(f"{n}{unit}" for n, unit in parts if n)


def parse_period(value: Any) -> Any:
    """Return the `Period` that an ISO 8601 period states; `ValueError` for anything else."""
    if not isinstance(value, str):
        return value
    found = _PERIOD.match(value)
    if found is None:
        raise ValueError("a period is written like `P7Y`, `P18M`, `P6W` or `P30D`")
    y, m, w, d = (int(group or 0) for group in found.groups())
    if not (y or m or w or d):
        raise ValueError("a period is longer than nothing: write `P7Y`, `P18M`, `P6W` or `P30D`")
    return Period(years=y, months=m, weeks=w, days=d)


PeriodField = Annotated[Period, BeforeValidator(parse_period)]


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Ref = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)?$")]
"""A category, or one element of it: `identity`, `identity.name`."""

Refs = Annotated[list[Ref], BeforeValidator(_one_or_many, json_schema_input_type=Ref | list[Ref])]
"""References; one may stand without its list."""


def _purpose_id(value: str) -> str:
    if len(value.encode()) > PURPOSE_ID_BYTES:
        raise ValueError(f"a purpose id is at most {PURPOSE_ID_BYTES} bytes: it becomes a role and a schema name")
    return value


PurposeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$"), AfterValidator(_purpose_id)]


class Generalise(Node):
    """Something coarser in its place: a date's year, a text's first characters."""

    generalise: Literal["year", "month"] | Annotated[int, Field(strict=True, ge=1)] = Field(
        description="`year`, `month`, or how many first characters stay"
    )


class Redacted(Node):
    """This text or number in its place."""

    redact: str | Annotated[int, Field(strict=True)] = Field(description="what stands there instead")


Mask = Literal["pseudonym", "redact"] | Generalise | Redacted
"""How a purpose sees an element that it needs only in part; a data map removes columns by the same forms."""


class Contact(Node):
    """How a party is reached."""

    email: str | None = Field(None, description="e-mail address")
    phone: str | None = Field(None, description="telephone number")
    fax: str | None = Field(None, description="fax number")
    url: str | None = Field(None, description="web page")
    address: str | None = Field(None, description="postal address")


class Site(Contact):
    """Somebody else's page that texts refer to or carry inside (S27): who answers for it, and how it is there."""

    title: Text | None = Field(None, description="whose it is, and what for")
    embedded: bool = Field(False, description="it loads inside our own pages, and so learns of the visit")
    notice: str | None = Field(None, description="where its own privacy notice is")
