"""`belofte schema [policy|store]`: the JSON Schema of what a company writes, for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from belofte.cli.options import Json
from belofte.cli.output import json_result
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Part(StrEnum):
    """What has a schema."""

    POLICY = "policy"
    STORE = "store"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("schema")(run)


def run(part: Annotated[Part, typer.Argument(help="policy or store")] = Part.POLICY, as_json: Json = False) -> None:
    """Print the JSON Schema of the policy or of a store's map."""
    model = Policy if part is Part.POLICY else DataMap
    schema = model.model_json_schema(by_alias=True)
    if part is Part.POLICY:
        schema["required"] = []  # a policy is several files; each holds some of the keys
    json_result({"$schema": DRAFT, **schema})
