"""YAML text as plain data, with the place of every key and value.

The language is the plain part of YAML 1.2: mappings with text keys, lists, text, numbers, booleans, null. Tags,
aliases, merge keys and second documents are problems, so that a file means what it shows and cannot grow while it is
read. Sizes are bounded. A file that the parser cannot follow gives the first problem of its syntax; all else that is
wrong is gathered. Keys are always text: `null: not-yet` has the key "null".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from belofte.policy.problems import Place, Problem, quoted

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32
MAX_KEY = 1024
MAX_PROBLEMS = 200
"""After this many problems in one file the rest is left unread."""

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}\.[0-9]{0,30})([eE][-+]?[0-9]{1,2})?")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_LOADER: type = getattr(yaml, "CLoader", yaml.Loader)
"""libyaml where the wheel has it: 30 times faster. Only its events are used; nothing is constructed."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand, by dotted path (`purposes.orders.uses.0`): values, and the keys that lead to them."""

    file: str
    values: Mapping[str, Place]
    keys: Mapping[str, Place]
    inside: frozenset[str] = frozenset()
    """The paths whose value is a mapping or list: these are shown at their key."""

    def at(self, path: str) -> Place:
        """Return the place of `path`, else of the nearest thing around it that is written, else of the file."""
        while True:
            if path in self.inside and path in self.keys:
                return self.keys[path]
            if path in self.values:
                return self.values[path]
            if path in self.keys:
                return self.keys[path]
            if not path:
                return Place(self.file)
            path = path.rpartition(".")[0]

    def key(self, path: str) -> Place:
        """Return the place of the key that `path` ends in, else as `at`."""
        return self.keys.get(path) or self.at(path)


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its data and where each part of it stands."""

    file: str
    data: Data
    places: Places


def read(file: str, raw: bytes) -> tuple[Document, list[Problem]]:
    """Return the data of one file and everything that is wrong with it as YAML; never raises."""
    text, problems = _text(file, raw)
    builder = _Builder(file, problems)
    if not problems:
        builder.build(text)
    data = builder.root if builder.root is not None else {}
    places = Places(file, builder.values, builder.keys, frozenset(builder.inside))
    return Document(file, data, places), builder.problems


def _text(file: str, raw: bytes) -> tuple[str, list[Problem]]:
    if len(raw) > MAX_BYTES:
        what = f"the file has {len(raw):,} bytes; at most {MAX_BYTES:,} are read"
        return "", [Problem(Place(file), what, "split it: any number of files are merged by their top-level keys")]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", [Problem(Place(file, 1, 1), "the file is UTF-16, not UTF-8", "save it again as UTF-8")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        before = raw[: wrong.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        what = f"the byte 0x{raw[wrong.start]:02X} is not UTF-8"
        return "", [Problem(Place(file, line, column), what, "save the file again as UTF-8")]
    found = _BAD.search(text)
    if found is None:
        return text, []
    what = f"the character U+{ord(found[0]):04X} does not belong in text"
    return "", [Problem(_place_at(file, text, found.start()), what, "remove it")]


def _place_at(file: str, text: str, index: int) -> Place:
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read; `key` is the key whose value comes next, `skip` a part that is dropped."""

    path: str
    into: dict[str, Data] | list[Data] | None
    key: str | None = None
    awaits_value: bool = False


