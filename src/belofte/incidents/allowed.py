"""What may be entered about a breach next, and why not (GDPR art. 33, 34): no step can be skipped, none taken back.

Pure: the breach, what somebody wants to enter, and the moment; all reasons against it come out at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from belofte.datamap.recognise.free_text import identifiers_in
from belofte.incidents.breach import Breach
from belofte.incidents.entry import (
    Affected,
    Assessment,
    Closing,
    Decision,
    Facts,
    FollowUp,
    InWords,
    Notification,
    Said,
)
from belofte.law.breach import duties, is_late

TITLE = 200
"""The characters of a title: it stands in every line that names the breach."""


@dataclass(frozen=True)
class Refusal:
    """Why something is not entered, and what to do."""

    why: str
    mend: str


def refusals(breach: Breach, said: Said, now: datetime) -> list[Refusal]:
    """Return everything that stands against an entry at a moment; nothing: it may be entered."""
    if breach.state == "closed":
        return [Refusal(f"breach {breach.short} is closed", "what came out later is a breach of its own: open it")]
    return [*_RULES[type(said)](breach, said, now), *_names(said)]


def _facts(breach: Breach, said: Facts, now: datetime) -> Iterator[Refusal]:
    first = not breach.entered
    both = breach.facts.model_copy(update={name: getattr(said, name) for name in said.document()})
    if said.title is not None and (len(said.title) > TITLE or not said.title.isprintable()):
        yield Refusal(f"a title is one plain line of at most {TITLE} characters", "say the rest with `--facts …`")
    if first:
        for name, what in _FIRST.items():
            if not getattr(said, name):
                yield Refusal(f"it is not said {what}", f"say it: `--{name.replace('_', '-').rstrip('s')} …`")
    elif not said.document():
        yield Refusal("nothing new is said", "name what became known: `--effects …`, `--measures …`")
    if not first and said.aware is not None and breach.facts.aware not in (None, said.aware) and not said.aware_because:
        yield Refusal("the moment of awareness was another one", "say why it changes: `--aware-because …`")
    for name, what in _MOMENTS.items():
        found = getattr(said, name)
        if found is not None and found > now:
            yield Refusal(f"the moment {what} lies in the future", "give one that has been: with its zone, if need be")
    if both.happened_from and both.happened_until and both.happened_until < both.happened_from:
        yield Refusal("it ended before it began", "look at `--from` and `--until`")
    if both.happened_from and both.aware and both.aware < both.happened_from:
        yield Refusal("the company became aware of it before it happened", "look at `--from` and `--aware`")
    if both.role == "processor" and not both.controller:
        yield Refusal("a processor tells the controller (art. 33(2)), and none is named", "name it: `--controller …`")


def _words(breach: Breach, said: InWords, now: datetime) -> Iterator[Refusal]:
    for name in ("nature", "consequences", "measures"):
        if not getattr(said, name).strip():
            yield Refusal(f"the people are told the {name} (art. 34(2)), and it is empty", f"say it: `--{name} …`")


def _affected(breach: Breach, said: Affected, now: datetime) -> Iterator[Refusal]:
    if said.state != "counted" and not (said.because or "").strip():
        yield Refusal("what was not counted needs a reason", "say how it is known, or why not: `--because …`")


def _assessment(breach: Breach, said: Assessment, now: datetime) -> Iterator[Refusal]:
    if not breach.personal_data:
        yield Refusal("no personal data is concerned, so that nobody is at risk", "close it with the reason")
    if not said.because.strip():
        yield Refusal("a risk is assessed with its reasons (art. 33(1), 33(5))", "say why: `--because …`")


def _decision(breach: Breach, said: Decision, now: datetime) -> Iterator[Refusal]:
    if not said.because.strip():
        yield Refusal("a decision is recorded with its reasons (art. 33(5))", "say why: `--because …`")
    if breach.processor:
        yield Refusal("the controller decides whom to tell, not its processor (art. 33(2))", "tell the controller")
        return
    if breach.assessment is None:
        yield _unassessed(breach)
        return
    codes = {duty.code for duty in duties(breach.incident(said.exception))}
    if "B4" in codes and said.authority == "not":
        yield Refusal("there is a risk: the authority is notified (art. 33(1))", "decide `--authority notify`")
    if said.exception is not None and breach.risk != "high":
        yield Refusal("the exceptions of art. 34(3) are from a high risk, and it is not", "leave `--exception` out")
        return
    if "B5" in codes and said.people != "tell":
        yield Refusal(
            "the risk is high: the people are told (art. 34(1))",
            "decide `--people tell`, or name what art. 34(3) excepts: "
            "`--exception unintelligible|risk-removed|disproportionate`",
        )
    if "B5p" in codes and said.people == "not":
        yield Refusal(
            "who need not be told one by one is told in public (art. 34(3)(c))", "decide `--people public`"
        )  # fmt: skip


def _notification(breach: Breach, said: Notification, now: datetime) -> Iterator[Refusal]:
    if not said.evidence.strip():
        yield Refusal("nothing shows that it was told", "say what does: `--evidence …`")
    if said.at > now:
        yield Refusal("it was told in the future", "give the moment at which it was")
    if breach.facts.aware is not None and said.at < breach.facts.aware:
        yield Refusal("it was told before the company was aware of it", "look at `--at`")
    if not breach.processor and said.to != "controller" and breach.decision is None:
        yield _undecided(breach)
    elif said.to not in breach.to_tell:
        yield Refusal(f"not to be told: the {said.to}", "decide so first, with reasons: `belofte incident decide`")
    first = said.to == "authority" and not breach.told("authority")
    if first and is_late(breach.incident(), said.at) and not (said.late_because or "").strip():
        yield Refusal(
            "the 72 hours were over: a later notification says why (art. 33(1))", "say it: `--late-because …`"
        )  # fmt: skip


def _follow_up(breach: Breach, said: FollowUp, now: datetime) -> Iterator[Refusal]:
    if said.number is None:
        if not (said.what or "").strip() or not (said.owner or "").strip():
            yield Refusal("it is not said what is to be done, by whom", "say it: `--what …`, `--owner …`")
    elif said.number not in {one.number for one in breach.open_follow_ups}:
        there = ", ".join(str(one.number) for one in breach.open_follow_ups) or "none"
        yield Refusal(f"nothing is open under the number {said.number}", f"open are: {there}")
    elif not (said.evidence or "").strip():
        yield Refusal("nothing shows that it was done", "say what does: `--evidence …`")


def _closing(breach: Breach, said: Closing, now: datetime) -> Iterator[Refusal]:
    if not said.because.strip():
        yield Refusal("a breach is closed with the reason", "say why nothing more is to be done: `--because …`")
    if not breach.personal_data:
        return
    for name, what in (("effects", "effects"), ("measures", "remedial action")):
        if not getattr(breach.facts, name):
            yield Refusal(f"the register has the {what} (art. 33(5)), and has none", _add(name))
    if not breach.affected:
        yield Refusal("it is not known whose data it was (art. 33(3)(a))", "`belofte incident affected`")
    if not breach.processor:
        if breach.assessment is None:
            yield _unassessed(breach)
        elif breach.decision is None:
            yield _undecided(breach)
    for one in breach.untold:
        part = "everything" if breach.told(one) else "anything"
        yield Refusal(f"not told {part} yet: the {one}", f"record it: `belofte incident notified --to {one}`")
    for todo in breach.open_follow_ups:
        yield Refusal(f"follow-up {todo.number} is open", "close it with evidence: `belofte incident follow-up --done`")


def _unassessed(breach: Breach) -> Refusal:
    if breach.last(Assessment) is not None:
        return Refusal("more became known of the people after the risk was assessed", "`belofte incident assess` again")
    return Refusal("the risk is not assessed", "`belofte incident assess` it first, with the reasons")


def _undecided(breach: Breach) -> Refusal:
    again = ": the risk was assessed anew" if breach.last(Decision) is not None else ""
    return Refusal(
        f"it is not decided whether the authority and the people are told{again}", "`belofte incident decide` it first"
    )  # fmt: skip


def _add(name: str) -> str:
    return f"`belofte incident add --{name} …`"


def _names(said: Said) -> Iterator[Refusal]:
    """Refuse what would put a person's identifier in a register that stays."""
    if isinstance(said, InWords):
        return  # what people are told names where they can turn to
    texts = [(name, found) for name, found in said if isinstance(found, str)]
    for name, text in texts:
        for what in identifiers_in([text]):
            if name == "evidence" and what == "telephone numbers":
                continue  # a reference of somebody's register looks like one
            yield Refusal(
                f"what is said of `{name.replace('_', '-')}` holds something like {what}",
                "the register stays when people are erased: refer to a record, name nobody",
            )


_FIRST = {
    "title": "what it is called", "facts": "what happened", "kinds": "what was harmed: confidentiality, integrity, "
    "availability", "aware": "when the company became aware of it", "found_by": "who noticed it, by function",
}  # fmt: skip
_MOMENTS = {"happened_from": "at which it began", "happened_until": "at which it ended", "aware": "of awareness"}

_RULES: dict[type[Said], Callable[[Breach, Any, datetime], Iterable[Refusal]]] = {
    Facts: _facts, InWords: _words, Affected: _affected, Assessment: _assessment, Decision: _decision,
    Notification: _notification, FollowUp: _follow_up, Closing: _closing,
}  # fmt: skip
