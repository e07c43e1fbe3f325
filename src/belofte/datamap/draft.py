"""The draft of a data map: what scan found, written as YAML that loads, with evidence and open decisions as comments.

Elements are named as the policy names them: the same reference, else the element with the same DPV term. What the
policy lacks is in `Draft.policy`, a file of its own for `policy/`. Names of tables and columns are written, a value
that was looked at never: it does not reach this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from belofte.datamap.model import DataMap
from belofte.datamap.recognise.findings import Findings, People, Proposal
from belofte.datamap.recognise.nouns import LOGS, PURCHASES, sort
from belofte.datamap.recognise.ownership import Ownership, Step, ownership
from belofte.datamap.recognise.vocabulary import CATEGORIES, special, term
from belofte.datamap.recognise.words import stems, subject
from belofte.datamap.schema import Schema, TableInfo
from belofte.policy.model import Policy
from belofte.policy.terms import iri

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"])


def scalar(text: str) -> str:
    """Return text as a YAML scalar, quoted where it would be read as something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return json.dumps(text, ensure_ascii=False)


def comment(text: str) -> str:
    """Return text for a comment: one line, whatever a table's or column's name holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def variable(store: str) -> str:
    """Return the environment variable that holds a store's address: `CRM_URL` for `crm`."""
    return re.sub(r"[^A-Z0-9]+", "_", store.upper()).strip("_") + "_URL"


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted map, and what it needs that the policy lacks: as YAML (`policy`, "" when nothing), and by name."""

    text: str
    policy: str = ""
    elements: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Elements whose category the policy has, without them: only the company can add those to its own file."""


@dataclass
class Words:
    """How the draft names elements and kinds: by the policy's names where it has them; gathers what it lacks."""

    policy: Policy | None = None
    elements: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def ref(self, element: str) -> str | None:
        """Return the reference for an element; None where the policy has its category and not the element."""
        if self.policy is not None:
            if self.policy.elements(element):
                return element
            same = self._same_term(element)
            if same is not None:
                return same
            if element.partition(".")[0] in self.policy.categories:
                self.missing[element] = None
                return None
        self.elements[element] = None
        return element

    def _same_term(self, element: str) -> str | None:
        assert self.policy is not None
        wanted = iri(term(element))
        category, _, name = element.partition(".")
        found = [
            (key != category, one != name, f"{key}.{one}")
            for key, held in self.policy.categories.items()
            for one, definition in held.elements.items()
            if _same(definition.term, wanted)
        ]
        return min(found)[2] if found else None

    def kind(self, kind: str) -> tuple[str, bool]:
        """Return the kind of people to write, and whether it is a guess."""
        known = [] if self.policy is None else list(self.policy.people)
        if not known:
            self.kinds[kind] = None
            return kind, False
        if kind in known:
            return kind, False
        near = [one for one in known if kind in re.split(r"[_.-]", one) or stems(kind) & stems(one)]
        assert self.policy is not None
        if kind == "employee":
            near += [one for one, declared in self.policy.people.items() if declared.employees]
        return (near or known)[0], True


def _same(written: str, wanted: str) -> bool:
    try:
        return iri(written) == wanted
    except ValueError:
        return False


def draft(
    found: Findings,
    schema: Schema,
    store: str,
    policy: Policy | None = None,
    looked_at: int = 0,
    existing: DataMap | None = None,
) -> Draft:
    """Return the map of `store` as scan writes it. `looked_at`: how many values per column were sampled at most.

    Entries that an `existing` map has for the same tables keep their names.
    """
    words = Words(policy)
    owned = ownership(schema, found)
    names = entry_names(found.people, existing)
    lines = _head(store, found, looked_at)
    lines += _people(found, names, words)
    lines += _organisations(found, schema, set(names.values()))
    lines += tables(found, schema, owned, names, words)
    lines += _left_out(found, schema, owned)
    needed = tuple(words.elements)
    return Draft(
        "\n".join(lines) + "\n", policy_text(needed, words.kinds), needed, tuple(words.kinds), tuple(words.missing)
    )


def _head(store: str, found: Findings, looked_at: int) -> list[str]:
    lines = [
        "# A draft: read every line. Comments give the confidence (0 to 1) and the evidence; `decide` marks what only",
        "# you can say. Foreign keys are read from the database and are not repeated here.",
        f"# Looked at: the schema, and at most {looked_at} values per column, none of which is written anywhere."
        if looked_at
        else "# Looked at: the schema only.",
        f"store: {scalar(store)}",
        "kind: sql",
        f"url: ${{{variable(store)}}}",
        "location: BE                # decide: the country where this database stands",
        "mode: observe               # nothing is changed until you say `act`",
    ]
    lines += [f"# not read, judged by names only: {comment(table)}" for table in found.unread]
    return lines


