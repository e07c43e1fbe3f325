# ruff: noqa: E501 (messages stand here whole, as people read them)
"""Every mistake has its message: input → the whole text, as people read it (STYLE: place, what, what to do)."""

from __future__ import annotations

import pytest
from tests.policy.shop import BASE, complaint

from belofte.datamap.load import load as load_map
from belofte.policy.load import load
from belofte.policy.problems import Invalid, listed
from belofte.policy.rules import RULES

APPENDED = {
    "unknown_key_at_the_top": (
        "purpose: {}\n",
        "policy/a.yaml:7:1: unknown key `purpose`\n"
        "   a file may hold: belofte, categories, departments, facts, languages, limits, links, notices, organisation, people, promises, published, purposes, recipients, rights, safeguards, scope, trackers, transfers, version; did you mean `purposes`?",
    ),
    "unknown_key_in_an_entry": (
        "safeguards:\n  locks: {title: x, knd: technical}\n",
        "policy/a.yaml:8:21: unknown key `knd`\n   `safeguards.locks` may hold: kind, title; did you mean `kind`?",
    ),
    "missing_title": (
        "purposes:\n  orders: {basis: contract}\n",
        "policy/a.yaml:8:3: `purposes.orders` has no `title`\n   add `title:` to it",
    ),
    "basis_misspelt": (
        "purposes:\n  orders: {title: x, basis: contrct}\n",
        "policy/a.yaml:8:29: `purposes.orders.basis` cannot be `contrct`\n"
        "   it is one of: consent, contract, legal-obligation, legitimate-interest, public-task, vital-interests; did you mean `contract`?",
    ),
    "basis_as_a_list": (
        "purposes:\n  orders: {title: x, basis: [contract]}\n",
        "policy/a.yaml:8:22: `purposes.orders.basis` cannot be a list\n"
        "   it takes one of consent, contract, legal-obligation, vital-interests, public-task, legitimate-interest or a mapping",
    ),
    "basis_per_kind_misspelt": (
        "purposes:\n  orders: {title: x, basis: {contracts: [customer]}}\n",
        "policy/a.yaml:8:30: unknown key `contracts`\n"
        "   it is one of: consent, contract, legal-obligation, legitimate-interest, public-task, vital-interests; did you mean `contract`?",
    ),
    "basis_of_an_unknown_kind": (
        "purposes:\n  orders: {title: x, basis: {contract: [custmer]}}\n",
        "policy/a.yaml:8:41: unknown kind of people `custmer`\n"
        "   the policy declares: customer, employee; did you mean `customer`?",
    ),
    "period_without_its_p": (
        "purposes:\n  orders: {title: x, basis: contract, keep: 7Y, after: a.b}\n",
        "policy/a.yaml:8:45: `purposes.orders.keep` cannot be `7Y`\n"
        "   a period is written like `P7Y`, `P18M`, `P6W` or `P30D`",
    ),
    "period_of_nothing": (
        "purposes:\n  orders: {title: x, basis: contract, keep: P0Y, after: a.b}\n",
        "policy/a.yaml:8:45: `purposes.orders.keep` cannot be `P0Y`\n"
        "   a period is longer than nothing: write `P7Y`, `P18M`, `P6W` or `P30D`",
    ),
    "department_for_an_unknown_purpose": (
        "purposes: {mail: {title: x}}\ndepartments:\n  sales: {title: x, purposes: [mial]}\n",
        "policy/a.yaml:9:32: unknown purpose `mial`\n   the policy declares: mail; did you mean `mail`?",
    ),
    "masked_in_no_form": (
        "purposes:\n  mail: {title: x, uses: identity, masked: {identity.name: pseudonim}}\n",
        "policy/a.yaml:8:60: `purposes.mail.masked.identity.name` cannot be `pseudonim`\n"
        "   it is one of: pseudonym, redact; did you mean `pseudonym`?",
    ),
    "masked_and_not_used": (
        "purposes:\n  mail: {title: x, uses: identity.name, masked: {identity.email: pseudonym}}\n",
        "policy/a.yaml:8:50: `mail` does not use `identity.email`\n   only what it uses is masked",
    ),
    "masked_and_written_to": (
        "purposes:\n  mail: {title: x, uses: identity.name, channels: {email: identity.email}, masked: {identity: redact}}\n",
        "policy/a.yaml:8:85: `mail` reaches people by `identity` and sees it masked\n"
        "   take it out of `channels`, or out of `masked`",
    ),
    "term_without_trigger": (
        "purposes:\n  orders: {title: x, basis: contract, keep: P7Y}\n",
        "policy/a.yaml:8:45: `purposes.orders` has a term and no trigger\n"
        "   add `after:` with the fact that the term counts from: `after: invoice.issued_at`",
    ),
    "trigger_without_term": (
        "purposes:\n  orders: {title: x, basis: contract, after: invoice.issued_at}\n",
        "policy/a.yaml:8:46: `purposes.orders` has a trigger and no term\n"
        "   add how long: `keep: P7Y` (counted from `invoice.issued_at`)",
    ),
    "purpose_id_in_capitals": (
        "purposes:\n  Orders: {title: x, basis: contract}\n",
        "policy/a.yaml:8:3: `Orders` cannot be an id\n"
        "   a purpose id has small letters, digits, `_` and `-`, and begins with a letter",
    ),
    "purpose_id_too_long": (
        "purposes:\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {title: x, basis: contract}\n",
        "policy/a.yaml:8:3: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` cannot be an id\n"
        "   a purpose id is at most 40 bytes: it becomes a role and a schema name",
    ),
    "unknown_category": (
        "purposes:\n  orders: {title: x, basis: contract, uses: [indentity]}\n",
        "policy/a.yaml:8:46: unknown category `indentity`\n   the policy declares: identity; did you mean `identity`?",
    ),
    "unknown_element": (
        "purposes:\n  orders: {title: x, basis: contract, uses: [identity.nme]}\n",
        "policy/a.yaml:8:46: unknown element `identity.nme`\n   `identity` has: email, name; did you mean `name`?",
    ),
    "reference_that_is_none": (
        "purposes:\n  orders: {title: x, basis: contract, uses: [identity.name.first]}\n",
        "policy/a.yaml:8:46: `purposes.orders.uses.0` cannot be `identity.name.first`\n"
        "   write a category, or one element of it: `identity`, `identity.name`",
    ),
    "channel_to_nowhere": (
        "purposes:\n  news: {title: x, basis: consent, channels: {sms: identity.mobile}}\n",
        "policy/a.yaml:8:52: unknown element `identity.mobile`\n   `identity` has: email, name",
    ),
    "unknown_recipient": (
        "purposes:\n  orders: {title: x, basis: contract, recipients: [hosting]}\nrecipients:\n  host: {title: x, role: processor}\n",
        "policy/a.yaml:8:52: unknown recipient `hosting`\n   the policy declares: host; did you mean `host`?",
    ),
    "unknown_safeguard": (
        "purposes:\n  orders: {title: x, basis: contract, safeguards: [locks]}\n",
        "policy/a.yaml:8:52: unknown safeguard `locks`\n   the policy declares: nothing yet",
    ),
    "unknown_transfer": (
        "recipients:\n  host: {title: x, role: processor, transfer: us}\ntransfers:\n  usa: {country: US, ground: scc}\n",
        "policy/a.yaml:8:47: unknown transfer `us`\n   the policy declares: usa; did you mean `usa`?",
    ),
    "role_misspelt": (
        "recipients:\n  host: {title: x, role: procesor}\n",
        "policy/a.yaml:8:26: `recipients.host.role` cannot be `procesor`\n"
        "   it is one of: authority, controller, court, group, joint-controller, processor, professional; did you mean `processor`?",
    ),
    "recipient_for_an_unknown_purpose": (
        "recipients:\n  host: {title: x, role: processor, purposes: [order]}\n",
        "policy/a.yaml:8:48: unknown purpose `order`\n   the policy declares: nothing yet",
    ),
    "tracker_for_an_unknown_purpose": (
        "trackers:\n  visits: {title: x, purpose: measuring}\n",
        "policy/a.yaml:8:31: unknown purpose `measuring`\n   the policy declares: nothing yet",
    ),
    "purpose_term_unknown": (
        "purposes:\n  news: {title: x, basis: consent, purpose: dpv:DirectMarketting}\n",
        "policy/a.yaml:8:45: unknown term `dpv:DirectMarketting`\n"
        "   DPV 2.3 has no such purpose term; write `dpv:…`; did you mean `dpv:DirectMarketing`?",
    ),
    "notice_with_a_slip": (
        "purposes:\n  orders: {title: x, basis: contract}\nnotices:\n  n: {from: 2018-05-25, purposes: [ordres]}\n",
        "policy/a.yaml:10:36: unknown purpose `ordres`\n   did you mean `orders`?",
    ),
    "date_in_words": (
        "version: {id: a, from: yesterday}\n",
        "policy/a.yaml:7:24: `version.from` cannot be `yesterday`\n   write a date as year, month, day: `2026-01-31`",
    ),
    "number_for_text": (
        "version: {id: 2026, from: 2026-01-01}\n",
        "policy/a.yaml:7:15: `version.id` cannot be a number\n   it takes text: put it between quotes",
    ),
    "text_for_a_switch": (
        "published: {purposes_open: maybe}\n",
        "policy/a.yaml:7:28: `published.purposes_open` cannot be text\n   it takes `true` or `false`",
    ),
    "list_for_text": (
        "scope: [a, b]\n",
        "policy/a.yaml:7:1: `scope` cannot be a list\n   it takes text, or text per language: `{nl: …, fr: …, en: …}`",
    ),
    "empty_value": (
        "published:\n",
        "policy/a.yaml:7:11: `published` is empty\n   it takes a mapping; leave the key out if there is nothing to say",
    ),
    "language_of_a_text": (
        "scope: {nl: x, eng: y}\n",
        "policy/a.yaml:7:16: unknown language `eng`\n   a text is written in one of: nl, fr, en, de",
    ),
    "text_without_words": (
        "scope: {nl: x, en: ''}\n",
        "policy/a.yaml:7:20: `scope` has no words\n   write them, or leave it out",
    ),
    "promise_made_twice": (
        "promises:\n  - {id: A1, text: x, holds: planned}\n  - {id: A1, text: y, holds: planned}\n",
        "policy/a.yaml:9:10: the promise `A1` is made twice\n"
        "   it is already at policy/a.yaml:8:10: give each promise an id of its own",
    ),
    "promise_that_nothing_holds": (
        "promises: [{id: A1, text: x}]\n",
        "policy/a.yaml:7:12: `promises.0` has no `holds`\n   add `holds:` to it",
    ),
    "promise_held_in_no_known_way": (
        "promises: [{id: A1, text: x, holds: enforcd}]\n",
        "policy/a.yaml:7:37: `promises.0.holds` cannot be `enforcd`\n"
        "   it is one of: attested, enforced, planned, proven; did you mean `enforced`?",
    ),
    "promise_by_an_unknown_means": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdu]}]\n",
        "policy/a.yaml:7:50: `promises.0.by.0` cannot be `overdu`\n"
        "   it is one of: access, announced, authorities, breaches, check, choices, complaints, disclosures, eea, erasure, identity, late, links, log, map, notice, objection, overdue, portability, readers, recipients, rectification, requests-in-time, restriction, special, suppression, transfers, withdrawal; did you mean `overdue`?",
    ),
    "promise_enforced_by_nothing": (
        "promises: [{id: A1, text: x, holds: enforced, by: [overdue]}]\n",
        "policy/a.yaml:7:37: the promise `A1` is enforced and names no mechanism\n"
        "   add `by:` with one of `access`, `announced`, `authorities`, `check`, `choices`, `erasure`, `identity`, `notice`, `objection`, `portability`, `readers`, `recipients`, `rectification`, `restriction`, `suppression`, `withdrawal`",
    ),
    "promise_proven_by_nothing": (
        "promises: [{id: A1, text: x, holds: proven}]\n",
        "policy/a.yaml:7:37: the promise `A1` is proven and names no proof\n"
        "   add `by:` with one of `breaches`, `complaints`, `disclosures`, `eea`, `late`, `links`, `log`, `map`, `overdue`, `requests-in-time`, `special`, `transfers`",
    ),
    "promise_proven_by_a_mechanism": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue, readers]}]\n",
        "policy/a.yaml:7:59: the promise `A1` is proven and names the mechanism `readers`\n"
        "   write `holds: enforced`, or name proofs only",
    ),
    "promise_that_nobody_attests": (
        "promises: [{id: A1, text: x, holds: attested}]\n",
        "policy/a.yaml:7:37: the promise `A1` is attested and nobody attests to it\n"
        "   add `attestation: {owner: …, evidence: …, sha256: …, expires: …}`",
    ),
    "attestation_without_end": (
        "promises: [{id: A1, text: x, holds: attested, attestation: {owner: bob, evidence: e.md, sha256: "
        + "0" * 64
        + "}}]\n",
        "policy/a.yaml:7:47: `promises.0.attestation` has no `expires`\n   add `expires:` to it",
    ),
    "attestation_with_half_a_digest": (
        "promises: [{id: A1, text: x, holds: attested, attestation: {owner: b, evidence: e, sha256: ab, expires: 2027-01-01}}]\n",
        "policy/a.yaml:7:92: `promises.0.attestation.sha256` cannot be `ab`\n   64 hexadecimal digits: `sha256sum FILE` prints them",
    ),
    "attestation_of_what_is_proven": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue], attestation: {owner: b, evidence: e, sha256: "
        + "0" * 64
        + ", expires: 2027-01-01}}]\n",
        "policy/a.yaml:7:60: the promise `A1` is proven and has an attestation\n"
        "   write `holds: attested`, or take `attestation` out: only `readers` has accounts to answer for",
    ),
    "promise_planned_and_held": (
        "promises: [{id: A1, text: x, holds: planned, by: [overdue]}]\n",
        "policy/a.yaml:7:46: the promise `A1` is planned and names what holds it\n"
        "   take `by` out, or say that it is enforced or proven",
    ),
    "promise_proven_and_lacking": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue], lacks: time}]\n",
        "policy/a.yaml:7:60: the promise `A1` is proven and lacks something\n   write `holds: planned`, or take `lacks` out",
    ),
    "promise_on_an_unknown_rule": (
        "promises: [{id: A1, text: x, holds: enforced, by: [check], rules: [ID_COPI]}]\n",
        "policy/a.yaml:7:68: unknown rule `ID_COPI`\n   `belofte check` knows: "
        + listed(sorted(RULES))
        + "; did you mean `ID_COPY`?",
    ),
    "promise_with_rules_and_without_check": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue], rules: [ID_COPY]}]\n",
        "policy/a.yaml:7:60: the promise `A1` names rules and does not rest on `check`\n"
        "   add `check` to `by`, or take `rules` out",
    ),
    "promise_about_an_unknown_purpose": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue], purposes: [mail]}]\n",
        "policy/a.yaml:7:71: unknown purpose `mail`\n   the policy declares: nothing yet",
    ),
    "promise_with_a_tolerance": (
        "promises: [{id: A1, text: x, holds: proven, by: [overdue], tolerance: 1%}]\n",
        "policy/a.yaml:7:60: unknown key `tolerance`\n"
        "   `promises.0` may hold: attestation, by, holds, id, lacks, purposes, recipients, rules, text",
    ),
    "share_of_people_too_large": (
        "limits: {share_of_people: 2}\n",
        "policy/a.yaml:7:27: `limits.share_of_people` cannot be `2`\n   it is at most 1.0",
    ),
    "right_that_is_none": (
        "rights: {offered: [acces]}\n",
        "policy/a.yaml:7:20: `rights.offered.0` cannot be `acces`\n"
        "   it is one of: access, complaint, erasure, objection, portability, rectification, restriction, withdrawal; did you mean `access`?",
    ),
    "key_twice_in_a_file": (
        "languages: [fr]\n",
        "policy/a.yaml:7:1: `languages` stands here twice\n   it is already at policy/a.yaml:3:1: keep one of the two",
    ),
    "tab": ("purposes:\n\torders: {}\n", "policy/a.yaml:8:1: a tab used to indent\n   indent with spaces"),
    "alias": (
        "x: &x 1\ny: *x\n",
        "policy/a.yaml:8:4: `*x` is an alias, which the language does not have\n   write the value out",
    ),
    "tag": (
        "scope: !!python/object:os.system x\n",
        "policy/a.yaml:7:8: `!!python/object:os.system` is a tag, which the language does not have\n   leave it out",
    ),
    "merge_key": (
        "purposes:\n  <<: {a: b}\n",
        "policy/a.yaml:8:3: `<<` merges mappings, which the language does not do\n   write the keys out",
    ),
    "second_document": (
        "---\nbelofte: 1\n",
        "policy/a.yaml:7:1: a second document begins here\n   put it in a file of its own",
    ),
    "open_bracket": (
        "purposes: {orders: {title: x}\n",
        "policy/a.yaml:8:1: a comma or closing bracket is missing\n   close what is open: `{…}` or `[…]`",
    ),
    "open_quotes": ("scope: 'x\n", "policy/a.yaml:8:1: quotes are opened and never closed\n   close them"),
    "colon_in_text": (
        "scope: ours: all\n",
        "policy/a.yaml:7:12: a colon where none can stand\n   put text with `: ` in it between quotes",
    ),
    "indentation": (
        "purposes:\n    orders: {title: x}\n  news: {title: x}\n",
        "policy/a.yaml:9:3: the indentation does not fit what stands above\n   line it up with its neighbours",
    ),
    "backtick": (
        "scope: `x`\n",
        "policy/a.yaml:7:8: this character cannot begin a value\n   put the text between quotes",
    ),
    "key_without_colon": (
        "purposes:\n  orders\n  news: {}\n",
        "policy/a.yaml:9:7: a colon where none can stand\n   put text with `: ` in it between quotes",
    ),
    "key_that_is_a_list": (
        "? [a]\n: 1\n",
        "policy/a.yaml:7:3: a key is a word, not a mapping or a list\n   put the key in quotes if it is text",
    ),
    "unknown_escape": (
        'scope: "\\q"\n',
        "policy/a.yaml:7:9: an escape that YAML does not have\n   use single quotes, or write `\\\\` for `\\`",
    ),
    "nul_in_quotes": (
        'scope: "\\0"\n',
        "policy/a.yaml:7:8: the character U+0000 does not belong in text\n   remove it",
    ),
}
"""What is added to the sound policy, from line 7 on, and what is said of it."""

