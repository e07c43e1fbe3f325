"""What every part of the privacy notice is told with: the policy, the language, the maps, and the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from belofte.datamap.model import DataMap
from belofte.law.adequacy import adequacy, is_eea
from belofte.notices import vocabulary
from belofte.notices.answer import AccessAnswer, Reach
from belofte.notices.document import Link, Run
from belofte.notices.frame import answer_frame, element_title
from belofte.notices.words import words_of
from belofte.policy.forms import Site
from belofte.policy.model import Basis, Policy, Purpose, Transfer


class Telling:
    """One telling of the notice, in one language."""

    def __init__(self, policy: Policy, language: str, maps: Mapping[str, DataMap], on: date) -> None:
        self.policy, self.language, self.maps, self.on = policy, language, maps, on
        self.words = words_of(language)
        self.say, self.say_n = self.words.say, self.words.say_n

    @cached_property
    def frame(self) -> AccessAnswer:
        """What the same policy says in an answer to a person."""
        return answer_frame(self.policy, self.language, request="", received=self.on, answered=self.on)

    def inside(self, title: str) -> str:
        """Return a title as it stands inside a sentence: its first letter small, unless a name or abbreviation."""
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def named(self, key: str) -> str:
        """Return an id as words, where the policy has none for it."""
        return key.replace("_", " ").replace("-", " ")

    def kinds(self, kinds: list[str]) -> str:
        """Return kinds of people in words."""
        found = (self.policy.people[kind].title for kind in kinds)
        return self.words.enumeration(
            title.of(self.language) if title else self.named(kind) for kind, title in zip(kinds, found, strict=True)
        )

    def element(self, ref: str) -> str:
        """Return what a purpose uses, in words: a whole category, or one element of it."""
        if "." in ref:
            return element_title(self.policy, self.language, ref)
        return self.policy.categories[ref].title.of(self.language)

    def used(self, purpose: Purpose) -> str:
        """Return everything that a purpose uses, in words, each category once with what is used of it."""
        whole = {ref for ref in purpose.uses if "." not in ref}
        found: dict[str, list[str]] = {}
        for ref in (*purpose.uses, *purpose.channels.values()):
            category, _, element = ref.partition(".")
            parts = found.setdefault(category, [])
            if element and category not in whole and (title := self.element(ref)) not in parts:
                parts.append(title)
        return "; ".join(
            self.say("%(name)s: %(words)s", name=self.element(category), words=", ".join(parts)) if parts
            else self.element(category)
            for category, parts in found.items()
        )  # fmt: skip

    def bases(self, purpose: Purpose) -> Iterator[tuple[Basis, str]]:
        """Yield each basis of a purpose with the kinds of people it is for, "" where it is for everybody."""
        for basis in purpose.bases(None):
            kinds = [] if isinstance(purpose.basis, Basis) else purpose.basis[basis]
            yield basis, self.kinds(kinds)

    def reached(self, reach: Reach) -> list[tuple[str, Run]]:
        """Return how a party is reached, a line each."""
        found: list[tuple[str, Run]] = []
        if reach.address:
            found.append((self.say("Post"), (reach.address,)))
        if reach.email:
            found.append((self.say("E-mail"), (Link(reach.email, f"mailto:{reach.email}"),)))
        if reach.phone:
            found.append((self.say("Telephone"), (Link(reach.phone, f"tel:{''.join(reach.phone.split())}"),)))
        if reach.url:
            found.append((self.say("Website"), (self.link(reach.url),)))
        return found

    def link(self, url: str, text: str | None = None) -> Link | str:
        """Return a link to a page; what is no web address stays text."""
        shown = text or url.removeprefix("https://").removeprefix("www.").rstrip("/")
        return Link(shown, url) if urlsplit(url).scheme in ("http", "https") else text or url

    def way(self) -> Run:
        """Return how a person asks for her rights: the form of the policy, else its e-mail address."""
        rights, contact = self.policy.rights, self.policy.organisation.contact
        if rights is not None and rights.url:
            by_mail: Run = (
                (self.say(" or write to "), Link(contact.email, f"mailto:{contact.email}")) if contact.email else ()
            )
            return (self.say("Ask us at "), self.link(rights.url), *by_mail, ".")
        if contact.email:
            return (self.say("Write to "), Link(contact.email, f"mailto:{contact.email}"), ".")
        return (self.say("You can ask us in any way you like."),)

    def site(self, site: Site) -> Run:
        """Return a page of somebody else: whose it is, where, and where its own notice is."""
        title = site.title.of(self.language) if site.title else None
        found: Run = (title,) if title else ()
        if site.url:
            found += ((": ",) if title else ()) + (self.link(site.url),)
        if site.notice:
            found += (" (", self.link(site.notice, self.say("its privacy notice")), ")")
        return found

    def stored(self) -> list[str]:
        """Return the countries in which the stores of the maps are."""
        return list(dict.fromkeys(one.location for one in self.maps.values() if one.role != "processor"))

    def abroad(self) -> list[str]:
        """Return the countries outside the EEA that data goes to: of recipients' transfers, and of stores."""
        found = [one.country for one in self.policy.transfers.values()]
        found += [one.location for one in self.policy.recipients.values() if one.location]
        found += self.stored()
        return list(dict.fromkeys(country for country in found if not is_eea(country)))

    def goings(self) -> Iterator[Run]:
        """Yield each transfer: where to, to whom, on what ground, and where to get a copy of the safeguards."""
        for part, (key, transfer) in zip(self.frame.transfers, self.policy.transfers.items(), strict=True):
            if is_eea(transfer.country):
                continue
            stores = [self.say("our own system") for one in self.maps.values() if one.transfer == key]
            to = self.words.enumeration([*part.recipients, *stores])
            first = self.words.country(transfer.country) + (f" ({to})" if to else "")
            copy: Run = ()
            if transfer.copy_at:
                copy = (" " + self.say("You get a copy of the safeguards here:") + " ", self.link(transfer.copy_at))
            yield (self.say("%(name)s: %(words)s", name=first, words=self.ground(transfer) + "."), *copy)

    def ground(self, transfer: Transfer) -> str:
        """Return the ground of a transfer in words; an adequacy decision by name and day."""
        said = self.say(vocabulary.GROUND[transfer.ground]) if transfer.ground in vocabulary.GROUND else transfer.ground
        decision = adequacy(transfer.country, self.on) if transfer.ground == "adequacy" else None
        if decision is None:
            return said
        named = self.say("decision %(decision)s of %(date)s", decision=decision.decision,
                         date=self.words.day(decision.since))  # fmt: skip
        until = ", " + self.say("until %(date)s", date=self.words.day(decision.until)) if decision.until else ""
        return f"{said} ({named}{until})"
