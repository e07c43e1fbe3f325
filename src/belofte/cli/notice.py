"""`belofte notice`: the privacy notice that people read, from the policy and the maps; and its publication.

Exit 0 · 3 something that the law wants said is not said: what, and where to write it; or another text was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.datamap.model import DataMap
from belofte.law.term import CIVIL
from belofte.notices.document import Document, Untypeset
from belofte.notices.page import document_page
from belofte.notices.privacy import Layer, privacy_notice
from belofte.notices.publishing import NotPublished, files_of, publish, published, takings
from belofte.notices.reading import Level, level
from belofte.notices.renditions import Form, rendition
from belofte.notices.unsaid import unsaid
from belofte.notices.versions import index
from belofte.notices.words import LANGUAGES
from belofte.policy.problems import Invalid, Problem

Language = Annotated[
    Literal["nl", "fr", "en"] | None,
    typer.Option("--language", help="In this language only (default: all of the policy's that Belofte speaks)."),
]
Layers = Annotated[Literal["summary", "full"], typer.Option("--layer", help="The short layer, or everything.")]
Format = Annotated[Form, typer.Option("--format", help="The form.")]
To = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR|FILE", help="Where to write it; a name that ends in the form's is a file."),
]


Measured = Annotated[bool, typer.Option("--level", help="Measure how easily it reads, and write nothing.")]


def run(
    language: Language = None, layer: Layers = "full", form: Format = "html", to: To = None, measured: Measured = False,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """The privacy notice in every language of the policy: a page, a PDF, Markdown or JSON-LD."""
    company = Company.at(directory)
    languages = spoken(company, language)
    complete(company, languages)
    if measured:
        _show_levels({one: level(told(company, one, layer).prose(), one) for one in languages}, as_json)
        return
    made = {one: rendered(company, one, form, layer) for one in languages}
    if to is None:
        if len(made) > 1 or form == "pdf":
            raise Ending(Code.INVALID, "where is it to go?", "`--to DIR`; to standard output goes one language of text")
        console().file.write(next(iter(made.values())).decode())
        return
    written = [str(path) for path in _written(to, form, made)]
    if as_json:
        json_result({"version": company.policy.policy.version, "written": written})
    else:
        console().print("\n".join(written), markup=False)


def rendered(company: Company, language: str, form: Form, layer: Layer = "full") -> bytes:
    """Return the notice in one language and form; decisions are named as they stood when the version began to hold."""
    try:
        return rendition(company.policy.policy, told(company, language, layer), form)
    except Untypeset as wrong:
        advice = "write that text of the policy without it"
        raise Ending(Code.INVALID, str(wrong), advice) from None


def told(company: Company, language: str, layer: Layer = "full") -> Document:
    """Return the notice in one language."""
    policy = company.policy.policy
    day = policy.version.from_ if policy.version else datetime.now(CIVIL).date()
    return privacy_notice(policy, language, maps_of(company), layer=layer, on=day)


def _show_levels(levels: dict[str, Level], as_json: bool) -> None:
    if as_json:
        json_result({one: asdict(found) | {"band": found.band} for one, found in levels.items()})
        return
    for one, found in levels.items():
        line = f"{one}: {found.score} ({found.band}), {found.sentence} words a sentence, {found.words} words"
        console().print(line, markup=False)


def run_publish(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder that your site serves.")],
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Publish the notice of this version for good: its files at an address of their own, kept, in the log."""
    company = Company.at(directory)
    policy = company.policy.policy
    languages = spoken(company, None)
    complete(company, languages)
    with desk_of(directory) as desk:
        try:
            new = publish(desk.db, policy, languages, partial(rendered, company), desk.clock())
        except NotPublished as wrong:
            raise Ending(Code.INVALID, str(wrong), wrong.mend) from None
        everything, taken, now = published(desk.db), takings(desk.db), desk.clock()
        kept = {version: files_of(desk.db, version) for version in dict.fromkeys(one.version for one in everything)}
    pages = {to / version / f"{language}.{form}": content
             for version, found in kept.items() for (language, form), content in found.items()}  # fmt: skip
    indexes = {one: "index.html" if number == 0 else f"index.{one}.html" for number, one in enumerate(languages)}
    for language, name in indexes.items():
        others = {one: address for one, address in indexes.items() if one != language}
        page = index(policy.organisation.name, language, everything, taken, now, others)
        pages[to / name] = document_page(page).encode()
    _write(pages)
    version = policy.version.id if policy.version else None
    of_this = [one for one in everything if one.version == version]
    if as_json:
        shown = [{"language": one.language, "form": one.form, "digest": f"sha256:{one.digest.hex()}",
                  "path": str(to / one.version / f"{one.language}.{one.form}")} for one in of_this]  # fmt: skip
        json_result({"version": version, "new": new, "files": shown})
        return
    for one in of_this:
        path = to / one.version / f"{one.language}.{one.form}"
        console().print(f"{path}  sha256:{one.digest.hex()}", markup=False)
    console().print(f"version {version}: {'published' if new else 'it was published before, and says the same'}")


def spoken(company: Company, language: str | None) -> list[str]:
    """Return the languages of the notice: the one asked, else those of the policy that Belofte speaks."""
    policy = company.policy.policy
    if language is not None:
        return [language]
    found = [str(one) for one in policy.languages if one in LANGUAGES]
    if not found:
        raise Ending(
            Code.INVALID, "Belofte speaks none of the policy's languages", f"it speaks: {', '.join(LANGUAGES)}"
        )
    return found


def maps_of(company: Company) -> dict[str, DataMap]:
    """Return the company's data maps by store."""
    return {name: loaded.map for name, loaded in company.maps.items()}


def complete(company: Company, languages: list[str]) -> None:
    """Raise `Invalid` with everything that the law wants said and the policy does not say, each at its place."""
    policy = company.policy
    found = [
        Problem(policy.at(one.path), f"{one.code} (GDPR art. {one.article}): {one.what}", one.mend)
        for one in unsaid(policy.policy, languages, maps_of(company), on=datetime.now(CIVIL).date())
    ]
    if found:
        raise Invalid(found)


def _written(to: Path, form: str, made: dict[str, bytes]) -> list[Path]:
    if to.suffix == f".{form}":
        if len(made) > 1:
            raise Ending(Code.INVALID, f"`{to.name}` is one file, and there are several languages", "`--language nl`")
        targets = {to: next(iter(made.values()))}
    else:
        targets = {to / f"{language}.{form}": content for language, content in made.items()}
    _write(targets)
    return list(targets)


def _write(files: Mapping[Path, bytes]) -> None:
    """Write files, each wholly or not at all."""
    for path, content in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            part.write_bytes(content)
            part.replace(path)
        except OSError as wrong:
            reason = (wrong.strerror or "it cannot be written").lower()
            raise Ending(Code.COULD_NOT_RUN, f"`{path}`: {reason}", "name a folder that can be written") from None