@dataclass(slots=True)
class _Builder:
    file: str
    problems: list[Problem]
    root: Data = None
    values: dict[str, Place] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)
    stack: list[_Frame] = field(default_factory=list)

    def build(self, text: str) -> None:
        documents = 0
        try:
            for event in self._events(text):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._wrong(event, "a second document begins here", "put it in a file of its own")
                        return
                elif not self._take(event) or len(self.problems) >= MAX_PROBLEMS:
                    return
        except yaml.MarkedYAMLError as wrong:
            self.problems.append(_syntax(self.file, text, wrong))
        except (yaml.YAMLError, ValueError, RecursionError):
            self.problems.append(Problem(Place(self.file), "the file cannot be read as YAML", ""))

    def _events(self, text: str) -> Iterator[yaml.Event]:
        events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        return events

    def _take(self, event: yaml.Event) -> bool:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            name = quoted(f"*{event.anchor}")
            self._wrong(event, f"{name} is an alias, which the language does not have", "write the value out")
            self._place_value(event, None)
        return True

    def _wrong(self, event: yaml.Event, summary: str, advice: str) -> None:
        self.problems.append(Problem(self._place(event), summary, advice))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].into, dict) and not self.stack[-1].awaits_value

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> bool:
        if len(self.stack) >= MAX_DEPTH:
            self._wrong(event, f"nested deeper than {MAX_DEPTH} levels", "nothing in the language nests so deep")
            return False
        self._tag(event)
        if self._expects_key():
            self._wrong(event, "a key is a word, not a mapping or a list", "put the key in quotes if it is text")
            self.stack[-1].key, self.stack[-1].awaits_value = None, True
            self.stack.append(_Frame("?", {} if isinstance(event, yaml.MappingStartEvent) else []))
            return True
        into: dict[str, Data] | list[Data] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place_value(event, into)
        self.inside.add(path)
        self.stack.append(_Frame(path, into))
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._tag(event)
        bad = _BAD.search(event.value)
        if bad is not None:
            self._wrong(event, f"the character U+{ord(bad[0]):04X} does not belong in text", "remove it")
        if self._expects_key():
            self._key(event)
        else:
            self._place_value(event, event.value if event.style else _plain(event.value))

    def _key(self, event: yaml.ScalarEvent) -> None:
        frame, key = self.stack[-1], event.value
        assert isinstance(frame.into, dict)
        frame.awaits_value = True
        frame.key = key
        path = f"{frame.path}.{key}" if frame.path else key
        if key == "<<" and not event.style:
            self._wrong(event, "`<<` merges mappings, which the language does not do", "write the keys out")
            frame.key = None
        elif len(key) > MAX_KEY:
            self._wrong(event, f"a key of {len(key):,} characters", f"a key has at most {MAX_KEY:,}")
            frame.key = None
        elif key in frame.into:
            first = self.keys[path]
            self._wrong(event, f"{quoted(key)} stands here twice", f"it is already at {first}: keep one of the two")
            frame.key = None
        else:
            self.keys[path] = self._place(event)

    def _place_value(self, event: yaml.Event, value: Data) -> str:
        """Put a value where it belongs and return its path."""
        if not self.stack:
            self.root = value
            self.values[""] = self._place(event)
            return ""
        frame = self.stack[-1]
        if isinstance(frame.into, list):
            path = f"{frame.path}.{len(frame.into)}" if frame.path else str(len(frame.into))
            frame.into.append(value)
        elif not frame.awaits_value:
            frame.awaits_value, frame.key = True, None
            return frame.path
        else:
            frame.awaits_value = False
            if frame.key is None or frame.into is None:
                return frame.path
            path = f"{frame.path}.{frame.key}" if frame.path else frame.key
            frame.into[frame.key] = value
        self.values[path] = self._place(event)
        return path

    def _tag(self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.tag is not None and event.tag != "!":
            tag = quoted(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._wrong(event, f"{tag} is a tag, which the language does not have", "leave it out")


def _plain(text: str) -> Data:
    """Return what an unquoted scalar means in YAML 1.2; numbers with a leading zero stay text."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


_WORDS = (
    ("mapping values are not allowed", "a colon where none can stand", "put text with `: ` in it between quotes"),
    ("did not find expected key", "the indentation does not fit what stands above", "line it up with its neighbours"),
    ("could not find expected ':'", "a key without its colon", "write `key: value`"),
    ("did not find expected ',' or", "a comma or closing bracket is missing", "close what is open: `{…}` or `[…]`"),
    ("did not find expected '-'", "the indentation does not fit the list above", "line it up with its neighbours"),
    ("unexpected end of stream", "quotes are opened and never closed", "close them"),
    ("found undefined alias", "an alias, which the language does not have", "write the value out"),
    ("did not find expected node content", "a value is missing here", "write it, or remove the comma or bracket"),
    ("block sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own"),
    ("cannot start any token", "this character cannot begin a value", "put the text between quotes"),
    ("unknown escape character", "an escape that YAML does not have", "use single quotes, or write `\\\\` for `\\`"),
    ("undefined tag handle", "a tag, which the language does not have", "put the text between quotes"),
)


def _syntax(file: str, text: str, wrong: yaml.MarkedYAMLError) -> Problem:
    """Return a parser's complaint in our words."""
    mark = wrong.problem_mark or wrong.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    lines = text.split("\n", place.line)
    line = lines[place.line - 1] if mark and place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or line[place.column - 1 : place.column] == "\t":
        column = line.find("\t") + 1
        return Problem(Place(file, place.line, column), "a tab used to indent", "indent with spaces")
    complaint = str(wrong.problem)
    for known, summary, advice in _WORDS:
        if known in complaint:
            return Problem(place, summary, advice)
    return Problem(place, "this is not YAML that can be read", "compare it with the lines around it")
