"""An example company in fresh databases, its readers bound, swept, its promises provable; and faults that undo them."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from belofte.choices.imports import Source, import_consents
from belofte.cli.company import Company as Folder
from belofte.cli.company import filled
from belofte.database import requests, sweeps
from belofte.database.key import company_key
from belofte.database.open import Database
from belofte.promises.board import Board, prove
from belofte.promises.matter import Matter
from belofte.promises.outcome import State
from belofte.purposes import applying
from belofte.retention.sweep import sweep
from belofte.rights.desk import Desk, StoreSpec

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass
class Prepared:
    """A company's folder and its databases. `now` is the desk's clock."""

    folder: Path
    db: Database
    environ: Mapping[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @contextmanager
    def desk(self) -> Iterator[tuple[Desk, Folder]]:
        """A desk on the company as its folder states it now."""
        company = Folder.at(self.folder)
        specs = {
            name: StoreSpec(loaded.map, lambda loaded=loaded: filled(loaded, self.environ))  # type: ignore[misc]
            for name, loaded in company.maps.items()
        }
        desk = Desk(company.policy.policy, specs, self.db, company_key(self.folder, {}), clock=lambda: self.now)
        try:
            yield desk, company
        finally:
            desk.close()

    def prove(self, *only: str, anew: bool = False) -> Board:
        """Prove the promises as they are now."""
        self.now += timedelta(seconds=1)
        with self.desk() as (desk, company):
            return prove(Matter(desk, company.policy, company.maps, self.folder, self.now), only, anew=anew)

    def bind(self) -> None:
        """Bind the readers of the stores that are enforced."""
        with self.desk() as (desk, _):
            applying.apply(desk, applying.plan(desk, counting=False))

    def tell(self, store: str) -> None:
        """Tell a store what people chose."""
        with self.desk() as (desk, _):
            applying.retry(desk, desk.open(store, read_only=False))

    def sweep(self) -> None:
        """Let go of everything that nothing justifies, by two people."""
        with self.desk() as (desk, _):
            for name in desk.sql_stores:
                if sweep(desk, name, "anna").asks:
                    waiting = sweeps.open_of(self.db, name)
                    assert waiting is not None
                    requests.approve(self.db, "ben", waiting.digest, run=waiting.short)
                    sweep(desk, name, "anna")

    @contextmanager
    def rewritten(self, file: str, before: str, after: str) -> Iterator[None]:
        """A file of the company that says something else for a while."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")


def copied(example: str, folder: Path, enforced: str | None = None, purposes: str = "") -> None:
    """Copy an example's folder, one of its stores enforced for some purposes."""
    for part in ("policy", "stores", "evidence"):
        shutil.copytree(EXAMPLES / example / part, folder / part)
    if enforced is None:
        return
    file = folder / f"stores/{enforced}.yaml"
    stated = file.read_text(encoding="utf-8")
    file.write_text(stated.replace("mode: act\n", f"mode: enforce\nenforce: [{purposes}]\n"), encoding="utf-8")


def imported(made: Prepared, consents: bytes) -> None:
    """Take over the consents that belong to a company."""
    with made.desk() as (desk, _):
        rows = csv.DictReader(io.StringIO(consents.decode(), newline=""))
        source = Source("records", hashlib.sha256(consents).digest(), "anna")
        import_consents(made.db, desk.key, desk.policy, rows, made.now, source)


def states(board: Board) -> dict[str, State]:
    """The state of each promise that something holds."""
    return {one.promise.id: one.state for one in board.promises if one.promise.holds != "planned"}


def sql(url: str, *statements: str) -> None:
    """Run statements on a PostgreSQL database, as its owner."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for one in statements:
            connection.execute(one.encode())
