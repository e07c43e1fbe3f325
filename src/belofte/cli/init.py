"""`belofte init DIR [--from URL | --own]`: a commented starter policy, and with `--from` the data map of a database.

With `--own`: what Belofte itself keeps, as policy and maps beside the company's. What is there is never overwritten.
The address of the database goes to no file: the map names an environment variable.
"""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from belofte.cli.ending import Code, Ending
from belofte.cli.options import Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.scan import scanned
from belofte.datamap.draft import identifier, policy_text, variable
from belofte.datamap.load import load as load_map
from belofte.policy.problems import quoted
from belofte.policy.rules.gaps import GAP

Where = Annotated[Path, typer.Argument(metavar="DIR", help="The company's folder; made when it is not there.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="URL", help="Draft the data map of this database; `-` reads the URL from input."),
]


Own = Annotated[
    bool, typer.Option("--own", help="Write only what Belofte itself keeps: its policy, and maps of its own database.")
]


def run(directory: Where, source: From = None, own: Own = False, as_json: Json = False) -> None:
    """Start a policy, draft one from a database, or add what Belofte itself keeps."""
    if directory.exists() and not directory.is_dir():
        raise Ending(Code.INVALID, f"{quoted(directory)} is a file", "name a folder, or one that is yet to be made")
    if own and source is not None:
        raise Ending(Code.INVALID, "`--own` is of Belofte's own database", "`--from` drafts the map of another")
    texts = shipped("own" if own else "starter")
    store = None
    if source is not None:
        url = sys.stdin.readline().strip() if source == "-" else source
        store = store_name(url)
        texts = drafted(store, url, texts, directory)
    written, kept = _write(directory, texts)
    gaps = sum(_gaps((directory / place).read_text(encoding="utf-8", errors="replace")) for place in (*written, *kept))
    if as_json:
        json_result({"written": written, "kept": kept, "gaps": gaps, "store": store})
        return
    _show(directory, written, kept, gaps, store)


def shipped(kind: str) -> dict[str, str]:
    """Return the files that come along (`starter`, `own`), by their path in the company's folder."""
    found: dict[str, str] = {}

    def gather(folder: Traversable, path: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            if entry.is_dir():
                gather(entry, f"{path}{entry.name}/")
            elif entry.name.endswith((".yaml", ".txt")):
                found[f"{path}{entry.name}"] = entry.read_text(encoding="utf-8")

    gather(files("belofte.cli") / kind, "")
    return found


def store_name(url: str) -> str:
    """Return a store's name from the address of its database: the database's, or the file's without ending."""
    try:
        database = make_url(url).database or ""
    except (ArgumentError, ValueError):
        what = "the address of the database cannot be read"
        raise Ending(Code.INVALID, what, "write `postgresql://host/database` or `sqlite:///file`") from None
    return identifier(re.sub(r"\.\w+$", "", Path(database).name) or "store")


def drafted(store: str, url: str, texts: dict[str, str], directory: Path) -> dict[str, str]:
    """Return the starter files with the map of the database at `url`, and the people and categories that it needs."""
    place = f"stores/{store}.yaml"
    if (directory / place).exists():
        raise Ending(Code.INVALID, f"{quoted(place)} is there already", f"`belofte scan {store}` shows what changed")
    if (directory / "policy").is_dir() and any((directory / "policy").rglob("*.y*ml")):
        advice = f"set `{variable(store)}` to the address; `belofte scan {store} --write` drafts its map"
        raise Ending(Code.INVALID, f"{quoted(directory)} has a policy already", advice)
    with diagnostics().status(f"scanning {store} …"):
        found = scanned(store, url, None, None)
    load_map(place, found.draft.text.encode(), None)
    elements = {*found.draft.elements, *_STARTER_ELEMENTS}
    needed = policy_text(elements, {*found.draft.kinds, "customer"})
    head = f"# Of whom {store} holds data, and which, as scan found it. Each category needs a purpose that uses it.\n"
    return {**texts, "policy/data.yaml": head + needed, place: found.draft.text}


_STARTER_ELEMENTS = (
    "identity.name",
    "identity.email",
    "identity.phone",
    "identity.address",
    "dealings.purchase",
)
"""What the starter's purposes use."""


def _gaps(text: str) -> int:
    return sum(line.partition("#")[0].count(GAP) for line in text.splitlines())


def _write(directory: Path, texts: dict[str, str]) -> tuple[list[str], list[str]]:
    """Write the files that are not there; return those written, and those kept as they were."""
    written, kept = [], []
    for place, text in texts.items():
        path = directory / place
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            kept.append(place)
            continue
        written.append(place)
    return written, kept


def _show(directory: Path, written: list[str], kept: list[str], gaps: int, store: str | None) -> None:
    out = console()
    for place in written:
        out.print(Text(f"written  {place}"))
    for place in kept:
        out.print(Text(f"kept     {place} (was there)"))
    out.print()
    out.print(Text(f"{gaps} gaps to fill: search for {GAP}. Then:"))
    if store is not None:
        out.print(Text(f"  export {variable(store)}=…   # the address of the database; it is in no file"))
    out.print(Text(f"  belofte check -C {directory}"))
