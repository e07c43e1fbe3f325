"""The sections of the privacy notice, in the order in which a reader asks: who, which data, why, to whom, my rights.

Each is left out, or says that there is none, where the policy has nothing for it.
"""

from __future__ import annotations

from belofte.notices import privacy_tables as tables
from belofte.notices.document import Block, Bullets, Facts, Run, Section, paragraph
from belofte.notices.telling import Telling
from belofte.policy.model import Basis


def who(told: Telling) -> Section:
    """Return who decides, and the officer, or why there is none (art. 13(1)(a)-(b))."""
    organisation, case = told.policy.organisation, told.frame.case
    rows: list[tuple[str, Run]] = [(told.say("Name"), (organisation.name,))]
    if organisation.company_number:
        rows.append((told.say("Company number"), (organisation.company_number,)))
    rows += told.reached(case.controller.reach)
    if organisation.representative:
        rows.append((told.say("Representative"), (organisation.representative,)))
    officer = case.officer
    parts = []
    if officer is not None:
        blocks: list[Block] = []
        if officer.none_because:
            blocks.append(paragraph(told.say("We have none. The reason: %(reason)s", reason=officer.none_because)))
        named: list[tuple[str, Run]] = [(told.say("Name"), (officer.name,))] if officer.name else []
        if reached := [*named, *told.reached(officer.reach)]:
            blocks.append(Facts(tuple(reached)))
        parts.append(Section("officer", told.say("Data protection officer"), tuple(blocks)))
    return Section(
        "who",
        told.say("Who we are"),
        (paragraph(told.say("This company decides why and how your data is used:")), Facts(tuple(rows))),
        tuple(parts),
    )


def scope(told: Telling) -> Section:
    """Return whom the notice is for."""
    policy = told.policy
    blocks: list[Block] = [paragraph(policy.scope.of(told.language))] if policy.scope else []
    kinds: list[Run] = []
    for kind, one in policy.people.items():
        title = one.title.of(told.language) if one.title else told.named(kind)
        said = one.described.of(told.language) if one.described else None
        kinds.append((told.say("%(name)s: %(words)s", name=title, words=said) if said else title,))
    if kinds:
        blocks += [paragraph(told.say("These are the people meant:")), Bullets(tuple(kinds))]
    return Section("scope", told.say("Whom this is for"), tuple(blocks))


def data(told: Telling) -> Section:
    """Return the categories of data and where they come from."""
    blocks: list[Block] = [tables.categories(told)]
    if any(
        told.policy.source(ref) == "third-party" for one in told.policy.categories for ref in told.policy.elements(one)
    ):
        blocks.append(
            paragraph(
                told.say(
                    "When we get data about you from someone else, we tell you within a month. We do so at the latest "
                    "when we first write to you or pass the data on."
                )
            )
        )
    return Section("data", told.say("Which data we have, and where it comes from"), tuple(blocks))


def purposes(told: Telling) -> Section:
    """Return the purposes, and how consent is asked."""
    blocks: list[Block] = [
        paragraph(
            told.say("We use data for these purposes and no others. Each line says what lets us, and for how long.")
        ),
        tables.purposes(told),
    ]
    asked = [
        (told.say("%(name)s: %(words)s", name=one.title.of(told.language), words=one.how_asked.of(told.language)),)
        for one in told.policy.purposes.values()
        if one.how_asked and Basis.CONSENT in one.bases(None)
    ]
    parts: tuple[Section, ...] = ()
    if asked:
        first = told.say("You are free to consent or not. This is how we ask:")
        parts = (Section("asking", told.say("How we ask for consent"), (paragraph(first), Bullets(tuple(asked)))),)
    return Section("purposes", told.say("Why we use it, and how long we keep it"), tuple(blocks), parts)


