"""The example companies' folders, read the way `belofte` reads a company's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests import shared_data

from belofte.datamap import load as datamaps
from belofte.datamap.load import LoadedMap
from belofte.policy import load as policies
from belofte.policy.load import Loaded

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def policy(folder: str) -> Loaded:
    """Return the policy in `examples/<folder>/policy`."""
    files = sorted((EXAMPLES / folder / "policy").glob("*.yaml"))
    return policies.load({file.name: file.read_bytes() for file in files})


def maps(folder: str, loaded: Loaded) -> dict[str, LoadedMap]:
    """Return the data maps in `examples/<folder>/stores`, by store."""
    files = sorted((EXAMPLES / folder / "stores").glob("*.yaml"))
    found = [datamaps.load(f"stores/{file.name}", file.read_bytes(), loaded) for file in files]
    return {one.map.store: one for one in found}


def yaml(file: Path) -> Any:
    """Return what a YAML file says."""
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


def clauses(letter: str) -> list[dict[str, str]]:
    """Return the clauses of one published text; skips the test where they are not at hand."""
    data = shared_data.folder()
    if data is None:
        pytest.skip("the clauses are not here (../shared/clauses.yaml, or BELOFTE_SHARED)")
    return [clause for clause in yaml(data.parent / "clauses.yaml") if clause["id"].startswith(letter)]
