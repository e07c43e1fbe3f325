"""A small world with every shape of ownership, for the property tests: its schema, map, and generated contents."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from belofte.choices.events import Event, Kind, Origin
from belofte.choices.state import Derivation, strictest
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.datamap.schema import Schema
from belofte.policy.model import Policy, Purpose
from belofte.policy.person import EVERYTHING, PersonState, consent_keys, keys_of

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)

TABLES = {
    "company": "id integer primary key, name varchar(40), status varchar(20), ended_on date, form varchar(8)",
    "contact": "id integer primary key, company_id integer references company(id), name varchar(40), "
    "email varchar(60), created_at {timestamp}, deleted integer, badge varchar(40) not null unique",
    "invoice": "id integer primary key, company_id integer not null references company(id), "
    "contact_id integer references contact(id), issued date, attention varchar(40)",
    "message": "id integer primary key, sender_id integer references contact(id), "
    "recipient_id integer references contact(id), body varchar(40), sent date",
    "purchase": "id integer primary key, contact_id integer not null references contact(id), placed date, "
    "note varchar(40)",
    "purchase_line": "id integer primary key, purchase_id integer not null references purchase(id), "
    "engraving varchar(40)",
    "phone_call": "id integer primary key, contact_id integer, at date, notes varchar(40)",
    "folder": "id integer primary key, parent_id integer references folder(id), "
    "contact_id integer references contact(id), title varchar(40)",
    "document": "id integer primary key, folder_id integer references folder(id), title varchar(40) not null",
    "visit": "email varchar(60), at date, page varchar(40)",
    "remark": "id integer primary key, owner_type varchar(20), owner_id integer, remark varchar(40)",
    "meeting": "id integer primary key, company_id integer references company(id), "
    "contact_id integer references contact(id), held date, minutes varchar(40)",
    "parcel": "id integer primary key, purchase_id integer not null references purchase(id)",
    "attachment": "id integer primary key, document_id integer references document(id), "
    "contact_id integer references contact(id)",
}
"""DDL per table. MariaDB ignores references beside a column: `ddl` writes them apart."""

MAP: dict[str, Any] = {
    "store": "world",
    "collected": {"is": "contact.created_at", "older": "notice-old"},
    "people": {
        "customer": {"table": "contact", "key": "id", "is": "customer_contact", "where": "deleted = 0",
                     "identifiers": {"email": "email"}},
        "trader": {"table": "company", "key": "id", "where": "form = 'EZ'",
                   "is": {"column": "form", "values": {"EZ": "sole_trader"}}},
    },
    "organisations": {"company": {"table": "company", "key": "id", "where": "form <> 'EZ'"}},
    "facts": {
        "contract.active": "company.status = 'active'",
        "contract.ended_at": {"is": "company.ended_on", "null": "not-yet"},
        "last_contact.at": "max(phone_call.at)",
        "first_purchase.at": {"is": "min(purchase.placed)"},
        "last_meeting.at": "max(meeting.held)",
        "first_meeting.at": {"is": "min(meeting.held)", "null": "not-yet"},
    },
    "tables": {
        "company": {"columns": {"name": "identity.name"}},
        "contact": {"columns": {"name": "identity.name", "email": "identity.email", "badge": "identity.name"}},
        "invoice": {"about": "company", "facts": {"issued_at": "issued"},
                    "columns": {"attention": {"element": "identity.name", "about": {"contact_id": "customer"}}}},
        "message": {"about": {"sender_id": "customer", "recipient_id": "customer"},
                    "columns": {"body": {"element": "dealings.text", "on_unlink": "redact"}}},
        "purchase": {"row": "dealings.purchase", "columns": {"note": "dealings.text"}},
        "purchase_line": {"columns": {"engraving": "dealings.text"}},
        "phone_call": {"about": {"contact_id": "customer"}, "columns": {"notes": "dealings.text"}},
        "folder": {"about": {"parent_id": "folder", "contact_id": "customer"}, "columns": {"title": "dealings.text"}},
        "document": {"columns": {"title": "dealings.text"}},
        "visit": {"about": {"email": {"of": "customer", "to": ["email"]}}, "columns": {"page": "behaviour.page"}},
        "remark": {"about": [{"of": "customer", "columns": "owner_id", "when": "owner_type = 'contact'"},
                             {"of": "trader", "columns": "owner_id", "when": "owner_type = 'company'"}],
                   "columns": {"remark": {"element": "dealings.text", "for": "service"}}},
        "meeting": {"about": "company",
                    "columns": {"minutes": {"element": "dealings.text", "about": {"contact_id": "customer"}}}},
        "parcel": {"about": "purchase"},
        "attachment": {"about": [{"of": "document"}, {"of": "customer"}]},
    },
}  # fmt: skip
FORMS: dict[str, list[Any]] = {
    "text": [None, "redact", {"redact": "-"}, {"generalise": 1}, {"unique": "gone-{key}"}, {"pseudonym": "k"},
             "null", "delete"],
    "date": [None, {"generalise": "year"}, {"generalise": "month"}, "null"],
}  # fmt: skip
ERASABLE = [("company", "name", "text"), ("contact", "email", "text"), ("invoice", "attention", "text"),
            ("message", "body", "text"), ("message", "sent", "date"), ("purchase", "note", "text"),
            ("meeting", "minutes", "text"), ("visit", "page", "text")]  # fmt: skip
"""Columns that the map may say a removal form for."""
DATED = {"invoice": "issued", "message": "sent", "purchase": "placed", "phone_call": "at", "meeting": "held",
         "visit": "at"}  # fmt: skip
"""Tables that may say when their rows were collected."""

CATEGORIES: dict[str, Any] = {
    "identity": {"title": "Identity", "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
    "dealings": {"title": "Dealings", "elements": {"text": "pd:Communication", "purchase": "pd:Purchase"}},
    "behaviour": {"title": "Behaviour", "source": "observed", "elements": {"page": "pd:BrowserHistory"}},
}
REFS = ["identity", "identity.name", "identity.email", "dealings", "dealings.text", "behaviour"]
KINDS = ["customer_contact", "sole_trader"]
TRIGGERS = ["invoice.issued_at", "contract.ended_at", "last_contact.at", "first_purchase.at", "last_meeting.at",
            "first_meeting.at"]  # fmt: skip
PERIODS = ["P1M", "P1Y", "P7Y", "P30D"]
DAYS = [date(2026, 2, 28), date(2026, 3, 1), date(2025, 3, 31), date(2019, 3, 31), date(2019, 4, 1), date(2010, 1, 1)]
MOMENTS = [datetime(2017, 1, 1), datetime(2019, 6, 1), datetime(2026, 3, 1, 10), datetime(2026, 3, 31, 11)]
STATUSES = ["active", "Active ", "ended", None]


@dataclass(frozen=True)
class World:
    """One generated world: policy, map, rows, the states of the people Belofte knows, the tables under a hold."""

    policy: Policy
    map: DataMap
    rows: Mapping[str, list[dict[str, Any]]]
    states: Mapping[tuple[str, tuple[Any, ...]], PersonState]
    cohort: Mapping[str, list[tuple[Any, ...]]]
    held_tables: frozenset[str] = frozenset()

    def graph(self, schema: Schema) -> Graph:
        """Return the ownership graph of its map."""
        found = Graph(self.map, schema)
        assert found.facts
        assert found.problems == []
        return found


@st.composite
def maps(draw: st.DrawFn) -> DataMap:
    """Generate a map: when data was collected, per store and per table, removal forms, declared reach."""
    found = deepcopy(MAP)
    said = [MAP["collected"], "contact.created_at", {"is": "contact.created_at", "older": "v2"},
            {"older": "notice-old"}, None]  # fmt: skip
    found["collected"] = draw(st.sampled_from(said))
    for table in draw(st.lists(st.sampled_from(sorted(DATED)), max_size=3, unique=True)):
        found["tables"][table]["collected"] = DATED[table]
    if draw(st.booleans()):
        found["tables"]["message"]["columns"]["sent"] = {"element": "dealings.text"}
    if draw(st.integers(0, 3)) == 3:  # what a fact counts on is a datum itself
        held = {"element": "dealings.text", "about": {"contact_id": "customer"}}
        found["tables"]["meeting"]["columns"]["held"] = held
    for table, name, kind in draw(st.lists(st.sampled_from(ERASABLE), max_size=4, unique=True)):
        columns = found["tables"][table]["columns"]
        if name in columns:
            stated = {"element": columns[name]} if isinstance(columns[name], str) else columns[name]
            columns[name] = {**stated, "erase": draw(st.sampled_from(FORMS[kind]))}
    for table in draw(st.lists(st.sampled_from(["purchase", "message", "company"]), max_size=1)):
        found["tables"][table]["for"] = draw(st.sampled_from(["service", "accounting"]))
    return DataMap.model_validate(found)


@st.composite
def purposes(draw: st.DrawFn) -> dict[str, Any]:
    """Generate a purpose."""
    by_kind = draw(st.booleans())
    bases = ["consent", "contract", "legal-obligation", "legitimate-interest"]
    found: dict[str, Any] = {
        "title": "T",
        "basis": draw(st.sampled_from(bases)) if not by_kind
        else {b: [k] for b, k in zip(draw(st.permutations(bases)), KINDS, strict=False)},
        "uses": draw(st.lists(st.sampled_from(REFS), max_size=2, unique=True)),
    }  # fmt: skip
    if draw(st.booleans()):
        found["keep"] = draw(st.sampled_from(PERIODS))
        if draw(st.integers(0, 4)):
            found["after"] = draw(st.sampled_from(TRIGGERS))
    if draw(st.booleans()):
        found["while"] = "contract.active"
    if draw(st.booleans()):
        found["channels"] = {"email": "identity.email", "post": "identity.name"}
    if draw(st.integers(0, 3)) == 3:
        found["hide_first"] = draw(st.sampled_from(["P30D", "P1M", "P1Y"]))
    masked = st.sampled_from(["pseudonym", "redact", {"redact": "-"}, {"generalise": 1}, {"generalise": "year"},
                              {"generalise": "month"}])  # fmt: skip
    for ref in draw(st.lists(st.sampled_from(REFS), max_size=2, unique=True)):
        found.setdefault("masked", {})[ref] = draw(masked)
    found["direct_marketing"] = draw(st.booleans())
    if draw(st.integers(0, 3)) == 3:
        told = st.sampled_from([date(2020, 1, 1), NOW.date(), NOW.date() + timedelta(days=1)])
        found["compatible"] = {"because": "T", "told": draw(told)}
    if draw(st.booleans()):
        found["special_ground"] = "art. 9(2)(f)"
    if draw(st.booleans()):
        found["on_objection"] = "uphold"
    if draw(st.integers(0, 3)) == 3:
        found["consent_since"] = date(2020, 1, 1)
        found["consent_expires"] = draw(st.sampled_from(["P1M", "P7Y"]))
    return found


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Generate a policy; half of the time with earlier notices that did not name every purpose."""
    names = ["service", "accounting", "mailing"][: draw(st.integers(1, 3))]
    extra: dict[str, Any] = {"notices": {"notice-old": {"from": "2018-05-25"}}}
    if draw(st.booleans()):
        named = st.lists(st.sampled_from(names), unique=True)
        extra["notices"]["notice-old"]["purposes"] = draw(named)
        if draw(st.booleans()):
            later = draw(st.sampled_from(["2019-04-01", "2026-03-01"]))
            extra["notices"]["notice-later"] = {"from": later, "purposes": draw(named)}
        if draw(st.booleans()):
            extra["version"] = {"id": "v2", "from": "2022-01-01"}
    categories = deepcopy(CATEGORIES)
    if draw(st.booleans()):
        categories["behaviour"]["special"] = "health"
    if draw(st.booleans()):
        categories["dealings"]["elements"]["text"] = {"term": "pd:Communication", "special": "religion"}
    return Policy.model_validate(
        {
            "belofte": 1, "languages": ["en"], "people": KINDS, "categories": categories, **extra,
            "organisation": {"name": "X", "country": "BE", "authority": "be-apd"},
            "purposes": {name: draw(purposes()) for name in names},
        }
    )  # fmt: skip


