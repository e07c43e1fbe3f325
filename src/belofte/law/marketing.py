"""Direct marketing in Belgium (LAW 2.7): whether a message may leave, per channel and recipient.

Order of checking: objection, national and own suppression lists, channel rule, consent or soft opt-in. What is unknown
(None) never lets a message leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from belofte.law.source import AS_OF, Source, Words

CallRegime = Literal["opt-out", "opt-in"]

SOURCE = Source(
    "GDPR art. 21(2)-(3), 26; WER VI.110-115, XII.12-13; Royal Decree of 4 April 2003; C-654/23; GBA 25/2020; LAW 2.7"
)
CALL_REGIMES: tuple[tuple[date, CallRegime], ...] = ((date(2013, 1, 1), "opt-out"),)
"""What live calls ask, each from the day it holds: a change to opt-in is a line here."""
CALL_REGIME_SOURCE = Source(
    "WER VI.110-115 (opt-out); an opt-in bill was pending in May 2025 and its outcome was not found", memory=True
)

Channel = Literal["email", "sms", "automatic-call", "fax", "call", "post", "custom-audience", "invitation"]
Address = Literal["person", "named-at-company", "impersonal-company"]


@dataclass(frozen=True)
class SoftOptIn:
    """The conditions under which one's own customer may get e-mail without prior consent (Royal Decree art. 1, 1°)."""

    address_from_sale: bool | None = None
    """Obtained from her, lawfully, in the sale of a product or service."""
    similar_products: bool | None = None
    objection_at_collection: bool | None = None
    objection_in_each_message: bool | None = None

    def holds(self) -> bool | None:
        """Return whether all conditions hold; None when that is unknown."""
        values = (
            self.address_from_sale,
            self.similar_products,
            self.objection_at_collection,
            self.objection_in_each_message,
        )
        if False in values:
            return False
        return None if None in values else True


@dataclass(frozen=True)
class Message:
    """What is known of one message to one address. None is unknown."""

    channel: Channel
    address: Address = "person"
    objected: bool | None = None
    consent: bool | None = None
    soft_opt_in: SoftOptIn | None = None
    on_national_list: bool | None = None
    """Bel-me-niet-meer for calls, the Robinson list for addressed post."""
    recognisable: bool | None = None
    """It is plain that it is advertising, and whose."""
    valid_opt_out: bool | None = None
    joint_arrangement: bool | None = None
    """For a custom audience: joint control with the network is arranged (art. 26)."""
    purpose_live: bool | None = None


@dataclass(frozen=True)
class Permission:
    """Whether the message may leave: yes, no, or None where something is unknown; with rule, source and words."""

    allowed: bool | None
    code: str
    source: str
    words: Words


def call_regime(on: date, regimes: tuple[tuple[date, CallRegime], ...] = CALL_REGIMES) -> CallRegime:
    """Return what live calls ask on that day: nothing but the lists (`opt-out`), or prior consent (`opt-in`)."""
    return next((regime for since, regime in reversed(regimes) if since <= on), "opt-in")


def permission(message: Message, regime: CallRegime | None = None) -> Permission:
    """Return the first rule that stops the message, or the one that lets it leave.

    `regime` is what live calls ask on the day of the call (`call_regime`), by default that of the tables' day.
    """
    for code, holds in (
        ("OBJECTED", _negated(message.objected)),
        ("NATIONAL_LIST", _off_lists(message)),
        ("PURPOSE_CLOSED", message.purpose_live),
        ("NOT_RECOGNISABLE", message.recognisable),
        ("NO_OPT_OUT", message.valid_opt_out),
    ):
        if holds is not True:
            return _said(code, holds)
    return _channel_rule(message, regime or call_regime(AS_OF))


def _channel_rule(message: Message, regime: CallRegime) -> Permission:
    if message.channel == "post" or (message.channel == "call" and regime == "opt-out"):
        return _said("OPT_OUT_CHANNEL", True)
    if message.channel in {"email", "sms"}:
        return _electronic(message)
    if message.channel == "custom-audience" and message.joint_arrangement is not True:
        return _said("NO_ARRANGEMENT", message.joint_arrangement)
    return _said("CONSENT" if message.consent else "NO_CONSENT", message.consent)


