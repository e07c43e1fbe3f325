"""`belofte dpia [PURPOSE]`: which purposes need an impact assessment (art. 35), and a prefilled outline of one.

What only people know (new technology, what a camera sees) is not guessed: it is named as open. Exit 0 none is due · 2
one is due · 3 no such purpose · 4 it cannot be told.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.notice import maps_of
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.cli.ropa import written
from belofte.datamap.model import UNKNOWN_KIND
from belofte.law.dpia import assessment
from belofte.law.term import CIVIL
from belofte.notices.document import Document
from belofte.notices.impact import attestations, balancing, outline, told, verdict
from belofte.notices.markdown import markdown
from belofte.notices.page import document_page
from belofte.notices.record import kinds
from belofte.policy.impact import facts
from belofte.policy.model import Basis
from belofte.policy.problems import listed
from belofte.purposes.addressees import counted

Asked = Annotated[str | None, typer.Argument(metavar="[PURPOSE]", help="The purpose (default: an overview of all).")]
Named = Annotated[str, typer.Argument(metavar="PURPOSE", help="A purpose that rests on a legitimate interest.")]
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="A file: `….html` or `….md` (default: screen).")]
Language = Annotated[
    Literal["nl", "fr", "en"] | None, typer.Option("--language", help="Its language (default: the policy's first).")
]
Count = Annotated[bool, typer.Option("--count", help="Count in the stores how many people a purpose reaches.")]


def run(
    purpose: Asked = None, to: To = None, language: Language = None, count: Count = False, directory: Directory = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Which purposes need an impact assessment, and why; with a purpose, a prefilled outline of it (art. 35)."""
    company, spoken, today = _company(directory, purpose, language)
    policy, maps = company.policy.policy, maps_of(company)
    people = _people(directory) if count else {}
    numbers = {
        name: sum(people.get(kind, 0) for kind in (*kinds(policy, maps, name), UNKNOWN_KIND)) if count else None
        for name in policy.purposes
    }
    if purpose is not None and not as_json:
        _give(outline(told(policy, maps, purpose, spoken, today, numbers[purpose])), to)
    found = {
        name: assessment(facts(policy, name, numbers[name])) for name in policy.purposes if purpose in (None, name)
    }
    if as_json:
        shown = {
            name: {"due": one.due, "people": numbers[name], "triggers": [t.code for t in one.triggers],
                   "unknown": [t.code for t in one.unknown]}
            for name, one in found.items()
        }  # fmt: skip
        json_result({"purposes": shown})
    elif purpose is None:
        table = Table("purpose", "impact assessment", "because of", "still to be looked into")
        for name, one in found.items():
            because, unknown = (", ".join(t.code for t in met) for met in (one.triggers, one.unknown))
            table.add_row(*map(Text, (name, verdict(one, spoken), because, unknown if one.due is None else "")))
        console().print(table)
    dues = {one.due for one in found.values()}
    if True in dues:
        raise Ending(Code.CHANGES)
    if None in dues:
        raise Ending(Code.CANNOT_TELL)


def run_balancing(purpose: Named, to: To = None, language: Language = None, directory: Directory = HERE) -> None:
    """The balancing test of a purpose that rests on an interest (art. 6(1)(f)), with what is to be written."""
    company, spoken, today = _company(directory, purpose, language)
    policy = company.policy.policy
    if Basis.LEGITIMATE_INTEREST not in policy.purposes[purpose].bases(None):
        raise Ending(Code.INVALID, f"`{purpose}` does not rest on an interest", "only such a purpose is weighed")
    _give(balancing(told(policy, maps_of(company), purpose, spoken, today, None)), to)


def run_attestations(to: To = None, language: Language = None, directory: Directory = HERE) -> None:
    """What people vouch for in the promises: whose word, on which file, until when, and whether it counts today."""
    company, spoken, today = _company(directory, None, language)
    policy = company.policy.policy
    named = {one.attestation.evidence for one in policy.promises if one.attestation is not None}
    _give(attestations(policy, {name: _digest(directory / name) for name in named}, spoken, today), to)


def _company(directory: Path, purpose: str | None, language: str | None) -> tuple[Company, str, date]:
    company = Company.at(directory)
    policy = company.policy.policy
    if purpose is not None and purpose not in policy.purposes:
        known = ", ".join(sorted(policy.purposes)) or "none yet"
        raise Ending(Code.INVALID, f"the policy has no purpose `{purpose}`", f"it has: {known}")
    return company, language or policy.languages[0], datetime.now(CIVIL).date()


def _people(directory: Path) -> dict[str, int]:
    """Return how many people of each kind the stores hold, each person once."""
    with desk_of(directory) as desk:
        found = counted(desk, ())
    if found.silent:
        raise Ending(Code.CANNOT_TELL, f"these stores did not answer: {listed(found.silent)}", "count again later")
    return dict(found.kinds)


def _digest(file: Path) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def _give(document: Document, to: Path | None) -> None:
    """Write a document as a page or as Markdown, or show it."""
    if to is None:
        console().file.write(markdown(document))
    elif to.suffix == ".html":
        written(to, document_page(document).encode())
    elif to.suffix == ".md":
        written(to, markdown(document).encode())
    else:
        raise Ending(Code.INVALID, f"nothing writes `{to}`", "it ends in `.html` or `.md`")
