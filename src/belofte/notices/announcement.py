"""The announcement of a new policy to the people concerned (GDPR art. 13(3), 14(4)), before it holds: a mailing.

It says what changes and what a person can do, and leads to the whole notice. It is no advertising: people get it
whatever they said to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from belofte.notices.change_words import sentences
from belofte.notices.document import Block, Bullets, Document, Link, Section, paragraph
from belofte.notices.page import document_page
from belofte.notices.plaintext import plaintext
from belofte.notices.telling import Telling
from belofte.policy.change import Change


@dataclass(frozen=True)
class Announcement:
    """A message in one language: its subject, a page, and the same as plain text."""

    subject: str
    html: str
    text: str


def announcement(before: Telling, after: Telling, changes: Sequence[Change], address: str | None) -> Announcement:
    """Return the message that tells the changes in one language. `address`: where the new notice can be read."""
    name = after.policy.organisation.name
    version = after.policy.version
    points: Block = Bullets(tuple((one,) for one in sentences(before, after, changes)))
    since = after.words.day(version.from_) if version else ""
    first = (
        after.say("From %(date)s we use personal data in another way. This changes:", date=since)
        if since
        else after.say("We are going to use personal data in another way. This changes:")
    )
    sections = [Section("changes", after.say("What changes"), (paragraph(first), points))]
    asked = dict.fromkeys(one.purpose for one in changes if one.asked and one.purpose)
    if asked:
        titles = "; ".join(after.inside(after.policy.purposes[one].title.of(after.language)) for one in asked)
        sections.append(
            Section(
                "consent",
                after.say("We ask for your consent again"),
                (
                    paragraph(after.say("Did you consent to one of these? %(purposes)s.", purposes=titles)),
                    paragraph(
                        after.say("Until you give it again, we do not use your data for this. You are free not to.")
                    ),
                ),
            )
        )
    ways: list[Block] = [paragraph(*after.way())]
    if address:
        ways.append(paragraph(after.say("Read the whole notice: "), Link(address, address)))
    sections.append(
        Section(
            "rights",
            after.say("What you can do"),
            (
                paragraph(
                    after.say("You can object, see your data, have it corrected or erased, or take your consent back.")
                ),
                *ways,
            ),
        )
    )
    subject = after.say("%(controller)s changes how it uses personal data", controller=name)
    document = Document(
        language=after.language,
        sender=name,
        title=subject,
        about=after.say("We tell you this because the law asks us to. It is no advertising."),
        sections=tuple(sections),
        foot=(name,),
    )
    return Announcement(subject, document_page(document), plaintext(document))
