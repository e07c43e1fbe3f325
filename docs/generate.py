"""Write `docs/reference/` from the code: the language, the data map, the rules of check, the commands, the exit codes.

    python docs/generate.py            write the pages
    python docs/generate.py --check    exit 2 when a page is not what the code says

Nothing in these pages is written by hand, so that they cannot be wrong for long: tests/docs compares them on each run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from belofte.cli import app, ending
from belofte.datamap import check as map_check
from belofte.datamap.model import DataMap
from belofte.notices import mended
from belofte.policy.change import MEANINGS
from belofte.policy.check import RULES
from belofte.policy.model import Policy
from belofte.policy.no_change import NO_CHANGE
from belofte.policy.promise import ABOUT

HERE = Path(__file__).resolve().parent
REFERENCE = HERE / "reference"
MARK = "<!-- written by docs/generate.py from the code: change the code, then run it -->"
PLAIN = {"Text": "text, or text per language", "Period": "period: `P7Y`, `P18M`, `P6W`, `P30D`"}
"""Types that people write in one word; they get no section of their own."""

JsonSchema = Mapping[str, Any]


def line(words: str) -> str:
    """Return words as one line of a table."""
    return re.sub(r"\s+", " ", words).strip().replace("|", "\\|")


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(headings)
    yield "| " + " | ".join(names) + " |"
    yield "|" + " --- |" * len(names)
    for row in rows:
        yield "| " + " | ".join(line(cell) for cell in row) + " |"


def target(found: JsonSchema) -> str | None:
    """Return the model that a part of a schema refers to."""
    return found["$ref"].rpartition("/")[2] if "$ref" in found else None


def long(found: JsonSchema) -> JsonSchema:
    """Return the long form of a model that has short ones too."""
    return next((one for one in found.get("anyOf", ()) if "properties" in one), found)


def shape(found: JsonSchema, models: Mapping[str, JsonSchema]) -> str:
    """Return how a value is written, in words."""
    name = target(found)
    if name is not None:
        if name in PLAIN:
            return PLAIN[name]
        if "enum" in models[name]:
            return " / ".join(f"`{one}`" for one in models[name]["enum"])
        short = [shape(one, models) for one in models[name].get("anyOf", ()) if one.get("type") == "string"]
        return " or ".join([*short, f"[{name}](#{name.lower()})"])
    if "const" in found:
        return f"`{found['const']}`"
    if "enum" in found:
        return " / ".join(f"`{one}`" for one in found["enum"])
    if "anyOf" in found:
        parts = dict.fromkeys(shape(one, models) for one in found["anyOf"] if one.get("type") != "null")
        return " or ".join(parts)
    kind = found.get("type")
    if kind == "array":
        return f"list of {shape(found['items'], models)}" if found.get("items") else "list"
    if kind == "object":
        inner = found.get("additionalProperties") or next(iter(found.get("patternProperties", {}).values()), None)
        return f"mapping to {shape(inner, models)}" if isinstance(inner, Mapping) and inner else "mapping"
    formats = {"date": "day: `2026-01-31`"}
    names = {"string": "text", "integer": "number", "number": "number", "boolean": "`true` / `false`"}
    return formats.get(found.get("format", ""), names.get(str(kind), "any value"))


def default(name: str, found: JsonSchema, required: Iterable[str]) -> str:
    """Return what holds where a setting is left out."""
    if name in required:
        return "required"
    value = found.get("default")
    if isinstance(value, bool | str | int | float) and value != "":
        return f"`{str(value).lower() if isinstance(value, bool) else value}`"
    return ""


def section(name: str, found: JsonSchema, models: Mapping[str, JsonSchema]) -> Iterator[str]:
    """Yield the section of one model."""
    yield f"## {name}"
    yield ""
    yield str(found.get("description", "")).strip()
    yield ""
    whole = long(found)
    required = whole.get("required", ())
    yield from table(
        ("setting", "form", "default", "what it says"),
        (
            (f"`{key}`", shape(one, models), default(key, one, required), str(one.get("description", "")))
            for key, one in whole["properties"].items()
        ),
    )
    yield ""


def language(model: type[BaseModel], title: str, intro: str) -> str:
    """Return the page of a model and every model that it holds."""
    whole = model.model_json_schema(by_alias=True)
    models: dict[str, JsonSchema] = dict(whole.get("$defs", {}))
    lines = [f"# {title}", "", MARK, "", intro, "", *section(model.__name__, whole, models)]
    for name in sorted(models):
        if name not in PLAIN and "properties" in long(models[name]):
            lines += section(name, models[name], models)
    return "\n".join(lines)


@dataclass(frozen=True)
class Line:
    """A rule as the page shows it."""

    id: str
    severity: str
    law: str
    mend: str


ACROSS = (
    Line(
        map_check.FACT_MISSING,
        "error",
        "art. 5(1)(e), 5(2)",
        "add the fact to the `facts` of a store, or change what the purpose counts on",
    ),
)
"""The rules that hold over all maps at once (`datamap/coverage.py`); they have no row in a table of rules."""

PUBLISHED = (Line(mended.RULE, "error", mended.LAW, mended.MEND),)
"""The rule that holds a policy against what people read under the name of its version (`notices/mended.py`)."""


def checks() -> str:
    """Return the page of the rules of `belofte check`."""

    def rows(rules: Iterable[Any]) -> Iterator[tuple[str, ...]]:
        for rule in rules:
            yield f"`{rule.id}`", rule.severity, rule.law, rule.mend

    headings = ("rule", "severity", "law", "how to mend it")
    return "\n".join(
        [
            "# The rules of `belofte check`",
            "",
            MARK,
            "",
            "An *error* makes check end with 3; a *warning* or a *note* does not. Articles without a law's name",
            "are of the GDPR. No finding means: nothing found, as declared. It does not mean that the processing is",
            "lawful.",
            "",
            f"## The policy against the law ({len(RULES)})",
            "",
            *table(headings, rows(RULES.values())),
            "",
            f"## A data map against the policy and the live database ({len(map_check.RULES)})",
            "",
            *table(headings, rows(sorted(map_check.RULES, key=lambda rule: rule.id))),
            "",
            "## All data maps together",
            "",
            *table(headings, rows(ACROSS)),
            "",
            "## The policy against what was published",
            "",
            *table(headings, rows(PUBLISHED)),
            "",
        ]
    )


def options(command: Any) -> Iterator[tuple[str, str]]:
    """Yield each argument and option of a command with its help."""
    for one in command.params:
        if one.name in ("help", "install_completion", "show_completion"):
            continue
        if one.param_type_name == "argument":
            shown = one.metavar or one.name.upper()
        else:
            shown = ", ".join([*one.opts, *one.secondary_opts])
            if not one.is_flag:
                shown += f" {one.metavar or one.name.upper()}"
        yield f"`{shown}`", one.help or ""


def verbs(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every command below a group with its full name."""
    for name, found in command.commands.items():
        if hasattr(found, "commands"):
            yield f"{path} {name}", found
            yield from verbs(found, f"{path} {name}")
        else:
            yield f"{path} {name}", found