WHOLE = {
    "missing_top_level_keys": (
        "people: [customer]\n",
        "policy: the whole has no `belofte`\n"
        "   add `belofte:` at the left margin of one of the files\n"
        "policy: the whole has no `languages`\n"
        "   add `languages:` at the left margin of one of the files\n"
        "policy: the whole has no `organisation`\n"
        "   add `organisation:` at the left margin of one of the files",
    ),
    "missing_name_of_the_organisation": (
        "belofte: 1\norganisation: {country: BE, authority: be-apd}\nlanguages: [nl]\n",
        "policy/a.yaml:2:1: `organisation` has no `name`\n   add `name:` to it",
    ),
    "wrong_version_of_the_language": (
        "belofte: 2\norganisation: {name: x, country: BE, authority: be-apd}\nlanguages: [nl]\n",
        "policy/a.yaml:1:10: `belofte` cannot be `2`\n   it is one of: 1",
    ),
    "wrong_language": (
        "belofte: 1\norganisation: {name: x, country: BE, authority: be-apd}\nlanguages: [nl, be]\n",
        "policy/a.yaml:3:17: `languages.1` cannot be `be`\n   it is one of: de, en, fr, nl",
    ),
    "no_language": (
        "belofte: 1\norganisation: {name: x, country: BE, authority: be-apd}\nlanguages: []\n",
        "policy/a.yaml:3:1: `languages` is empty\n   at least one entry is needed",
    ),
    "country_in_words": (
        "belofte: 1\norganisation: {name: x, country: Belgium, authority: be-apd}\nlanguages: [nl]\n",
        "policy/a.yaml:2:34: `organisation.country` cannot be `Belgium`\n"
        "   a country is two capitals, as in ISO 3166: `BE`, `FR`, `US`",
    ),
    "file_that_is_a_list": (
        "- belofte\n",
        "policy/a.yaml:1:1: a file is a mapping of keys\n   begin lines with `key:`",
    ),
}
"""Whole files, and what is said of them."""

