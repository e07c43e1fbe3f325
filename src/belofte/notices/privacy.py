"""The privacy notice (GDPR art. 12-14, 21(4); LAW §2.8) from the policy and the maps: a short layer, then everything.

The same model that binds readers and lets go says what people read; what an answer to one person says of purposes,
bases, terms and recipients (`notices.frame`) is said here to everybody. What is missing is `notices.unsaid`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from belofte.datamap.model import DataMap
from belofte.notices import privacy_sections as sections
from belofte.notices import vocabulary
from belofte.notices.document import Block, Bullets, Document, Run, Section, paragraph
from belofte.notices.telling import Telling
from belofte.policy.model import Basis, Policy

Layer = Literal["summary", "full"]


def privacy_notice(
    policy: Policy, language: str, maps: Mapping[str, DataMap] | None = None, *, layer: Layer = "full", on: date
) -> Document:
    """Return the notice in `language`; `layer` summary leaves the full text out.

    `on` is the day whose adequacy decisions are named. What the policy does not say is left out of it.
    """
    told = Telling(policy, language, maps or {}, on)
    name = policy.organisation.name
    full = layer == "full"
    return Document(
        language=language,
        sender=name,
        title=told.say("How %(controller)s uses your personal data", controller=name),
        about=_about(told),
        summary=_summary(told),
        sections=tuple(_sections(told)) if full else tuple(found for found in (_marketing(told),) if found),
        foot=_foot(told),
        contents=told.say("In this notice") if full else "",
    )


def _about(told: Telling) -> str:
    version = told.policy.version
    if version is None:
        return told.say("Privacy notice")
    return told.say(
        "Privacy notice, version %(version)s, in force since %(date)s",
        version=version.id,
        date=told.words.day(version.from_),
    )


def _foot(told: Telling) -> tuple[str, ...]:
    version = told.policy.version
    if version is None:
        return (told.policy.organisation.name,)
    return (
        told.say(
            "%(controller)s. Version %(version)s, in force since %(date)s.",
            controller=told.policy.organisation.name,
            version=version.id,
            date=told.words.day(version.from_),
        ),
    )


def _sections(told: Telling) -> list[Section]:
    found = (
        _marketing(told),
        sections.who(told),
        sections.scope(told),
        sections.data(told),
        sections.purposes(told),
        sections.required(told),
        sections.recipients(told),
        sections.abroad(told),
        sections.trackers(told),
        sections.automated(told),
        sections.rights(told),
        sections.complaint(told),
        sections.safeguards(told),
        sections.sites(told),
        sections.version(told),
    )
    return [one for one in found if one is not None]


def _summary(told: Telling) -> Section:
    points: list[Run] = []
    by_basis: dict[Basis, list[str]] = {}
    for part in told.frame.purposes:
        by_basis.setdefault(part.bases[0], []).append(part.title)
    for basis in Basis:
        if basis in by_basis:
            titles = "; ".join(told.inside(title) for title in by_basis[basis])
            points.append((told.say("%(name)s: %(words)s", name=told.say(vocabulary.BASIS[basis]), words=titles),))
    blocks: list[Block] = [
        paragraph(
            told.say(
                "We are %(controller)s. We decide why and how your data is used.",
                controller=told.policy.organisation.name,
            )
        ),
        paragraph(told.say("This is what we use your data for, and what lets us do so:")),
        Bullets(tuple(points)),
        Bullets(tuple(_in_short(told))),
    ]
    return Section("short", told.say("In short"), tuple(blocks))


def _in_short(told: Telling) -> list[Run]:
    policy = told.policy
    indirect = [one.title.of(told.language) for one in policy.categories.values() if one.source == "third-party"]
    found: list[Run] = []
    if indirect:
        found.append(
            (
                told.say(
                    "Most data comes from you. This comes from others: %(categories)s.",
                    categories=told.words.enumeration(told.inside(one) for one in indirect),
                ),
            )
        )
    else:
        found.append((told.say("The data comes from you, or from what you do with us."),))
    found.append((told.say("Each purpose has its own term. When it is over, the data goes."),))
    if policy.recipients:
        found.append(
            (
                told.say_n(
                    "%(n)s party receives some of it. We name it below.",
                    "%(n)s parties receive some of it. We name them all below.",
                    len(policy.recipients),
                ),
            )
        )
    else:
        found.append((told.say("We pass your data on to nobody."),))
    if not told.abroad():
        found.append((told.say("Your data stays in the European Economic Area."),))
    else:
        places = told.words.enumeration(told.words.country(one) for one in told.abroad())
        found.append((told.say("Some data goes outside the European Economic Area: %(places)s.", places=places),))
    if not any(part.decision for part in told.frame.automated):
        found.append((told.say("No computer decides about you by itself."),))
    found.append((told.say("You have rights over your data. Using them is free. "), *told.way()))
    return found


def _marketing(told: Telling) -> Section | None:
    """The right to object to advertising, apart from everything else (art. 21(4)); and the general one, where due."""
    policy = told.policy
    advertising = [one.title.of(told.language) for one in policy.purposes.values() if one.direct_marketing]
    interests = any(
        {Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK} & set(one.bases(None)) for one in policy.purposes.values()
    )
    if not advertising and not interests:
        return None
    blocks: list[Block] = []
    if advertising:
        blocks += [
            paragraph(told.say("You may say no to advertising at any time. You need no reason. We then stop, always.")),
            paragraph(
                told.say("This is about: %(purposes)s.", purposes="; ".join(told.inside(one) for one in advertising))
            ),
        ]
    if interests:
        blocks.append(
            paragraph(
                told.say(
                    "Where we rely on an interest of ours, you may object for a reason of your own. We then stop "
                    "while we weigh your reason against ours."
                )
            )
        )
    blocks.append(paragraph(*told.way()))
    return Section("objection", told.say("Your right to object"), tuple(blocks), apart=True)
