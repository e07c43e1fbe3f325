"""Pages for people: one self-contained HTML document each, streamed in pieces; no script, nothing from elsewhere.

The content policy of each page lets in its own style sheet (by digest) and nothing more.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files as resources
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from belofte.law.rights import BASIS_ARTICLES
from belofte.notices import vocabulary
from belofte.notices.answer import AccessAnswer, Case, StoreHead, TableHead, store_heads
from belofte.notices.document import Document, plain
from belofte.notices.letters import LATER, Letter, gap_words, stuck_words
from belofte.notices.plain import Plain
from belofte.notices.plaintext import wrapped
from belofte.notices.report import ErasureReport, Kept
from belofte.notices.table_view import table_view
from belofte.notices.words import words_of

ROWS_SHOWN = 25
"""Rows of each table that a page shows; the rest is in the table's CSV file."""

_HIGH_SIGN = re.compile(r" (?=[;:!?»])|(?<=«) ")
"""The space before a high sign of French, and those inside its quotation marks."""

_CODES = (
    "BASIS",
    "SOURCE",
    "ROLE",
    "GROUND",
    "RIGHT",
    "CHANNEL",
    "CHOICE",
    "CHOICE_STATE",
    "ASKED",
    "RECORD",
    "RECORD_STATE",
    "SAID",
    "STORE_STATE",
    "LEVEL",
    "KEPT",
)


def _web(url: str) -> bool:
    """Return whether a page may link to `url`: a `javascript:` address stays text."""
    return urlsplit(url).scheme in ("http", "https")


@lru_cache
def templates(language: str) -> Environment:
    words = words_of(language)
    environment = Environment(
        loader=PackageLoader("belofte.notices", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words.catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.tests["web"] = _web
    style = resources("belofte.notices").joinpath("templates", "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    environment.globals.update(
        words=words,
        say=words.say,
        say_n=words.say_n,
        gap_words=gap_words,
        LATER=LATER,
        stuck_words=stuck_words,
        style=Markup(style),
        style_hash=f"sha256-{digest}",
        empty=words.say("not recorded"),
        ARTICLE_OF_BASIS=BASIS_ARTICLES,
        **{name: getattr(vocabulary, name) for name in _CODES},
    )
    return environment


@dataclass(frozen=True)
class Overview:
    """What the page says first: rows, stores with rows, data that nothing justifies, stores without a full answer."""

    rows: int
    stores: int
    unjustified: int
    stuck: int


def overview(stores: Iterable[StoreHead]) -> Overview:
    """Return the sums over stores that were read."""
    heads = tuple(stores)
    unjustified = sum(
        count
        for store in heads
        for table in store.tables
        for index, count in table.counts.items()
        if table.classes[index].unjustified
    )
    stuck = sum(1 for head in heads if head.state != "done")
    return Overview(sum(head.total for head in heads), sum(1 for head in heads if head.total), unjustified, stuck)


def access_page(
    answer: AccessAnswer,
    *,
    heads: Iterable[StoreHead] | None = None,
    files: Mapping[tuple[str, str], str] | None = None,
    rows_shown: int = ROWS_SHOWN,
) -> Iterator[str]:
    """Yield the access page piece by piece.

    `heads` are stores already read (a package reads them once for all its files); without them the answer's own stores
    are read while the page is written, and the page has no overview. `files` names the CSV file of each (store, table).
    """
    environment = templates(answer.case.language)
    words = words_of(answer.case.language)
    named = files or {}
    titles = answer.titles()
    known = tuple(heads) if heads is not None else None
    table_template = environment.get_template("table.html")

    def data_table(table: TableHead, place: str, file: str | None) -> Markup:
        return Markup(table_template.render(view=table_view(words, titles, table), id=place, file=file))

    return environment.get_template("access.html").generate(
        answer=answer,
        case=answer.case,
        stores=known if known is not None else store_heads(answer.stores, rows_shown),
        overview=overview(known) if known is not None else None,
        files=named,
        data_table=data_table,
        titles=titles,
        titled=lambda ids: words.enumeration(titles.get(one, one) for one in ids),
        sample_tag=Markup('<span class="tag used">A</span>'),
    )


@dataclass(frozen=True)
class _Stays:
    store: str
    table: str
    kept: Kept


def erasure_page(report: ErasureReport) -> Iterator[str]:
    """Yield the erasure report piece by piece: what went, what stays, what is open, what is not covered."""
    words = words_of(report.case.language)
    if report.planned:
        lead = words.say("You asked us to erase your data. This is what we will do, and what has to stay.")
    elif report.open:
        lead = words.say("You asked us to erase your data. This is what we did so far, and what is still to come.")
    else:
        lead = words.say("You asked us to erase your data. This is what we did.")
    return (
        templates(report.case.language)
        .get_template("erasure.html")
        .generate(
            report=report,
            case=report.case,
            lead=lead,
            stays=tuple(
                _Stays(store.title or store.name, table.title or table.name, kept)
                for store in report.stores
                for table in store.tables
                for kept in table.reasons
            ),
            waiting=tuple(gap for gap in report.gaps if gap.kind != "backup"),
            stuck=tuple(store for store in report.stores if store.state != "done"),
            backups=tuple(gap for gap in report.gaps if gap.kind == "backup"),
            digests=tuple((store.title or store.name, one) for store in report.stores for one in store.statements),
        )
    )


def _sender(case: Case) -> tuple[str, ...]:
    reach = case.controller.reach
    number = case.controller.company_number
    numbered = words_of(case.language).say("Company number: %(number)s.", number=number) if number else None
    lines = (reach.address, numbered, reach.email, reach.phone)
    return tuple(line for line in lines if line)


def letter_page(letter: Letter) -> Iterator[str]:
    """Yield a letter as a page."""
    template = templates(letter.case.language).get_template("letter.html")
    return template.generate(letter=letter, case=letter.case, sender=_sender(letter.case))


def letter_text(letter: Letter) -> str:
    """Return a letter as plain text."""
    words = words_of(letter.case.language)
    about = letter.about or words.say("Request %(request)s", request=letter.case.request)
    parts = [
        "\n".join((letter.case.controller.name, *_sender(letter.case))),
        f"{words.day(letter.case.answered)}\n{about}",
        letter.subject,
        letter.greeting,
    ]
    for block in letter.blocks:
        points = [wrapped(point, "- ", "  ") for point in block.points]
        parts.append("\n".join([wrapped(block.text), *points]))
    parts.append(f"{letter.closing}\n{letter.case.controller.name}")
    return "\n\n".join(parts) + "\n"


def document_page(document: Document) -> str:
    """Return a document as one page: landmarks, headings in order, a head for every row and column of its tables."""
    said = plain(document)
    bound = _bound(said) if document.language == "fr" else said
    return templates(document.language).get_template("document.html").render(document=bound)


def _bound(value: Plain) -> Plain:
    """Return French words whose high signs stay on the line of the word that they stand by; addresses as they are."""
    if isinstance(value, str):
        return _HIGH_SIGN.sub("\u00a0", value)
    if isinstance(value, list):
        return [_bound(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "url" else _bound(one) for key, one in value.items()}
    return value
