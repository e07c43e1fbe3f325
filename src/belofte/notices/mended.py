"""A version that was published says one thing for good: whether the policy under its name still does (art. 12(1), 13).

People who read it were told that, and consented to that. Both policies are rendered anew, so that other sentences of
Belofte itself are no other text; and in one order, for the order in which a policy is written says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from belofte.choices.policies import of_digest, put_out
from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.datamap.model import DataMap
from belofte.notices.markdown import markdown
from belofte.notices.privacy import privacy_notice
from belofte.notices.words import LANGUAGES
from belofte.policy.change import Change
from belofte.policy.compare import compare
from belofte.policy.model import Policy

RULE = "VERSION_MENDED"
LAW = "art. 5(1)(a), 12(1), 13(3)"
MEND = (
    "what people read under a name stays: give the policy a new `version`; `belofte compare` with the name of the "
    "published one says who is to be told"
)


@dataclass(frozen=True)
class Mended:
    """A published version whose name the policy has while it says something else.

    `languages`: in which its notice reads otherwise; `changes`: those that people are to be told, or asked about.
    """

    version: str
    published_at: datetime
    languages: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def says(self) -> str:
        """What is the matter, in a sentence."""
        otherwise = []
        if self.languages:
            otherwise.append(f"reads otherwise in {', '.join(self.languages)}")
        if self.changes:
            paths = ", ".join(f"`{path}`" for path in dict.fromkeys(one.path for one in self.changes))
            otherwise.append(f"changed what people are to be told: {paths}")
        return (
            f"version `{self.version}` was published on {self.published_at:%Y-%m-%d}, and since then the policy under "
            f"its name {' and '.join(otherwise)}"
        )


def mended(db: Database, policy: Policy, maps: Mapping[str, DataMap]) -> Mended | None:
    """Return what the policy says otherwise than the one that its version was published for; None: nothing."""
    version = policy.version
    digest, at = put_out(db).get(version.id, (b"", None)) if version is not None else (b"", None)
    if version is None or at is None or digest == policy_digest(policy):
        return None
    before = of_digest(db, digest)
    if before is None:
        return None
    changes = tuple(one for one in compare(before, policy) if one.told or one.asked)
    spoken = [str(one) for one in before.languages if one in LANGUAGES]
    was, now = _in_order(before), _in_order(policy)
    languages = tuple(one for one in spoken if _text(was, one, maps) != _text(now, one, maps))
    return Mended(version.id, at, languages, changes) if languages or changes else None


def _text(policy: Policy, language: str, maps: Mapping[str, DataMap]) -> str:
    assert policy.version is not None
    return markdown(privacy_notice(policy, language, maps, on=policy.version.from_))


def _in_order(policy: Policy) -> Policy:
    """Return a policy with its mappings in the order of their keys; the database keeps none."""
    return Policy.model_validate(json.loads(json.dumps(policy.model_dump(mode="json", by_alias=True), sort_keys=True)))
