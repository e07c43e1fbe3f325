"""The contract with a processor (GDPR art. 28): where it is kept, and which of the law's items it has."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue

from belofte.law.processor import ITEMS
from belofte.policy.forms import Node

ContractItem = Literal[
    "scope", "instructions", "confidentiality", "security", "sub-processors", "rights", "duties", "deletion", "audit",
    "authorisation", "onward", "writing",
]  # fmt: skip
"""The items of `law.processor.ITEMS`."""

_NAMED = TypeAdapter(list[ContractItem])


def _each(value: Any) -> Any:
    if value == "all":
        return dict.fromkeys(ITEMS, True)
    return dict.fromkeys(_NAMED.validate_python(value), True) if isinstance(value, list) else value


Items = Annotated[
    dict[ContractItem, bool | str],
    BeforeValidator(_each, json_schema_input_type=Literal["all"] | list[ContractItem] | dict[ContractItem, bool | str]),
]
"""What a contract has: `all` items, a list of some, or each with where it stands."""


class Contract(Node):
    """A processing contract: where it is kept, since when, and per item of art. 28 whether and where it is in it.

    A bare text says where it is kept, and nothing of what it says.
    """

    kept: str = Field(description="where it is kept: a reference, a file, an address")
    signed: date | None = Field(None, description="the day from which it binds")
    items: Items = Field(
        {},
        description="the items that it has: `true` or where they stand (`§ 5`), `false` for one that it lacks; "
        "a list of those that it has, or `all`",
    )

    short: ClassVar[tuple[JsonSchemaValue, ...]] = ({"type": "string"},)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"kept": value} if isinstance(value, str) else value

    def said(self, item: str) -> bool | str | None:
        """Return whether, or where, an item stands in it; None: nothing is said of it."""
        return {str(name): found for name, found in self.items.items()}.get(item)

    @property
    def absent(self) -> list[str]:
        """The items that it is said to lack."""
        return [item for item in ITEMS if self.said(item) is False]

    @property
    def unsaid(self) -> list[str]:
        """The items of which nothing is said."""
        return [item for item in ITEMS if self.said(item) is None]
