"""`belofte incident draft`: what is sent of a breach, written from the register; sending it stays with people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.incident.shared import Name, found, refusing
from belofte.cli.options import HERE, Directory
from belofte.cli.output import console
from belofte.cli.request.asking import NOTHING, Encrypt, desk_of, packaging
from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.incidents import Incident
from belofte.database.sealed import Shredded, unsealed
from belofte.incidents.addresses import WAYS, Address, addresses
from belofte.incidents.affected import people_of
from belofte.incidents.allowed import Refusal
from belofte.incidents.breach import Breach
from belofte.incidents.register import Refused, breach
from belofte.law.breach import is_late
from belofte.notices.answer import Case
from belofte.notices.breach import (
    Category,
    Report,
    Told,
    authority_letter,
    controller_letter,
    missing,
    people_letter,
)
from belofte.notices.frame import case
from belofte.notices.letters import Letter
from belofte.notices.package import Box, package
from belofte.notices.page import letter_page, letter_text
from belofte.notices.plain import cell
from belofte.rights.desk import Desk
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, session

To = Literal["authority", "people", "controller"]


def run(
    name: Name,
    to: Annotated[To, typer.Option("--for", help="Who it is for: authority, people, controller.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder: a page and a text per language.")],
    language: Annotated[
        list[str], typer.Option("--language", help="The languages: for people the policy's, else its first.")
    ] = NOTHING,
    with_addresses: Annotated[
        bool, typer.Option("--addresses", help="For people: beside the letters, how each of them is reached.")
    ] = False,
    encrypt: Encrypt = False,
    directory: Directory = HERE,
) -> None:
    """Write what the authority, the people or the controller is told of a breach; what is not known yet is named."""
    with desk_of(directory) as desk, refusing(as_json=False):
        incident = found(desk.db, name)
        one = breach(desk.db, incident)
        languages: list[str] = language or [*(desk.policy.languages if to == "people" else desk.policy.languages[:1])]
        letters = list(_letters(desk, one, to, languages))
        reached = _reached(desk, incident, one) if to == "people" and with_addresses else None
        with packaging(encrypt) as password, package(out, password) as box:
            if reached is not None:
                _write_addresses(box, desk, incident, reached)
            for letter in letters:
                box.write(f"{letter.case.language}/letter.txt", [letter_text(letter)])
                box.write(f"{letter.case.language}/index.html", letter_page(letter))
        lacking = missing(_report(desk, one, languages[0]), "en") if to != "people" else []
    console().print(f"drafts in {out}: {', '.join(languages)}", markup=False)
    for what in lacking:
        console().print(f"   not known yet, to follow (art. 33(4)): {what.lower()}", markup=False)


def _letters(desk: Desk, one: Breach, to: To, languages: list[str]) -> Iterator[Letter]:
    if to == "people":
        lacking = [language for language in languages if language not in one.words]
        if lacking:
            mend = "say it: `belofte incident words`"
            raise Refused(
                [Refusal(f"what the people are told is not put in words of `{spoken}`", mend) for spoken in lacking]
            )
        yield from (people_letter(_case(desk, one, spoken), _told(desk, one, spoken)) for spoken in languages)
        return
    if to == "controller" and not one.processor:
        raise Refused([Refusal("the company is no processor here", "`--for authority`, or `add --role processor`")])
    for spoken in languages:
        report = _report(desk, one, spoken)
        if to == "authority":
            yield authority_letter(_case(desk, one, spoken), report)
        else:
            yield controller_letter(_case(desk, one, spoken), report, one.facts.controller or "")


def _reached(desk: Desk, incident: Incident, one: Breach) -> list[Address]:
    """Return how the people of a breach are reached; a store that is silent ends the verb: nobody is left out."""
    reached: list[Address] = []
    for store, each in one.affected.items():
        if each.said.state != "counted":
            raise Ending(Code.CANNOT_TELL, f"who is in store `{store}` was not counted", "reach them by hand")
        try:
            people = people_of(unsealed(desk.db, desk.key, incident.id, store))
            opened = desk.open(store)
            with session(opened.store) as reading:
                reached += addresses(opened.graph, reading, people)
        except Shredded as gone:
            raise Ending(Code.COULD_NOT_RUN, str(gone)) from None
        except (Unreachable, Failed) as silent:
            raise Ending(Code.CANNOT_TELL, f"store `{store}` did not answer: {silent.why}", "ask again") from None
    return reached


def _write_addresses(box: Box, desk: Desk, incident: Incident, reached: list[Address]) -> None:
    """Write one line a person, each address once; that this was written, and for how many, is an act of the log."""
    policy, seen = desk.policy, set()
    with box.text("addresses.csv", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["language", *WAYS])
        for one in reached:
            spoken = (one.language or "")[:2].lower()
            spoken = spoken if spoken in policy.languages else policy.languages[0]
            row = (spoken, *(one.reach.get(way, "") for way in WAYS))
            once = tuple(found.casefold() for found in row[1:])
            if once not in seen or not any(once):
                lines.writerow([cell(found) for found in row])
            seen.add(once)
    acts.record(desk.db, Act.BREACH_ADDRESSES, {"breach": str(incident.id), "people": len(reached)})


def _case(desk: Desk, one: Breach, language: str) -> Case:
    return case(
        desk.policy, language, request=one.short, received=one.recorded_at.date(), answered=desk.today()
    )  # fmt: skip


def _told(desk: Desk, one: Breach, language: str) -> Told:
    words, facts = one.words[language], one.facts
    titles = tuple(each.title for each in _categories(desk, one, language))
    return Told(
        words.nature, words.consequences, words.measures, words.advice, titles, facts.happened_from,
        facts.happened_until,
    )  # fmt: skip


def _report(desk: Desk, one: Breach, language: str) -> Report:
    facts, decision, assessment = one.facts, one.decision, one.assessment
    before = one.told("authority")
    return Report(
        title=facts.title, facts=facts.facts, kinds=tuple(kind.value for kind in facts.kinds),
        since=facts.happened_from, until=facts.happened_until, aware=facts.aware, found_by=facts.found_by,
        cause=facts.cause, people=one.people, records=one.records, groups=_groups(desk, one, language),
        categories=tuple(_categories(desk, one, language)), effects=facts.effects, consequences=facts.consequences,
        risk=one.risk, risk_because=assessment.because if assessment else None, measures=facts.measures,
        people_told=decision.people if decision else None, exception=decision.exception if decision else None,
        because=decision.because if decision else None, before=len(before),
        late=not before and not one.processor and bool(is_late(one.incident(), desk.clock())),
    )  # fmt: skip


def _groups(desk: Desk, one: Breach, language: str) -> dict[str, int]:
    """Return how many people there are of each kind, by what the policy calls them."""
    counts: dict[str, int] = {}
    for each in one.affected.values():
        for kind, count in each.said.kinds.items():
            known = desk.policy.people.get(kind)
            title = known.title.of(language) if known is not None and known.title else kind.replace("_", " ")
            counts[title] = counts.get(title, 0) + count
    return counts


def _categories(desk: Desk, one: Breach, language: str) -> Iterator[Category]:
    """Yield the categories of data that were touched, over all stores."""
    for name, known in desk.policy.categories.items():
        counts = [each.said.categories[name] for each in one.affected.values() if name in each.said.categories]
        if counts:
            people, records = sum(c.people for c in counts), sum(c.records for c in counts)
            yield Category(known.title.of(language), people, records, any(c.special for c in counts))
