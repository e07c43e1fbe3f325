"""Whether the policy of a folder still says what people read under the name of its version, for each who asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.database.open import open_database
from belofte.database.server import VARIABLE, address
from belofte.datamap.model import DataMap
from belofte.notices.mended import LAW, MEND, RULE, Mended, mended
from belofte.policy.findings import Finding
from belofte.rights.desk import Desk


def findings(company: Company) -> list[Finding]:
    """Return that the version of a company's policy was published with another text.

    Nothing where it was not, or where there is no database of Belofte's yet. Raises `DatabaseUnavailable`.
    """
    if company.policy.policy.version is None or not _there(company.directory):
        return []
    maps = {name: loaded.map for name, loaded in company.maps.items()}
    with open_database(address(company.directory, os.environ)) as db:
        found = mended(db, company.policy.policy, maps)
    if found is None:
        return []
    return [Finding(RULE, "error", "version.id", company.policy.at("version.id"), found.says, LAW, MEND)]


def of_desk(desk: Desk) -> Mended | None:
    """Return what the desk's policy says otherwise than its version was published with; None: nothing."""
    maps: Mapping[str, DataMap] = {name: spec.map for name, spec in desk.specs.items()}
    return mended(desk.db, desk.policy, maps)


def refuse_mended(desk: Desk) -> None:
    """End the verb where the desk's policy says otherwise than its version was published with."""
    if (found := of_desk(desk)) is not None:
        raise Ending(Code.INVALID, found.says, MEND)


def _there(directory: Path) -> bool:
    """Return whether there is a database of Belofte's: asking for one would make it."""
    return bool(os.environ.get(VARIABLE, "").strip()) or (directory / ".belofte" / "postgres").is_dir()
