"""Sheets as a workbook (XLSX): heads that stay in sight, wrapped text, columns as wide as what is in them.

The same sheets give the same bytes: the moments that the format keeps are those of the day that is given.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

WIDEST, NARROWEST = 48, 12
"""Characters in the widest and the narrowest column."""
LINE = 15.0
"""Points in a line of text."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its heads, and its rows."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def workbook(title: str, sheets: Sequence[Sheet], day: date) -> bytes:
    """Return sheets as the bytes of a workbook."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in sheets:
        _fill(made.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.title)[:31]), sheet)
    made.properties.title = title
    made.properties.creator = "Belofte"
    made.properties.created = made.properties.modified = datetime.combine(day, time())
    out = io.BytesIO()
    made.save(out)
    return _dated(out.getvalue(), day)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="BBBBBB")
    page.append(sheet.heads)
    for row in sheet.rows:
        page.append(row)
    widths = [
        min(WIDEST, max(NARROWEST, *(max(map(len, cell.split("\n")), default=0) + 2 for cell in column)))
        for column in zip(sheet.heads, *sheet.rows, strict=True)
    ]
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate((sheet.heads, *sheet.rows), 1):
        page.row_dimensions[number].height = LINE * max(
            sum(-(-max(1, len(part)) // (width - 1)) for part in cell.split("\n"))
            for cell, width in zip(row, widths, strict=True)
        )
        for cell in page[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(bottom=line)
            cell.data_type = "s"  # what looks like a formula is text
            if number == 1:
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = PatternFill("solid", fgColor="1C2330")
    page.freeze_panes = "C2" if len(sheet.heads) > 4 else "A2"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _dated(content: bytes, day: date) -> bytes:
    """Return a package whose parts bear a day instead of the moment at which they were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            part = read.read(name)
            if name == "docProps/core.xml":  # the library sets the moment of saving again
                stamp = f"{day.isoformat()}T00:00:00Z".encode()
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            written.writestr(info, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_text(cell: str) -> str:
    """Return a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
