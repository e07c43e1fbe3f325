"""The texts for people in a policy: where they are, and which languages they lack.

A text without words in one of the policy's languages falls back to another; that is never silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from belofte.policy.model import Policy, Text


def untranslated(policy: Policy) -> list[tuple[str, list[str]]]:
    """Return (path, languages without words of their own) for each text that falls back in some language."""
    languages = [str(language) for language in policy.languages]
    return [(path, missing) for path, text in texts(policy) if (missing := text.missing(languages))]


def texts(node: BaseModel, path: str = "") -> Iterator[tuple[str, Text]]:
    """Yield (path, text) of every text for people in a part of the language, in order."""
    for name, info in type(node).model_fields.items():
        below = info.alias or name
        yield from _texts(getattr(node, name), f"{path}.{below}" if path else below)


def _texts(value: object, path: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from texts(value, path)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(one, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _texts(one, f"{path}.{index}")
