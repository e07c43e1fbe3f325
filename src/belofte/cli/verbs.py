"""The table of the verbs: what each is called, says of itself, and runs.

To add one, write `cli/<verb>.py` with

    def run(directory: Directory = HERE, as_json: Json = False) -> None:
        '''What the verb does, in one line.'''
        company = Company.at(directory)
        …
        raise Ending(Code.CHANGES, "what to say")        # or return, for exit code 0

and add its line to `VERBS`: that is the one place. A verb's module is imported when that verb runs or its help is
asked, and at no other time, so that a start costs what the verb needs.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: the words that name it, its help in one line, and the function of `belofte.cli` that it runs."""

    name: str
    help: str
    module: str
    function: str = "run"

    @property
    def words(self) -> tuple[str, ...]:
        """The verb's name in words: its own, below that of its group when it has one."""
        return tuple(self.name.split())

    def loaded(self) -> Callable[..., None]:
        """Return what the verb runs, its module imported."""
        found: Callable[..., None] = getattr(importlib.import_module(f"belofte.cli.{self.module}"), self.function)
        return found


GROUPS = {
    "request": "Take in, decide and carry out a person's request.",
    "choices": "What people chose: record it, ask about it, now or on a day in the past.",
    "incident": "Breaches: the register, the 72 hours, whose data it was, who is told (art. 33, 34).",
    "complaint": "Complaints to the company: the register, their term, the answer with the authority's address.",
    "disclosure": "What recipients were given, as the register has it.",
    "log": "The record of what was done, which nobody changes unseen: seal it, prove from it, check it.",
    "document": "Documents that the policy asks people to write: prefilled, with what is to be written marked.",
    "fideslang": "The policy and its maps to and from the language of Ethyca's Fides.",
    "sweep": "Let go of what nothing justifies any more, in the stores named or in all.",
    "notice": "The privacy notice that people read: write it, publish it, tell people of its changes.",
}
"""The help of each group of verbs. A verb with the name of a group runs where no verb of the group is named."""

