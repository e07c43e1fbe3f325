"""`belofte scan STORE`: find personal data in a store; draft its data map, or compare the one there is.

Reads a bounded sample in a read-only session. Nothing that was sampled is shown or written: names, counts and reasons.
Exit 0 nothing to change (or written with --write) · 2 the draft or the differences wait to be taken up.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from belofte.cli.company import Company, filled
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.datamap import recognise
from belofte.datamap.additions import extended
from belofte.datamap.draft import Draft, Words, draft, policy_text, variable
from belofte.datamap.load import LoadedMap
from belofte.datamap.load import load as load_map
from belofte.datamap.recognise.difference import Difference, differences
from belofte.datamap.recognise.vocabulary import term
from belofte.datamap.schema import Schema
from belofte.policy.load import Loaded
from belofte.policy.load import load as load_policy
from belofte.policy.problems import quoted
from belofte.stores.connect import Store, Unreachable, connect
from belofte.stores.reflect import reflect
from belofte.stores.sample import VALUES, inclusions, sample

Write = Annotated[bool, typer.Option("--write", help="Write the draft, or add what is new to the map there is.")]
Name = Annotated[str, typer.Argument(metavar="STORE", help="The store's name: `stores/STORE.yaml`.")]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, and what follows from it for the map."""

    schema: Schema
    findings: recognise.Findings
    draft: Draft
    differences: tuple[Difference, ...] | None = None
    """None: there is no map yet."""

    @property
    def lacking(self) -> str:
        """What the policy has to gain before the map can take up what is new, as YAML; "" when nothing."""
        if self.differences is None:
            return self.draft.policy
        new = {one.proposed for one in self.differences if one.change == "new" and one.proposed}
        people = any(one.column is None and one.proposed != "rows about people" for one in self.differences)
        return policy_text(new & {*self.draft.elements}, self.draft.kinds if people else ())

    @property
    def pending(self) -> bool:
        """Whether a draft or a difference waits to be taken up."""
        return self.differences is None or bool(self.differences)


def run(store: Name, directory: Directory = HERE, as_json: Json = False, write: Write = False) -> None:
    """Find personal data in a store: draft its data map, or compare it with the one there is."""
    company = Company.at(directory)
    loaded = company.maps.get(store)
    if loaded is not None and loaded.map.kind == "manual":
        raise Ending(
            Code.INVALID, f"{quoted(store)} is kept by hand (`kind: manual`)", "only a database can be scanned"
        )
    with diagnostics().status(f"scanning {store} …"):
        found = scanned(store, address(store, loaded, os.environ), company.policy, loaded)
    written = _write(company, store, loaded, found) if write else []
    if as_json:
        json_result(_document(store, loaded, found, written))
    else:
        _show(store, loaded, found, written)
    if not written and found.pending:
        raise Ending(Code.CHANGES)


def address(store: str, loaded: LoadedMap | None, environment: Mapping[str, str]) -> str:
    """Return a store's address: from its map, else from the variable that a map of that name would use."""
    if loaded is not None:
        return filled(loaded, environment)
    name = variable(store)
    if not environment.get(name):
        what = f"there is no store {quoted(store)} yet, and `{name}` is not set"
        raise Ending(Code.INVALID, what, f"set it to the address of the database: `export {name}=postgresql://…`")
    return environment[name]


def scanned(name: str, url: str, policy: Loaded | None, loaded: LoadedMap | None) -> Scan:
    """Return what a scan of the store at `url` finds; `Ending` when it cannot be reached."""
    try:
        store = connect(url, read_only=True, name=name)
    except Unreachable as unreachable:
        raise Ending(Code.COULD_NOT_RUN, str(unreachable), "nothing was read") from None
    try:
        return _scanned(name, store, policy, loaded)
    finally:
        store.close()


def _scanned(name: str, store: Store, policy: Loaded | None, loaded: LoadedMap | None) -> Scan:
    schema = reflect(store.engine)
    looked = sample(store, schema)
    candidates = recognise.candidates(schema, looked.samples)
    compared = inclusions(store, schema, candidates, looked.samples)
    unread = [f"{table}: {why}" for table, why in looked.unread]
    found = recognise.findings(schema, looked.samples, compared, unread)
    declared = policy.policy if policy is not None else None
    existing = loaded.map if loaded is not None else None
    drafted = draft(found, schema, name, declared, VALUES, existing)
    if existing is None:
        return Scan(schema, found, drafted)
    words = Words(declared)
    refs = {proposal.element: words.ref(proposal.element) for proposal in found.proposals}
    return Scan(schema, found, drafted, tuple(differences(existing, found, schema, refs)))


