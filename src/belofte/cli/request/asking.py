"""Who asks: the identifiers of a request, off the command line's sight, and the desk that handles it.

An identifier is personal data: it is read from standard input or a file, and when it was typed as an argument all the
same, the process list forgets it at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, get_type_hints

import typer
from setproctitle import setproctitle

from belofte.choices.policies import remember
from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.folder import refused
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import diagnostics
from belofte.cli.sealing import sealed
from belofte.database.errors import DatabaseUnavailable, KeyUnusable
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.database.server import address
from belofte.notices.package import PackageError, package_password
from belofte.rights.desk import Desk, StoreSpec
from belofte.rights.identify import Asked, NotAnIdentifier, asked
from belofte.stores.session import Failed

PASSWORD = "BELOFTE_PACKAGE_PASSWORD"

NOTHING: list[str] = []
"""The default of an option that may be given many times. INVARIANT: nobody changes it."""

Person = Annotated[
    list[str],
    typer.Option(
        "--person",
        metavar="KIND=VALUE",
        help="An identifier: email=…, phone=…. VALUE `-` is read from standard input, `@FILE` from a file.",
    ),
]
Persons = Annotated[
    Path | None,
    typer.Option(
        "--persons", metavar="FILE", help="Many people: one a line, `email=…,phone=…`; `-` is standard input."
    ),
]
Confirm = Annotated[
    list[str],
    typer.Option("--confirm", metavar="RECORD", help="An officer's word that a record shown is hers, or `all`."),
]
VerifiedBy = Annotated[
    str | None, typer.Option("--verified-by", help="How her identity was established: session, call back, …")
]
Language = Annotated[str | None, typer.Option("--language", help="The language of the answer (default: hers).")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the answer to a new folder.")]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="Encrypt the answer; password in $BELOFTE_PACKAGE_PASSWORD.")]


@dataclass(frozen=True)
class AtDesk:
    """The options of every verb at a company's desk: of which company, and in which form it tells."""

    directory: Directory = HERE
    as_json: Json = False


@dataclass(frozen=True)
class Following(AtDesk):
    """The options of a verb that writes an answer: where, and whether encrypted."""

    out: Out = None
    encrypt: Encrypt = False


@dataclass(frozen=True)
class Answering(Following):
    """The options of every right's verb: whom it is about, how she was identified, what becomes of the answer."""

    person: Person = field(default_factory=list)
    verified_by: VerifiedBy = None
    confirm: Confirm = field(default_factory=list)
    language: Language = None

    @property
    def confirmed(self) -> frozenset[str]:
        """The records on which an officer gave his word."""
        return frozenset(self.confirm)


def answering(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb, whose first argument is one of these bundles of options, each of them as an option of its own.

    What verbs of one kind share stands below a verb's own options, and what all share last.
    """
    first, *own = signature(verb, eval_str=True).parameters.values()
    bundle: type[AtDesk] = first.annotation
    stated = get_type_hints(bundle, include_extras=True)
    kinds = [kind for kind in bundle.__mro__ if kind is not object]
    home = {name: number for number, kind in enumerate(kinds) for name in kind.__annotations__}
    shared = [
        Parameter(
            one.name,
            Parameter.KEYWORD_ONLY,
            default=[] if isinstance(one.default_factory, type) else one.default,
            annotation=stated[one.name],
        )
        for one in sorted(fields(bundle), key=lambda one: home[one.name])
    ]
    names = {one.name for one in shared}

    @wraps(verb)
    def run(**given: object) -> None:
        verb(
            bundle(**{name: value for name, value in given.items() if name in names}),  # type: ignore[arg-type]
            **{name: value for name, value in given.items() if name not in names},
        )

    parameters = [*(one.replace(kind=Parameter.KEYWORD_ONLY) for one in own), *shared]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def people(given: Sequence[str], file: Path | None, country: str) -> list[list[Asked]]:
    """Return the people asked about, each by her identifiers in normal form; all mistakes at once."""
    setproctitle("belofte request")
    lines = [",".join(value_of(item) for item in given)] if given else []
    if file is not None:
        lines += [line.strip() for line in text_of(file).splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise Ending(Code.INVALID, "nobody is asked about", "name her: `--person email=-` reads standard input")
    found: list[list[Asked]] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        one: list[Asked] = []
        for item in line.split(","):
            kind, equals, value = item.strip().partition("=")
            try:
                if not equals or not value.strip():
                    raise NotAnIdentifier("an identifier is written `kind=value`: `email=…`, `phone=…`")
                one.append(asked(kind.strip(), value, country))
            except NotAnIdentifier as error:
                wrong.append(f"line {number}: {error}" if len(lines) > 1 else str(error))
        found.append(list(dict.fromkeys(one)))
    if wrong:
        raise Ending(Code.INVALID, wrong[0], "\n   ".join(wrong[1:10]))
    return found


def value_of(item: str) -> str:
    """Return `kind=value` with the value read from where `-` or `@FILE` says."""
    kind, _, value = item.partition("=")
    if value == "-":
        return f"{kind}={sys.stdin.readline().strip()}"
    if value.startswith("@") and len(value) > 1:
        return f"{kind}={text_of(Path(value[1:])).strip()}"
    return item


def text_of(file: Path) -> str:
    """Return the text of a file, or of standard input where it is `-`; one that cannot be read ends the verb."""
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Ending(Code.COULD_NOT_RUN, f"the file `{file}` cannot be read", "is it there, and is it text?") from None


@contextmanager
def desk_of(directory: Path) -> Iterator[Desk]:
    """Give the desk of the company in a folder; its database is started when it is not running."""
    company = Company.at(directory)
    specs = {
        name: StoreSpec(loaded.map, lambda name=name: company.url(name), company.own(name))  # type: ignore[misc]
        for name, loaded in company.maps.items()
    }
    try:
        key = company_key(directory, os.environ)
        with open_database(address(directory, os.environ)) as db:
            remember(db, company.policy.policy)
            desk = Desk(company.policy.policy, specs, db, key)
            try:
                yield desk
            finally:
                desk.close()
                sealed(directory, db, key)
    except (DatabaseUnavailable, KeyUnusable) as error:
        raise Ending(Code.COULD_NOT_RUN, str(error)) from None
    except NotAnIdentifier as error:
        raise Ending(Code.INVALID, str(error), "write `kind=value`, one of these kinds") from None
    except Failed as error:
        raise Ending(Code.CANNOT_TELL, str(error), "nothing was changed there; ask again when it answers") from None


@contextmanager
def packaging(encrypt: bool) -> Iterator[str | None]:
    """Give the password of a package (None: not encrypted); what the package refuses ends the verb, in its words."""
    try:
        yield package_password(os.environ, PASSWORD) if encrypt else None
    except PackageError as error:
        raise refused(error, Code.COULD_NOT_RUN) from None


def say(text: str) -> None:
    """Tell the operator something that is no result."""
    diagnostics().print(text, markup=False)