def required(told: Telling) -> Section:
    """Return whether data must be given (art. 13(2)(e))."""
    policy = told.policy
    points: list[Run] = [
        (told.say("%(name)s: %(words)s", name=one.title.of(told.language), words=one.required.of(told.language)),)
        for one in policy.purposes.values()
        if one.required
    ]
    bases = {basis for one in policy.purposes.values() for basis in one.bases(None)}
    general: list[str] = []
    if Basis.LEGAL_OBLIGATION in bases:
        general.append(told.say("Where a law obliges us, we need the data that this law names."))
    if bases & {Basis.CONSENT, Basis.LEGITIMATE_INTEREST}:
        general.append(told.say("For everything else you are free to give data or not."))
    blocks: list[Block] = [Bullets(tuple(points))] if points else []
    if general:
        blocks.append(paragraph(" ".join(general)))
    return Section("required", told.say("Must you give us your data?"), tuple(blocks))


def recipients(told: Telling) -> Section:
    """Return who receives data, and what was agreed with joint controllers (art. 13(1)(e), 26(2))."""
    policy = told.policy
    if not policy.recipients:
        return Section(
            "recipients", told.say("Who receives it"), (paragraph(told.say("We pass your data on to nobody.")),)
        )
    first = (
        told.say("Nobody else receives your data from us.")
        if not policy.published.sharing_own_purposes
        else (told.say("These receive data from us:"))
    )
    arranged: list[Run] = [
        (
            told.say(
                "%(name)s: %(words)s",
                name=one.name or one.title.of(told.language),
                words=one.arrangement.of(told.language),
            ),
        )
        for one in policy.recipients.values()
        if one.arrangement and one.role == "joint-controller"
    ]
    parts: tuple[Section, ...] = ()
    if arranged:
        said = told.say("With these we decide together. You can turn to either of us. We agreed on this:")
        title = told.say("Deciding together")
        parts = (Section("joint", title, (paragraph(said), Bullets(tuple(arranged)))),)
    return Section("recipients", told.say("Who receives it"), (tables.recipients(told), paragraph(first)), parts)


def abroad(told: Telling) -> Section:
    """Return where data is stored, and its transfers (art. 13(1)(f))."""
    blocks: list[Block] = []
    places = told.stored()
    if places:
        named = told.words.enumeration(told.words.country(one) for one in places)
        blocks.append(paragraph(told.say("We store your data in: %(places)s.", places=named)))
    goings = [*told.goings()]
    if not goings:
        blocks.append(
            paragraph(
                told.say("According to our policy, we send none of your data outside the European Economic Area.")
            )
        )
    else:
        blocks.append(
            paragraph(told.say("Some data may leave the European Economic Area. This is how it stays protected:"))
        )
        blocks.append(Bullets(tuple(goings)))
    return Section("abroad", told.say("Where it is, and outside Europe"), tuple(blocks))


def trackers(told: Telling) -> Section | None:
    """Return what is on the device; None where nothing is."""
    if not told.policy.trackers:
        return None
    first = told.say("Our sites and mails store or read this on your device. What needs your consent waits for it.")
    return Section("trackers", told.say("Cookies and the like"), (paragraph(first), tables.trackers(told)))


def automated(told: Telling) -> Section:
    """Return automated decisions and profiling, or that there are none (art. 13(2)(f))."""
    if not told.frame.automated:
        none = told.say(
            "According to our policy, no computer decides about you by itself, and we make no profile of you."
        )
        return Section("automated", told.say("Decisions by computer"), (paragraph(none),))
    parts = []
    for number, one in enumerate(told.frame.automated, 1):
        said = (
            told.say("A computer decides about you here, without a person.")
            if one.decision
            else told.say("A computer makes a profile of you here. It does not decide by itself.")
        )
        review = " " + told.say("You can ask a person to look at it again.") if one.human_review else ""
        rows = [(told.say("How it works"), (one.logic,))] if one.logic else []
        if one.consequences:
            rows.append((told.say("What it means for you"), (one.consequences,)))
        blocks: list[Block] = [paragraph(said + review)]
        if rows:
            blocks.append(Facts(tuple(rows)))
        parts.append(Section(f"automated-{number}", one.purpose, tuple(blocks)))
    first = (
        told.say("Here a computer decides or makes a profile of you.")
        if any(one.decision for one in told.frame.automated)
        else told.say("No computer decides about you by itself. For these purposes it makes a profile of you.")
    )
    return Section("automated", told.say("Decisions by computer"), (paragraph(first),), tuple(parts))


