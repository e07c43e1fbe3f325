"""The register as people keep it: on the command line, in Belofte's own database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

OPEN = (
    "open",
    "--title",
    "laptop lost",
    "--facts",
    "left on a train",
    "--kind",
    "confidentiality",
    "--found-by",
    "it desk",
)


def hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


def incident(company, *arguments, stdin=""):
    return company.run(*arguments, stdin=stdin, group="incident")


def opened(company, *more, hours=2.0) -> str:
    """A breach that the company became aware of some hours ago; its name."""
    done = incident(company, *OPEN, "--aware", hours_ago(hours), *more, "--json")
    assert done.code == 0, done.err
    return str(done.document["breach"])


def test_a_lost_laptop_from_awareness_to_closing(company):
    name = opened(company, "--effects", "none known", "--measures", "wiped from afar")
    for step in (
        ("affected", name, "--store", "archive", "--people", "3", "--records", "3", "--because", "the list in his bag"),
        ("assess", name, "--risk", "unlikely", "--because", "the disk is encrypted"),
        ("decide", name, "--authority", "not", "--people", "not", "--because", "no risk"),
    ):
        assert incident(company, *step).code == 0
    shown = incident(company, "show", name, "--json").document
    assert shown["affected"]["people"] == 3
    assert shown["contact"] == {"email": "privacy@example.com"}
    assert [one["code"] for one in shown["duties"]] == ["B3", "B6"]
    assert not shown["clock"]["runs"]
    assert incident(company, "close", name, "--because", "found and wiped").code == 0
    assert incident(company, "list", "--json").document[0]["state"] == "closed"
    assert f"breach {name} is closed" in incident(company, "add", name, "--effects", "more").err


def test_what_is_missing_and_wrong_is_told_at_once(company):
    told = incident(company, "open", "--aware", "2999-01-01", "--json")
    assert told.code == 3
    assert [one["summary"] for one in told.document["problems"]] == [
        "it is not said what it is called",
        "it is not said what happened",
        "it is not said what was harmed: confidentiality, integrity, availability",
        "it is not said who noticed it, by function",
        "the moment of awareness lies in the future",
    ]
    assert incident(company, "list").out == "no breaches\n"
    assert incident(company, "open", "--aware", "soon").err.startswith("error: `--aware` is no day and no moment")


def test_the_list_sounds_the_alarm_when_the_72_hours_are_over(company):
    opened(company, hours=71)
    assert incident(company, "list").code == 0
    late = opened(company, hours=75)
    listed = incident(company, "list")
    assert listed.code == 2
    assert f"breach {late} (laptop lost): open, 3 hours too late to notify" in listed.out


def test_an_entry_in_the_register_is_never_changed_or_removed(company):
    opened(company)
    with company.own() as own:
        for change in ("DELETE FROM", "TRUNCATE", "UPDATE"):
            more = " SET number = 2" if change == "UPDATE" else ""
            with pytest.raises(psycopg.errors.RestrictViolation):
                own.execute(f"{change} belofte.incident_entry{more}")
