"""`belofte jobs`: what has to run by itself for the policy to stay true, as a table, a crontab or systemd timers.

A term ends, a lease runs out and a breach grows old with nobody at the keyboard. Belofte has no scheduler of its own:
every machine has a good one, with its own logs, mails and alarms. The verbs end with exit codes that a scheduler
understands: on any code but 0 somebody has to look.

Which jobs a company needs follows from its policy and its maps. Of secrets only the file is named that holds them.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.folder import written
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result


@dataclass(frozen=True, slots=True)
class Every:
    """When a job runs, by the machine's clock: each hour, or each day at an hour, or on Mondays at an hour."""

    minute: int
    hour: int | None = None
    mondays: bool = False

    @property
    def cron(self) -> str:
        """As the five fields of a crontab."""
        return f"{self.minute} {'*' if self.hour is None else self.hour} * * {1 if self.mondays else '*'}"

    @property
    def calendar(self) -> str:
        """As systemd's `OnCalendar=`."""
        hour = "*" if self.hour is None else f"{self.hour:02}"
        return f"{'Mon ' if self.mondays else ''}*-*-* {hour}:{self.minute:02}:00"

    @property
    def words(self) -> str:
        """As a person reads it."""
        if self.hour is None:
            return f"hourly, {self.minute} past"
        return f"{'Mondays' if self.mondays else 'daily'} {self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Job:
    """One verb that runs by itself: when, why, and what its exit code 2 says."""

    name: str
    verb: str
    when: Every
    why: str
    look: str


TOLD = Job(
    "told", "apply --retry", Every(7), "tell the stores what people chose and renew their lease; after three days "
    "without it the views show nothing", "a store was not told",
)  # fmt: skip
STATED = Job("stated", "stated", Every(37), "collect what readers said that they read for", "a store did not answer")
SWEPT = Job("swept", "sweep --rest 1", Every(30, 2), "let go of what nothing justifies any more",
            "a second person is asked")  # fmt: skip
CHECKED = Job("checked", "check --late", Every(0, 6), "the policy against the law, the maps against the databases, and "
              "what should have gone and is still there", "something drifted, or something is late")  # fmt: skip
PROVED = Job("proved", "prove", Every(30, 6), "every promise against live data", "a promise is broken")
REQUESTS = Job("requests", "request list", Every(0, 7), "the open requests", "a request is over its term")
COMPLAINTS = Job("complaints", "complaint list", Every(5, 7), "the open complaints", "one is over its term")
ERASED = Job("erased", "complaint erase", Every(45, 2), "let go of complaints that were kept long enough", "never")
BREACHES = Job("breaches", "incident list", Every(17), "the 72 hours of a breach",
               "the authority should have heard of a breach")  # fmt: skip
AUDITED = Job("audited", "audit", Every(0, 5, mondays=True), "what is recorded against what the GDPR asks",
              "an act does not fit what is recorded before it")  # fmt: skip
SEALED = Job("sealed", "log checkpoint", Every(50, 23), "sign the log's head", "never")


def jobs_of(company: Company) -> list[Job]:
    """Return the jobs that a company's policy and maps ask for, the most frequent first."""
    stores = [one.map for one in company.maps.values()]
    binding = any(one.mode == "enforce" for one in stores)
    asked = {
        TOLD: binding,
        STATED: binding,
        BREACHES: True,
        SWEPT: any(one.mode != "observe" for one in stores),
        CHECKED: True,
        PROVED: bool(company.policy.policy.promises),
        REQUESTS: True,
        COMPLAINTS: True,
        ERASED: True,
        SEALED: True,
        AUDITED: True,
    }
    return [job for job, needed in asked.items() if needed]


SECRETS = Path("/etc/belofte")
"""Where the file with the addresses and keys of a company stands, if nobody says otherwise."""
Environment = Annotated[
    Path | None,
    typer.Option("--environment", metavar="FILE", help="The file of variables that the jobs are given."),
]


