"""`belofte notice`: the privacy notice that people read, from the policy and the maps.

Exit 0 · 3 something that the law wants said is not said: what, and where to write it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from belofte.choices.consent import ZONE
from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.datamap.model import DataMap
from belofte.notices.privacy import privacy_notice
from belofte.notices.renditions import rendition
from belofte.notices.unsaid import unsaid
from belofte.notices.words import LANGUAGES
from belofte.policy.problems import Invalid, Problem

Language = Annotated[
    Literal["nl", "fr", "en"] | None,
    typer.Option("--language", help="In this language only (default: all of the policy's that Belofte speaks)."),
]
Layer = Annotated[Literal["summary", "full"], typer.Option("--layer", help="The short layer, or everything.")]
Format = Annotated[Literal["html", "pdf", "md", "jsonld"], typer.Option("--format", help="The form.")]
To = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR|FILE", help="Where to write it; a name that ends in the form's is a file."),
]


def run(
    language: Language = None, layer: Layer = "full", form: Format = "html", to: To = None,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """The privacy notice in every language of the policy: a page, a PDF, Markdown or JSON-LD."""
    company = Company.at(directory)
    languages = spoken(company, language)
    maps = maps_of(company)
    complete(company, languages)
    today = datetime.now(ZONE).date()
    made = {
        one: rendition(
            company.policy.policy, privacy_notice(company.policy.policy, one, maps, layer=layer, on=today), form
        )
        for one in languages
    }
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
        for one in unsaid(policy.policy, languages, maps_of(company))
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
    for path, content in targets.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as wrong:
            reason = (wrong.strerror or "it cannot be written").lower()
            raise Ending(Code.COULD_NOT_RUN, f"`{path}`: {reason}", "name a folder that can be written") from None
    return list(targets)
