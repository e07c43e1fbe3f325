"""Somebody's word: it counts while its evidence is there, unchanged, and its day has not come."""

from __future__ import annotations

import hashlib

from belofte.policy.promise import Attestation
from belofte.promises.matter import Matter
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import sentence


def attested(matter: Matter, word: Attestation) -> Outcome:
    """Return whether an attestation counts; where it does not, nothing can be told: nobody says the contrary."""
    unclear = []
    file = (matter.folder / word.evidence).resolve()
    if not file.is_relative_to(matter.folder.resolve()) or not file.is_file():
        unclear.append(
            sentence("`%(file)s` is not there: %(owner)s shows nothing", file=word.evidence, owner=word.owner)
        )
    else:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if digest != word.sha256:
            unclear.append(
                sentence(
                    "`%(file)s` is not what %(owner)s attested to: its sha256 is %(digest)s",
                    file=word.evidence,
                    owner=word.owner,
                    digest=digest,
                )
            )
    if matter.today >= word.expires:
        unclear.append(
            sentence(
                "the word of %(owner)s counted until %(day)s: it is to be given again",
                owner=word.owner,
                day=word.expires,
            )
        )
    return outcome({"days left": max((word.expires - matter.today).days, 0)}, (), unclear)