def entry_names(people: Sequence[People], existing: DataMap | None = None) -> dict[str, str]:
    """Return the name of each people table's entry: its kind where no other table has it, else the table's name."""
    known = {} if existing is None else {entry.table: name for name, entry in existing.people.items()}
    names: dict[str, str] = {entry.table: known[entry.table] for entry in people if entry.table in known}
    taken = set() if existing is None else {*existing.people, *existing.organisations}
    for entry in people:
        if entry.table in known:
            continue
        alone = sum(1 for other in people if other.kind == entry.kind) == 1
        base = entry.kind if alone and not entry.without_table else identifier(entry.table)
        name, again = base, 2
        while name in taken:
            name, again = f"{base}_{again}", again + 1
        names[entry.table] = name
        taken.add(name)
    return names


def identifier(table: str) -> str:
    """Return a table's name as an id of the language."""
    bare = re.sub(r"[^A-Za-z0-9_]+", "_", table).strip("_").lower()[:50] or "table"
    return bare if bare[0].isalpha() else f"t_{bare}"


def _flow(names: Sequence[str]) -> str:
    return scalar(names[0]) if len(names) == 1 else "[" + ", ".join(scalar(name) for name in names) + "]"


def _people(found: Findings, names: Mapping[str, str], words: Words) -> list[str]:
    if not found.people:
        return ["people: {}                  # decide: no table of people was found"]
    lines = ["people:"]
    for entry in found.people:
        kind, guess = words.kind(entry.kind)
        lines += [
            f"  {names[entry.table]}:  # {entry.confidence:.2f}: {comment('; '.join(entry.reasons))}",
            f"    table: {scalar(entry.table)}",
            f"    key: {_flow(entry.key)}",
            f"    is: {scalar(kind)}" + ("  # decide: which kind of people of your policy" if guess else ""),
        ]
        kinds = dict.fromkeys(one.kind for one in entry.identifiers)
        lines += ["    identifiers:"] if kinds else []
        for kind_of in kinds:
            same = [one for one in entry.identifiers if one.kind == kind_of]
            written = [f"{{column: {scalar(one.column)}, identifies: {one.identifies}}}" for one in same]
            value = written[0] if len(written) == 1 else "[" + ", ".join(written) + "]"
            lines.append(f"      {kind_of}: {value}  # {comment('; '.join(one.reason for one in same))}")
    return lines


def _organisations(found: Findings, schema: Schema, taken: set[str]) -> list[str]:
    lines: list[str] = []
    for hint in found.hints:
        if hint.what == "organisation":
            name = identifier(hint.table)
            name = f"{name}_organisation" if name in taken else name
            key = _flow(schema.tables[hint.table].primary_key)
            lines.append(f"  {name}: {{table: {scalar(hint.table)}, key: {key}}}  # decide: {comment(hint.text)}")
    return ["organisations:", *lines] if lines else []


def tables(found: Findings, schema: Schema, owned: Ownership, names: Mapping[str, str], words: Words,
           only: frozenset[str] | None = None) -> list[str]:  # fmt: skip
    """Return the lines of `tables:`; `only` limits them to some tables."""
    shown = [name for name in schema.tables if found.of(name) or name in owned.steps or name in owned.people]
    lines: list[str] = []
    for name in shown:
        if only is None or name in only:
            lines += _table(schema.tables[name], found, schema, owned, names, words)
    return ["tables:", *lines] if lines else ["tables: {}"]


def _table(table: TableInfo, found: Findings, schema: Schema, owned: Ownership, names: Mapping[str, str],
           words: Words) -> list[str]:  # fmt: skip
    proposals = found.of(table.name)
    steps = owned.steps.get(table.name, ())
    lines: list[str] = []
    if owned.stated(table.name):
        lines += _about(table, schema, steps, owned, names)
    elif steps:
        via = ", ".join(f"{step.parent} ({'+'.join(step.columns)})" for step in steps)
        lines.append(f"    # about: {comment(via)}, by foreign key")
    elif sort(table.name) == "organisation":
        lines.append("    # decide: are some of these one person (a sole trader)? then `people:` with `where:`")
    elif table.name not in owned.people:
        lines.append("    # decide: this reaches no person; say `about:`, or `unowned: true` if it is not about people")
    for step in owned.mentions.get(table.name, ()):
        why = "names staff who handled the row" if step.parent in owned.people else "leads to people a second way"
        lines.append(f"    # `{comment('+'.join(step.columns))}` (to {comment(step.parent)}) {why}: left out; decide")
    if not proposals and steps and sort(table.name) != "dealing":
        lines.append("    # decide: what does the row itself say about a person? `row: category.element`")
    elif not proposals and steps:
        element = _row_element(table.name)
        ref = words.ref(element)
        lines.append(f"    {'' if ref else '# '}row: {ref or element}  # the row itself says something about a person")
    links = {link.column for link in found.links if link.table == table.name}
    lines += _columns(table, proposals, words, links)
    for hint in found.hints:
        if hint.table == table.name and hint.what in ("polymorphic", "json"):
            lines.append(f"    # decide: {comment(hint.text)}")
    has_keys = any(not line.lstrip().startswith("#") for line in lines)
    return [f"  {scalar(table.name)}:{'' if has_keys else ' {}'}", *lines]


