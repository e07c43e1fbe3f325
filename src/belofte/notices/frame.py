"""What a policy says to a person who asks (art. 15(1)-(2)): everything in an answer except her own rows and choices.

The caller completes the frame with `dataclasses.replace(frame, stores=…, disclosures=…, choices=…, gaps=…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from belofte.law.authorities import AUTHORITIES
from belofte.law.rights import available, portable
from belofte.notices.answer import (
    AccessAnswer,
    Authority,
    AutomatedPart,
    Case,
    CategoryPart,
    Controller,
    OfficerPart,
    PurposePart,
    Reach,
    RecipientPart,
    RightCode,
    RightPart,
    TransferPart,
)
from belofte.notices.vocabulary import ARTICLE_OF_RIGHT
from belofte.notices.words import words_of
from belofte.policy.model import Basis, Category, Contact, Policy, Purpose
from belofte.policy.receiving import receivers


def case(
    policy: Policy, language: str, *, request: str, received: date, answered: date, authority: Authority | None = None
) -> Case:
    """Return the opening of every answer and letter: the controller, officer and authority of the policy.

    `authority` replaces the block of `law.authorities` that the policy names.
    """
    organisation = policy.organisation
    officer = organisation.officer
    return Case(
        request=request,
        received=received,
        answered=answered,
        language=language,
        controller=Controller(
            organisation.name,
            organisation.company_number,
            _reach(organisation.contact, organisation.address),
            organisation.representative,
        ),
        officer=None
        if officer is None
        else OfficerPart(
            officer.name,
            _reach(officer.contact),
            officer.none_because.of(language) if officer.none_because else None,
        ),
        authority=authority or authority_block(organisation.authority, language),
    )


def authority_block(authority: str, language: str) -> Authority | None:
    """Return where to complain, in words, from the id of an authority; None for one that `law` does not know."""
    found = AUTHORITIES.get(authority)
    if found is None:
        return None
    return Authority(
        found.name.of(language),
        Reach(found.address.of(language), found.email, found.phone, found.url.of(language)),
        found.complaint_url.of(language),
        found.procedure.of(language),
    )


def answer_frame(
    policy: Policy,
    language: str,
    *,
    request: str,
    received: date,
    answered: date,
    kinds: Iterable[str] = (),
    authority: Authority | None = None,
) -> AccessAnswer:
    """Return the answer without the person's own data, in `language`.

    `kinds` are the kinds of people that she is; purposes that reach none of them are left out (all of them when empty).
    Rights are fitted to the bases of those purposes (LAW 2.2).
    """
    reached = _reached(policy, tuple(kinds))
    bases = {purpose_id: tuple(found) for purpose_id, found in reached.items()}
    recipients = _recipients(policy, language, bases)
    version = policy.version
    return AccessAnswer(
        case=case(policy, language, request=request, received=received, answered=answered, authority=authority),
        purposes=tuple(
            _purpose(policy, language, purpose_id, policy.purposes[purpose_id], found)
            for purpose_id, found in bases.items()
        ),
        categories=tuple(_category(language, key, found) for key, found in policy.categories.items()),
        recipients=recipients,
        transfers=_transfers(policy, recipients),
        rights=_rights(policy, language, bases),
        automated=_automated(policy, language, bases),
        policy_version=version.id if version else None,
        policy_from=version.from_ if version else None,
    )


def _reached(policy: Policy, kinds: tuple[str, ...]) -> dict[str, list[Basis]]:
    found: dict[str, list[Basis]] = {}
    for purpose_id, purpose in policy.purposes.items():
        bases = [basis for kind in kinds or (None,) for basis in purpose.bases(kind)]
        if bases:
            found[purpose_id] = list(dict.fromkeys(bases))
    return found


def _reach(contact: Contact, address: str | None = None) -> Reach:
    return Reach(contact.address or address, contact.email, contact.phone, contact.url)


def _fact(policy: Policy, language: str, name: str) -> str:
    """Return a fact in the policy's own words, else its name as words."""
    words = policy.facts.get(name)
    return words.of(language) if words else name.replace(".", " ").replace("_", " ")


def retention(policy: Policy, language: str, purpose: Purpose) -> str:
    """Return how long a purpose keeps data, in words: its term and what the term counts from (art. 15(1)(d))."""
    words = words_of(language)
    if purpose.keep is not None:
        term = words.period(purpose.keep)
        if purpose.after is None:
            return words.say("%(term)s", term=term)
        return words.say("%(term)s, counted from: %(fact)s", term=term, fact=_fact(policy, language, purpose.after))
    if purpose.while_ is not None:
        return words.say("as long as this holds: %(fact)s", fact=_fact(policy, language, purpose.while_))
    if purpose.bases(None) == [Basis.CONSENT]:
        return words.say("until you withdraw your consent")
    if purpose.direct_marketing:
        return words.say("until you object")
    return words.say("as long as this purpose needs it")