VERBS = (
    Verb("init", "Start a policy, draft one from a database, or add what Belofte itself keeps.", "init"),
    Verb("scan", "Find personal data in a store: draft its data map, or compare it with the one there is.", "scan"),
    Verb("check", "Check the policy against the law, and the maps against the live databases.", "check"),
    Verb(
        "explain",
        "Show how each table of a store reaches a person, what can keep its data, and how it goes.",
        "explain",
    ),
    Verb("plan", "Show what would change in the stores: views, roles, rights, and what each purpose sees.", "plan"),
    Verb("apply", "Do exactly what a plan says in the stores; take it up, undo it, or tell stores anew.", "apply"),
    Verb(
        "detach",
        "Let go of a store's views, so that the company can change its tables.",
        "apply",
        "run_detach",
    ),
    Verb("attach", "Make a store's views anew after the company changed its tables.", "apply", "run_attach"),
    Verb(
        "extract",
        "Write what a recipient may receive of a table for a purpose to a file, and record it as a disclosure.",
        "extract",
    ),
    Verb(
        "ropa",
        "The record of processing activities, as controller and as processor: XLSX, CSV, a page, JSON-LD (art. 30).",
        "ropa",
    ),
    Verb(
        "dpia",
        "Which purposes need an impact assessment, and why; with a purpose, a prefilled outline of it (art. 35).",
        "dpia",
    ),
    Verb(
        "document balancing",
        "The balancing test of a purpose that rests on an interest (art. 6(1)(f)), with what is to be written.",
        "dpia",
        "run_balancing",
    ),
    Verb(
        "document attestations",
        "What people vouch for in the promises: whose word, on which file, until when, and whether it counts today.",
        "dpia",
        "run_attestations",
    ),
    Verb(
        "fideslang export",
        "Write the policy and its maps in fideslang: categories, uses, subjects, systems, datasets.",
        "fideslang",
        "run_export",
    ),
    Verb(
        "fideslang import",
        "Draft a data map from each dataset of a file in fideslang, and the categories and people that it needs.",
        "fideslang",
        "run_import",
    ),
    Verb(
        "disclose",
        "Record what a recipient was given by hand, with its ground; an authority's with the order that asked for it.",
        "disclose",
    ),
    Verb(
        "disclosure redact",
        "Take back what was written freely of a disclosure: its ground and its order; the rest of it stays.",
        "redact",
    ),
    Verb(
        "sharing",
        "Who receives data, with contract and ground; transfers; what was disclosed to whom, when, why, by what order.",
        "sharing",
    ),
    Verb(
        "stated",
        "Collect and show what readers of the stores said that they read for: who, when, for which purpose, why.",
        "stated",
    ),
    Verb(
        "audit",
        "Hold everything that is recorded of choices, requests, disclosures and sweeps against what the GDPR asks.",
        "audit",
    ),
    Verb("notice", "The privacy notice in every language of the policy: a page, a PDF, Markdown or JSON-LD.", "notice"),
    Verb(
        "notice publish",
        "Publish the notice of this version for good: its files at an address of their own, kept, in the log.",
        "notice",
        "run_publish",
    ),
    Verb(
        "notice announce",
        "Tell people of a changed policy: shows what would be sent; `--send` sends it, each message once.",
        "mailing",
        "run_announce",
    ),
    Verb(
        "notice approve",
        "Approve, as a second person, exactly the messages and the list of an announcement: shows them first.",
        "mailing",
        "run_approve",
    ),
    Verb(
        "compare",
        "What changed in meaning from one policy to the next: who must be told, whose consent is asked again.",
        "compare",
    ),
    Verb(
        "incident open",
        "Open a breach in the register with what is known; the clock runs from the moment of awareness.",
        "incident.opening",
        "run_open",
    ),
    Verb(
        "incident add",
        "Add what became known of a breach; what was entered before stays beside it.",
        "incident.opening",
        "run_add",
    ),
    Verb(
        "incident affected",
        "Count whose data it was in a store: how many people, of which kind, which categories; never who.",
        "incident.affected",
    ),
    Verb(
        "incident assess",
        "Assess the risk to the people, with the reasons: what is told to whom follows from it (art. 33(1), 34(1)).",
        "incident.deciding",
        "run_assess",
    ),
    Verb(
        "incident decide",
        "Decide whether the authority and the people are told, with the reasons; the law refuses what it forbids.",
        "incident.deciding",
        "run_decide",
    ),
    Verb(
        "incident words",
        "Put what the people are told in words of one language (art. 34(2)); the draft of their letter takes them.",
        "incident.opening",
        "run_words",
    ),
    Verb(
        "incident draft",
        "Write what the authority, the people or the controller is told of a breach; what is not known yet is named.",
        "incident.drafting",
    ),
    Verb(
        "incident notified",
        "Record that the authority, the people, the public or the controller was told, and what shows it.",
        "incident.deciding",
        "run_notified",
    ),
    Verb(
        "incident follow-up",
        "Ask for something that is still to be done about a breach, or record that it was, with what shows it.",
        "incident.deciding",
        "run_follow_up",
    ),
    Verb(
        "incident close",
        "Close a breach: everything is decided, told and done; what was kept of the people is destroyed.",
        "incident.deciding",
        "run_close",
    ),
    Verb(
        "incident list",
        "The breach register (art. 33(5)), the oldest first; exit 2 where the 72 hours are over and nobody was told.",
        "incident.showing",
        "run_list",
    ),
    Verb(
        "incident show",
        "Everything in the register about a breach, what the law still asks, and the history of its entries.",
        "incident.showing",
        "run_show",
    ),
    Verb(
        "complaint record",
        "Record a complaint; its term runs from the day on which it came.",
        "complaint.recording",
        "run_record",
    ),
    Verb(
        "complaint acknowledge",
        "Record that whoever complains was told that it came, and by when it is answered.",
        "complaint.recording",
        "run_acknowledge",
    ),
    Verb(
        "complaint answer",
        "Record the answer to a complaint with its outcome, or which request it became; `letter` writes it.",
        "complaint.answering",
        "run_answer",
    ),
    Verb(
        "complaint letter",
        "Write to whoever complains, in her language: that it came, what came of it, or that it is a request.",
        "complaint.answering",
        "run_letter",
    ),
    Verb(
        "complaint list",
        "The register of complaints, the oldest first; exit 2 where one is late, or to be erased.",
        "complaint.showing",
        "run_list",
    ),
    Verb(
        "complaint show",
        "One complaint: how and when it came, its term, its answer; with --words what is sealed of it.",
        "complaint.showing",
        "run_show",
    ),
    Verb(
        "complaint erase",
        "Erase the complaints whose term of keeping is over, with all that was written; run it from your scheduler.",
        "complaint.answering",
        "run_erase",
    ),
    Verb("log checkpoint", "Give what waits its place in the log, and sign the log's head.", "log", "run_checkpoint"),
    Verb(
        "log show",
        "What was done, the newest first: each act with its number, its leaf in the log, its time and its name.",
        "log",
        "run_show",
    ),
    Verb(
        "log prove",
        "Write a receipt: what shows without Belofte that an act is in the log, or that the log only grew.",
        "log",
        "run_prove",
    ),
    Verb(
        "log verify",
        "Whether a receipt, an audit bundle or an exported log holds; with no database, no folder of a company.",
        "verifying",
    ),
    Verb(
        "log fsck",
        "Hold every act, leaf, head, key and row of evidence against the log; what is not as it says is named.",
        "checking",
        "run_fsck",
    ),
    Verb(
        "log acknowledge",
        "Say of findings of `log fsck` that they are to stay as they are; what is found next is open again.",
        "checking",
        "run_acknowledge",
    ),
    Verb(
        "log export",
        "Write the log as files for any reader of tlog-tiles: its head and its tiles, and nothing of what is said.",
        "log",
        "run_export",
    ),
    Verb("log rotate", "Have the log's key name the next one; receipts of both stay verifiable.", "log", "run_rotate"),
    Verb(
        "log succeed",
        "Where the log's key is lost: have two people name the one at hand as the next; what they sign says so.",
        "log",
        "run_succeed",
    ),
    Verb(
        "log cosign",
        "Keep what a witness signed under the newest head, once it is seen to be the witness's.",
        "log",
        "run_cosign",
    ),
    Verb("prove", "Prove every promise of the policy against live data: kept, broken, or cannot tell.", "prove"),
    Verb("jobs", "What has to run by itself, how often and why: as a table, a crontab or systemd timers.", "jobs"),
    Verb("schema", "Print the JSON Schema of the policy or of a store's map.", "schema"),
    Verb("request access", "Everything about a person: every item of art. 15, and the copy.", "request.access"),
    Verb(
        "request portability",
        "What a person provided, under consent or contract, to take elsewhere (art. 20).",
        "request.access",
        "run_portability",
    ),
    Verb(
        "request erasure",
        "Let go of a person's data: shows the plan first, carries out exactly that plan with --yes.",
        "request.erasing",
    ),
    Verb(
        "request restriction",
        "Keep a person's data and use it no more, per category (art. 18).",
        "request.choosing",
        "run_restriction",
    ),
    Verb(
        "request objection",
        "Record an objection: to direct marketing it is absolute, others suspend use until they are weighed (art. 21).",
        "request.choosing",
        "run_objection",
    ),
    Verb(
        "request withdrawal",
        "Record that a person withdraws consent (art. 7(3)).",
        "request.choosing",
        "run_withdrawal",
    ),
    Verb(
        "request rectification",
        "Correct a value in every store that holds it; a statutory record gets an annotation instead (art. 16).",
        "request.rectifying",
    ),
    Verb("sweep", "Let go of what nothing justifies any more, in the stores named or in all.", "sweep"),
    Verb("sweep approve", "Approve, as a second person, a sweep that waits for one.", "sweep", "run_approve"),
    Verb("sweep prove", "Count what nothing justifies, per table: zero after a sweep.", "sweep", "run_prove"),
    Verb(
        "sweep late",
        "The alarm: what should have gone some days ago and is still there, per purpose with its oldest day.",
        "late",
    ),
    Verb(
        "sweep forget",
        "Forget whom no purpose of Belofte's own policy knows again; the second who agrees carries it out.",
        "forget",
    ),
    Verb(
        "sweep task",
        "Close a task of retention with evidence; without one, list those that are open.",
        "sweep",
        "run_task",
    ),
    Verb(
        "replay",
        "After a restore from a backup: find who was erased in a store, and let go of them again.",
        "replay",
    ),
    Verb(
        "request list",
        "The open requests, the most urgent first; exit 2 where one is over its term.",
        "request.following",
        "run_list",
    ),
    Verb(
        "request show",
        "One request: its state, its stores, its tasks; with --out, the report on an erasure as it stands now.",
        "request.following",
        "run_show",
    ),
    Verb(
        "request resume",
        "Take up a request where it stopped: what is done in a store is never done twice.",
        "request.following",
        "run_resume",
    ),
    Verb(
        "request weigh",
        "Decide objections that wait for a person's word, and carry out what follows.",
        "request.following",
        "run_weigh",
    ),
    Verb(
        "request task",
        "Close a task of a manual store with evidence; the request closes when nothing else is open.",
        "request.following",
        "run_task",
    ),
    Verb(
        "request told",
        "Who received her data and is to be told (art. 19): the letters, and the word that one was told, or why not.",
        "request.recipients",
    ),
    Verb(
        "request approve",
        "Approve, as a second person, a plan that lets go of more people than the policy's share: shows it first.",
        "request.following",
        "run_approve",
    ),
    Verb(
        "choices grant",
        "Record a consent with what shows it; one that the law does not accept is kept as evidence and opens nothing.",
        "choices.opening",
        "run_grant",
    ),
    Verb(
        "choices sale",
        "Record a sale: the company may write to its own customer on similar products until she refuses (WER XII.13).",
        "choices.opening",
        "run_sale",
    ),
    Verb(
        "choices withdraw",
        "Record that a person withdraws consent: as easy as giving it, without a question (art. 7(3)).",
        "choices.closing",
        "run_withdraw",
    ),
    Verb(
        "choices refuse",
        "Record that a person was asked and refused, so that nobody asks her again at every turn.",
        "choices.closing",
        "run_refuse",
    ),
    Verb(
        "choices object",
        "Record an objection, or the word on one: to direct marketing it is absolute, others are weighed (art. 21).",
        "choices.closing",
        "run_object",
    ),
    Verb(
        "choices restrict",
        "Keep a person's data and use it no more, per category, on a ground of art. 18.",
        "choices.closing",
        "run_restrict",
    ),
    Verb(
        "choices lift",
        "Lift a restriction, once the person was told that it ends (art. 18(3)).",
        "choices.opening",
        "run_lift",
    ),
    Verb(
        "choices deceased",
        "Record that a person has died: outreach stops, nothing is removed for it.",
        "choices.closing",
        "run_deceased",
    ),
    Verb(
        "choices show",
        "Everything that a person chose, and what it leaves open for each purpose and channel.",
        "choices.showing",
        "run_show",
    ),
    Verb(
        "choices explain",
        "Whether a purpose may reach a person, or might on a past day: the answer, the reason, what it rests on.",
        "choices.showing",
        "run_explain",
    ),
    Verb(
        "choices receipt",
        "The receipt of a person's consent to a purpose (ISO/IEC TS 27560 by the DPV profile), with proofs of the log.",
        "choices.receipt",
    ),
    Verb(
        "choices lag",
        "How far each store is behind what people chose: rows that it knows otherwise, and since when.",
        "choices.lag",
        "run",
    ),
    Verb(
        "choices stale",
        "How many people's consent a change of the policy made stale, per purpose, and until when to ask them again.",
        "choices.asking_again",
        "run_stale",
    ),
    Verb(
        "choices release",
        "Let go of the consents that nobody gave again in time: two persons say the same, and the next sweep takes it.",
        "choices.asking_again",
        "run_release",
    ),
    Verb(
        "choices import",
        "Bring in consents from elsewhere; what cannot be proven waits, unused, unswept, for a second person's word.",
        "choices.carrying",
        "run_import",
    ),
    Verb(
        "choices export",
        "The whole ledger to take along, in the order in which it was recorded; people are random ids.",
        "choices.carrying",
        "run_export",
    ),
)
"""The verbs in the order of the help. The line of help is the first line of the function's docstring too."""
