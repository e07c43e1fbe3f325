"""A company's folder: its policy, its data maps, and the addresses of its stores.

The only place that opens the company's files. `${VAR}` in a store's `url` is taken from the environment when the
store is to be reached, so that `check --offline` needs no secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from belofte.cli.ending import Code, Ending
from belofte.datamap.load import LoadedMap
from belofte.datamap.load import load as load_map
from belofte.policy.load import Loaded
from belofte.policy.load import load as load_policy
from belofte.policy.problems import Invalid, Place, Problem, quoted
from belofte.policy.source import MAX_BYTES

OWN = "BELOFTE_OWN"
"""What the map of Belofte's own database has as its address; filled in where the environment does not say."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Company:
    """A company's folder that holds together: its policy and one map per store."""

    directory: Path
    policy: Loaded
    maps: Mapping[str, LoadedMap]

    @classmethod
    def at(cls, directory: Path) -> Company:
        """Return the company in `directory`: `policy/**/*.yaml` and `stores/*.yaml` (or `.yml`).

        Raises `Invalid` with the problems of all files at once, `Ending` when there is no such folder.
        """
        problems: list[Problem] = []
        policy: Loaded | None = None
        try:
            policy = policy_in(directory)
        except Invalid as invalid:
            problems += invalid.problems
        maps: dict[str, LoadedMap] = {}
        for file, data in _files(directory, "stores", "*").items():
            try:
                loaded = load_map(file, data, policy)
            except Invalid as invalid:
                problems += invalid.problems
                continue
            first = maps.setdefault(loaded.map.store, loaded)
            if first is not loaded:
                what = f"the store {quoted(loaded.map.store)} is mapped twice"
                advice = f"it is already at {first.at('store')}: one map per store"
                problems.append(Problem(loaded.at("store"), what, advice))
        if problems or policy is None:
            raise Invalid(problems)
        return cls(directory, policy, maps)

    def map(self, store: str) -> LoadedMap:
        """Return the map of a store; `Ending` (invalid input) when the company has none of that name."""
        found = self.maps.get(store)
        if found is None:
            known = ", ".join(sorted(self.maps)) or "none yet"
            raise Ending(Code.INVALID, f"there is no store {quoted(store)}", f"the company has: {known}")
        return found

    def own(self, store: str) -> bool:
        """Return whether a store is Belofte's own database."""
        return OWN in _VARIABLE.findall(self.map(store).map.url or "")

    def url(self, store: str) -> str:
        """Return the address of a store, `${VAR}` filled in from the environment; Belofte's own is known.

        Raises `Invalid` naming the variable that is not set; a value never appears in the message.
        """
        loaded, environment = self.map(store), os.environ
        if self.own(store) and OWN not in environment:
            from belofte.database.open import as_store  # a check that asks for nothing of ours needs no database
            from belofte.database.server import address

            return filled(loaded, {**environment, OWN: as_store(address(self.directory, environment))})
        return filled(loaded, environment)


def policy_in(directory: Path) -> Loaded:
    """Return the policy of the company in `directory`, whatever its maps say. Raises as `Company.at`."""
    if not directory.is_dir():
        raise Ending(Code.COULD_NOT_RUN, f"there is no folder {quoted(directory)}", "`-C DIR` names it")
    return load_policy(_files(directory, "policy", "**/*"))


def filled(loaded: LoadedMap, environment: Mapping[str, str]) -> str:
    """Return a map's `url` with its variables filled in; `Invalid` for those that are not set or no names."""
    url = loaded.map.url or ""
    place = loaded.at("url")
    problems = []
    for name in _VARIABLE.findall(url):
        if not _NAME.fullmatch(name):
            problems.append(Problem(place, f"{quoted('${' + name + '}')} names no variable", "write `${CRM_URL}`"))
        elif name not in environment:
            advice = f"set it to the address of the store: `export {name}=postgresql://…`"
            problems.append(Problem(place, f"the environment variable `{name}` is not set", advice))
        elif not environment[name]:
            problems.append(Problem(place, f"the environment variable `{name}` is empty", "set it to the address"))
    if not url:
        problems.append(Problem(loaded.at("store"), f"{quoted(loaded.map.store)} has no `url`", "add `url: ${…}`"))
    if problems:
        raise Invalid(problems)
    return _VARIABLE.sub(lambda found: environment[found[1]], url)


def _files(directory: Path, folder: str, pattern: str) -> dict[str, bytes]:
    """Return the YAML files below a folder, by their path from the company's folder; hidden ones are left out."""
    root = directory / folder
    found: dict[str, bytes] = {}
    if not root.is_dir():
        return found
    for path in sorted(root.glob(pattern)):
        shown = path.relative_to(directory).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts)
        if path.suffix not in (".yaml", ".yml") or hidden or not path.is_file():
            continue
        try:
            with path.open("rb") as opened:
                found[shown] = opened.read(MAX_BYTES + 1)
        except OSError as wrong:
            reason = (wrong.strerror or "unreadable").lower()
            raise Invalid([Problem(Place(shown), f"the file cannot be read: {reason}", "")]) from wrong
    return found
