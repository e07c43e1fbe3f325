"""Purpose-bound use and letting go on the example company: who reads whom, a withdrawal, and what the years take.

    python examples/readers.py [--people 500]

A marketer and the order department connect with accounts of their own. Everything happens in `build/readers`, which is
made anew (`stage.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from examples.alsico import company as alsico
from examples.stage import Failed, Stage, chapter, step
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from belofte.cli.company import Company

STAGE = Stage(Path("build/readers"))
PLAN = STAGE.work / "plan.json"
READERS = {"anna": "marketing-digital", "dirk": "orders"}
"""The accounts of two people of the company, and the purpose that each of them works for."""
DEPARTMENTS = {"marketing": "anna", "administration": "dirk"}
"""The department of each."""
OVERVIEW = Path("examples/alsico/schema/overview.sql")
RUNNING = "SELECT c.id FROM contact c JOIN company k ON k.id = c.company_id WHERE k.status = 'active'"
YEARS = 15
SIGN_UP = "Yes, send me your newsletter. I can stop at any time."


def main() -> int:
    """Run the story and return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=500, help="contact persons of the company (default 500)")
    return STAGE.play(parser.parse_args().people, _story)


def _story() -> None:
    _bind()
    person = f"--person email=- < {STAGE.heroine}"
    words = STAGE.work / "sign-up.txt"
    words.write_text(SIGN_UP, encoding="utf-8")
    purpose = READERS["anna"]
    _expect({"anna": 1, "dirk": 1}, f"{alsico.HEROINE['name']} once consented: marketing sees her, and orders does")
    _overview("The customer overview: one, put together under the purpose")
    chapter("She withdraws her consent")
    STAGE.run(f"belofte choices withdraw --purpose {purpose} {person}")
    _expect({"anna": 0, "dirk": 1}, "The next query")
    chapter("She signs up again")
    shown = f"--notice {_notice()} --text @{words} --in nl --act click --how web-form --where /newsletter"
    STAGE.run(f"belofte choices grant --purpose {purpose} --channel email {shown} {person}")
    _expect({"anna": 1, "dirk": 1}, "The next query")
    _years_pass()


def _bind() -> None:
    """Bind the readers of the customer database to their purposes."""
    chapter("The readers of the customer database are bound to purposes: a plan, and exactly that plan")
    file = STAGE.folder / "stores/crm.yaml"
    stated = file.read_text(encoding="utf-8")
    bound = ", ".join(sorted(READERS.values()))
    who = ", ".join(f"{department}: [{name}]" for department, name in DEPARTMENTS.items())
    mode = f"mode: enforce\nenforce: [{bound}]\ndepartments: {{{who}}}\n"
    file.write_text(stated.replace("mode: act\n", mode), encoding="utf-8")
    with psycopg.connect(STAGE.environ["CRM_URL"], autocommit=True) as crm:
        for name in READERS:
            crm.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    STAGE.run(f"belofte plan --out {PLAN}", fine=(2,))
    STAGE.run(f"belofte apply {PLAN}")
    with psycopg.connect(STAGE.environ["CRM_URL"], autocommit=True) as crm:
        crm.execute(OVERVIEW.read_bytes())


def _overview(words: str, *, empty: bool = False) -> None:
    """Let both ask for the customer overview: it is the order department's, and of running contracts alone."""
    chapter(words)
    query = sql.SQL("SELECT * FROM public.customer_overview() ORDER BY contact_id")
    for name in READERS:
        with psycopg.connect(STAGE.environ["CRM_URL"], user=name) as reader:
            try:
                seen = reader.execute(query).fetchall()
            except InsufficientPrivilege:
                print(f"{name}=> {query.as_string(reader)};\n   permission denied")
                seen = None
            else:
                print(f"{name}=> {query.as_string(reader)};\n   {len(seen)} customers")
        if (seen is None) != (READERS[name] != "orders"):
            raise Failed(f"`{name}` should {'see' if seen is None else 'not see'} the overview")
        if seen is not None:
            with psycopg.connect(STAGE.environ["CRM_URL"]) as crm:
                running = {key for (key,) in crm.execute(RUNNING)}
            if {row[0] for row in seen} != running or bool(seen) == empty:
                raise Failed("the overview is not that of the running contracts")
            for row in seen[:1]:
                print(f"   {row}")


def _notice() -> str:
    """Return the version of the notice that is in force: what she reads when she signs up."""
    version = Company.at(STAGE.folder).policy.policy.version
    assert version is not None
    return version.id


def _expect(rows: dict[str, int], words: str) -> None:
    """Let both accounts ask for her as they would in psql, print what they see, and hold it to what they should."""
    chapter(words)
    for name, expected in rows.items():
        query = sql.SQL("SELECT email FROM {}.contact WHERE id = 1").format(sql.Identifier(f"for_{READERS[name]}"))
        with psycopg.connect(STAGE.environ["CRM_URL"], user=name) as crm:
            begin = time.perf_counter()
            seen = crm.execute(query).fetchall()
            took = (time.perf_counter() - begin) * 1000
            print(f"{name}=> {query.as_string(crm)};\n   {len(seen)} rows, {took:.1f} ms")
        if len(seen) != expected:
            raise Failed(f"`{name}` sees {len(seen)} rows, and should see {expected}")


def _years_pass() -> None:
    """Let the terms pass, and sweep: the company's days are moved back instead of the clock forward."""
    chapter(f"{YEARS} years pass, and the contracts end")
    step(f"move every day in the customer database {YEARS} years back", _move_days)
    chapter("A sweep says what would go, waits for a second person, and lets go")
    STAGE.run("belofte sweep crm --dry-run", fine=(2,))
    waiting = json.loads(STAGE.run("belofte sweep crm --by sofie --json", quiet=True, fine=(2,)))
    STAGE.run(f"belofte sweep approve {waiting['stores']['crm']['run']} --by tom")
    STAGE.run("belofte sweep crm --by sofie")
    chapter("The proof: data that nothing justifies")
    STAGE.run("belofte sweep prove crm")
    _expect({"anna": 0, "dirk": 0}, "And her")
    _overview("And the overview", empty=True)
    with psycopg.connect(STAGE.environ["CRM_URL"]) as crm:
        left = crm.execute("SELECT first_name, last_name, email, mobile FROM contact WHERE id = 1").fetchall()
    print(f"Her row in the customer database, by plain SQL: {left}")
    if any(value is not None and value != "[erased]" for row in left for value in row):
        raise Failed("something of hers is left")
    chapter("The whole recorded history, held against what the GDPR asks of it")
    STAGE.run("belofte audit")


def _move_days() -> None:
    """Move the days of all tables back, so that fifteen years pass without touching a clock."""
    kinds = ("date", "timestamp without time zone", "timestamp with time zone")
    with psycopg.connect(STAGE.environ["CRM_URL"]) as crm:
        found = crm.execute(
            "SELECT c.table_name, array_agg(c.column_name::text) FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = ANY(%s) "
            "GROUP BY c.table_name",
            (list(kinds),),
        ).fetchall()
        for table, columns in found:
            moved = [
                sql.SQL("{0} = {0} - make_interval(years => {1})").format(sql.Identifier(c), YEARS) for c in columns
            ]
            crm.execute(sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), sql.SQL(", ").join(moved)))
        crm.execute(
            "UPDATE company SET status = 'ended', ended_on = current_date - make_interval(years => %s) "
            "WHERE status = 'active'",
            (YEARS,),
        )


if __name__ == "__main__":
    sys.exit(main())
