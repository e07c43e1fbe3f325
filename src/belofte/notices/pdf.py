"""A document as PDF: typeset by Typst with its own fonts, tagged for readers that speak (PDF/UA-1)."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files

import typst

from belofte.notices.document import Document, Untypeset, plain

_WITHOUT_A_SHAPE = re.compile(r"the text `\"(.+?)\"` could not be displayed")
"""What the typesetter says of a sign that none of its fonts has."""


def pdf(document: Document, day: date) -> bytes:
    """Return a document as PDF; `day` is the day it says it was made on, so that the same text has the same bytes.

    Raises `Untypeset` for a sign that no font has: a reader that speaks would be given nothing.
    """
    template = files("belofte.notices").joinpath("templates", "document.typ").read_bytes()
    try:
        made = typst.compile(
            template,
            format="pdf",
            sys_inputs={"document": json.dumps(plain(document), ensure_ascii=False)},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int((day - date(1970, 1, 1)).total_seconds()),
        )
    except typst.TypstError as wrong:
        found = _WITHOUT_A_SHAPE.search(str(wrong))
        if found is None:
            raise
        raise Untypeset(found[1], document.language) from None
    assert isinstance(made, bytes)
    return made
