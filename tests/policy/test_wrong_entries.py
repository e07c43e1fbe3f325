"""Nothing that a company writes is dropped in silence: an entry of the wrong kind is refused at its own place."""

from __future__ import annotations

import pytest
from tests.policy.shop import BASE

from belofte.datamap.load import load as load_map
from belofte.policy.load import load
from belofte.policy.problems import Invalid

MAP = "store: crm\nurl: ${CRM_URL}\n"
POLICY = b"".join(line for line in BASE.splitlines(keepends=True) if not line.startswith(b"people:"))
POLICY_ENTRIES = {
    "a number among the kinds of people": (
        "people: [customer, 5]\n",
        "policy/b.yaml:1:20: `people.1` cannot be a number\n   it takes text: put it between quotes",
    ),
    "a list among the kinds of people": (
        "people: [[customer]]\n",
        "policy/b.yaml:1:10: `people.0` cannot be a list\n   it takes text",
    ),
    "nothing among the kinds of people": (
        "people:\n  - customer\n  -\n",
        "policy/b.yaml:3:4: `people.1` is empty\n   it takes text; leave the key out if there is nothing to say",
    ),
    "a kind of people that is no id": (
        "people: [customer, 5 staff]\n",
        "policy/b.yaml:1:20: `people.1` cannot be `5 staff`\n"
        "   an id has letters, digits, `_`, `-` and `.`, and begins with a letter or `_`",
    ),
    "a yes for the share that brakes": (
        "people: [customer, employee]\nlimits: {share_of_people: true}\n",
        "policy/b.yaml:2:27: `limits.share_of_people` cannot be `true` or `false`\n   it takes a number",
    ),
}
MAP_ENTRIES = {
    "a second column for one link": (
        "tables:\n  message: {about: {sender_id: {of: customer, columns: other_id}}}\n"
        "people: {customer: {table: contact, key: id, is: customer}}\n",
        "stores/crm.yaml:4:13: `tables.message.about` cannot be a mapping\n"
        "   `sender_id` names the column already: leave `columns` out, or begin with `of`",
    ),
    "a yes for how many characters stay": (
        "tables:\n  contact: {columns: {name: {erase: {generalise: true}}}}\n",
        "stores/crm.yaml:4:50: `tables.contact.columns.name.erase.generalise` cannot be `true`\n"
        "   it is one of: month, year",
    ),
    "no characters that stay": (
        "tables:\n  contact: {columns: {name: {erase: {generalise: 0}}}}\n",
        "stores/crm.yaml:4:50: `tables.contact.columns.name.erase.generalise` cannot be `0`\n"
        "   it is at least 1\n"
        "stores/crm.yaml:4:50: `tables.contact.columns.name.erase.generalise` cannot be `0`\n"
        "   it is one of: month, year",
    ),
    "a yes for the text put in its place": (
        "tables:\n  contact: {columns: {name: {erase: {redact: true}}}}\n",
        "stores/crm.yaml:4:46: `tables.contact.columns.name.erase.redact` cannot be `true` or `false`\n"
        "   it takes text or a whole number: put it between quotes",
    ),
    "a number for a word on an element": (
        "manual: {holds: {identity.name: 5}}\n",
        "stores/crm.yaml:3:33: `manual.holds.identity.name` cannot be a number\n"
        "   it takes text: put it between quotes",
    ),
}


@pytest.mark.parametrize(("written", "said"), POLICY_ENTRIES.values(), ids=POLICY_ENTRIES)
def test_an_entry_of_a_policy(written: str, said: str):
    with pytest.raises(Invalid) as wrong:
        load({"policy/a.yaml": POLICY, "policy/b.yaml": written.encode()})
    assert str(wrong.value) == said


@pytest.mark.parametrize(("written", "said"), MAP_ENTRIES.values(), ids=MAP_ENTRIES)
def test_an_entry_of_a_map(written: str, said: str):
    with pytest.raises(Invalid) as wrong:
        load_map("stores/crm.yaml", (MAP + written).encode(), None)
    assert str(wrong.value) == said