def _electronic(message: Message) -> Permission:
    if message.address == "impersonal-company" and message.channel == "email":
        return _said("COMPANY_ADDRESS", True)
    if message.consent:
        return _said("CONSENT", True)
    soft = message.soft_opt_in.holds() if message.soft_opt_in else False
    if soft:
        return _said("SOFT_OPT_IN", True)
    return _said("NO_CONSENT", None if message.consent is None or soft is None else False)


def _off_lists(message: Message) -> bool | None:
    return _negated(message.on_national_list) if message.channel in {"call", "post"} else True


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _said(code: str, allowed: bool | None) -> Permission:
    source, words = RULES[code]
    return Permission(allowed, code, source, words)


RULES: Mapping[str, tuple[str, Words]] = {
    "OBJECTED": (
        "GDPR 21(3); Royal Decree of 4 April 2003 art. 2",
        Words(
            "De persoon maakte bezwaar tegen reclame.",
            "La personne s'est opposée à la publicité.",
            "The person objected to advertising.",
        ),
    ),
    "NATIONAL_LIST": (
        "WER VI.111; Robinson list",
        Words(
            "Het nummer of adres staat op de nationale lijst van wie geen reclame wil.",
            "Le numéro ou l'adresse figure sur la liste nationale d'opposition.",
            "The number or address is on the national list of those who want no advertising.",
        ),
    ),
    "PURPOSE_CLOSED": (
        "GDPR 5(1)(b)",
        Words(
            "Het doel staat niet in het geldende beleid.",
            "La finalité ne figure pas dans la politique en vigueur.",
            "The purpose is not in the policy in force.",
        ),
    ),
    "NOT_RECOGNISABLE": (
        "WER XII.12, XII.13 §2",
        Words(
            "Het is niet duidelijk dat het reclame is, of van wie.",
            "Il n'est pas clair qu'il s'agit de publicité, ni de qui elle émane.",
            "It is not plain that this is advertising, or whose.",
        ),
    ),
    "NO_OPT_OUT": (
        "WER XII.13 §2",
        Words(
            "Het bericht zegt niet hoe men zich geldig kan afmelden.",
            "Le message n'indique pas de moyen valable de se désinscrire.",
            "The message gives no valid way to opt out.",
        ),
    ),
    "NO_CONSENT": (
        "WER XII.13 §1, VI.110 §1; GDPR 6(1)(a); GBA 25/2020",
        Words(
            "Voor dit kanaal is voorafgaande toestemming nodig en die is er niet.",
            "Ce canal exige un consentement préalable, qui fait défaut.",
            "This channel needs prior consent, and there is none.",
        ),
    ),
    "NO_ARRANGEMENT": (
        "GDPR 26; C-210/16; C-40/17",
        Words(
            "Met het sociale netwerk is geen regeling over gezamenlijke verantwoordelijkheid getroffen.",
            "Aucun accord de responsabilité conjointe n'est conclu avec le réseau social.",
            "No joint-control arrangement was made with the social network.",
        ),
    ),
    "CONSENT": (
        "WER XII.13 §1; GDPR 6(1)(a)",
        Words("De persoon stemde toe.", "La personne a consenti.", "The person consented."),
    ),
    "SOFT_OPT_IN": (
        "Royal Decree of 4 April 2003 art. 1, 1°; C-654/23",
        Words(
            "Eigen klant, eigen gelijksoortige producten, gratis bezwaar bij elk bericht.",
            "Propre client, produits analogues, opposition gratuite dans chaque message.",
            "Own customer, own similar products, free objection in every message.",
        ),
    ),
    "COMPANY_ADDRESS": (
        "Royal Decree of 4 April 2003 art. 1, 2°",
        Words(
            "Een onpersoonlijk adres van een onderneming.",
            "Une adresse impersonnelle d'entreprise.",
            "An impersonal address of a company.",
        ),
    ),
    "OPT_OUT_CHANNEL": (
        "GDPR 6(1)(f), 21(2); WER VI.110 §2",
        Words(
            "Dit kanaal mag tot de persoon bezwaar maakt.",
            "Ce canal est permis jusqu'à opposition de la personne.",
            "This channel is allowed until the person objects.",
        ),
    ),
}
