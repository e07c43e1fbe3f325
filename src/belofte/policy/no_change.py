"""Fields of a policy whose change means nothing to people, and why: `belofte compare` is silent about them.

A path names a field of the model, `*` each entry of a mapping or a list; everything below it is meant too. One that
ends in `: given` is silent only where nothing stood, `: gone` where nothing stands any more, `: other` where one value
stands for another. Every field that is not here, `compare` sees (tests/policy/test_every_field.py).
"""

from __future__ import annotations

from collections.abc import Mapping

_WORDS = "other words for the same"
_OTHERS = "somebody else's page: that ours leads to it, or carries it, is what counts"

NO_CHANGE: Mapping[str, str] = {
    "belofte": "the version of the language, not of the policy",
    "version": "the name of a text and its day are no change of what it says",
    "organisation.officer.none_because: other": _WORDS,
    "scope": f"{_WORDS}; whom a purpose reaches, its basis says per kind of people",
    "people.*.title": _WORDS,
    "people.*.described": _WORDS,
    "people.*.employees": "who they are: the rules of `check` then ask other things of a consent",
    "people.*.children": "who they are: the rules of `check` then ask other things of a consent",
    "categories.*.title": _WORDS,
    "categories.*.context": f"{_WORDS}; what the data is, its elements say",
    "categories.*.elements.*.title": f"{_WORDS}; what the data is, its term says",
    "purposes.*.title": f"{_WORDS}; another purpose has another id",
    "purposes.*.description": _WORDS,
    "purposes.*.purpose: given": "a term of the vocabulary for the same purpose",
    "purposes.*.purpose: gone": "a term of the vocabulary for the same purpose",
    "purposes.*.compatible.because": "kept for who asks why; that it counts as compatible is told",
    "purposes.*.compatible.told": "a day of the past, on which people were told",
    "purposes.*.impact": "the company's own assessment (art. 35)",
    "purposes.*.ask_again": "how long a person is asked; her data is not used meanwhile",
    "departments.*.title": _WORDS,
    "recipients.*.title": f"{_WORDS}; another recipient has another id or name",
    "recipients.*.contract": "between the company and its processor; `check` reads it",
    "recipients.*.ground": "kept for who asks why it may receive; what it is and receives is told",
    "recipients.*.told": "how it learns of an erasure, not whether",
    "transfers.*.assessment": "kept for the authority; country, ground and safeguards are told",
    "safeguards.*.title": f"{_WORDS}; another measure has another id",
    "safeguards.*.kind": "what sort of measure it is called",
    "trackers.*.title": f"{_WORDS}; another tracker has another id",
    "rights.notes": "words to add to a right that stays",
    "notices.*.text": "where the text of an earlier notice is kept",
    "links.*.title": _WORDS,
    "links.*.notice": _OTHERS,
    "links.*.email": _OTHERS,
    "links.*.phone": _OTHERS,
    "links.*.fax": _OTHERS,
    "links.*.address": _OTHERS,
    "facts": f"{_WORDS}; what a term counts from is its fact",
    "published.references_dead": "a mistake of the text, for `check` to name",
    "published.definition_wrong": "a mistake of the text, for `check` to name",
    "published.authority_contact": "the authority's contact as the text has it, for `check` to compare",
    "promises.*.holds": "by what a promise is held, for `belofte prove`; what is promised is its sentence",
    "promises.*.by": "by what a promise is held, for `belofte prove`; what is promised is its sentence",
    "promises.*.purposes": "what `belofte prove` looks at; what is promised is its sentence",
    "promises.*.recipients": "what `belofte prove` looks at; what is promised is its sentence",
    "promises.*.rules": "what `belofte prove` looks at; what is promised is its sentence",
    "promises.*.attestation": "whose word a promise rests on, for `belofte prove`",
    "promises.*.lacks": "what is still to be made, for `belofte prove`",
    "limits": "the company's own brakes",
}