SECOND = {
    "unknown_term_of_data": (
        "categories:\n  sales: {title: x, elements: {order: pd:Purchse}}\n",
        "policy/b.yaml:2:39: unknown term `pd:Purchse`\n"
        "   DPV 2.3 has no such personal data term; write `pd:…` or `dpv:…`; did you mean `pd:Purchase`?",
    ),
    "entry_twice_in_two_files": (
        "categories:\n  identity: {title: x, elements: {phone: pd:TelephoneNumber}}\n",
        "policy/b.yaml:2:3: `categories.identity` is declared twice\n"
        "   it is already at policy/a.yaml:6:3: keep one of the two",
    ),
    "plain_value_in_two_files": (
        "belofte: 1\n",
        "policy/b.yaml:1:1: `belofte` is declared twice\n   it is already at policy/a.yaml:1:1: keep one of the two",
    ),
    "list_and_mapping": (
        "people: {visitor: {}}\n",
        "policy/b.yaml:1:1: `people` is declared twice\n   it is already at policy/a.yaml:4:1: keep one of the two",
    ),
}
"""A second file beside the sound policy, and what is said of the two."""

MAPS = {
    "map_unknown_key": (
        "tabels: {}\n",
        "stores/crm.yaml:3:1: unknown key `tabels`\n"
        "   a file may hold: backups, collected, controller, departments, enforce, facts, ignore, kind, location, manual, mode, organisations, people, role, store, tables, transfer, url, watch; did you mean `tables`?",
    ),
    "map_mode": (
        "mode: acting\n",
        "stores/crm.yaml:3:7: `mode` cannot be `acting`\n   it is one of: act, enforce, observe",
    ),
    "map_unknown_category": (
        "tables:\n  contact: {columns: {name: indentity.name}}\n",
        "stores/crm.yaml:4:29: unknown category `indentity`\n"
        "   the policy declares: identity; did you mean `identity`?",
    ),
    "map_bare_category": (
        "tables:\n  contact: {columns: {name: identity}}\n",
        "stores/crm.yaml:4:29: `identity` is a category; a column holds one element\n"
        "   write one of: identity.email, identity.name",
    ),
    "map_unknown_kind": (
        "people:\n  c: {table: contact, key: id, is: custmer}\n",
        "stores/crm.yaml:4:36: unknown kind of people `custmer`\n"
        "   the policy declares: customer, employee; did you mean `customer`?",
    ),
    "map_unknown_kind_by_column": (
        "people:\n  c: {table: contact, key: id, is: {column: form, values: {EZ: trader}, else: customer}}\n",
        "stores/crm.yaml:4:64: unknown kind of people `trader`\n   the policy declares: customer, employee",
    ),
    "map_unknown_owner": (
        "people:\n  customers: {table: contact, key: id, is: customer}\ntables:\n  invoice: {about: custmers}\n",
        "stores/crm.yaml:6:20: unknown owner `custmers`\n   the map has: customers, invoice; did you mean `customers`?",
    ),
    "map_unknown_owner_per_column": (
        "tables:\n  message: {about: {sender_id: nobody}}\n",
        "stores/crm.yaml:4:32: unknown owner `nobody`\n   the map has: message",
    ),
    "map_unknown_purpose": (
        "tables:\n  invoice: {for: accounting}\n",
        "stores/crm.yaml:4:18: unknown purpose `accounting`\n   the policy declares: nothing yet",
    ),
    "map_unknown_notice": (
        "collected: {is: created_at, older: notice-2018}\n",
        "stores/crm.yaml:3:36: unknown notice `notice-2018`\n   `notices` of the policy has: nothing yet",
    ),
    "map_erase_form": (
        "tables:\n  contact: {columns: {name: {element: identity.name, erase: nul}}}\n",
        "stores/crm.yaml:4:61: `tables.contact.columns.name.erase` cannot be `nul`\n"
        "   it is one of: delete, null, redact; did you mean `null`?",
    ),
    "map_erase_generalise": (
        "tables:\n  contact: {columns: {born: {element: identity.name, erase: {generalise: week}}}}\n",
        "stores/crm.yaml:4:74: `tables.contact.columns.born.erase.generalise` cannot be `week`\n"
        "   it is one of: month, year",
    ),
    "map_identifier": (
        "people:\n  c: {table: contact, key: id, is: customer, identifiers: {email: {column: email, identifies: family}}}\n",
        "stores/crm.yaml:4:95: `people.c.identifiers.email.identifies` cannot be `family`\n"
        "   it is one of: organisation, person, shared",
    ),
    "map_table_ignored_too": (
        "tables:\n  contact: {}\nignore: [contact]\n",
        "stores/crm.yaml:5:10: the table `contact` is mapped and ignored\n   keep one of the two",
    ),
    "map_people_and_organisation": (
        "people:\n  c: {table: contact, key: id, is: customer}\norganisations:\n  c: {table: company, key: id}\n",
        "stores/crm.yaml:6:3: `c` is both people and organisation\n"
        "   it is already at stores/crm.yaml:4:3: give one of them another name",
    ),
    "map_processor_for_nobody": (
        "role: processor\n",
        "stores/crm.yaml:3:7: `crm` is held as processor for nobody\n"
        "   add `controller:` with whom you process for: requests are passed on to them",
    ),
    "map_location": (
        "location: Belgium\n",
        "stores/crm.yaml:3:11: `location` cannot be `Belgium`\n"
        "   a country is two capitals, as in ISO 3166: `BE`, `FR`, `US`",
    ),
    "map_transfer": (
        "location: US\ntransfer: us\n",
        "stores/crm.yaml:4:11: unknown transfer `us`\n   the policy declares: nothing yet",
    ),
}
"""What is added to a map of two lines, from line 3 on, and what is said of it."""


