"""An apply that is killed at any moment: it is taken up, or undone, and meanwhile nobody sees more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying


class Killed(BaseException):
    """The process ends here."""


def stopping_at(number: int) -> tuple[Callable[[str], None], list[str]]:
    seen: list[str] = []

    def witness(moment: str) -> None:
        seen.append(moment)
        if len(seen) == number:
            raise Killed(moment)

    return witness, seen


def changed(shop: Shop) -> None:
    """Apply, and then let the policy and the map differ: a view changes, one comes, one goes."""
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.apply()
    shop.policy["purposes"]["mailing"]["uses"] = []
    shop.policy["purposes"]["service"]["uses"] = ["identity"]
    shop.policy["purposes"]["welcome"] = {"title": "W", "basis": "legitimate-interest", "uses": ["identity.name"]}


@pytest.mark.parametrize("end", ["resume", "undo"])
@pytest.mark.parametrize("at", range(1, 12))
def test_a_killed_apply_is_taken_up_or_undone(shop: Shop, monkeypatch: pytest.MonkeyPatch, at: int, end: str) -> None:
    changed(shop)
    before = standing(shop)
    witness, seen = stopping_at(at)
    monkeypatch.setattr(applying, "WITNESS", witness)
    try:
        shop.apply()
    except Killed:
        assert shop_shows(shop, "mailing") <= {"Alice", "Alice@example.com"}
    else:
        pytest.skip(f"it takes {len(seen)} moments")
    monkeypatch.setattr(applying, "WITNESS", lambda _: None)
    with shop.desk() as desk:
        act = applying.resume if end == "resume" else applying.undo
        assert act(desk, desk.open("crm", read_only=False)) is not None
    if end == "resume":
        assert shop.plan().empty
        assert shop.sees("mailing", "contact") == [(1, "Alice@example.com")]
        assert len(shop.sees("welcome", "contact")) == 3
    else:
        assert standing(shop) == before
        assert shop.sees("mailing", "contact") == [(1, "Alice", "Alice@example.com")]


def test_a_finished_apply_is_undone(shop: Shop) -> None:
    changed(shop)
    before = standing(shop)
    shop.apply()
    with shop.desk() as desk:
        applying.undo(desk, desk.open("crm", read_only=False))
    assert standing(shop) == before


def test_another_apply_waits_until_the_first_is_taken_up(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "WITNESS", stopping_at(2)[0])
    with pytest.raises(Killed):
        shop.apply()
    monkeypatch.setattr(applying, "WITNESS", lambda _: None)
    with pytest.raises(applying.Refused, match="half-way"):
        shop.apply()


def standing(shop: Shop) -> list[tuple[object, ...]]:
    """Views and rights of the purposes, without the schemas' order."""
    with shop.crm() as crm:
        views = crm.execute(
            "SELECT schemaname, viewname, definition FROM pg_views WHERE schemaname LIKE 'for!_%' ESCAPE '!'"
        ).fetchall()
        rights = crm.execute(
            "SELECT grantee, table_schema, table_name FROM information_schema.role_table_grants "
            "WHERE grantee LIKE 'belofte!_%' ESCAPE '!' AND table_schema LIKE 'for!_%' ESCAPE '!'"
        ).fetchall()
        usage = crm.execute(
            "SELECT nspname, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(nspacl) a) "
            "FROM pg_namespace WHERE nspname LIKE 'for!_%' ESCAPE '!'"
        ).fetchall()
    return sorted([*views, *rights, *usage], key=repr)


def shop_shows(shop: Shop, purpose: str) -> set[object]:
    """Every text that a purpose reads of contacts, nothing where it is kept out."""
    import psycopg

    try:
        return {value for row in shop.sees(purpose, "contact") for value in row if isinstance(value, str)}
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable):
        return set()
