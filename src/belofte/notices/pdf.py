"""A document as PDF: typeset by Typst with its own fonts, tagged for readers that speak (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import typst

from belofte.notices.document import Document, plain


def pdf(document: Document, day: date) -> bytes:
    """Return a document as PDF; `day` is the day it says it was made on, so that the same text has the same bytes."""
    template = files("belofte.notices").joinpath("templates", "document.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        sys_inputs={"document": json.dumps(plain(document), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int((day - date(1970, 1, 1)).total_seconds()),
    )
    assert isinstance(made, bytes)
    return made
