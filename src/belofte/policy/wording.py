"""What a model refuses, in the words of the language instead of the validator's.

`validated` checks data against one of the frozen models and returns it, or the problems: each at its place, with the
keys or values that could have stood there. The JSON Schema of the model tells which keys those are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from belofte.policy.problems import Place, Problem, choice, listed, quoted
from belofte.policy.source import Data, Places

Model = TypeVar("Model", bound=BaseModel)
Loc = tuple[int | str, ...]

_SHAPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_CHOICES = frozenset(("literal_error", "enum"))
_PATTERNS = {
    "^[A-Za-z_][A-Za-z0-9_.-]*$": "an id has letters, digits, `_`, `-` and `.`, and begins with a letter or `_`",
    "^[a-z][a-z0-9_-]*$": "a purpose id has small letters, digits, `_` and `-`, and begins with a letter",
    "^[A-Z]{2}$": "a country is two capitals, as in ISO 3166: `BE`, `FR`, `US`",
    "^[A-Z]{2}$|^EPO$": "a country is two capitals, as in ISO 3166: `US`, `GB` (`EPO` for the European Patent Office)",
    "^[0-9a-f]{64}$": "64 hexadecimal digits: `sha256sum FILE` prints them",
}
_REF = "^[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)?$"
_PATTERNS[_REF] = "write a category, or one element of it: `identity`, `identity.name`"


def validated(model: type[Model], data: Data, places: Places) -> tuple[Model | None, list[Problem]]:
    """Return the model's value of `data`, or None and everything that is wrong with it."""
    try:
        return model.model_validate(data), []
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
    return None, [_problem(model, data, places, error) for error in _fitting(data, errors)]


def _walk(data: Data, loc: Loc) -> tuple[list[str], Data, list[str]]:
    """Follow `loc` into `data`; return the path found, the value there, and the labels that are not in the data."""
    path: list[str] = []
    labels: list[str] = []
    here: Data = data
    for part in loc:
        if isinstance(here, dict) and str(part) in here:
            here = here[str(part)]
            path.append(str(part))
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(str(part))
        else:
            labels.append(str(part))
    return path, here, labels


