"""`belofte fideslang export | import`: to and from the language of Ethyca's Fides.

Exit 0 · 3 the file is no dataset of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.notice import maps_of
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.ropa import written
from belofte.datamap.fides import NotFides, exported, imported
from belofte.datamap.load import load as load_map
from belofte.policy.problems import Invalid
from belofte.policy.source import read

To = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write: a file per kind of resource.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of fideslang with a `dataset:`.")]
Where = Annotated[Path, typer.Option("--to", metavar="DIR", help="The company's folder that the drafts go to.")]


def run_export(to: To, directory: Directory = HERE, as_json: Json = False) -> None:
    """Write the policy and its maps in fideslang: categories, uses, subjects, systems, datasets."""
    company = Company.at(directory)
    policy = company.policy.policy
    found = exported(policy, maps_of(company), policy.languages[0])
    for kind, items in found.items():
        written(to / f"{kind}.yml", (json.dumps({kind: items}, ensure_ascii=False, indent=2) + "\n").encode())
    counts = {kind: len(items) for kind, items in found.items()}
    if as_json:
        json_result({"written": [str(to / f"{kind}.yml") for kind in found], "counts": counts})
    else:
        console().print("\n".join(f"{to / kind}.yml: {count}" for kind, count in counts.items()), markup=False)


def run_import(file: File, to: Where = HERE, as_json: Json = False) -> None:
    """Draft a data map from each dataset of a file in fideslang, and the categories and people that it needs."""
    try:
        document, problems = read(file.name, file.read_bytes())
    except OSError:
        raise Ending(Code.COULD_NOT_RUN, f"`{file}` cannot be read", "name a file of fideslang") from None
    if problems:
        raise Invalid(problems)
    try:
        found = imported(document.data)
    except NotFides as wrong:
        raise Ending(Code.INVALID, f"`{file}` is no file of fideslang: {wrong}", "name one with datasets") from None
    drafted: dict[Path, str] = {}
    for one in found:
        load_map(f"{one.store}.yaml", one.text.encode(), None)
        drafted[to / "stores" / f"{one.store}.yaml"] = one.text
        drafted[to / "policy" / f"{one.store}.yaml"] = one.policy
    there = [path for path in drafted if path.exists()]
    if there:
        raise Ending(Code.INVALID, f"`{there[0]}` is there already", "a draft overwrites nothing: name another folder")
    for path, text in drafted.items():
        written(path, text.encode())
    if as_json:
        json_result({"written": [str(path) for path in drafted]})
    else:
        console().print("\n".join(map(str, drafted)), markup=False)
