"""The small databases, maps and policies whose plans are kept as golden files."""

# ruff: noqa: E501
from __future__ import annotations

from typing import Any

from belofte.policy.person import PersonState

PERSON = "create table person (id integer primary key, name varchar(40), email varchar(60))"
PEOPLE: dict[str, Any] = {"customer": {"table": "person", "key": "id", "is": "customer"}}
NAMED: dict[str, Any] = {"person": {"columns": {"name": "data.name"}}}
CONTRACT: dict[str, Any] = {"service": {"title": "T", "basis": "contract", "uses": ["data"]}}
BOOKS: dict[str, Any] = {
    "books": {
        "title": "T",
        "basis": "legal-obligation",
        "law": "WER III.86",
        "uses": ["data"],
        "keep": "P7Y",
        "after": "bill.issued_at",
    }
}

CASES: dict[str, dict[str, Any]] = {
    "direct": {
        "script": [PERSON, "create table note (id integer primary key, person_id integer references person(id), words varchar(40))"],
        "map": {"people": PEOPLE, "tables": {**NAMED, "note": {"columns": {"words": "data.text"}}}},
        "purposes": {},
    },
    "deep": {
        "script": [
            PERSON,
            "create table purchase (id integer primary key, person_id integer references person(id))",
            "create table line (id integer primary key, purchase_id integer references purchase(id))",
            "create table engraving (id integer primary key, line_id integer references line(id), words varchar(40))",
        ],
        "map": {"people": PEOPLE, "tables": {"engraving": {"columns": {"words": "data.text"}}}},
        "purposes": {},
    },
    "several-owners": {
        "script": [
            PERSON,
            "create table message (id integer primary key, sender_id integer references person(id), "
            "recipient_id integer references person(id), body varchar(40))",
        ],
        "map": {
            "people": PEOPLE,
            "tables": {
                **NAMED,
                "message": {
                    "about": {"sender_id": "customer", "recipient_id": "customer"},
                    "columns": {"body": {"element": "data.text", "on_unlink": "redact"}},
                },
            },
        },
        "purposes": CONTRACT,
    },
    "loop": {
        "script": [
            PERSON,
            "create table folder (id integer primary key, parent_id integer references folder(id), "
            "person_id integer references person(id), title varchar(40))",
        ],
        "map": {
            "people": PEOPLE,
            "tables": {"folder": {"about": {"parent_id": "folder", "person_id": "customer"}, "columns": {"title": "data.text"}}},
        },
        "purposes": {},
    },
    "polymorphic": {
        "script": [PERSON, "create table remark (id integer primary key, kind varchar(20), owner_id integer, words varchar(40))"],
        "map": {
            "people": PEOPLE,
            "tables": {
                "remark": {
                    "about": {"of": "customer", "columns": "owner_id", "when": "kind = 'person'"},
                    "columns": {"words": "data.text"},
                }
            },
        },
        "purposes": {},
    },
    "by-email": {
        "script": [PERSON, "create table visit (email varchar(60), page varchar(40))"],
        "map": {
            "people": PEOPLE,
            "tables": {
                "visit": {"about": {"email": {"of": "customer", "to": "email", "match": "email"}}, "columns": {"page": "data.text"}}
            },
        },
        "purposes": {},
    },
    "aggregate-fact": {
        "script": [PERSON, "create table phone_call (id integer primary key, person_id integer references person(id), day date)"],
        "map": {
            "people": PEOPLE,
            "facts": {"last_contact.at": "max(phone_call.day)"},
            "tables": {**NAMED, "phone_call": {"about": {"person_id": "customer"}, "row": "data.text"}},
        },
        "purposes": {
            "service": {"title": "T", "basis": "contract", "uses": ["data.name"], "keep": "P2Y", "after": "last_contact.at"}
        },
    },
    "two-states": {
        "script": [PERSON],
        "map": {"people": PEOPLE, "tables": NAMED},
        "purposes": CONTRACT,
        "states": {(1,): PersonState(), (2,): PersonState(held=True)},
    },
    "pseudonym": {
        "script": ["create table person (id integer primary key, words varchar(40), email varchar(30))"],
        "map": {
            "people": PEOPLE,
            "tables": {
                "person": {"columns": {"words": "data.text", "email": {"element": "data.name", "erase": {"pseudonym": "web"}}}}
            },
        },
        "purposes": {"service": {"title": "T", "basis": "contract", "uses": ["data.text"]}},
    },
    "whole": {
        "script": [
            "create table company (id integer primary key, name varchar(40), status varchar(10))",
            "create table person (id integer primary key, company_id integer references company(id), "
            "name varchar(40) not null, email varchar(60), born date)",
            "create table bill (id integer primary key, company_id integer not null references company(id), "
            "person_id integer references person(id), issued date, attention varchar(40))",
        ],
        "map": {
            "people": PEOPLE,
            "organisations": {"company": {"table": "company", "key": "id"}},
            "facts": {"contract.active": "company.status = 'active'"},
            "tables": {
                "person": {
                    "columns": {
                        "name": "data.name",
                        "email": "data.name",
                        "born": {"element": "data.text", "erase": {"generalise": "year"}},
                    }
                },
                "bill": {
                    "about": "company",
                    "facts": {"issued_at": "issued"},
                    "columns": {"attention": {"element": "data.name", "about": {"person_id": "customer"}, "erase": "redact"}},
                },
            },
        },
        "purposes": {**CONTRACT, **BOOKS, "service": {**CONTRACT["service"], "while": "contract.active"}},
    },
}  # fmt: skip
"""Per case: the schema, the map, the policy's purposes, and what people's choices leave open."""

INVALID: dict[str, str] = {
    "a-query": "id in (select 1)",
    "a-function": "pg_sleep(10) = 1",
    "a-second-statement": "id = 1; drop table person",
    "a-comment": "-- nothing",
    "no-column": "1 = 1",
    "two-tables": "person.id = bill.id",
    "arithmetic": "id + 1",
    "a-cast": "id::text",
    "like": "name like 'a%'",
    "nothing": "",
    "half": "name = ",
    "an-aggregate-inside": "max(bill.issued) > 1",
}