def _row_element(table: str) -> str:
    forms = frozenset[str]().union(*(stems(word) for word in subject(table)))
    if forms & PURCHASES:
        return "dealings.purchase"
    return "behaviour.activity" if forms & LOGS else "dealings.transaction"


def _about(
    table: TableInfo, schema: Schema, steps: Sequence[Step], owned: Ownership, names: Mapping[str, str]
) -> list[str]:
    lines = ["    about:"]
    for step in steps:
        target = schema.tables[step.parent]
        entry = owned.people.get(step.parent)
        key = entry.key if entry is not None else target.primary_key
        parts = [
            f"of: {scalar(names[step.parent] if entry is not None else step.parent)}",
            f"columns: {_flow(step.columns)}",
        ]
        if step.to != key:
            parts.append(f"to: {_flow(step.to)}")
        if step.email:
            parts.append("match: email")
        lines.append(f"      - {{{', '.join(parts)}}}  # {comment(step.reason)}")
    return lines


def _columns(table: TableInfo, proposals: Sequence[Proposal], words: Words, links: set[str]) -> list[str]:
    lines: list[str] = []
    written = False
    for proposal in proposals:
        ref = words.ref(proposal.element)
        said = f"{proposal.confidence:.2f}: {comment('; '.join(proposal.reasons))}"
        if proposal.special:
            said += f"; special category ({proposal.special}, GDPR art. 9-10): decide its ground"
        if proposal.inside:
            what = ", ".join(dict.fromkeys(special(one) or one for one in proposal.inside))
            said += f"; may hold special categories ({what}): decide"
        if ref is None:
            lines.append(f"      # {comment(proposal.column)}: {proposal.element}  # not in your policy; {said}")
            continue
        written = True
        lines.append(f"      {scalar(proposal.column)}: {ref}  # {said}")
    known = {proposal.column for proposal in proposals} | links
    rest = [name for name in table.columns if name not in known and not _is_key(table, name)]
    lines = ["    columns:", *lines] if written else lines
    if rest:
        lines.append(f"    # not recognised, decide: {comment(', '.join(rest))}")
    return lines


def _is_key(table: TableInfo, column: str) -> bool:
    return column in table.primary_key or any(column in fk.columns for fk in table.foreign_keys)


def _left_out(found: Findings, schema: Schema, owned: Ownership) -> list[str]:
    mapped = {p.table for p in found.proposals} | owned.steps.keys() | owned.people.keys()
    rest = [t.name for t in schema.tables.values() if t.name not in mapped and t.kind != "view" and t.child_of is None]
    if not rest:
        return []
    head = "# In these tables nothing personal was seen. Take the `#` away once you have looked:"
    return [head, "# ignore:", *(f"#   - {comment(scalar(name))}" + _why(name) for name in rest)]


def _why(table: str) -> str:
    said = {"thing": "  # named after things", "organisation": "  # named after organisations"}
    return said.get(sort(table), "")


def policy_text(elements: Iterable[str], kinds: Iterable[str]) -> str:
    """Return the categories and kinds of people that a draft map needs, as YAML for a file in `policy/`."""
    wanted = sorted(set(elements))
    lines: list[str] = []
    if listed := sorted(set(kinds)):
        lines.append(f"people: {_flow(listed) if len(listed) > 1 else '[' + scalar(listed[0]) + ']'}")
    by_category: dict[str, list[str]] = {}
    for element in wanted:
        by_category.setdefault(element.partition(".")[0], []).append(element.partition(".")[2])
    if by_category:
        lines.append("categories:")
    for category, held in by_category.items():
        starter = CATEGORIES[category]
        title = ", ".join(f"{language}: {scalar(words)}" for language, words in starter.title.items())
        lines += [f"  {category}:", f"    title: {{{title}}}", f"    source: {starter.source}"]
        if starter.special:
            lines.append(
                f"    special: {starter.special}  # GDPR art. 9 or 10: purposes that use it need `special_ground`"
            )
        lines.append("    elements:")
        lines += [f"      {name}: {starter.elements[name]}" for name in held]
    return "\n".join(lines) + "\n" if lines else ""
