"""`belofte schema [policy|store]`: the JSON Schema of what a company writes, for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from belofte.cli.options import Json
from belofte.cli.output import json_result
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Part(StrEnum):
    """What has a schema."""

    POLICY = "policy"
    STORE = "store"


class Closed(GenerateJsonSchema):
    """As the models say it, and a key that is no id is refused, as `check` refuses it."""

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Return the schema of a mapping by ids, which holds nothing else."""
        found = super().dict_schema(schema)
        return {**found, "additionalProperties": False} if "patternProperties" in found else found


def run(part: Annotated[Part, typer.Argument(help="policy or store")] = Part.POLICY, as_json: Json = False) -> None:
    """Print the JSON Schema of the policy or of a store's map."""
    json_result(editor_schema(part))


def editor_schema(part: Part) -> JsonSchemaValue:
    """Return the JSON Schema of one file: of a policy's files (each holds some of the keys), or of a store's map."""
    model = Policy if part is Part.POLICY else DataMap
    schema = model.model_json_schema(by_alias=True, schema_generator=Closed)
    if part is Part.POLICY:
        _divided(schema)
    return {"$schema": DRAFT, **schema}


def _divided(schema: JsonSchemaValue) -> None:
    """Require nothing that another file may hold: files are merged by top-level key, and mappings by their entries."""
    schema.pop("required", None)
    for found in schema["properties"].values():
        for one in (found, *found.get("anyOf", ())):
            if "$ref" in one:
                schema["$defs"][one["$ref"].rpartition("/")[2]].pop("required", None)
