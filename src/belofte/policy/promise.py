"""A promise: a sentence of the published policy, and what makes it true (art. 5(2), 24(1)).

It is *enforced* (a mechanism makes the contrary impossible), *proven* (live data shows it), *attested* (somebody
vouches for it, until a day) or *planned* (nothing holds it yet). None has a tolerance: one row is a deviation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from belofte.policy.forms import Id, Node, Text


class Means(StrEnum):
    """What can hold a promise, by name. `ABOUT` says of each what it does."""

    ACCESS = "access"
    ANNOUNCED = "announced"
    AUTHORITIES = "authorities"
    BREACHES = "breaches"
    CHECK = "check"
    CHOICES = "choices"
    COMPLAINTS = "complaints"
    DISCLOSURES = "disclosures"
    EEA = "eea"
    ERASURE = "erasure"
    IDENTITY = "identity"
    LATE = "late"
    LINKS = "links"
    LOG = "log"
    MAP = "map"
    NOTICE = "notice"
    OBJECTION = "objection"
    OVERDUE = "overdue"
    PORTABILITY = "portability"
    READERS = "readers"
    RECIPIENTS = "recipients"
    RECTIFICATION = "rectification"
    REQUESTS_IN_TIME = "requests-in-time"
    RESTRICTION = "restriction"
    SPECIAL = "special"
    SUPPRESSION = "suppression"
    TRANSFERS = "transfers"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class About:
    """One means: a mechanism that is exercised or a proof that is measured, what that does, and what mends it."""

    kind: Literal["mechanism", "proof"]
    does: str
    mend: str


ABOUT: Mapping[Means, About] = {
    Means.ACCESS: About(
        "mechanism", "asks for access as somebody imaginary: whatever the policy holds is told, none of it refused",
        "look at `belofte check`, and ask `belofte request access` with an identifier of your own",
    ),
    Means.ANNOUNCED: About(
        "mechanism", "imagines a longer term and looks who would be told; and looks, for every version that changed "
        "something people are to be told, whether each of them was told before it held",
        "`belofte compare BEFORE --announce DIR` prepares it; `belofte notice announce DIR` says who is to be told yet",
    ),
    Means.AUTHORITIES: About(
        "mechanism", "asks for data as each authority and court, without an order and without a law: refused",
        "look at `belofte disclose`, and at the role of the recipient",
    ),
    Means.BREACHES: About(
        "proof", "counts breaches of which the authority did not hear within 72 hours, or later without a reason",
        "`belofte incident list` shows them; notify, and say why it is late",
    ),
    Means.CHECK: About(
        "mechanism", "holds the policy against the law: no error of the rules named, or of any",
        "`belofte check` says where, and what to write",
    ),
    Means.CHOICES: About(
        "mechanism", "tries to reach somebody imaginary without her consent, after it ended and for another channel, "
        "and compares what stores were told with what people chose",
        "`belofte choices lag` says which store is behind; `belofte apply --retry` tells it anew",
    ),
    Means.COMPLAINTS: About(
        "proof", "counts complaints that are past their term, and were answered after it",
        "`belofte complaint list` shows them; answer them",
    ),
    Means.DISCLOSURES: About(
        "proof", "counts what was disclosed to nobody of the policy, for no purpose of its or without a ground",
        "record it as it was (`belofte extract` does), or declare the recipient in the policy",
    ),
    Means.EEA: About(
        "proof", "counts stores and recipients outside the European Economic Area",
        "move it into the EEA, or declare the transfer and change the sentence",
    ),
    Means.ERASURE: About(
        "mechanism", "asks for erasure as somebody imaginary: what rests on consent or interest goes, what stays has "
        "its exception; and every mapped column has a form in which it goes",
        "`belofte check` names the columns that cannot go",
    ),
    Means.IDENTITY: About(
        "mechanism", "tries to be somebody by an identifier that several share: nothing is led on to",
        "give the identifiers of the map what they identify: `person`, `shared` or `organisation`",
    ),
    Means.LATE: About(
        "proof", "counts what a sweep of a month ago would have let go of, and is still there",
        "`belofte sweep late` says what; `belofte sweep` lets go of it",
    ),
    Means.LINKS: About(
        "proof", "counts what is embedded from others without being declared, named and closed until consent",
        "declare it under `trackers` with its `party`, and ask consent first",
    ),
    Means.LOG: About(
        "proof",
        "holds the log against itself and the tables of evidence: every act committed to, in its place, unchanged",
        "`belofte log fsck` names what does not agree; restore it from a backup, and find out who changed it",
    ),
    Means.MAP: About(
        "proof", "counts tables and columns that no map says anything of, and tables with data that reach nobody",
        "`belofte scan STORE` drafts what the map lacks",
    ),
    Means.NOTICE: About(
        "mechanism", "looks for every item that the law asks of a notice",
        "`belofte check` says what is missing, and where it is written",
    ),
    Means.OBJECTION: About(
        "mechanism", "objects as somebody imaginary: direct marketing closes at once, other interests are suspended",
        "mark the purpose with `direct_marketing: true`, or look at its `on_objection`",
    ),
    Means.OVERDUE: About(
        "proof", "counts data that nothing justifies, in every live store, as the sweep does",
        "`belofte sweep --dry-run` shows it; `belofte sweep` lets go of it",
    ),
    Means.PORTABILITY: About(
        "mechanism", "asks for portability as somebody imaginary: what she provided under consent or contract, and "
        "nothing inferred",
        "mark in `categories` where each element comes from: `source`",
    ),
    Means.READERS: About(
        "mechanism", "becomes each purpose's reader and tries what is forbidden: base tables, other purposes, columns "
        "and rows beyond it",
        "`belofte plan` shows what was changed; `belofte apply` mends it",
    ),
    Means.RECIPIENTS: About(
        "mechanism", "tries to extract for nobody of the policy, for other purposes, and columns that are not for them",
        "look at `receives` and `purposes` of the recipient",
    ),
    Means.RECTIFICATION: About(
        "mechanism", "asks for rectification as somebody imaginary: corrected, or annotated where a statute forbids it",
        "look at `belofte request rectification`",
    ),
    Means.REQUESTS_IN_TIME: About(
        "proof", "counts requests that are past their day", "`belofte request list` shows them; answer them",
    ),
    Means.RESTRICTION: About(
        "mechanism", "restricts somebody imaginary: no purpose may use her data, and all that kept it keep it",
        "look at `belofte request restriction`",
    ),
    Means.SPECIAL: About(
        "proof", "counts columns that are, show or reveal a special category of data, by their names and their values",
        "take them out of the store, or declare them with their ground: `special`, `special_ground`",
    ),
    Means.SUPPRESSION: About(
        "mechanism", "erases somebody imaginary and brings her in again by an import, which opens nothing; and counts "
        "the people who were erased whom no digest leads to any more",
        "restore Belofte's own database, and find out who removed the digests: `belofte log show`",
    ),
    Means.TRANSFERS: About(
        "proof", "counts stores and recipients outside the EEA without a transfer, its ground and its safeguards",
        "declare it under `transfers`, and name it at the recipient",
    ),
    Means.WITHDRAWAL: About(
        "mechanism", "withdraws consent as somebody imaginary: the purpose and all its channels close at once",
        "look at `belofte choices withdraw`",
    ),
}  # fmt: skip


class Attestation(Node):
    """Somebody's word for what software cannot see: whose, on what evidence, until when."""

    owner: str = Field(min_length=1, description="who vouches for it, and is asked again")
    evidence: str = Field(min_length=1, description="the file that shows it, from the company's folder")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="the file's digest: another file is another attestation")
    expires: date = Field(description="the day from which it counts no more")
    accounts: list[str] = Field(
        [], description="for `readers`: accounts that read past the views, for whom the owner answers"
    )


class Promise(Node):
    """A sentence of the published policy and what makes it true."""

    id: str = Field(description="its id in the published text")
    text: Text = Field(description="the sentence")
    holds: Literal["enforced", "proven", "attested", "planned"] = Field(
        description="`enforced`: a mechanism makes the contrary impossible; `proven`: live data shows it; `attested`: "
        "somebody vouches for it; `planned`: nothing holds it yet, and it is never kept"
    )
    by: list[Means] = Field([], description="the mechanisms and proofs that hold it, all of them")
    purposes: list[Id] = Field([], description="the purposes that the sentence is about; all of them when absent")
    recipients: list[Id] = Field([], description="the recipients that it is about; all of them when absent")
    rules: list[str] = Field(
        [], description="for `check`: the rules that the sentence rests on; every rule when absent"
    )
    attestation: Attestation | None = Field(None, description="whose word it is, where it needs one")
    lacks: str | None = Field(None, description="for a planned promise: what is still to be made")
