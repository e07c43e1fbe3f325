"""The closing scene: a company lets go of somebody and hands its evidence over; a stranger verifies it, offline.

    python examples/evidence.py [--people 200]

The stranger sits in a folder of her own: no database, no company's folder, nothing but what she was handed and the key
that the company published. Everything happens in `build/evidence`, which is made anew (`stage.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from examples.alsico import company as alsico
from examples.stage import BELOFTE, Failed, Stage, chapter

STAGE = Stage(Path("build/evidence"))
BUNDLE = STAGE.work / "handed-over"
STRANGER = STAGE.work / "stranger"


def main() -> int:
    """Run the story and return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=200, help="contact persons of the company (default 200)")
    return STAGE.play(parser.parse_args().people, _story)


def _story() -> None:
    chapter("The company publishes its notice, and the key that its log is signed with")
    STAGE.run(f"belofte notice publish --to {STAGE.work / 'site'}")
    key = str(json.loads(STAGE.run("belofte log checkpoint --json", quiet=True))["key"])
    print(key)
    chapter(f"{alsico.HEROINE['name']} asks to be forgotten, and is")
    request = _erased()
    chapter("Every promise of the policy, held against live data")
    STAGE.run("belofte prove --language en", fine=(0, 2, 4))
    chapter("An authority asks: the company hands over what it has, without a name in it")
    STAGE.run(f"belofte audit --out {BUNDLE}", fine=(0, 4))
    chapter("A stranger, elsewhere, with the bundle and the key and nothing else")
    shutil.copytree(BUNDLE, STRANGER / "bundle")
    _verified(f"belofte log verify bundle {key} --request {request}", 0)
    chapter("Somebody turns one bit of it")
    log = STRANGER / "bundle" / "log" / "acts.jsonl"
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)
    _verified(f"belofte log verify bundle {key}", 2)


def _erased() -> str:
    """Carry out the erasure, with what people do for it, and return the request's name."""
    who = f'--person email=- --verified-by "logged-in session" --json < {STAGE.heroine}'
    done = json.loads(STAGE.run(f"belofte request erasure --yes {who}", quiet=True, fine=(0, 2)))
    request = str(done["request"])
    shown = json.loads(STAGE.run(f"belofte request show {request} --json", quiet=True))
    for task in shown["tasks"]:
        if task["closed_by"] is None:
            evidence = "seen, and nothing of hers is there any more"
            STAGE.run(f'belofte request task {task["id"]} --evidence "{evidence}" --by clerk', quiet=True, fine=(0, 2))
    STAGE.run(f"belofte request show {request}")
    return request


def _verified(line: str, ending: int) -> None:
    """Run a command where the stranger sits, with nothing of the company's around it."""
    print(f"\nstranger$ {line}", flush=True)
    there = {name: value for name, value in os.environ.items() if not name.startswith("BELOFTE_")}
    command = [str(BELOFTE), *shlex.split(line)[1:]]
    done = subprocess.run(command, cwd=STRANGER, env=there, check=False)
    if done.returncode != ending:
        raise Failed(f"`{line}` ended with exit code {done.returncode}, and should end with {ending}")


if __name__ == "__main__":
    sys.exit(main())
