"""What is printed is what was said: no text of a user, and no name of an act, is read as markup."""

from __future__ import annotations

import pytest
from rich.table import Table

from belofte.cli.output import console, diagnostics

SAID = "evidence:key:added [red]x[/red] [link=https://a.example]y[/link] :boom:"


def test_no_text_is_read_as_markup_or_as_the_name_of_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(box=None, show_header=False)
    table.add_column(no_wrap=True, min_width=len(SAID))
    table.add_row(SAID)
    for out in (console(), diagnostics()):
        out.print(SAID)
        out.print(table)
    written = capsys.readouterr()
    assert written.out.count(SAID) == written.err.count(SAID) == 2
