"""A change in meaning from one policy to the next, and what it means by law: who is told, whose consent is asked again.

A new purpose is told before it begins (GDPR art. 13(3), 14(4)); so is what changes the heart of the processing (WP260
rev.01 §29). A consent covers what was told when it was given: new data, recipients, terms or purposes are asked anew
(art. 4(11), 6(1)(a); LAW §2.6 C9). What takes something away from the company needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What changed."""

    ARRANGEMENT_CHANGED = "arrangement-changed"
    ASKING_CHANGED = "asking-changed"
    AUTHORITY_CHANGED = "authority-changed"
    AUTOMATED_ADDED = "automated-added"
    AUTOMATED_CHANGED = "automated-changed"
    AUTOMATED_REMOVED = "automated-removed"
    BALANCING_CHANGED = "balancing-changed"
    BASIS_CHANGED = "basis-changed"
    CHANNEL_ADDED = "channel-added"
    CHANNEL_REMOVED = "channel-removed"
    COMPATIBLE_ADDED = "compatible-added"
    COMPATIBLE_REMOVED = "compatible-removed"
    COMPLAINT_TERM_LONGER = "complaint-term-longer"
    COMPLAINT_TERM_SHORTER = "complaint-term-shorter"
    CONSENT_SINCE_CHANGED = "consent-since-changed"
    CONSENT_TERM_LONGER = "consent-term-longer"
    CONSENT_TERM_SHORTER = "consent-term-shorter"
    CONTACT_CHANGED = "contact-changed"
    CONTROLLER_CHANGED = "controller-changed"
    CONTROLLER_REMOVED = "controller-removed"
    DATA_ADDED = "data-added"
    DATA_REMOVED = "data-removed"
    DEPARTMENT_ADDED = "department-added"
    DEPARTMENT_REMOVED = "department-removed"
    EXAMPLES_CHANGED = "examples-changed"
    GRACE_CHANGED = "grace-changed"
    INTEREST_CHANGED = "interest-changed"
    INTEREST_REMOVED = "interest-removed"
    LANGUAGE_ADDED = "language-added"
    LANGUAGE_REMOVED = "language-removed"
    LAW_CHANGED = "law-changed"
    MARKETING_ADDED = "marketing-added"
    MARKETING_REMOVED = "marketing-removed"
    MASK_CHANGED = "mask-changed"
    MASK_REMOVED = "mask-removed"
    NOTICE_CHANGED = "notice-changed"
    OBJECTION_EASIER = "objection-easier"
    OBJECTION_HARDER = "objection-harder"
    OFFICER_CHANGED = "officer-changed"
    PEOPLE_ADDED = "people-added"
    PEOPLE_REMOVED = "people-removed"
    PROMISE_ADDED = "promise-added"
    PROMISE_CHANGED = "promise-changed"
    PROMISE_REMOVED = "promise-removed"
    PURPOSE_ADDED = "purpose-added"
    PURPOSE_CHANGED = "purpose-changed"
    PURPOSE_REMOVED = "purpose-removed"
    RECIPIENT_ADDED = "recipient-added"
    RECIPIENT_CHANGED = "recipient-changed"
    RECIPIENT_REMOVED = "recipient-removed"
    REQUIRED_CHANGED = "required-changed"
    REQUIRED_REMOVED = "required-removed"
    RIGHT_ADDED = "right-added"
    RIGHT_REMOVED = "right-removed"
    SAFEGUARD_ADDED = "safeguard-added"
    SAFEGUARD_REMOVED = "safeguard-removed"
    SITE_ADDED = "site-added"
    SITE_REMOVED = "site-removed"
    SOFT_OPT_IN_ADDED = "soft-opt-in-added"
    SOFT_OPT_IN_CHANGED = "soft-opt-in-changed"
    SOFT_OPT_IN_REMOVED = "soft-opt-in-removed"
    SOURCE_CHANGED = "source-changed"
    SPECIAL_ADDED = "special-added"
    SPECIAL_REMOVED = "special-removed"
    TERM_CHANGED = "term-changed"
    TERM_LONGER = "term-longer"
    TERM_SHORTER = "term-shorter"
    TEXT_LOOSER = "text-looser"
    TEXT_STRICTER = "text-stricter"
    TRACKER_ADDED = "tracker-added"
    TRACKER_CHANGED = "tracker-changed"
    TRACKER_LESS = "tracker-less"
    TRACKER_REMOVED = "tracker-removed"
    TRANSFER_ADDED = "transfer-added"
    TRANSFER_CHANGED = "transfer-changed"
    TRANSFER_REMOVED = "transfer-removed"


