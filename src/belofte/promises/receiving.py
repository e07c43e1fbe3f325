"""Does nobody receive what the policy does not give?

Extracts that may not be are asked for, of the very check that each begins with (`purposes/extracting.py`): for nobody
of the policy, for other purposes, of columns that are not needed. So is what an authority has no ground for
(`sharing/disclosing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from belofte.policy.model import Policy
from belofte.policy.receiving import served
from belofte.promises.mapped import answering
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.purposes.extracting import NoExtract, needed
from belofte.rights.desk import Opened
from belofte.sharing.disclosing import Wanted, refusals

NOBODY = "nobody-of-the-policy"
LAWFUL = frozenset({"authority", "court"})
"""The roles of recipients who get data on a legal ground only (art. 6(1)(c), 48)."""
LAW, ORDER, NOTHING = "the law", "an order", (None, "", " ")
"""A ground and an order as somebody names them, and what is none."""

Asked = tuple[str, str, str, str | None]
"""Who asks, for which purpose, of which table, for which column (None: whatever there is)."""


def received(matter: Matter, scope: Scope) -> Outcome:
    """Ask for every extract that the policy does not give; each has to be refused."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
    tried = 0
    for opened in answering(matter, unclear):
        for recipient, purpose, table, column in _forbidden(matter, scope, opened):
            tried += 1
            try:
                needed(matter.desk, opened, purpose, table, recipient, None if column is None else [column])
            except NoExtract:
                continue
            what = table if column is None else f"{table}.{column}"
            given = sentence(
                "`%(what)s` is given to `%(recipient)s` for `%(purpose)s`",
                what=what,
                recipient=recipient,
                purpose=purpose,
            )
            found.append(of_store(opened.name, given))
    return outcome({"recipients": len(_recipients(matter.policy, scope)), "extracts tried": tried}, found, unclear)


def demanded(matter: Matter, scope: Scope) -> Outcome:
    """Ask as each authority and court for data, on a wish, on an order without law and the reverse: each is refused.

    So is a demand of who is no recipient of the policy, whatever is shown. Asked of the check that `belofte disclose`
    and `belofte extract` begin with; with both named it refuses less, so that the refusal is for what was missing.
    """
    policy, on = matter.policy, matter.today
    lawful = [name for name in _recipients(policy, scope) if policy.recipients[name].role in LAWFUL]
    found: list[Sentence] = []
    tried = 0
    for name, purpose in [(lawfully, one) for lawfully in lawful for one in served(policy, lawfully)]:
        rest = len(refusals(policy, Wanted(name, purpose, [], LAW, ORDER), on))
        for law, order in product((LAW, *NOTHING), (ORDER, *NOTHING)):
            if (law, order) == (LAW, ORDER):
                continue
            tried += 1
            if len(refusals(policy, Wanted(name, purpose, [], law, order), on)) <= rest:
                named = {"recipient": name, "purpose": purpose}
                found.append(
                    sentence("`%(recipient)s` receives for `%(purpose)s` without a law", **named)
                    if law != LAW
                    else sentence("`%(recipient)s` receives for `%(purpose)s` without an order", **named)
                )
    for purpose in matter.purposes(scope):
        tried += 1
        if not refusals(policy, Wanted(NOBODY, purpose, [], LAW, ORDER), on):
            found.append(sentence("who is no recipient of the policy receives for `%(purpose)s`", purpose=purpose))
    return outcome({"authorities and courts": len(lawful), "demands tried": tried}, found)


def _recipients(policy: Policy, scope: Scope) -> list[str]:
    return [name for name in policy.recipients if not scope.recipients or name in scope.recipients]


def _forbidden(matter: Matter, scope: Scope, opened: Opened) -> Iterator[Asked]:
    policy, tables = matter.policy, opened.graph.mapped
    for purpose in matter.purposes(scope) if tables else ():
        yield NOBODY, purpose, tables[0], None
        for name in _recipients(policy, scope):
            recipient = policy.recipients[name]
            if purpose not in recipient.purposes and name not in policy.purposes[purpose].recipients:
                yield name, purpose, tables[0], None
                continue
            receives = {element for ref in recipient.receives for element in policy.elements(ref)}
            for table in tables:
                for column, held in opened.graph.map.tables[table].columns.items():
                    if held.element not in receives:
                        yield name, purpose, table, column
