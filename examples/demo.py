"""The main job on the example company, from nothing: check, a person's access, her erasure over all stores.

    python examples/demo.py [--people 2000]

Everything happens in `build/demo`, which is made anew (`stage.py`). The commands are printed as one would type them,
and run.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from examples.alsico import company as alsico
from examples.stage import Stage, chapter, document

from belofte.cli.company import Company

STAGE = Stage(Path("build/demo"))
WORK, FOLDER = STAGE.work, STAGE.folder
PLAN, ACCESS, REPORT = WORK / "plan.json", WORK / "access", WORK / "report"

WENT = {"deleted": "rows deleted", "erased": "rows erased in place", "unlinked": "rows unlinked from her"}
BECAUSE = {
    "17(3)": "rows that stay need it",
    "15(4)": "it is about others too",
    "4(1)": "it is an organisation's",
    "17(3)(e), 18": "a hold or a restriction",
}
"""What the report says of a row that no purpose keeps by itself, by its article."""


def main() -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=2000, help="contact persons of the company (default 2000)")
    people = parser.parse_args().people
    begin = time.monotonic()

    def story() -> None:
        _show(_story(), time.monotonic() - begin)

    return STAGE.play(people, story)


def _story() -> tuple[str, str]:
    """Run the commands of one access and one erasure; return the names of the two requests."""
    chapter("Does the policy hold against the law, and do the data maps hold against the live databases?")
    STAGE.run("belofte check")
    if importlib.util.find_spec("belofte.cli.explain") is not None:
        chapter("Whose is an invoice?")
        STAGE.run("belofte explain crm invoice")
    who = f'--person email=- --verified-by "logged-in session"{{}} < {STAGE.heroine}'
    chapter(f"{alsico.HEROINE['name']} asks what the company knows about her")
    STAGE.run(f"belofte request access {who.format(f' --out {ACCESS}')}", fine=(0, 2))
    access = str(document(ACCESS / "answer.json")["request"])
    _close_tasks(access, "binder 12: two order forms, copies added")
    chapter("She asks to be forgotten: first the plan, which changes nothing")
    STAGE.run(f"belofte request erasure {who.format(f' --plan {PLAN}')}", fine=(2,))
    plan = document(PLAN)
    erasure = str(plan["request"])
    chapter("Exactly that plan is carried out")
    STAGE.run(f"belofte request erasure --plan {PLAN} --yes --out {REPORT}", fine=(0, 2))
    if plan["undetermined"]:
        chapter("Objections that a person weighs")
        words = " ".join(f"--uphold {purpose}" for purpose in plan["undetermined"])
        STAGE.run(f"belofte request weigh {erasure} {words}", fine=(0, 2))
    _close_tasks(erasure, "binder 12: two order forms shredded, certificate 2211")
    STAGE.run(f"belofte request show {erasure}")
    return access, erasure


def _close_tasks(request: str, evidence: str) -> None:
    """Close what the request asks of people, as the archive clerk would."""
    tasks = [one for one in _document(request)["tasks"] if one["closed_by"] is None]
    if tasks:
        chapter("What no statement can do, people do, and say what shows it")
    for task in tasks:
        by, shows = "clerk", evidence
        if str(task["what"]).startswith("look at"):
            by, shows = "sofie", "the note was rewritten without her address"
            _rewrite_note()
        STAGE.run(f'belofte request task {task["id"]} --evidence "{shows}" --by {by}', fine=(0, 2))


def _rewrite_note() -> None:
    """Take her address out of the note about somebody else, as the colleague who wrote it would."""
    email = alsico.HEROINE["email"]
    with psycopg.connect(STAGE.environ["CRM_URL"]) as crm:
        crm.execute(
            "UPDATE note SET text = regexp_replace(text, %s, %s, %s)",
            (email.replace(".", "[.]"), "a former contact", "gi"),
        )


def _document(request: str) -> dict[str, object]:
    return json.loads(STAGE.run(f"belofte request show {request} --json", quiet=True))


# -- the summary ---------------------------------------------------------------------------------------------


def _show(requests: tuple[str, str], seconds: float) -> None:
    """Print what came of it: from what the commands wrote, and from the databases themselves."""
    chapter("In short")
    print("Found about her, her own rows only:")
    for store, found in document(ACCESS / "answer.json")["stores"].items():
        rows = {name: table["rows"] for name, table in found["tables"].items() if table["rows"]}
        print(f"  {store}: {_rows(sum(rows.values()))} in {len(rows)} tables")
    report = document(REPORT / "report.json")
    print("Let go of (a row may be both erased in place and unlinked):")
    for store, found in report["stores"].items():
        counts = found["tables"].values()
        went = [f"{sum(one[key] for one in counts)} {words}" for key, words in WENT.items()]
        print(f"  {store}: {', '.join(went)}")
    print("Stays, and why:")
    titles = {one.title.of("fr"): one.title.of("en") for one in Company.at(FOLDER).policy.policy.purposes.values()}
    for store, found in report["stores"].items():
        for name, table in found["tables"].items():
            why = [
                titles.get(one["purpose"]) or BECAUSE.get(one["article"], one["article"]) for one in table["reasons"]
            ]
            if table["kept"]:
                print(f"  {store}.{name}: {_rows(table['kept'])}: {', '.join(why)}")
    print("Searched again afterwards, every text column:")
    for left in report["residue"]:
        print(f"  {left['store']}.{left['table']}.{left['column']}: {_rows(left['count'])} of other people name her")
    if not report["residue"]:
        print("  nothing names her any more")
    for gap in report["uncovered"]:
        print(f"  not covered: the {gap['kind']} of {gap['store']} ({gap['words']})")
    with psycopg.connect(STAGE.environ["CRM_URL"]) as crm:
        row = crm.execute("SELECT first_name, last_name, email, mobile FROM contact WHERE id = 1").fetchone()
    print(f"Her row in the customer database, by plain SQL: {row}")
    states = {name: _document(name)["state"] for name in requests}
    access, erasure = requests
    print(f"Requests: access {access} is {states[access]}, erasure {erasure} is {states[erasure]}")
    print(f"Pages to open: {ACCESS / 'index.html'} and {REPORT / 'index.html'}")
    print(f"It took {seconds:.0f} s; the databases are stopped, and {WORK} may be thrown away.")


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


if __name__ == "__main__":
    sys.exit(main())
