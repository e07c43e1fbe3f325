"""What shows in what is declared: the rules of check, what the notice says, where stores and recipients are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from belofte.datamap.check import map_findings
from belofte.datamap.rules.removing import TRANSFER
from belofte.law.adequacy import is_eea
from belofte.law.notice import due
from belofte.notices.unsaid import situation, unsaid
from belofte.policy.check import check
from belofte.policy.findings import Finding
from belofte.policy.rules import RULES
from belofte.policy.texts import texts
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence

TRANSFERS = frozenset({"TRANSFER_UNGROUNDED", "TRANSFER_VAGUE"})
"""The rules of check on transfers."""
EMBEDS = frozenset({"JOINT_EMBED", "DEAD_REF", "TRACKER_PURPOSE"})
"""The rules of check on what is embedded and referred to."""
_URL = re.compile(r"https?://[^\s\"'<>)\]]+")


def checked(matter: Matter, scope: Scope) -> Outcome:
    """Hold the policy against the law: of the rules named nothing is found, of all the others no error."""
    found = [one for one in _findings(matter) if one.id in scope.rules or (not scope.rules and one.severity == "error")]
    return outcome({"rules": len(scope.rules) or len(RULES), "findings": len(found)}, map(_named, found))


def places(matter: Matter, _scope: Scope) -> Outcome:
    """Count the stores and recipients outside the EEA; a recipient whose place nobody says cannot be told."""
    recipients, found = matter.policy.recipients.items(), list[Sentence]()
    for name, one in matter.maps.items():
        if not is_eea(one.map.location):
            found.append(sentence("store `%(store)s` is in %(country)s", store=name, country=one.map.location))
    for name, recipient in recipients:
        if recipient.location is not None and not is_eea(recipient.location):
            where = recipient.location
            found.append(sentence("recipient `%(recipient)s` is in %(country)s", recipient=name, country=where))
    for name, transfer in matter.policy.transfers.items():
        if not is_eea(transfer.country):
            to = transfer.country
            found.append(sentence("transfer `%(transfer)s` goes to %(country)s", transfer=name, country=to))
    unclear = [
        sentence("recipient `%(recipient)s`: nobody says where it is", recipient=name)
        for name, one in recipients
        if one.location is None
    ]
    figures = {"stores": len(matter.maps), "recipients": len(recipients), "outside": len(found)}
    return outcome(figures, found, unclear)


def transferred(matter: Matter, _scope: Scope) -> Outcome:
    """Count what lies outside the EEA without a transfer that is declared, grounded and said where."""
    found = [_named(one) for one in _findings(matter) if one.id in TRANSFERS]
    for name, one in matter.maps.items():
        wrong = map_findings(one, matter.policy, None, matter.today)
        found += [of_store(name, finding.message) for finding in wrong if finding.id == TRANSFER.id]
    abroad = [one.location for one in matter.policy.recipients.values() if one.location and not is_eea(one.location)]
    abroad += [one.map.location for one in matter.maps.values() if not is_eea(one.map.location)]
    return outcome({"outside the EEA": len(abroad), "transfers": len(matter.policy.transfers)}, found)


def linked(matter: Matter, _scope: Scope) -> Outcome:
    """Count addresses in the policy's texts that it does not list, and what is embedded and not declared whole."""
    found = [_named(one) for one in _findings(matter) if one.id in EMBEDS]
    known = {host for host in map(_host, _declared(matter)) if host}
    addresses = [(path, url) for path, text in texts(matter.policy) for words in text.root.values()
                 for url in _URL.findall(words)]  # fmt: skip
    found += [sentence("`%(path)s` leads to `%(host)s`, which `links` does not list", path=path, host=_host(url))
              for path, url in addresses if _host(url) not in known]  # fmt: skip
    embeds = sum(1 for one in matter.policy.trackers.values() if one.kind == "embed")
    return outcome({"links": len(matter.policy.links), "embeds": embeds, "addresses in texts": len(addresses)}, found)


def _declared(matter: Matter) -> Iterator[str]:
    policy = matter.policy
    yield from (one.url for one in policy.links.values() if one.url)
    yield from (one.copy_at for one in policy.transfers.values() if one.copy_at)
    yield from (url for url in (policy.organisation.contact.url, policy.rights.url if policy.rights else None) if url)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _findings(matter: Matter) -> list[Finding]:
    return matter.once("check", lambda: check(matter.loaded, matter.today))


def _named(finding: Finding) -> Sentence:
    where, what = finding.place, finding.message
    return sentence("%(rule)s at %(place)s: %(what)s", rule=finding.id, place=where, what=what)


def noticed(matter: Matter, _scope: Scope) -> Outcome:
    """Look for every item of the law's notice checklist that is due, in every language of the policy."""
    maps = {name: one.map for name, one in matter.maps.items()}
    found = unsaid(matter.policy, list(matter.policy.languages), maps, on=matter.today)
    items = due(situation(matter.policy, maps))
    said = (
        sentence(
            "%(rule)s (art. %(article)s) at `%(path)s`: %(what)s",
            rule=one.code,
            article=one.article,
            path=one.path,
            what=one.what,
        )
        for one in found
    )
    return outcome({"items": len(items), "missing": len({one.code for one in found})}, said)