def commands() -> str:
    """Return the page of the commands."""
    whole = typer.main.get_command(app.build())
    lines = ["# The commands", "", MARK, "", "Every verb ends with one of the [exit codes](exit-codes.md).", ""]
    for name, found in verbs(whole, "belofte"):
        lines += [f"## `{name}`", "", (found.help or "").strip(), ""]
        rows = list(options(found))
        if rows:
            lines += [*table(("argument or option", "what it does"), rows), ""]
    return "\n".join(lines)


def promises() -> str:
    """Return the page of what can hold a promise."""
    rows = ((f"`{name}`", about.kind, about.does, about.mend) for name, about in ABOUT.items())
    return "\n".join(
        [
            "# What can hold a promise",
            "",
            MARK,
            "",
            "`by:` of a promise names these. A *mechanism* is exercised: `belofte prove` tries what may not be and",
            "has to be refused. A *proof* is measured, over live data, and one row too many breaks it.",
            "",
            *table(("name", "kind", "what `belofte prove` does", "when it is broken"), rows),
            "",
        ]
    )


def changes() -> str:
    """Return the page of what `belofte compare` sees, and what it is silent about."""
    kinds = (
        (f"`{kind}`", one.says, one.article, "yes" if one.told else "", "yes" if one.asked else "")
        for kind, one in MEANINGS.items()
    )
    fields = ((f"`{path}`", why) for path, why in NO_CHANGE.items())
    return "\n".join(
        [
            "# What `belofte compare` sees",
            "",
            MARK,
            "",
            "*Told*: who is concerned is told before it holds. *Asked*: who consented to that purpose is asked again.",
            "",
            *table(("change", "what it means", "article", "told", "asked"), kinds),
            "",
            "## What it is silent about",
            "",
            "Every other field of the policy is seen; a test changes each of them. `*` is each entry of a mapping or",
            "list; what stands below a field is meant too. *given*, *gone* and *other* say which way is meant, where",
            "not all are: a value where none stood, none any more, another one.",
            "",
            *table(("field", "why it means nothing to people"), fields),
            "",
        ]
    )


def exit_codes() -> str:
    """Return the page of the exit codes."""
    _, named, apart = (ending.__doc__ or "").split("\n\n")
    words = dict(re.findall(r"(\d) ([^·]+?)\s*(?:·|\.\n|\.$)", named.strip() + "\n"))
    rows = ((f"`{int(code)}`", words[str(int(code))]) for code in ending.Code)
    lines = ["# The exit codes", "", MARK, "", *table(("code", "meaning"), rows), ""]
    lines += [
        apart.strip(),
        "",
        "`cannot tell` is never counted as kept: a script that stops on any code but 0 is on the safe side.",
        "",
    ]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Return every page of the reference by its file name."""
    return {
        "policy-language.md": language(
            Policy,
            "The policy language",
            "A policy is any number of YAML files in `policy/`, merged by top-level key. `belofte schema` prints\n"
            "the same as JSON Schema. Unknown keys are errors. Not every setting has an effect yet: see *what\n"
            "works today* in the README.",
        ),
        "data-map.md": language(
            DataMap,
            "The data map",
            "One YAML file per store in `stores/`. `belofte scan` drafts it, `belofte check` holds it against the\n"
            "live database. Foreign keys are read from the database: the map says only what the schema cannot.",
        ),
        "checks.md": checks(),
        "commands.md": commands(),
        "exit-codes.md": exit_codes(),
        "promises.md": promises(),
        "changes.md": changes(),
    }


def main() -> int:
    """Write the pages, or say which differ."""
    stale = []
    for name, text in pages().items():
        path = REFERENCE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{'differs' if '--check' in sys.argv else 'written'}: docs/reference/{name}\n")
    return 2 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
