"""Storing on or reading from a person's device (ePrivacy art. 5(3), in Belgium art. 10/2 Act of 30 July 2018; LAW 2.6).

Consent is needed whether or not the information is personal data; a legitimate interest never suffices. Two things go
without: what solely carries a transmission, and what is strictly necessary for a service that the person asked for.
"""

from __future__ import annotations

from typing import Literal

from belofte.law.source import Source, Words

SOURCE = Source("Directive 2002/58 art. 5(3); Act of 30 July 2018 art. 10/2; EDPB 2/2023 v2; Planet49; LAW 2.6")

Technique = Literal[
    "cookie", "local-storage", "pixel", "email-pixel", "link", "sdk", "fingerprint", "embed", "hashed-id", "ip-only"
]
Verdict = Literal["consent", "exempt", "outside", "undetermined"]

WORDS: dict[str, Words] = {
    "consent": Words(
        "Dit mag pas na toestemming.", "Ceci requiert un consentement préalable.", "This needs prior consent."
    ),
    "exempt": Words(
        "Dit is strikt nodig voor wat u vroeg.",
        "Ceci est strictement nécessaire à ce que vous avez demandé.",
        "This is strictly necessary for what you asked for.",
    ),
    "outside": Words(
        "Hier wordt niets op uw toestel gelezen of bewaard.",
        "Rien n'est lu ni stocké sur votre appareil.",
        "Nothing is read from or stored on your device.",
    ),
    "undetermined": Words(
        "Nog niet vastgesteld of dit strikt nodig is.",
        "Pas encore établi si ceci est strictement nécessaire.",
        "Whether this is strictly necessary is not established yet.",
    ),
}


def verdict(
    technique: Technique,
    *,
    transmission: bool | None = False,
    necessary: bool | None = False,
    from_terminal: bool | None = True,
) -> Verdict:
    """Return whether the technique needs consent.

    `transmission`: its sole aim is to carry the transmission. `necessary`: strictly necessary for a service explicitly
    requested; audience measurement and advertising are not. `from_terminal`: for an IP address alone, whether it
    originates from the device. An open e-mail measured per person is an `email-pixel`.
    """
    if technique == "ip-only" and from_terminal is False:
        return "outside"
    if transmission or necessary:
        return "exempt"
    if transmission is None or necessary is None:
        return "undetermined"
    return "consent"


def basis_allowed(basis: str, needs: Verdict) -> bool:
    """Return whether a tracker may rest on `basis`: where consent is needed, on nothing else."""
    return basis == "consent" if needs in {"consent", "undetermined"} else True
