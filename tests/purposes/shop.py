"""A small shop on PostgreSQL whose readers are bound to purposes: alice, bob and charlie buy and are written to.

`shop.sees("mailing", "contact")` is what a login with that purpose's role reads. The clock of the store stands still.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.subjects import Identifier, subject_of
from belofte.database.key import company_key
from belofte.database.open import Database, open_database
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.purposes import applying
from belofte.purposes.plan import Plan
from belofte.purposes.projecting import Reached, project
from belofte.rights.desk import Desk, StoreSpec
from belofte.stores.binding import binding
from belofte.stores.postgres_views import purpose_role, purpose_schema
from belofte.stores.session import session

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
EMAILS = {"alice": "alice@example.com", "bob": "bob@example.com", "charlie": "charlie@example.com"}

POLICY: dict[str, Any] = {
    "belofte": 1,
    "organisation": {"name": "Shop", "country": "BE", "authority": "be-apd"},
    "languages": ["en"],
    "people": ["customer"],
    "categories": {
        "identity": {"title": "Identity", "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
        "dealings": {"title": "Dealings", "elements": {"order": "pd:Purchase", "text": "pd:Communication"}},
    },
    "purposes": {
        "service": {"title": "S", "basis": "legitimate-interest", "uses": ["identity", "dealings"]},
        "books": {
            "title": "B", "basis": "legal-obligation", "law": "WER III.86", "uses": ["identity.name", "dealings.order"],
            "keep": "P7Y", "after": "orders.placed",
        },
        "mailing": {
            "title": "M", "basis": "consent", "uses": ["identity.name"], "channels": {"email": "identity.email"},
            "direct_marketing": True,
        },
    },
    "recipients": {
        "printer": {
            "title": "P", "role": "processor", "location": "BE", "name": "Printer NV", "contract": "C-1",
            "receives": ["identity", "dealings.order"], "purposes": ["books", "mailing"],
        },
        "labeller": {
            "title": "L", "role": "processor", "location": "BE", "receives": ["identity.name"], "purposes": ["mailing"],
        },
    },
}  # fmt: skip

CRM: dict[str, Any] = {
    "store": "crm",
    "url": "${CRM_URL}",
    "mode": "enforce",
    "people": {
        "customer": {"table": "contact", "key": "id", "is": "customer", "identifiers": {"email": "email"}},
    },
    "tables": {
        "contact": {"columns": {"name": "identity.name", "email": "identity.email"}},
        "orders": {"facts": {"placed": "placed"}, "columns": {"what": "dealings.order"}},
        "message": {
            "about": {"sender_id": "customer", "recipient_id": "customer"},
            "columns": {"body": "dealings.text"},
        },
    },
}

SCRIPT = """
CREATE TABLE contact (id integer PRIMARY KEY, name text, email text, shoe_size integer);
CREATE TABLE orders (
    id integer PRIMARY KEY, contact_id integer NOT NULL REFERENCES contact (id), what text, placed date
);
CREATE TABLE message (
    id integer PRIMARY KEY, sender_id integer REFERENCES contact (id), recipient_id integer REFERENCES contact (id),
    body text
);
INSERT INTO contact VALUES (1, 'Alice', 'Alice@example.com', 38), (2, 'Bob', 'bob@example.com', 45),
    (3, 'Charlie', 'charlie@example.com', 42);
INSERT INTO orders VALUES (10, 1, 'boots', '2026-01-05'), (11, 2, 'gloves', '2018-01-05'),
    (12, 3, 'helmet', '2026-02-01');
INSERT INTO message VALUES (20, 1, 2, 'hello bob'), (21, 2, 3, 'hello charlie');
"""
SHOWN = {"act": "click", "notice": "v1", "language": "en"}


@dataclass
class Shop:
    """The shop: its database, Belofte's own, and a desk whose clock can be moved."""

    url: str
    dsn: str
    db: Database
    own: str
    folder: Path
    policy: dict[str, Any] = field(default_factory=lambda: deepcopy(POLICY))
    map: dict[str, Any] = field(default_factory=lambda: deepcopy(CRM))
    now: datetime = NOW
    others: dict[str, StoreSpec] = field(default_factory=dict)
    """Stores beside the shop's own."""

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk on the shop as it is stated now."""
        datamap = DataMap.model_validate(self.map)
        key = company_key(self.folder, {})
        specs = {"crm": StoreSpec(datamap, lambda: self.url), **self.others}
        desk = Desk(Policy.model_validate(self.policy), specs, self.db, key, clock=lambda: self.now)
        try:
            yield desk
        finally:
            desk.close()

    def plan(self, *, counting: bool = False) -> Plan:
        """What would change."""
        with self.desk() as desk:
            return applying.plan(desk, counting=counting)

    def apply(self, plan: Plan | None = None) -> dict[str, int]:
        """Carry out a plan, by default the present one."""
        with self.desk() as desk:
            return applying.apply(desk, plan or applying.plan(desk, counting=False))

    def choose(self, who: str, kind: Kind, purpose: str | None = None, **more: Any) -> Reached:
        """Record what a person chose, and tell the store at once."""
        with self.desk() as desk:
            found = subject_of(self.db, desk.key, [Identifier("email", EMAILS[who])])
            assert not isinstance(found, tuple)
            evidence = SHOWN if kind is Kind.CONSENT_GIVEN else {}
            self.now += timedelta(seconds=1)
            event = Event(kind, found, self.now, purpose=purpose, origin=Origin.PERSON, evidence=evidence, **more)
            record(self.db, [event])
            return project(desk, [found])

    def refresh(self) -> int:
        """Tell the store everything."""
        with self.desk() as desk:
            return applying.retry(desk, desk.open("crm", read_only=False))

    def freeze(self, at: datetime) -> None:
        """Move our clock, and the store's."""
        self.now = at
        with self.desk() as desk:
            opened = desk.open("crm", read_only=False)
            making = binding(opened.store.dialect).making
            with session(opened.store) as changing:
                for item in making.items("crm", {}, (), at):
                    if item.kind == "clock":
                        making.carry_out(changing, item.make)
                changing.commit()

    def schema(self, purpose: str) -> str:
        """The schema of a purpose's views."""
        return purpose_schema(purpose)

    @contextmanager
    def crm(self) -> Iterator[Any]:
        """A connection of the company's own."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            yield connection

    @contextmanager
    def reader(self, purpose: str) -> Iterator[Any]:
        """A connection that reads for a purpose: it cannot become anybody else."""
        name = f"reader_{purpose}".replace("-", "_")
        with self.crm() as crm:
            if not crm.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                crm.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            role = sql.Identifier(purpose_role("crm", purpose))
            crm.execute(sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(name)))
        try:
            with psycopg.connect(self.dsn, user=name, autocommit=True) as connection:
                yield connection
        finally:
            with self.crm() as crm:
                crm.execute(sql.SQL("REVOKE {} FROM {}").format(role, sql.Identifier(name)))

    def sees(self, purpose: str, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """What a purpose reads of a table, in order."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns)) if columns else sql.SQL("*")
        query = sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(purpose_schema(purpose), table))
        with self.reader(purpose) as reading:
            return sorted(reading.execute(query).fetchall(), key=repr)


def opened(dsn_of: Any, crm: str, own: str, folder: Path) -> Shop:
    """Return a shop in fresh databases."""
    with psycopg.connect(dsn_of(crm), autocommit=True) as filling:
        filling.execute(SCRIPT)
    url = dsn_of(crm).replace("postgresql://", "postgresql+psycopg://")
    return Shop(url, dsn_of(crm), open_database(dsn_of(own)), dsn_of(own), folder)