@st.composite
def states(draw: st.DrawFn, policy: Policy) -> PersonState:
    """Generate what a person's choices leave open."""
    keys = [key for name in policy.purposes for key in keys_of(policy, name)]
    closed = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    when = st.sampled_from([EVERYTHING, NOW, datetime(2020, 1, 1, tzinfo=UTC), NOW - timedelta(hours=2)])
    consents = sorted(consent_keys(policy), key=str)
    return PersonState(
        closed_before={key: draw(when) for key in closed},
        consent_closed=frozenset(draw(st.lists(st.sampled_from(consents), unique=True)) if consents else ()),
        unusable=frozenset(draw(st.lists(st.sampled_from(keys), max_size=2, unique=True))),
        restricted=frozenset(draw(st.lists(st.sampled_from(["identity", "dealings", "*"]), max_size=1))),
        held=draw(st.integers(0, 5)) == 0,
    )


SHOWN = {"act": "click", "notice": "notice-old", "language": "en"}
HOLDS = [UUID(int=1), UUID(int=2)]
HOURS = [datetime(2017, 5, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), NOW - timedelta(hours=2), NOW,
         NOW + timedelta(days=1)]  # fmt: skip


@st.composite
def events(draw: st.DrawFn, policy: Policy) -> Event:
    """Generate one act or decision: of the person, of staff, of an import; with evidence that holds or does not."""
    kind = draw(st.sampled_from(sorted(Kind)))
    purpose = draw(st.sampled_from([*policy.purposes, None]))
    channels = [None, *policy.purposes[purpose].channels] if purpose is not None else [None]
    imported = kind is Kind.CONSENT_IMPORTED
    return Event(
        kind, UUID(int=9), draw(st.sampled_from(HOURS)), purpose=purpose, channel=draw(st.sampled_from(channels)),
        category=draw(st.sampled_from(["identity", "dealings", None])) if "restriction" in kind else None,
        origin=Origin.IMPORT if imported else draw(st.sampled_from([Origin.PERSON, Origin.STAFF, Origin.REQUEST])),
        evidence=draw(st.sampled_from([SHOWN, SHOWN, SHOWN | {"via": "import"}, SHOWN | {"act": "pre-ticked"}, {}])),
        valid_until=draw(st.sampled_from([None, None, NOW])), hold_id=draw(st.sampled_from(HOLDS)),
    )  # fmt: skip


