"""Somebody's word: it counts while its evidence is there, unchanged, and its day has not come."""

from __future__ import annotations

import hashlib

from belofte.policy.promise import Attestation
from belofte.promises.matter import Matter
from belofte.promises.outcome import Outcome, outcome


def attested(matter: Matter, word: Attestation) -> Outcome:
    """Return whether an attestation counts; where it does not, nothing can be told: nobody says the contrary."""
    unclear = []
    file = (matter.folder / word.evidence).resolve()
    if not file.is_relative_to(matter.folder.resolve()) or not file.is_file():
        unclear.append(f"`{word.evidence}` is not there: {word.owner} shows nothing")
    else:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if digest != word.sha256:
            unclear.append(f"`{word.evidence}` is not what {word.owner} attested to: its sha256 is {digest}")
    if matter.today >= word.expires:
        unclear.append(f"the word of {word.owner} counted until {word.expires}: it is to be given again")
    return outcome({"days left": max((word.expires - matter.today).days, 0)}, (), unclear)
