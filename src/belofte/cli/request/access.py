"""`belofte request access` and `portability`: the copy, readable by her and by machines (art. 15, 20)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import (
    Answering,
    Following,
    Persons,
    answering,
    desk_of,
    packaging,
    people,
    say,
)
from belofte.cli.request.records import chosen, received, records
from belofte.cli.request.shared import (
    case_of,
    code_of,
    end,
    gaps,
    looked_through,
    open_tasks,
    released,
    taken_up,
    tell_hops,
    tell_waiting,
    whose,
)
from belofte.database import requests
from belofte.database.requests import Request, StoreState
from belofte.notices.answer import (
    AccessAnswer,
    ColumnPart,
    DatumClass,
    Hidden,
    Row,
    StoreAnswer,
    TableAnswer,
)
from belofte.notices.answer_json import AnswerJson
from belofte.notices.frame import answer_frame, element_title
from belofte.notices.package import Written, write_access
from belofte.notices.portable import portable_tables, write_portable
from belofte.rights import portability
from belofte.rights.contents import LEFT_OUT, Classes, Contents, read_store, with_ours
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_in

NOT_IDENTIFIED = (
    "an answer is not written out before her identity is established",
    'say how it was: `--verified-by "logged-in session"`',
)
NO_FOLDER = ("a portability package is a folder", "name a new one: `--out DIR`")


def _no_witness(_step: str) -> None:
    """Nobody watches."""


WITNESS = _no_witness
"""Told at each step; the crash tests end the process there."""


@answering
def run(how: Answering, persons: Persons = None) -> None:
    """Everything about a person: every item of art. 15, and the copy."""
    _needs_identity(how)
    with desk_of(how.directory) as desk:
        asked = people(how.person, persons, desk.country)
        worst = Code.FINE
        for number, one in enumerate(asked, 1):
            folder = how.out if how.out is None or len(asked) == 1 else how.out / f"{number:05d}"
            intake = take_in(desk, "access", [one], language=how.language, confirm=how.confirmed)
            worst = max(worst, _answer(desk, intake, how.verified_by, replace(how, out=folder)))
    if worst is not Code.FINE:
        raise Ending(worst)


def _needs_identity(how: Answering) -> None:
    if how.out is not None and not how.verified_by:
        raise Ending(Code.COULD_NOT_RUN, *NOT_IDENTIFIED)


def resume_copy(desk: Desk, request: Request, confirm: frozenset[str], how: Following) -> Code:
    """Take an access or portability up where it stopped: the copy is made whole, as the stores stand now."""
    intake = taken_up(desk, request, confirm)
    if request.right == "portability":
        return _carried(desk, intake, how)
    if how.out is not None and request.verified_by is None:
        raise Ending(Code.COULD_NOT_RUN, *NOT_IDENTIFIED)
    return _answer(desk, intake, request.verified_by, how)


def _answer(desk: Desk, intake: Intake, verified_by: str | None, how: Following) -> Code:
    as_json = how.as_json
    WITNESS("taken-in")
    open_tasks(desk, intake)
    if verified_by and intake.request.verified_by is None:
        requests.verify(desk.db, intake.request.id, verified_by, desk.clock())
    tell_waiting(intake)
    waiting = intake.waiting or intake.silent or requests.tasks(desk.db, intake.request.id)
    state = "fulfilled" if verified_by and not waiting else "open"
    answer = replace(access_answer(desk, intake), state=state)
    if how.out is not None:
        written = _written(how.out, answer, how.encrypt, as_json)
        released(desk, intake, how.out)
        WITNESS("written")
        if not as_json:
            _tell_found(written)
        say(f"the answer to request {intake.request.short} is in {how.out}")
    elif as_json:
        writer = AnswerJson(answer, sys.stdout.write)
        _passed(answer, writer)
    else:
        tell_hops(intake)
        _shown(answer)
    if verified_by:  # INVARIANT: what is not released is not done, whatever is closed later
        for name in looked_through(desk, intake):
            requests.progress(desk.db, intake.request.id, name, StoreState.DONE)
            WITNESS(f"{name}:recorded")
    held_back = None if verified_by else "her identity is not established: nothing was released"
    if held_back and not as_json:
        say(f"{held_back}; write the answer with `--out DIR --verified-by …`")
    end(desk, intake, held_back=held_back)
    return code_of(desk, intake, [])


def _written(out: Path, answer: AccessAnswer, encrypt: bool, as_json: bool) -> Written:
    with packaging(encrypt) as password:

        def writer(file: TextIO) -> AnswerJson:
            def write(text: str) -> None:
                file.write(text)
                if as_json:
                    sys.stdout.write(text)

            return AnswerJson(answer, write)

        return write_access(out, answer, password=password, writer=writer)


def _tell_found(written: Written) -> None:
    """Show how many rows about her each store gave, per table; no value."""
    for store in written.heads:
        tables = ", ".join(f"{table.name} {table.total}" for table in store.tables if table.total)
        state = "" if store.state == "done" else f" ({store.state})"
        console().print(f"{store.name}{state}: {store.total} rows{': ' if tables else ''}{tables}", markup=False)


def _passed(answer: AccessAnswer, writer: AnswerJson) -> None:
    writer.begin()
    for store in answer.stores:
        writer.store(store)
        for table in store.tables:
            writer.table(table)
            for row in table.rows:
                writer.row(row)
    writer.end()


def _shown(answer: AccessAnswer) -> None:
    for store in answer.stores:
        for table in store.tables:
            count = sum(1 for _ in table.rows)
            console().print(f"{store.name}.{table.name}: {count} rows", markup=False)


def access_answer(desk: Desk, intake: Intake) -> AccessAnswer:
    """Return the answer to an access request; its rows are read when it is written."""
    request = intake.request
    kinds = frozenset().union(*(person.kinds for person in intake.people))
    frame = answer_frame(
        desk.policy,
        request.language,
        request=request.short,
        received=request.received_at.date(),
        answered=desk.today(),
        kinds=sorted(kinds),
    )
    about = whose(desk, intake)
    return replace(
        frame,
        stores=_stores(desk, with_ours(desk, intake)),
        disclosures=(*frame.disclosures, *received(desk, about, request.language)),
        choices=tuple(chosen(desk, about, request.language)),
        records=tuple(records(desk, intake, about)),
        gaps=gaps(desk, intake),
    )


def _stores(desk: Desk, intake: Intake) -> Iterator[StoreAnswer]:
    for name in desk.sql_stores:
        country = desk.specs[name].map.location
        if name in intake.silent:
            yield StoreAnswer(name, (), state="unreachable", country=country)
        elif desk.specs[name].map.all_passed_on:
            yield StoreAnswer(name, (), state="pending", country=country)
        elif intake.cohort(name):
            yield StoreAnswer(name, _tables(desk, intake, name), country=country)
        else:
            yield StoreAnswer(name, (), country=country)


def _tables(desk: Desk, intake: Intake, name: str) -> Iterator[TableAnswer]:
    classes = Classes()
    local: list[DatumClass] = _Mirror(classes)
    for part in read_store(desk, intake, name, classes):
        rows = (
            Row([Hidden.OTHER_PERSON if value is LEFT_OUT else value for value in values], numbers)
            for values, numbers in part.rows
        )
        yield TableAnswer(part.table, _columns(desk, intake, part), rows, local)


class _Mirror(list[DatumClass]):
    """The classes met so far, as the answer has them; grows with them."""

    def __init__(self, classes: Classes) -> None:
        super().__init__()
        self._classes = classes

    def _grow(self) -> None:
        for one in self._classes.found[super().__len__() :]:
            super().append(DatumClass(one.keep, one.use, one.hold, one.restricted))

    def __len__(self) -> int:
        self._grow()
        return super().__len__()

    def __iter__(self) -> Iterator[DatumClass]:
        self._grow()
        return super().__iter__()

    def __getitem__(self, index: int) -> DatumClass:  # type: ignore[override]
        self._grow()
        return super().__getitem__(index)


def _columns(desk: Desk, intake: Intake, part: Contents) -> tuple[ColumnPart, ...]:
    return tuple(
        ColumnPart(name, element_title(desk.policy, intake.request.language, element) if element else name, element)
        for name, element in zip(part.columns, part.elements, strict=True)
    )


@answering
def run_portability(how: Answering) -> None:
    """What a person provided, under consent or contract, to take elsewhere (art. 20)."""
    if how.out is None:
        raise Ending(Code.COULD_NOT_RUN, *NO_FOLDER)
    _needs_identity(how)
    with desk_of(how.directory) as desk:
        (asked,) = people(how.person, None, desk.country)
        intake = take_in(desk, "portability", [asked], language=how.language, confirm=how.confirmed)
        requests.verify(desk.db, intake.request.id, str(how.verified_by), desk.clock())
        code = _carried(desk, intake, how)
    if code is not Code.FINE:
        raise Ending(code)


def _carried(desk: Desk, intake: Intake, how: Following) -> Code:
    """Write what she may take elsewhere, and tell what became of the request."""
    if how.out is None:
        raise Ending(Code.COULD_NOT_RUN, *NO_FOLDER)
    if requests.by_id(desk.db, intake.request.id).verified_by is None:
        raise Ending(Code.COULD_NOT_RUN, *NOT_IDENTIFIED)
    WITNESS("taken-in")
    open_tasks(desk, intake)
    tell_waiting(intake)
    kinds = frozenset().union(*(one.kinds for one in intake.people))
    held = {
        column.element: True
        for spec in desk.specs.values()
        if spec.map.kind == "sql"
        for name, table in spec.map.tables.items()
        for column in table.columns.values()
        if column.element and not spec.map.for_others(name)
    }
    decision = portability.decide(desk.policy, kinds, desk.clock(), automated=held)
    purposes = sorted({purpose for purpose, _ in decision.portable})
    with packaging(how.encrypt) as password:
        tables = portable_tables(desk.policy, _stores(desk, intake), sorted(kinds))
        written = write_portable(how.out, case_of(desk, intake.request), tables, purposes=purposes, password=password)
    released(desk, intake, how.out)
    for name in looked_through(desk, intake):
        requests.progress(desk.db, intake.request.id, name, StoreState.DONE)
    state = end(desk, intake)
    code = code_of(desk, intake, [])
    document = {
        "request": intake.request.short,
        "state": state,
        "offer_access": decision.offer_access,
        "tables": [{"store": s, "table": t, "rows": n} for (s, t), n in written.items()],
    }
    if how.as_json:
        json_result(document)
    else:
        console().print(f"request {intake.request.short}: {sum(written.values())} rows in {how.out}", markup=False)
    return code