def rights(told: Telling) -> Section:
    """Return the rights, how to ask, and how to withdraw (art. 13(2)(b)-(c))."""
    policy = told.policy
    asked = policy.rights
    easy = asked is None or (asked.form == "free" and asked.identity != "id-card-copy")
    how = (
        [told.say("It is free, in any form you like. We ask no more proof of who you are than we need.")]
        if easy
        else []
    )
    how.append(told.say("We answer within one month. If it takes longer we tell you why."))
    blocks: list[Block] = [paragraph(*told.way()), paragraph(" ".join(how)), tables.rights(told)]
    parts = []
    if any(Basis.CONSENT in one.bases(None) for one in policy.purposes.values()):
        said = told.say(
            "You may take your consent back at any time, as easily as you gave it. What we did before stays lawful."
        )
        parts.append(Section("withdrawal", told.say("Taking back your consent"), (paragraph(said + " ", *told.way()),)))
    return Section("rights", told.say("What you can do"), tuple(blocks), tuple(parts))


def complaint(told: Telling) -> Section:
    """Return where to complain (art. 13(2)(d))."""
    authority = told.frame.case.authority
    blocks: list[Block] = [
        paragraph(
            told.say(
                "Do you disagree with us? You can complain to the supervisory authority (GDPR, art. 77). "
                "You can also go to court."
            )
        ),
    ]
    if authority is not None:
        if authority.procedure:
            blocks.append(paragraph(authority.procedure))
        rows = [(told.say("Supervisory authority"), (authority.name,)), *told.reached(authority.reach)]
        if authority.complaint_url:
            rows.append((told.say("To complain"), (told.link(authority.complaint_url),)))
        blocks.append(Facts(tuple(rows)))
    return Section("complaint", told.say("If you disagree"), tuple(blocks))


def safeguards(told: Telling) -> Section | None:
    """Return the measures of protection; None where none is declared."""
    measures: list[Run] = [(one.title.of(told.language),) for one in told.policy.safeguards.values()]
    if not measures:
        return None
    return Section(
        "safeguards",
        told.say("How we protect it"),
        (paragraph(told.say("We protect your data with:")), Bullets(tuple(measures))),
    )


def sites(told: Telling) -> Section | None:
    """The pages of others that ours lead to, or carry inside (S27)."""
    sites = told.policy.links
    if not sites:
        return None
    first = told.say("These pages are not ours. Their own notices say what they do with your data.")
    parts = []
    inside = [one for one in sites.values() if one.embedded]
    outside = [one for one in sites.values() if not one.embedded]
    if outside:
        parts.append(Section("leading", told.say("Where our links lead"), (Bullets(tuple(map(told.site, outside))),)))
    if inside:
        said = told.say("These load inside our pages, and so learn of your visit:")
        parts.append(
            Section("inside", told.say("Inside our pages"), (paragraph(said), Bullets(tuple(map(told.site, inside)))))
        )
    return Section("sites", told.say("Pages of others"), (paragraph(first),), tuple(parts))


def version(told: Telling) -> Section:
    """Return the version, what changed, and the versions before."""
    policy, version = told.policy, told.policy.version
    blocks: list[Block] = []
    if version is not None:
        said = told.say(
            "This is version %(version)s. It holds since %(date)s.",
            version=version.id,
            date=told.words.day(version.from_),
        )
        blocks.append(paragraph(said))
        if version.changes:
            blocks.append(paragraph(told.say("What changed: %(changes)s", changes=version.changes.of(told.language))))
    current = version.from_ if version else None
    earlier = sorted(
        ((one.from_, key, one.text) for key, one in policy.notices.items() if one.from_ != current), reverse=True
    )
    if policy.published.changes == "announced":
        blocks.append(paragraph(told.say("When something important changes, we tell you before it does.")))
    if earlier:
        blocks.append(
            Facts(
                tuple(
                    (
                        told.say("Earlier: since %(date)s", date=told.words.day(day)),
                        (told.link(text),) if text else (key,),
                    )
                    for day, key, text in earlier
                )
            )
        )
    return Section("version", told.say("This version, and those before"), tuple(blocks))
