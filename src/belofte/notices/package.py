"""The folder that a person receives: `index.html`, `answer.json`, `<store>/<table>.csv`; readable by nobody else.

A folder appears whole or not at all: everything is written to a hidden folder beside it, which is then renamed.
Files are 0600, folders 0700. With a password the folder holds one AES-256 zip; what was written on the way is removed.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol, TextIO

from belofte.notices.answer import AccessAnswer, Row, StoreAnswer, StoreHead, TableAnswer, table_head
from belofte.notices.answer_json import AnswerJson, erasure_document
from belofte.notices.letters import Letter, erasure_letter
from belofte.notices.page import ROWS_SHOWN, access_page, erasure_page, letter_page, letter_text
from belofte.notices.plain import cell
from belofte.notices.report import ErasureReport

if sys.platform != "win32":
    import fcntl

PASSWORD_LENGTH = 12
"""A password for a package is at least so many characters long."""


class PackageError(Exception):
    """The package cannot be written as asked; the message says what to do."""


class AnswerWriter(Protocol):
    """Writes `answer.json` as the rows pass: `begin`, `store`, `table`, `row` …, `end`."""

    def begin(self) -> None: ...
    def store(self, store: StoreAnswer) -> None: ...
    def table(self, table: TableAnswer) -> None: ...
    def row(self, row: Row) -> None: ...
    def end(self) -> None: ...


class Box:
    """The folder while it is being filled."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: set[str] = set()

    @contextmanager
    def text(self, name: str, *, newline: str | None = None) -> Iterator[TextIO]:
        """Open the new file `name` (its folders are made) for text; 0600."""
        with os.fdopen(self._fresh(name), "w", encoding="utf-8", errors="backslashreplace", newline=newline) as file:
            yield file

    def put(self, name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write the new file `name` as it is, piece by piece; return its SHA-256 and how long it is."""
        digest, length = sha256(), 0
        with os.fdopen(self._fresh(name), "wb") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                length += len(piece)
        return digest.hexdigest(), length

    def _fresh(self, name: str) -> int:
        path = self._root / name
        for parent in reversed(path.relative_to(self._root).parents):
            (self._root / parent).mkdir(mode=0o700, exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, name: str, pieces: Iterable[str]) -> None:
        """Write the new file `name` piece by piece."""
        with self.text(name) as file:
            for piece in pieces:
                file.write(piece)

    def name(self, *parts: str, ending: str) -> str:
        """Return a file name for a store and table, safe on every system and used once."""
        stem = "/".join(re.sub(r"[^\w.-]+", "_", part, flags=re.ASCII).strip(".")[:100] or "_" for part in parts)
        found, number = f"{stem}{ending}", 2
        while found.lower() in self._names:
            found, number = f"{stem}-{number}{ending}", number + 1
        self._names.add(found.lower())
        return found


@contextmanager
def package(folder: Path, password: str | None = None) -> Iterator[Box]:
    """Yield a box that becomes `folder` when the block ends well, and leaves nothing behind when it does not.

    Refuses a folder that holds something, or a path that is no folder. With a password the folder holds `answer.zip`.
    """
    _refuse_used(folder)
    _check_password(password)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    scratch = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    working = _held(scratch)
    try:
        root = scratch / "answer"
        root.mkdir(mode=0o700)
        yield Box(root)
        if password is not None:
            root = _sealed(scratch, root, password)
        _refuse_used(folder)
        root.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if working is not None:
            os.close(working)


def _held(scratch: Path) -> int | None:
    """Hold a folder while it is being filled; None where the system has no such lock."""
    if sys.platform == "win32":
        return None
    working = os.open(scratch, os.O_RDONLY)
    fcntl.flock(working, fcntl.LOCK_EX)
    return working


def _tidy(folder: Path) -> None:
    """Remove what a process that died left behind while it filled this folder: nobody holds it any more."""
    if sys.platform == "win32":
        return
    for left in (one for one in folder.parent.iterdir() if one.name.startswith(f".{folder.name}.")):
        try:
            held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if (left / "answer").is_dir():
                shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(held)


def _refuse_used(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise PackageError(
            f"`{folder}` is no folder\n   name a new one: an answer is never written over something else"
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise PackageError(f"`{folder}` is not empty\n   name a new folder: two answers never mix")


def _sealed(scratch: Path, root: Path, password: str) -> Path:
    sealed = scratch / "sealed"
    sealed.mkdir(mode=0o700)
    target = sealed / "answer.zip"
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    import pyzipper  # slow to load, and most answers are not encrypted

    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for path in sorted(root.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(root).as_posix())
    return sealed


def _check_password(password: str | None) -> None:
    if password is not None and len(password) < PASSWORD_LENGTH:
        raise PackageError(f"the password is too short\n   use at least {PASSWORD_LENGTH} characters")


def package_password(environment: Mapping[str, str], variable: str, file: Path | None = None) -> str:
    """Return the password from a file that only its owner can read, else from an environment variable.

    Never from an argument: the process list is no place for it.
    """
    if file is not None:
        try:
            state = file.stat()
            text = file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise PackageError(
                f"the password file `{file}` cannot be read\n   {(error.strerror or 'it is gone').lower()}"
            ) from error
        if stat.S_ISREG(state.st_mode) and state.st_mode & 0o077:
            raise PackageError(f"others can read the password file `{file}`\n   close it first: chmod 600 {file}")
    else:
        text = environment.get(variable, "")
        if not text:
            raise PackageError(f"no password for the package\n   set {variable}, or name a file that holds it")
    _check_password(text)
    return text


@dataclass(frozen=True)
class Written:
    """What a package holds: the heads of its stores, and the CSV file of each (store, table)."""

    heads: tuple[StoreHead, ...]
    files: Mapping[tuple[str, str], str]


def write_access(
    folder: Path,
    answer: AccessAnswer,
    *,
    password: str | None = None,
    writer: Callable[[TextIO], AnswerWriter] | None = None,
    rows_shown: int = ROWS_SHOWN,
) -> Written:
    """Write an access answer to `folder`; each row is read once and goes to its CSV, `answer.json` and the page.

    `writer` makes the writer of `answer.json` (default: `AnswerJson`). Memory does not grow with the rows.
    """
    with package(folder, password) as box:
        with box.text("answer.json") as file:
            written = _read(box, answer, writer(file) if writer else AnswerJson(answer, file.write), rows_shown)
        box.write("index.html", access_page(answer, heads=written.heads, files=written.files))
    return written


def _read(box: Box, answer: AccessAnswer, writer: AnswerWriter, rows_shown: int) -> Written:
    heads: list[StoreHead] = []
    files: dict[tuple[str, str], str] = {}
    writer.begin()
    for store in answer.stores:
        writer.store(store)
        tables = []
        for table in store.tables:
            writer.table(table)
            name = files[store.name, table.name] = box.name(store.name, table.name, ending=".csv")
            with box.text(name, newline="") as file:
                tables.append(table_head(replace(table, rows=_passing(table, file, writer)), rows_shown))
        heads.append(StoreHead(store.name, store.title, store.country, store.state, tuple(tables)))
    writer.end()
    return Written(tuple(heads), files)


def _passing(table: TableAnswer, file: TextIO, writer: AnswerWriter) -> Iterator[Row]:
    lines = csv.writer(file)
    lines.writerow([cell(column.name) for column in table.columns])
    for row in table.rows:
        lines.writerow([cell(value) for value in row.values])
        writer.row(row)
        yield row


def write_erasure(folder: Path, report: ErasureReport, state: str, *, password: str | None = None) -> None:
    """Write an erasure report to `folder`: the page, the letter as text, `report.json`; `state` is the request's."""
    with package(folder, password) as box:
        box.write("report.json", [json.dumps(erasure_document(report, state), ensure_ascii=False, indent=1) + "\n"])
        box.write("letter.txt", [letter_text(erasure_letter(report))])
        box.write("index.html", erasure_page(report))


def write_letter(folder: Path, letter: Letter, *, password: str | None = None) -> None:
    """Write a letter to `folder`, as a page and as text."""
    with package(folder, password) as box:
        box.write("letter.txt", [letter_text(letter)])
        box.write("index.html", letter_page(letter))