def run(
    directory: Directory = HERE,
    as_json: Json = False,
    crontab: Annotated[bool, typer.Option("--crontab", help="Print the lines of a crontab.")] = False,
    systemd: Annotated[
        Path | None, typer.Option("--systemd", metavar="DIR", help="Write units and timers to a new folder.")
    ] = None,
    environment: Environment = None,
) -> None:
    """What has to run by itself, how often and why: as a table, a crontab or systemd timers."""
    if crontab and (as_json or systemd is not None):
        raise Ending(Code.INVALID, "`--crontab`, `--systemd` and `--json` are forms of the same", "choose one")
    company, folder = Company.at(directory), directory.resolve()
    name = _slug(folder.name)
    found, secrets = jobs_of(company), (environment or SECRETS / f"{name}.env").absolute()
    if any(not str(one).isprintable() for one in (folder, secrets)):
        raise Ending(Code.INVALID, "a path with a line break fits no crontab and no unit", "name the folder otherwise")
    if systemd is not None:
        written(systemd, dict(units(name, found, folder, secrets)))
    elif crontab:
        sys.stdout.write(crontab_of(found, folder, secrets))
    if as_json:
        json_result([{"name": job.name, "command": f"belofte {job.verb}", "when": job.when.cron, "why": job.why,
                      "on_exit_2": job.look} for job in found])  # fmt: skip
    elif systemd is not None:
        console().print(f"{len(found)} units and their timers are in {systemd}; `systemctl enable --now` starts them")
    elif not crontab:
        table = Table("when", "command", "why", "exit code 2")
        for job in found:
            table.add_row(job.when.words, f"belofte {job.verb}", job.why, job.look)
        console().print(table)


def crontab_of(jobs: list[Job], folder: Path, secrets: Path) -> str:
    """Return the lines of a crontab: cron mails what a job prints, and each prints only on a code but 0."""
    lines = [f"# What keeps the promises of {folder.name}; printed by `belofte jobs --crontab`."]
    for job in jobs:
        given = f"set -a; . {shlex.quote(str(secrets))}; set +a; "
        command = f'said=$({given}{shlex.join(_command(job, folder))} 2>&1) || {{ echo "$said"; exit 1; }}'
        lines += [f"# {job.why}; 2: {job.look}", f"{job.when.cron} {command.replace('%', chr(92) + '%')}"]
    return "\n".join(lines) + "\n"


def units(name: str, jobs: list[Job], folder: Path, secrets: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each unit: a service that runs once, and the timer that starts it.

    Belofte's own database, where embedded, may outlive the job that started it as long as another job uses it: so a
    service ends with its own process only.
    """
    for job in jobs:
        what, unit = f"belofte: {folder.name}: {job.why}", f"belofte-{name}-{job.name}"
        command = " ".join(_specified(part) for part in _command(job, folder))
        yield (
            f"{unit}.service",
            (
                f"# Exit code 2: {job.look}.\n[Unit]\nDescription={what.replace('%', '%%')}\n\n"
                f"[Service]\nType=oneshot\nWorkingDirectory={str(folder).replace('%', '%%')}\n"
                f"EnvironmentFile={str(secrets).replace('%', '%%')}\n"
                f"ExecStart={command}\nKillMode=process\nNoNewPrivileges=yes\nUMask=0077\n"
            ),
        )
        yield (
            f"{unit}.timer",
            (
                f"[Unit]\nDescription={what.replace('%', '%%')}\n\n[Timer]\nOnCalendar={job.when.calendar}\n"
                "Persistent=yes\n\n[Install]\nWantedBy=timers.target\n"
            ),
        )


def _command(job: Job, folder: Path) -> list[str]:
    """Return a job's command line: this installation's `belofte`, which a scheduler's own path need not hold."""
    installed = Path(sys.executable).with_name("belofte")
    return [str(installed) if installed.exists() else "belofte", *job.verb.split(), "-C", str(folder)]


def _specified(part: str) -> str:
    """Return a word of a command as systemd reads it back: quoted, with nothing that it would replace."""
    plain = part.replace("%", "%%").replace("$", "$$")
    return plain if re.fullmatch(r"[\w@%+=:,./$-]+", plain) else '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"'


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "company"