@pytest.mark.parametrize(("added", "said"), APPENDED.values(), ids=APPENDED)
def test_mistake_in_a_policy(added: str, said: str):
    assert complaint(BASE + added.encode()) == said


@pytest.mark.parametrize(("file", "said"), WHOLE.values(), ids=WHOLE)
def test_mistake_in_a_whole_file(file: str, said: str):
    assert complaint(file.encode()) == said


@pytest.mark.parametrize(("second", "said"), SECOND.values(), ids=SECOND)
def test_mistake_in_a_second_file(second: str, said: str):
    assert complaint(BASE, second.encode()) == said


def map_complaint(file: str) -> str:
    with pytest.raises(Invalid) as caught:
        load_map("stores/crm.yaml", file.encode(), load({"policy/a.yaml": BASE}))
    return str(caught.value)


@pytest.mark.parametrize(("added", "said"), MAPS.values(), ids=MAPS)
def test_mistake_in_a_map(added: str, said: str):
    assert map_complaint("store: crm\nurl: ${CRM_URL}\n" + added) == said


def test_map_without_an_address():
    said = (
        "stores/crm.yaml:1:1: `crm` has no `url`\n"
        "   add `url: ${…}` with the name of an environment variable, or `kind: manual`"
    )
    assert map_complaint("store: crm\n") == said


def test_every_message_is_in_our_words():
    tables = (APPENDED, WHOLE, SECOND, MAPS)
    said = [text for table in tables for _, text in table.values()]
    assert len(said) >= 40
    for text in said:
        assert not any(word in text for word in ("pydantic", "dict", "NoneType", "validation", "Input should", "Error"))