def _fitting(data: Data, errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Drop the complaints of those alternatives of a choice that the written shape was not meant for."""
    found: list[tuple[str, str, ErrorDetails, bool]] = []
    for error in errors:
        path, here, labels = _walk(data, error["loc"])
        label = labels[0] if labels and _is_label(error, labels) else ""
        where = ".".join(_before(data, error["loc"], label)) if label else ".".join(path)
        misfit = bool(label) and ".".join(path) == where and _misfits(error["type"], here)
        found.append((where, label, error, misfit))
    alternatives: dict[str, dict[str, bool]] = {}
    other_keys: Counter[tuple[str, str]] = Counter()
    for where, label, error, misfit in found:
        if label:
            other_keys[(where, label)] += error["type"] in ("missing", "extra_forbidden")
            known = alternatives.setdefault(where, {})
            known[label] = known.get(label, False) or misfit
    kept: list[ErrorDetails] = []
    said: set[tuple[str, str]] = set()
    for where, label, error, _ in found:
        branches = alternatives.get(where, {}) if label else {}
        fits = [name for name, misfit in branches.items() if not misfit]
        best = min((other_keys[where, name], at, name) for at, name in enumerate(fits))[2] if fits else None
        if not label:
            kept.append(error)
        elif label == best:
            inner = (where, ".".join(_walk(data, error["loc"])[0]))
            if inner not in said or error["type"] not in (_CHOICES | _SHAPES.keys()):
                kept.append(error)
            said.add(inner)
        elif not fits and (where, "") not in said:
            said.add((where, ""))
            kept.append(error)
    return kept


def _is_label(error: ErrorDetails, labels: list[str]) -> bool:
    last = labels[-1]
    added = error["type"] == "missing" or last == "[key]"
    return not (added and len(labels) == 1)


def _before(data: Data, loc: Loc, label: str) -> list[str]:
    """Return the path up to the first part of `loc` that is not in the data."""
    index = next(i for i, part in enumerate(loc) if str(part) == label and _walk(data, loc[: i + 1])[2] == [label])
    return _walk(data, loc[:index])[0]


def _misfits(kind: str, value: Data) -> bool:
    return kind in _SHAPES or (kind in _CHOICES and isinstance(value, dict | list)) or kind in ("none_required",)


def _problem(model: type[BaseModel], data: Data, places: Places, error: ErrorDetails) -> Problem:
    path, here, _ = _walk(data, error["loc"])
    dotted = ".".join(path)
    kind = error["type"]
    context = error.get("ctx", {})
    last = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        known = known_keys(model, data, path[:-1])
        return Problem(places.key(dotted), f"unknown key {quoted(path[-1])}", choice(_holds(path[:-1]), last, known))
    if kind == "missing":
        return _missing(places, path, last)
    if last == "[key]":
        place, written = places.key(dotted), path[-1]
        if kind in _CHOICES:
            known = _options(context)
            return Problem(place, f"unknown key {quoted(written)}", choice("it is one of", written, known))
        return Problem(place, f"{quoted(written)} cannot be an id", _reason(kind, context))
    place = places.at(dotted) if isinstance(here, dict | list) else places.values.get(dotted, places.at(dotted))
    name = _name(path)
    if kind in _CHOICES and isinstance(here, dict | list):
        return _wrong_shape(place, name, here, _expected(model, data, path))
    if kind in _CHOICES:
        return _not_one_of(model, data, path, place, name, here, context)
    if kind in _SHAPES:
        return _wrong_shape(place, name, here, _expected(model, data, path) or _SHAPES[kind])
    if kind in ("too_short", "string_too_short"):
        return Problem(place, f"{name} is empty", "at least one entry is needed" if kind == "too_short" else "write it")
    return Problem(place, f"{name} cannot be {_shown(here)}", _reason(kind, context))


def _missing(places: Places, path: list[str], key: str) -> Problem:
    whole = ".".join(path)
    owner = quoted(whole) if path else "the whole"
    mend = f"add `{key}:` to it" if path else f"add `{key}:` at the left margin of one of the files"
    return Problem(places.key(whole) if path else Place(places.file), f"{owner} has no `{key}`", mend)


def _not_one_of(
    model: type[BaseModel], data: Data, path: list[str], place: Place, name: str, here: Data, context: Mapping[str, Any]
) -> Problem:
    allowed = _allowed(schemas(model), model, data, path)
    known = allowed or _options(context)
    return Problem(place, f"{name} cannot be {_shown(here)}", choice("it is one of", str(here), known))


def _options(context: Mapping[str, Any]) -> list[str]:
    return [part.strip("' ") for part in str(context.get("expected", "")).replace(" or ", ", ").split(",")]


def _wrong_shape(place: Place, name: str, here: Data, expected: str) -> Problem:
    if here is None:
        return Problem(place, f"{name} is empty", f"it takes {expected}; leave the key out if there is nothing to say")
    advice = f"it takes {expected}"
    if expected.startswith("text") and isinstance(here, int | float):
        advice += ": put it between quotes"
    return Problem(place, f"{name} cannot be {_shape(here)}", advice)


def _name(path: list[str]) -> str:
    return quoted(".".join(path)) if path else "the file"


def _holds(path: list[str]) -> str:
    return f"{quoted('.'.join(path))} may hold" if path else "a file may hold"


def _shown(value: Data) -> str:
    return _shape(value) if value is None or isinstance(value, dict | list) else quoted(_written(value))


def _written(value: Data) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shape(value: Data) -> str:
    if isinstance(value, bool):
        return "`true` or `false`"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "a number"
    if value is None:
        return "empty"
    return "a mapping" if isinstance(value, dict) else "a list"


def _reason(kind: str, context: Mapping[str, Any]) -> str:
    """Return what a value must be like, for the checks that are neither a choice nor a shape."""
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context["pattern"]), "it has characters that cannot stand here")
    if kind == "value_error":
        return str(context["error"])
    if kind.startswith("date"):
        return "write a date as year, month, day: `2026-01-31`"
    fixed = {
        "string_too_long": f"at most {context.get('max_length')} characters",
        "greater_than": f"it is more than {context.get('gt')}",
        "less_than_equal": f"it is at most {context.get('le')}",
        "greater_than_equal": f"it is at least {context.get('ge')}",
    }
    return fixed.get(kind, "it does not fit the language; `belofte schema` prints what does")


@cache
def schemas(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, as an editor reads it."""
    return model.model_json_schema(by_alias=True)


def known_keys(model: type[BaseModel], data: Data, path: Iterable[str]) -> list[str]:
    """Return the keys that the mapping at `path` may hold."""
    keys: list[str] = []
    for node in _nodes(schemas(model), data, path):
        keys += [key for key in node.get("properties", {}) if key not in keys]
    return keys


def _allowed(root: dict[str, Any], model: type[BaseModel], data: Data, path: list[str]) -> list[str]:
    found: list[str] = []
    for node in _nodes(root, data, path):
        values = node.get("enum", [node["const"]] if "const" in node else [])
        found += [_written(value) for value in values if _written(value) not in found]
    return found


def _expected(model: type[BaseModel], data: Data, path: list[str]) -> str:
    """Return the shapes that may stand at `path`, in words."""
    words = {"string": "text", "object": "a mapping", "array": "a list", "integer": "a whole number"}
    words |= {"number": "a number", "boolean": "`true` or `false`"}
    found: list[str] = []
    for node in _nodes(schemas(model), data, path):
        if node.get("title") == "Text":
            return "text, or text per language: `{nl: …, fr: …, en: …}`"
        word = words.get(str(node.get("type", "")), "")
        if "enum" in node and word == "text":
            word = "one of " + listed(str(value) for value in node["enum"])
        if word and word not in found:
            found.append(word)
    return " or ".join(found)


def _nodes(root: dict[str, Any], data: Data, path: Iterable[str]) -> list[dict[str, Any]]:
    """Return the parts of a JSON Schema that a path of the data may be under."""
    nodes = _spread(root, root)
    here: Data = data
    for part in path:
        below: list[dict[str, Any]] = []
        in_list = isinstance(here, list)
        here = _walk(here, (int(part) if in_list else part,))[1]
        for node in nodes:
            if in_list:
                below += _spread(root, node["items"]) if isinstance(node.get("items"), dict) else []
            elif part in node.get("properties", {}):
                below += _spread(root, node["properties"][part])
            elif isinstance(node.get("additionalProperties"), dict):
                below += _spread(root, node["additionalProperties"])
            elif isinstance(node.get("patternProperties"), dict):
                for inner in node["patternProperties"].values():
                    below += _spread(root, inner)
        nodes = below
    return nodes


def _spread(root: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow references and alternatives."""
    if "$ref" in node:
        return _spread(root, root["$defs"][str(node["$ref"]).rpartition("/")[2]])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in node:
            return [found for one in node[several] for found in _spread(root, one)]
    return [node]