def _purpose(policy: Policy, language: str, purpose_id: str, purpose: Purpose, bases: tuple[Basis, ...]) -> PurposePart:
    return PurposePart(
        id=purpose_id,
        title=purpose.title.of(language),
        bases=bases,
        retention=retention(policy, language, purpose),
        description=purpose.description.of(language) if purpose.description else None,
        interest=purpose.interest.of(language) if purpose.interest and Basis.LEGITIMATE_INTEREST in bases else None,
        law=purpose.law if Basis.LEGAL_OBLIGATION in bases else None,
        direct_marketing=purpose.direct_marketing,
        recipients=tuple(
            policy.recipients[key].name or policy.recipients[key].title.of(language)
            for key in receivers(policy, purpose_id)
        ),
    )


def element_title(policy: Policy, language: str, ref: str) -> str:
    """Return an element (`identity.email`) in words: the policy's own, else its id as words."""
    title = policy.element(ref).title
    return title.of(language) if title else ref.partition(".")[2].replace("_", " ")


def _category(language: str, key: str, category: Category) -> CategoryPart:
    elements = tuple(
        element.title.of(language) if element.title else name.replace("_", " ")
        for name, element in category.elements.items()
    )
    sources = dict.fromkeys(element.source or category.source for element in category.elements.values())
    return CategoryPart(
        id=key,
        title=category.title.of(language),
        elements=elements,
        sources=tuple(sources),
        origin=category.origin.of(language) if category.origin else None,
        special=bool(category.special or any(element.special for element in category.elements.values())),
    )


def _recipients(policy: Policy, language: str, bases: dict[str, tuple[Basis, ...]]) -> tuple[RecipientPart, ...]:
    found = []
    for key, recipient in policy.recipients.items():
        named = set(recipient.purposes) | {p for p, purpose in policy.purposes.items() if key in purpose.recipients}
        if named and not named & bases.keys():
            continue
        titles = tuple(policy.purposes[p].title.of(language) for p in bases if p in named)
        transfer = policy.transfers.get(recipient.transfer or "")
        country = transfer.country if transfer else recipient.location
        found.append(RecipientPart(key, recipient.title.of(language), recipient.role, recipient.name, country, titles))
    return tuple(found)


def _transfers(policy: Policy, recipients: tuple[RecipientPart, ...]) -> tuple[TransferPart, ...]:
    found = []
    for key, transfer in policy.transfers.items():
        names = tuple(part.name or part.title for part in recipients if policy.recipients[part.id].transfer == key)
        found.append(TransferPart(transfer.country, transfer.ground, names, transfer.copy_at))
    return tuple(found)


def _rights(policy: Policy, language: str, bases: dict[str, tuple[Basis, ...]]) -> tuple[RightPart, ...]:
    def titles(wanted: Callable[[Purpose, Basis], bool]) -> tuple[str, ...]:
        return tuple(
            policy.purposes[key].title.of(language)
            for key, found in bases.items()
            if any(wanted(policy.purposes[key], basis) for basis in found)
        )

    some: list[tuple[RightCode, tuple[str, ...]]] = [
        ("withdrawal", titles(lambda _, basis: available("withdrawal", basis))),
        ("marketing-objection", titles(lambda purpose, _: purpose.direct_marketing)),
        ("objection", titles(lambda purpose, basis: available("objection", basis) and not purpose.direct_marketing)),
        ("portability", titles(lambda purpose, basis: _carries(policy, purpose, basis))),
        ("human", titles(lambda purpose, _: purpose.automated is not None and purpose.automated.decision)),
    ]
    always: tuple[RightCode, ...] = ("rectification", "erasure", "restriction")
    return (
        *(RightPart(right, ARTICLE_OF_RIGHT[right]) for right in always),
        *(RightPart(right, ARTICLE_OF_RIGHT[right], reached) for right, reached in some if reached),
    )


def _carries(policy: Policy, purpose: Purpose, basis: Basis) -> bool:
    """Return whether a purpose uses, on this basis, anything that its person could take with her."""
    refs = [*purpose.uses, *purpose.channels.values()]
    return any(
        portable(basis, automated=True, source=policy.source(element))
        for ref in refs
        for element in policy.elements(ref)
    )


def _automated(policy: Policy, language: str, bases: dict[str, tuple[Basis, ...]]) -> tuple[AutomatedPart, ...]:
    found = []
    for key in bases:
        purpose = policy.purposes[key]
        automated = purpose.automated
        if automated is None or not (automated.decision or automated.profiling):
            continue
        found.append(
            AutomatedPart(
                purpose.title.of(language),
                automated.decision,
                automated.profiling,
                automated.logic.of(language) if automated.logic else None,
                automated.consequences.of(language) if automated.consequences else None,
                automated.human_review,
            )
        )
    return tuple(found)
