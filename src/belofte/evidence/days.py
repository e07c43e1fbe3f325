"""What an audit bundle shows of a day: which policy was in force, that its notice was out, and what was done under it.

The rule of what is in force is that of the rest of Belofte (`policy/in_force.py`); what it is applied to here is only
what the log says, and when the log was told: what it learnt afterwards shows nothing of the day itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from belofte.evidence import handed
from belofte.evidence.handed import NOTICES, VERSIONS
from belofte.evidence.leaves import Act, Log
from belofte.evidence.verify import Malformed, NotVerified, text_of
from belofte.law.term import CIVIL
from belofte.policy.in_force import Taken, in_force, taken_up

UNPUBLISHED = "cannot tell that this policy was published: no notice of it was, by then"


@dataclass(frozen=True)
class InForce:
    """The policy that was in force at a moment.

    `published`: the versions of the notice (and their languages) that were out for it then; `doubts`: why the bundle
    does not tell all of this. With doubts, or with nothing published, nothing is shown. `begins`: the moment from which
    this is so on the day that was asked for; None where it is so from its beginning.
    """

    policy: str
    version: str | None
    holds_from: str
    taken_up: str
    published: tuple[str, ...]
    doubts: tuple[str, ...]
    begins: str | None = None


@dataclass(frozen=True)
class Erasure:
    """What the log shows of an erasure, and of the policy that was in force when it was decided."""

    request: str
    received_at: str
    closed_at: str
    leaf: int
    stores: tuple[tuple[str, str], ...]
    policy: str
    adopted_at: str
    published: tuple[str, ...]
    doubts: tuple[str, ...]


def on(folder: Path, log: Log, day: date) -> tuple[InForce, ...]:
    """Return what was in force on a civil day: in its beginning, and after each change in its course.

    A day that begins after the log's last act is not told: what the company did since stands in a later bundle.
    """
    start, end = (datetime.combine(one, time(), CIVIL) for one in (day, day + timedelta(days=1)))
    known = _known(log)
    turns = {one.told for each in known for one in each} | {one.holds_from for each in known for one in _taken(each)}
    found: list[InForce] = []
    for moment in sorted({start, *(one for one in turns if start < one < end)}):
        then = _at(folder, log, known, moment)
        if then is not None and (not found or then != replace(found[-1], begins=None)):
            found.append(then if moment == start else replace(then, begins=moment.isoformat()))
    if not found:
        raise NotVerified(f"the log shows no policy that was in force on {day}")
    last = max((_moment(one.at) for one in log.acts), default=start)
    if last < start:
        ended = f"the log of this bundle ends at {last.isoformat()}: ask for a bundle that was made after that day"
        return tuple(replace(one, doubts=(*one.doubts, ended)) for one in found)
    return tuple(found)


def erasure(folder: Path, log: Log, request: str) -> Erasure:
    """Return what the log shows of an erasure; `NotVerified` where it does not show that it was carried out."""
    name = request.strip().upper()
    steps = log.rows("request", short=name)
    if not steps:
        raise NotVerified(f"the log has no request `{name}`")
    last = steps[-1]
    if last.row.get("right") != "erasure":
        raise NotVerified(f"request `{name}` is no erasure")
    if last.row.get("state") != "fulfilled":
        raise NotVerified(f"the log does not say that request `{name}` was fulfilled")
    stores: dict[str, Act] = {}
    for one in log.rows("request_store", request_id=last.row.get("id")):
        stores[str(one.row.get("store"))] = one
    undone = [store for store, one in stores.items() if one.row.get("state") not in ("done", "task")]
    if undone:
        raise NotVerified(f"the log does not say that request `{name}` is done in store `{undone[0]}`")
    digest = str(last.row.get("policy_digest"))
    planned = next((one for one in steps if one.row.get("policy_digest") == digest), last)
    then = _at(folder, log, _known(log), _moment(planned.at))
    if then is None or not any(one.leaf < planned.leaf for one in log.rows("policy_version", digest=digest)):
        raise NotVerified(f"the policy of request `{name}` was not adopted before it was planned")
    if then.policy != digest:
        raise NotVerified(
            f"request `{name}` was planned under the policy `{digest}`, and the one in force was `{then.policy}`"
        )
    return Erasure(
        name, str(last.row.get("received_at")), str(last.row.get("closed_at")), last.leaf,
        tuple((store, f"{one.row.get('state')} at {one.at}, leaf {one.leaf}") for store, one in sorted(stores.items())),
        digest, then.taken_up, then.published, then.doubts,
    )  # fmt: skip


@dataclass(frozen=True)
class _Taking:
    """That a text was taken up, as the log says it: when, from which day it was to hold, and when the log was told."""

    text: str
    at: datetime
    day: date | None
    told: datetime
    watching: bool


def _takings(log: Log, first: str, again: str, text: tuple[str, ...], at: str) -> list[_Taking]:
    """Return how texts were taken up. `first`: the table that has each once; `again`: the one that has each taking."""
    acts = [*log.rows(first), *log.rows(again)]
    named = [("\n".join(str(one.row.get(name)) for name in text), one) for one in acts]
    days = {name: one.row["holds_from"] for name, one in named if one.row.get("holds_from") is not None}
    found = [
        _Taking(
            name, _moment(one.row.get(at) or one.row.get("recorded_at")),
            date.fromisoformat(str(days[name])) if name in days else None, _moment(one.at), one.table == again,
        )
        for name, one in sorted(named, key=lambda each: each[1].leaf)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at)


_Known = tuple[list[_Taking], list[_Taking]]
"""How the policies were taken up, and how their notices were put out."""


def _known(log: Log) -> _Known:
    return (
        _takings(log, "policy_version", "policy_adoption", ("digest",), "adopted_at"),
        _takings(log, "notice", "notice_publication", ("version", "policy_digest"), "published_at"),
    )


def _taken(takings: Sequence[_Taking]) -> list[Taken]:
    return taken_up((one.text, one.at, one.day) for one in takings)


def _at(folder: Path, log: Log, known: _Known, at: datetime) -> InForce | None:
    """Return what the log shows to have been in force at a moment; None: nothing that it knows."""
    policies, notices = known
    chosen, out = in_force(_taken(policies), at), in_force(_taken(notices), at)
    if chosen is None:
        return None
    if not any(one.get("digest") == chosen.text for one in handed.listed(folder, VERSIONS)):
        raise NotVerified(f"the policy `{chosen.text}` that was in force is not in the bundle")
    doubts = list(_doubts("policy", policies, chosen, at))
    published: tuple[str, ...] = ()
    if out is not None:
        version, _, policy = out.text.partition("\n")
        doubts += _doubts("notice", notices, out, at)
        if policy == chosen.text:
            published = _files(folder, log, version)
        else:
            doubts.append(f"the notice that was out, `{version}`, was put out for another policy")
    said = log.rows("policy_version", digest=chosen.text)[0].row.get("version")
    return InForce(
        chosen.text, None if said is None else str(said), chosen.holds_from.isoformat(), chosen.at.isoformat(),
        published, tuple(doubts),
    )  # fmt: skip


def _doubts(what: str, takings: Sequence[_Taking], chosen: Taken, at: datetime) -> Iterator[str]:
    """Yield why the log does not show that this was the one at that moment."""
    told = min(one.told for one in takings if (one.text, one.at) == (chosen.text, chosen.at))
    if told > at:
        yield f"the log was told of this {what} only at {told.isoformat()}"
    known = [one for one in takings if one.told <= at]
    if len({one.text for one in known}) > 1 and not any(one.watching for one in known):
        yield f"the log does not say, for that day, whether the company went back to an older {what}"


def _files(folder: Path, log: Log, version: str) -> tuple[str, ...]:
    """Return the version of the notice with its languages, as far as the bundle has the files that were published."""
    there = {text_of(one, "digest") for one in handed.listed(folder, NOTICES)}
    found = (one.row for one in log.rows("notice", version=version) if one.row.get("digest") in there)
    return tuple(dict.fromkeys(f"{version} ({one.get('language')})" for one in found))


def _moment(said: object) -> datetime:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        raise Malformed("a moment of the log is malformed") from None
