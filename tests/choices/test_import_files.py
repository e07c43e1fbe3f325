"""Files of consents that cannot be read: what is said of them, before anything is recorded."""

import pytest

from belofte.choices.imports import COLUMNS
from belofte.cli.choices.carrying import rows_of
from belofte.cli.ending import Ending

HEADER = ",".join(COLUMNS).encode()
ROW = b"email,a@example.be,newsletter,email,2024-03-01,click,v1,nl"


@pytest.mark.parametrize(("content", "said", "advice"), [
    (HEADER + b"\n" + ROW + b"\n" + ROW.replace(b"a@", b"jos\xe9@"), "line 3 of the file `{}` is not UTF-8", "UTF-8"),
    (HEADER + b"\n" + ROW + b"x" * 200_000, "line 2 of the file `{}` is not CSV", "131,072"),
    (HEADER.replace(b",", b";") + b"\n" + ROW, "the file `{}` has no column `kind`", "with commas between them: kind,"),
    (HEADER + b",value\n" + ROW, "the file `{}` has more than one column `value`", "kind,value"),
    (b"", "the file `{}` has no column `kind`", "kind,value"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_line_and_the_mend(tmp_path, content, said, advice):
    file = tmp_path / "consents.csv"
    file.write_bytes(content)
    with pytest.raises(Ending) as ended:
        rows_of(file)
    assert ended.value.summary == said.format(file)
    assert advice in ended.value.advice


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(Ending) as ended:
        rows_of(tmp_path / "nothing.csv")
    assert ended.value.advice == "is it there, and may you read it?"


def test_a_file_of_a_spreadsheet_with_its_mark_is_read(tmp_path):
    file = tmp_path / "consents.csv"
    file.write_bytes(b"\xef\xbb\xbf" + HEADER + b"\r\n" + ROW + b"\r\n")
    assert [row["value"] for row in rows_of(file)[1]] == ["a@example.be"]
