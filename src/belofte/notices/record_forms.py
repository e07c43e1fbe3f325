"""The record of processing in its forms: a document for pages and Markdown, sheets for XLSX and CSV, JSON-LD.

The page has a part per activity, because twenty columns fit no paper; a spreadsheet has a row per activity.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from belofte.datamap.model import DataMap
from belofte.notices.document import Block, Document, Facts, Run, Section
from belofte.notices.linked import CONTEXT, linked
from belofte.notices.plain import Plain
from belofte.notices.record import HEADS, Entry, Record, kinds
from belofte.notices.record_words import SAID, TITLES, Head
from belofte.notices.spreadsheet import Sheet, as_text, workbook
from belofte.notices.words import words_of
from belofte.policy.model import Policy


def document(record: Record) -> Document:
    """Return the record as a text: who, a part per activity, and what is processed for others."""
    language = record.language
    parts = [
        Section("who", _title(record, "who"), (_facts(record.who, HEADS["who"], language),)),
        Section(
            "activities", _title(record, "activities"), (),
            tuple(_part("activity", one, "activity", HEADS["activities"], language) for one in record.activities),
        ),
    ]  # fmt: skip
    if record.processing:
        entries = (_part("processing", one, "store", HEADS["processing"], language) for one in record.processing)
        parts.append(Section("processor", _title(record, "processor"), (), tuple(entries)))
    as_of = f"{SAID['as-of'].of(language)} {words_of(language).day(record.on)}"
    return Document(
        language, record.name, _title(record, "record"), f"{as_of}. GDPR art. 30.", tuple(parts),
        contents=_title(record, "contents"),
    )  # fmt: skip


def _title(record: Record, name: str) -> str:
    return TITLES[name].of(record.language)


def _part(prefix: str, entry: Entry, title: str, heads: Mapping[str, Head], language: str) -> Section:
    shown: tuple[Block, ...] = (_facts(entry, heads, language, (title,)),)
    return Section(f"{prefix}-{entry.id}", "; ".join(entry.lines[title]), shown)


def _facts(entry: Entry, heads: Mapping[str, Head], language: str, without: tuple[str, ...] = ()) -> Facts:
    rows: list[tuple[str, Run]] = []
    for code, head in heads.items():
        if code in without or (not entry.lines[code] and not head.article):
            continue
        rows.append((head.of(language), ("; ".join(entry.lines[code]) or SAID["none"].of(language),)))
    return Facts(tuple(rows))


def sheets(record: Record) -> list[Sheet]:
    """Return the record as sheets: who, the activities, and what is processed for others."""
    language = record.language
    who = [(head.of(language), "\n".join(record.who.lines[code])) for code, head in HEADS["who"].items()]
    found = [Sheet(_title(record, "who"), (_title(record, "record"), record.name), who)]
    for part, title, entries in (
        ("activities", "activities", record.activities), ("processing", "processor", record.processing),
    ):  # fmt: skip
        heads = HEADS[part]
        rows = [tuple("\n".join(entry.lines[code]) for code in heads) for entry in entries]
        if rows:
            found.append(Sheet(_title(record, title), tuple(head.of(language) for head in heads.values()), rows))
    return found


def xlsx(record: Record) -> bytes:
    """Return the record as a workbook, a sheet per part."""
    return workbook(_title(record, "record"), sheets(record), record.on)


def as_csv(record: Record) -> str:
    """Return the activities as CSV, then, after an empty line, what is processed for others."""
    out = io.StringIO()
    written = csv.writer(out)
    for number, sheet in enumerate(sheets(record)[1:]):
        if number:
            written.writerow([])
        written.writerow(sheet.heads)
        written.writerows([as_text(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def json_ld(policy: Policy, maps: Mapping[str, DataMap], record: Record) -> dict[str, Plain]:
    """Return the record in the terms of the Data Privacy Vocabulary: the notice's processes, with whom they are about.

    What is processed for others is a process of which the company is the processor.
    """
    language = record.language
    found = linked(policy, language)
    found["@context"] = {**CONTEXT, "@language": language}
    found["@type"] = ["dpv:RecordsOfActivities", "dpv:DataProcessingRecord"]
    found["dct:title"] = _title(record, "record")
    found["dct:date"] = {"@type": "xsd:date", "@value": record.on.isoformat()}
    for unwanted in ("dpv:hasRight", "dct:identifier", "dct:valid"):
        found.pop(unwanted, None)
    processes = found["dpv:hasProcess"]
    assert isinstance(processes, list)
    for name, process in zip(policy.purposes, processes, strict=True):
        assert isinstance(process, dict)
        process["dct:identifier"] = name
        process["dpv:hasDataSubject"] = [
            {"@type": "dpv:DataSubject", "dct:title": _kind(policy, kind, language)}
            for kind in kinds(policy, maps, name)
        ]
    for entry in record.processing:
        processes.append(
            {
                "@type": "dpv:Process",
                "dct:identifier": entry.id,
                "dct:title": "; ".join(entry.lines["processing"]),
                "dpv:hasDataProcessor": {"@type": "dpv:DataProcessor", "dpv:hasName": policy.organisation.name},
                "dpv:hasDataController": {
                    "@type": "dpv:DataController", "dpv:hasName": "; ".join(entry.lines["controller"]),
                },
            }
        )  # fmt: skip
    return found


def _kind(policy: Policy, kind: str, language: str) -> str:
    title = policy.people[kind].title
    return title.of(language) if title else kind.replace("_", " ")