@dataclass(frozen=True)
class Meaning:
    """What a kind of change means: its article, whether people are told before, whether consent is asked again."""

    article: str
    told: bool
    asked: bool
    says: str


@dataclass(frozen=True)
class Change:
    """One change: at which path, about which purpose, from what to what, and for which kinds of people (() for all).

    `consent`: the purpose rests on consent before and after, so that those who gave it are asked again where the
    change asks it.
    """

    kind: Kind
    path: str
    purpose: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    consent: bool = False

    @property
    def meaning(self) -> Meaning:
        """What it means by law."""
        return MEANINGS[self.kind]

    @property
    def told(self) -> bool:
        """Whether those concerned are told before it holds."""
        return self.meaning.told

    @property
    def asked(self) -> bool:
        """Whether those who consented to its purpose are asked again."""
        return self.consent and self.meaning.asked


MEANINGS: Mapping[Kind, Meaning] = {
    Kind.ARRANGEMENT_CHANGED: Meaning("26(2)", True, False, "those who decide together agreed otherwise on who "
                                      "answers for what"),
    Kind.ASKING_CHANGED: Meaning("4(11), 7(1)", False, False, "consent is asked in another way; one given before "
                                 "stands as it was given"),
    Kind.AUTHORITY_CHANGED: Meaning("13(2)(d)", False, False, "another authority is named"),
    Kind.AUTOMATED_ADDED: Meaning("13(2)(f)", True, True, "a computer decides or makes a profile that did not"),
    Kind.AUTOMATED_CHANGED: Meaning("13(2)(f)", True, True, "how a computer decides or makes a profile, or what "
                                    "follows, is told otherwise"),
    Kind.AUTOMATED_REMOVED: Meaning("13(2)(f)", False, False, "a computer no longer decides, or makes no profile"),
    Kind.BALANCING_CHANGED: Meaning("6(1)(f), 5(2)", False, False, "interests are weighed otherwise: nobody is told; "
                                    "who asks is answered by the new test; look at objections it refused before"),
    Kind.BASIS_CHANGED: Meaning("13(1)(c)", True, False, "it rests on another legal basis; consent once given does not "
                                "become another basis (EDPB 05/2020), and a new consent is asked of everybody"),
    Kind.CHANNEL_ADDED: Meaning("13(3)", True, False, "people are reached in another way; where that needs consent, "
                                "nobody gave it yet"),
    Kind.CHANNEL_REMOVED: Meaning("13(1)(c)", False, False, "people are no longer reached in this way"),
    Kind.COMPATIBLE_ADDED: Meaning("6(4), 13(3)", True, False, "data collected for something else serves this purpose "
                                   "too, as compatible"),
    Kind.COMPATIBLE_REMOVED: Meaning("6(4)", False, False, "data collected for something else no longer serves this "
                                     "purpose"),
    Kind.COMPLAINT_TERM_LONGER: Meaning("12(2), 24", True, False, "an answer to a complaint is promised for later"),
    Kind.COMPLAINT_TERM_SHORTER: Meaning("24", False, False, "an answer to a complaint is promised sooner"),
    Kind.CONSENT_SINCE_CHANGED: Meaning("7; LAW C9", True, True, "consent counts from another day on: one given "
                                        "before that day is asked again"),
    Kind.CONSENT_TERM_LONGER: Meaning("7; LAW C9", False, False, "a new consent holds longer; one given before ends as "
                                      "the person was told"),
    Kind.CONSENT_TERM_SHORTER: Meaning("7", False, False, "a consent ends sooner"),
    Kind.CONTACT_CHANGED: Meaning("13(1)(a)", False, False, "the company is reached in another way"),
    Kind.CONTROLLER_CHANGED: Meaning("13(1)(a), 14(1)(a)", True, True, "another company decides"),
    Kind.CONTROLLER_REMOVED: Meaning("13(1)(a), 26", False, False, "a company that decided together with us no longer "
                                     "does: it returns or erases data"),
    Kind.DATA_ADDED: Meaning("13(3), 14(1)(d)", True, True, "it uses more data"),
    Kind.DATA_REMOVED: Meaning("5(1)(c)", False, False, "it uses less data; what nothing else uses goes"),
    Kind.DEPARTMENT_ADDED: Meaning("5(1)(f), 32(4)", False, False, "more people of the company work for it: see that "
                                   "they need the data"),
    Kind.DEPARTMENT_REMOVED: Meaning("5(1)(f), 32(4)", False, False, "people of a department no longer work for it"),
    Kind.EXAMPLES_CHANGED: Meaning("13, 14(1)(d)", False, False, "people recognise the data by other words: what it "
                                   "is, its elements say, and more of those is told as more data"),
    Kind.GRACE_CHANGED: Meaning("5(1)(e)", False, False, "what is over is hidden for another time before it goes; no "
                                "purpose sees it meanwhile"),
    Kind.INTEREST_CHANGED: Meaning("13(1)(d)", True, False, "the interest is another, or named otherwise"),
    Kind.INTEREST_REMOVED: Meaning("13(1)(d)", False, False, "the interest that it rests on is no longer named: name "
                                   "it"),
    Kind.LANGUAGE_ADDED: Meaning("12(1)", False, False, "the notice is in one language more"),
    Kind.LANGUAGE_REMOVED: Meaning("12(1)", False, False, "the notice is no longer in this language"),
    Kind.LAW_CHANGED: Meaning("13(1)(c)", False, False, "another law is named"),
    Kind.MARKETING_ADDED: Meaning("21(2)-(4)", True, True, "it becomes direct marketing: the right to refuse is told"),
    Kind.MARKETING_REMOVED: Meaning("21(2)", False, False, "no longer called direct marketing: see that it is none"),
    Kind.MASK_CHANGED: Meaning("25", False, False, "its readers see a value in another form"),
    Kind.MASK_REMOVED: Meaning("13(3), 25", True, True, "its readers see whole what they saw in part"),
    Kind.NOTICE_CHANGED: Meaning("5(1)(b)", False, False, "what an earlier notice is said to have named is another: "
                                 "data of its time counts under it; hold it against its text"),
    Kind.OBJECTION_EASIER: Meaning("21", False, False, "an objection prevails where it was weighed before"),
    Kind.OBJECTION_HARDER: Meaning("21(1), 12(2)", True, False, "an objection is weighed, or refused on grounds named "
                                   "beforehand, that prevailed before"),
    Kind.OFFICER_CHANGED: Meaning("13(1)(b), 37(7)", False, False, "the officer changed: tell the authority"),
    Kind.PEOPLE_ADDED: Meaning("13(3), 14(4)", True, False, "it reaches people whom it did not reach"),
    Kind.PEOPLE_REMOVED: Meaning("5(1)(e)", False, False, "it no longer reaches these people; their data goes where "
                                 "nothing else keeps it"),
    Kind.PROMISE_ADDED: Meaning("24", False, False, "something more is promised"),
    Kind.PROMISE_CHANGED: Meaning("5(1)(a), 24", True, False, "a promise reads otherwise"),
    Kind.PROMISE_REMOVED: Meaning("5(1)(a), 24", True, False, "a promise is no longer made"),
    Kind.PURPOSE_ADDED: Meaning("13(3), 14(4), 6(4)", True, False, "a new purpose: for data held already only where it "
                                "is compatible, or after consent"),
    Kind.PURPOSE_CHANGED: Meaning("13(3), 6(4)", True, True, "it is called another purpose in the vocabulary"),
    Kind.PURPOSE_REMOVED: Meaning("5(1)(e)", False, False, "it ends; data that only it kept goes with the next sweep"),
    Kind.RECIPIENT_ADDED: Meaning("13(1)(e)", True, True, "somebody else receives data"),
    Kind.RECIPIENT_CHANGED: Meaning("13(1)(e)", True, True, "who receives it, as what, where, or what, changed"),
    Kind.RECIPIENT_REMOVED: Meaning("13(1)(e)", False, False, "it no longer receives data: it returns or erases it"),
    Kind.REQUIRED_CHANGED: Meaning("13(2)(e)", True, False, "data must be given that need not, or not giving it means "
                                   "something else"),
    Kind.REQUIRED_REMOVED: Meaning("13(2)(e)", False, False, "it no longer says that data must be given"),
    Kind.RIGHT_ADDED: Meaning("13(2)(b)", False, False, "people are told of a right, or of a way to ask"),
    Kind.RIGHT_REMOVED: Meaning("12(2), 13(2)(b)", True, False, "a right, or a way to ask, is no longer told"),
    Kind.SAFEGUARD_ADDED: Meaning("32", False, False, "one more measure of protection"),
    Kind.SAFEGUARD_REMOVED: Meaning("32", False, False, "a measure of protection is gone: is the risk still met?"),
    Kind.SITE_ADDED: Meaning("13(1)(e)", False, False, "pages lead to, or carry, somebody else's"),
    Kind.SITE_REMOVED: Meaning("13(1)(e)", False, False, "pages no longer lead to, or carry, somebody else's"),
    Kind.SOFT_OPT_IN_ADDED: Meaning("WER XII.13; 13(3)", True, False, "own customers get advertising without consent"),
    Kind.SOFT_OPT_IN_CHANGED: Meaning("WER XII.13", False, False, "what own customers get without consent is argued "
                                      "otherwise: look whether it is still similar"),
    Kind.SOFT_OPT_IN_REMOVED: Meaning("WER XII.13", False, False, "own customers no longer get it without consent"),
    Kind.SOURCE_CHANGED: Meaning("14(2)(f)", True, True, "the data comes from elsewhere"),
    Kind.SPECIAL_ADDED: Meaning("9, 13(3)", True, True, "it is, or reveals, special-category data"),
    Kind.SPECIAL_REMOVED: Meaning("9", False, False, "no longer called special-category data: see that it is none"),
    Kind.TERM_CHANGED: Meaning("13(2)(a)", True, True, "how long it is kept counts otherwise"),
    Kind.TERM_LONGER: Meaning("13(2)(a)", True, True, "data is kept longer"),
    Kind.TERM_SHORTER: Meaning("13(2)(a)", False, False, "data goes sooner"),
    Kind.TEXT_LOOSER: Meaning("5(1)(a), 12(1)", True, True, "the text leaves the company more room than before"),
    Kind.TEXT_STRICTER: Meaning("5(1)(a), 12(1)", False, False, "the text leaves the company less room than before"),
    Kind.TRACKER_ADDED: Meaning("ePrivacy 5(3)", True, True, "something more is stored on or read from devices"),
    Kind.TRACKER_CHANGED: Meaning("ePrivacy 5(3)", True, True, "it stays longer, another reads it, or no consent is "
                                  "asked"),
    Kind.TRACKER_LESS: Meaning("ePrivacy 5(3)", False, False, "it stays shorter, waits for consent, or can be refused "
                               "more easily"),
    Kind.TRACKER_REMOVED: Meaning("ePrivacy 5(3)", False, False, "it is no longer placed"),
    Kind.TRANSFER_ADDED: Meaning("13(1)(f)", True, True, "data leaves the EEA for another country"),
    Kind.TRANSFER_CHANGED: Meaning("13(1)(f)", True, True, "its country, ground or safeguard is another"),
    Kind.TRANSFER_REMOVED: Meaning("13(1)(f)", False, False, "data no longer goes there"),
}  # fmt: skip
