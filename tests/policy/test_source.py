"""Hostile and broken files: an answer or a problem, quickly, and never a trace."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.shop import BASE

from belofte.datamap.load import load as load_map
from belofte.policy.load import load
from belofte.policy.problems import Invalid, Place, Problem
from belofte.policy.source import MAX_BYTES, read

BOMB = b"a: &a [x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n" % (n, n, *[n - 1] * 8) for n in range(98, 112)
)

HOSTILE = {
    "alias bomb": BOMB,
    "deep flow": b"[" * 100_000,
    "deep mappings": b"{a: " * 100_000,
    "deep block": b"\n".join(b" " * n + b"a:" for n in range(2_000)),
    "many dashes": b"- " * 50_000,
    "long key": b"a" * 1_000_000 + b": 1\n",
    "long key in quotes": b'? "' + b"a" * 100_000 + b'"\n: 1\n',
    "long number": b"belofte: " + b"9" * 100_000 + b"\n",
    "huge exponent": b"limits: {share_of_people: 1e99999999}\n",
    "too large": b"a: b\n" * (MAX_BYTES // 5 + 1),
    "utf-16": "belofte: 1\n".encode("utf-16"),
    "utf-32": "belofte: 1\n".encode("utf-32-le"),
    "latin-1": "scope: caf\u00e9\n".encode("latin-1"),
    "nul": b"belofte: 1\x00\n",
    "bell": b"belofte: \x07\n",
    "surrogate": b"scope: \xed\xa0\x80\n",
    "lone escape": b'scope: "\\ud800"\n',
    "tabs": b"\tbelofte:\t1\n",
    "carriage returns": b"belofte: 1\rbelofte: 2\r",
    "object": b"belofte: !!python/object/apply:os.system [echo]\n",
    "binary": b"scope: !!binary aGVsbG8=\n",
    "directive": b"%TAG ! tag:x,2000:\n---\n!a b: 1\n",
    "recursive alias": b"a: &a [*a]\n",
    "merge bomb": b"a: &a {x: 1}\nb: {<<: [*a, *a]}\n",
    "keys of every shape": b"{[a]: 1, {b: c}: 2, 3: 4, null: 5, ? : 6}\n",
    "empty": b"",
    "only a comment": b"# nothing\n",
    "only text": b"nothing",
    "only null": b"~\n",
    "broken quotes": b'"\n',
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_file_gives_problems_quickly(raw: bytes):
    began = time.monotonic()
    with pytest.raises(Invalid) as caught:
        load({"policy/a.yaml": raw})
    assert caught.value.problems
    with pytest.raises(Invalid):
        load_map("stores/crm.yaml", raw, None)
    assert time.monotonic() - began < 5


def test_bomb_is_never_expanded():
    document, problems = read("policy/a.yaml", BOMB)
    assert len(problems) == 14 * 8
    assert document.data is not None
    assert len(repr(document.data)) < 5_000


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"a: 1\nb: \xff\n", Place("f", 2, 4)),
        (b"a: 1\nb: x\x00\n", Place("f", 2, 5)),
        ("é: 1\nb: 'é' \x01".encode(), Place("f", 2, 8)),
    ],
)
def test_bad_byte_is_named_at_its_place(raw: bytes, place: Place):
    _, problems = read("f", raw)
    assert [problem.place for problem in problems] == [place]


def test_byte_order_mark_and_windows_lines_are_read():
    document, problems = read("f", b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    assert not problems
    assert document.data == {"a": 1, "b": {"c": "x"}}


def test_scalars_mean_what_yaml_1_2_says():
    document, problems = read("f", b"[yes, NO, 012, 1_0, 0x1F, true, ~, 1.50, '1', 12:30, 2018-05-25]")
    assert not problems
    assert document.data == ["yes", "NO", "012", "1_0", "0x1F", True, None, 1.5, "1", "12:30", "2018-05-25"]


def test_keys_are_text_and_keep_their_places():
    document, _ = read("f", b"null: not-yet\n1: {true: x}\n")
    assert document.data == {"null": "not-yet", "1": {"true": "x"}}
    assert document.places.key("1.true") == Place("f", 2, 5)
    assert document.places.at("1.true") == Place("f", 2, 11)
    assert document.places.at("1.absent.deeper") == Place("f", 2, 1)


def problems_of(act: Callable[[], object]) -> tuple[Problem, ...] | None:
    """Return the problems that loading raises, None when it loads; anything else that is raised fails the test."""
    try:
        act()
    except Invalid as invalid:
        return invalid.problems
    return None


def outcome(raw: bytes) -> None:
    assert problems_of(lambda: load({"policy/a.yaml": raw})) != ()
    assert problems_of(lambda: load_map("stores/a.yaml", raw, None)) != ()


@settings(max_examples=300, deadline=2_000)
@given(st.binary(max_size=400))
def test_any_bytes_are_loaded_or_refused(raw: bytes):
    outcome(raw)


@settings(max_examples=300, deadline=2_000)
@given(st.text(alphabet="abc:-{}[]&*!?|>'\"%@`#,\n \t<~10\\", max_size=200))
def test_any_yaml_like_text_is_loaded_or_refused(words: str):
    outcome(words.encode())


@settings(max_examples=300, deadline=2_000)
@given(st.integers(0, len(BASE) - 1), st.binary(max_size=6), st.integers(0, 12))
def test_a_damaged_policy_is_loaded_or_refused(at: int, put: bytes, cut: int):
    outcome(BASE[:at] + put + BASE[at + cut :])


KEYS = (
    *("title", "basis", "uses", "keep", "after", "consent", "orders", "elements", "term", "name", "nl", "of", "is"),
    *("table", "key", "about", "columns", "erase", "generalise", "values", "for"),
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False)
VALUES = st.recursive(
    LEAVES | st.sampled_from(("x", "identity", "P7Y")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400, deadline=2_000, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(
        (
            *("purposes", "categories", "recipients", "people", "organisation", "promises", "rights", "notices"),
            *("trackers", "facts", "languages", "tables", "organisations", "collected", "manual", "ignore", "version"),
        )
    ),
    VALUES,
)  # fmt: skip
def test_any_shape_in_any_place_is_loaded_or_refused(key: str, value: object):
    outcome(BASE + yaml.safe_dump({key: value}).encode())
    outcome(b"store: a\nurl: x\n" + yaml.safe_dump({key: {"orders": value}}).encode())