def _write(company: Company, store: str, loaded: LoadedMap | None, found: Scan) -> list[str]:
    """Write the draft (and the policy's missing categories), or add what is new; return the files written."""
    files: dict[str, str] = {}
    policy = company.policy
    lacking = found.lacking
    if lacking:
        place = _free(company.directory, "policy", f"found-in-{store}")
        files[place] = f"# What `belofte scan {store}` needs that the policy lacked: read and complete it.\n" + lacking
        policy = load_policy({**_policy_files(company.directory), place: files[place].encode()})
    if loaded is None:
        files[f"stores/{store}.yaml"] = found.draft.text
        if (company.directory / f"stores/{store}.yaml").exists():
            raise Ending(Code.INVALID, f"`stores/{store}.yaml` is there and maps another store", "rename one of them")
        load_map(f"stores/{store}.yaml", found.draft.text.encode(), policy)
    elif found.differences:
        place = loaded.at("store").file
        before = (company.directory / place).read_text(encoding="utf-8")
        text, taken = extended(before, found.draft, found.differences)
        if taken:
            load_map(place, text.encode(), policy)
            files[place] = text
        else:
            files = {}
    for place, text in files.items():
        _replace(company.directory / place, text)
    return list(files)


def _policy_files(directory: Path) -> dict[str, bytes]:
    found = sorted({*directory.glob("policy/**/*.yaml"), *directory.glob("policy/**/*.yml")})
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}


def _free(directory: Path, folder: str, name: str) -> str:
    place, again = f"{folder}/{name}.yaml", 2
    while (directory / place).exists():
        place, again = f"{folder}/{name}-{again}.yaml", again + 1
    return place


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _document(store: str, loaded: LoadedMap | None, found: Scan, written: list[str]) -> dict[str, object]:
    return {
        "store": store,
        "mapped": loaded is not None,
        "columns": [asdict(proposal) for proposal in found.findings.proposals],
        "people": [asdict(entry) for entry in found.findings.people],
        "links": [asdict(link) for link in found.findings.links],
        "hints": [asdict(hint) for hint in found.findings.hints],
        "unread": list(found.findings.unread),
        "differences": [asdict(one) for one in found.differences or ()],
        "draft": found.draft.text,
        "policy": found.lacking,
        "missing": list(found.draft.missing),
        "written": written,
    }


def _show(store: str, loaded: LoadedMap | None, found: Scan, written: list[str]) -> None:
    out, said = console(), diagnostics()
    if loaded is None and not written:
        out.print(Text(found.draft.text), end="")
    for one in found.differences or ():
        out.print(Text(_line(one)))
    if found.lacking and not written:
        said.print(Text("the policy lacks what this map needs; add to `policy/` (`--write` does):", style="bold"))
        said.print(Text(found.lacking), end="")
    for element in found.draft.missing:
        category, _, name = element.partition(".")
        where = f"`categories.{category}.elements`"
        said.print(
            Text(f"the policy has {where} without `{name}`: add `{name}: {term(element)}` there, then scan again")
        )
    for place in written:
        said.print(Text(f"written: {place}"))
    special = sorted({one.special for one in found.findings.proposals if one.special})
    counts = f"{len(found.findings.proposals)} columns, {len(found.findings.people)} tables of people"
    said.print(Text(f"{store}: {counts}, {len(found.findings.links)} likely links without a foreign key"))
    if special:
        said.print(Text(f"special categories (GDPR art. 9-10): {', '.join(special)}", style="yellow"))
    for table in found.findings.unread:
        said.print(Text(f"not read, judged by names only: {table}", style="yellow"))
    if not written and found.pending:
        said.print(Text("nothing was written; `--write` does"))
    elif not found.pending:
        said.print(Text("the map and the database agree"))


_SIGNS = {"new": "+", "gone": "-", "changed": "~"}


def _line(one: Difference) -> str:
    place = one.table if one.column is None else f"{one.table}.{one.column}"
    if one.change == "gone":
        return f"- {place}: in the map and no longer in the database"
    what = f"{one.mapped} in the map, looks like {one.proposed}" if one.change == "changed" else one.proposed
    sure = f"{one.confidence:.2f}: " if one.confidence else ""
    return f"{_SIGNS[one.change]} {place}: {what} ({sure}{'; '.join(one.reasons)})"