@st.composite
def chosen(draw: st.DrawFn, policy: Policy) -> PersonState:
    """Generate a person's state: any at all, or derived from her events; a key that two people had is both's."""
    if draw(st.booleans()):
        return draw(states(policy))
    derivation = Derivation(policy, NOW)
    had_by = draw(st.lists(st.lists(events(policy), min_size=1, max_size=5), min_size=1, max_size=2))
    return strictest([derivation.state(found) for found in had_by])


def _some(draw: st.DrawFn, values: list[Any]) -> Any:
    return draw(st.sampled_from([*values, None])) if values else None


@st.composite
def contents(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Generate rows: NULLs, dangling and shared owners, rows with nobody, month ends, collation twins."""

    def ids(most: int) -> list[int]:
        return list(range(1, 1 + draw(st.integers(0, most))))

    def day() -> Any:
        return _some(draw, DAYS)

    def word() -> Any:
        return draw(st.sampled_from(["x", "xyz", None, "[erased]", "[Erased]", "gone-9", "-"]))

    rows: dict[str, list[dict[str, Any]]] = {}
    companies, contacts, folders, bought = ids(2), ids(3), ids(3), ids(2)
    rows["company"] = [
        {"id": i, "name": word(), "status": draw(st.sampled_from(STATUSES)), "ended_on": day(),
         "form": draw(st.sampled_from(["EZ", "ez", "NV", None]))} for i in companies
    ]  # fmt: skip
    emails = ["a@x.be", "A@x.be", "b@x.be", None]
    rows["contact"] = [
        {"id": i, "company_id": _some(draw, companies), "name": word(), "email": draw(st.sampled_from(emails)),
         "created_at": _some(draw, MOMENTS), "deleted": draw(st.sampled_from([0, 0, 0, 1, None])),
         "badge": draw(st.sampled_from(["b", "erased-", "Erased-"])) + str(i)} for i in contacts
    ]  # fmt: skip
    rows["invoice"] = [
        {"id": i, "company_id": draw(st.sampled_from(companies)), "contact_id": _some(draw, contacts), "issued": day(),
         "attention": word()} for i in (ids(2) if companies else [])
    ]  # fmt: skip
    rows["message"] = [
        {
            "id": i,
            "sender_id": _some(draw, contacts),
            "recipient_id": _some(draw, contacts),
            "body": word(),
            "sent": day(),
        }
        for i in ids(2)
    ]
    rows["purchase"] = [
        {"id": i, "contact_id": draw(st.sampled_from(contacts)), "placed": day(), "note": word()}
        for i in (bought if contacts else [])
    ]
    rows["purchase_line"] = [
        {"id": i, "purchase_id": draw(st.sampled_from([r["id"] for r in rows["purchase"]])), "engraving": word()}
        for i in (ids(2) if rows["purchase"] else [])
    ]
    rows["phone_call"] = [
        {"id": i, "contact_id": draw(st.sampled_from([1, 2, 9, None])), "at": day(), "notes": word()} for i in ids(3)
    ]
    rows["folder"] = [
        {"id": i, "parent_id": _some(draw, folders), "contact_id": _some(draw, contacts), "title": word()}
        for i in folders
    ]
    rows["document"] = [{"id": i, "folder_id": _some(draw, folders), "title": word() or "z"} for i in ids(2)]
    rows["visit"] = [{"email": draw(st.sampled_from(emails)), "at": day(), "page": word()} for _ in ids(2)]
    rows["remark"] = [
        {"id": i, "owner_type": draw(st.sampled_from(["contact", "company", "Contact", None])),
         "owner_id": draw(st.sampled_from([1, 2, None])), "remark": word()} for i in ids(2)
    ]  # fmt: skip
    rows["meeting"] = [
        {"id": i, "company_id": _some(draw, companies), "contact_id": _some(draw, contacts), "held": day(),
         "minutes": word()} for i in ids(3)
    ]  # fmt: skip
    rows["parcel"] = [
        {"id": i, "purchase_id": draw(st.sampled_from([r["id"] for r in rows["purchase"]]))}
        for i in (ids(2) if rows["purchase"] else [])
    ]
    rows["attachment"] = [
        {"id": i, "document_id": _some(draw, [r["id"] for r in rows["document"]]), "contact_id": _some(draw, contacts)}
        for i in ids(2)
    ]
    return rows


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Generate a world and a cohort in it."""
    policy, stated, rows = draw(policies()), draw(maps()), draw(contents())
    people = [("customer", (r["id"],)) for r in rows["contact"] if r["deleted"] == 0]
    people += [("trader", (r["id"],)) for r in rows["company"] if r["form"] == "EZ"]
    known = {p: draw(chosen(policy)) for p in people if draw(st.booleans())}
    asked = draw(st.lists(st.sampled_from(people), min_size=1, unique=True)) if people else []
    cohort = {e: [key for entry, key in asked if entry == e] for e in ("customer", "trader")}
    held = draw(st.lists(st.sampled_from(sorted(TABLES)), max_size=2)) if draw(st.integers(0, 3)) == 3 else []
    return World(policy, stated, rows, known, cohort, frozenset(held))


@st.composite
def linked_worlds(draw: st.DrawFn) -> World:
    """Generate a world in which somebody is let go of whose address, or order, leads from what the law keeps to her."""
    world = draw(worlds().filter(lambda one: bool(one.cohort["customer"])))
    law = {"title": "T", "basis": "legal-obligation", "law": "art. 1", "uses": draw(st.sampled_from(KEPT_BELOW))}
    stated = {name: one for name, one in world.policy.purposes.items() if draw(st.booleans())}
    policy = world.policy.model_copy(update={"purposes": {**stated, "duty": Purpose.model_validate(law)}})
    keys = set(keys_of(policy, "duty"))
    states = {
        person: replace(
            state, closed_before={key: when for key, when in state.closed_before.items() if key[0] in policy.purposes},
            unusable=state.unusable - keys,
        )
        for person, state in world.states.items()
    }  # fmt: skip
    (asked,) = world.cohort["customer"][0]
    rows = deepcopy(dict(world.rows))
    for row in rows["contact"]:
        if row["id"] == asked:
            row["email"] = row["email"] or "a@x.be"
            rows["visit"].append({"email": row["email"].swapcase(), "at": None, "page": "x"})
            rows["visit"].append({"email": row["email"], "at": None, "page": "xyz"})
    return replace(world, policy=policy, rows=rows, states=states)


KEPT_BELOW = [["behaviour.page"], ["dealings.text"], ["behaviour.page", "dealings.text"]]
"""What the law keeps in rows that reach a person through a row above, or by an address."""
