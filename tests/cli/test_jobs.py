"""What a company is told to run by itself, and that a scheduler can read it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.cli.test_check import MAP
from tests.policy.shop import SOUND

from belofte.cli import jobs
from belofte.cli.app import run
from belofte.cli.company import Company
from belofte.cli.jobs import Every, crontab_of, jobs_of, units


def company(folder: Path, mode: str) -> Path:
    """Return the folder of a company whose one store is in a mode."""
    (folder / "policy").mkdir(parents=True)
    (folder / "stores").mkdir()
    (folder / "policy" / "shop.yaml").write_text(yaml.safe_dump(SOUND))
    (folder / "stores" / "shop.yaml").write_text(MAP + f"mode: {mode}\n")
    return folder


@pytest.mark.parametrize(
    ("mode", "needs", "needs_not"),
    [
        ("observe", {"checked", "requests", "breaches", "erased", "sealed"}, {"swept", "told", "proved"}),
        ("act", {"swept"}, {"told", "stated"}),
        ("enforce", {"swept", "told", "stated"}, {"proved"}),
    ],
)
def test_jobs_follow_from_what_belofte_may_do_in_the_stores(
    tmp_path: Path, mode: str, needs: set[str], needs_not: set[str]
):
    names = {job.name for job in jobs_of(Company.at(company(tmp_path / "shop", mode)))}
    assert names >= needs
    assert not names & needs_not


def test_times_read_the_same_to_cron_systemd_and_people():
    assert [(one.cron, one.calendar, one.words) for one in (Every(7), Every(5, 2), Every(0, 5, mondays=True))] == [
        ("7 * * * *", "*-*-* *:07:00", "hourly, 7 past"),
        ("5 2 * * *", "*-*-* 02:05:00", "daily 02:05"),
        ("0 5 * * 1", "Mon *-*-* 05:00:00", "Mondays 05:00"),
    ]


def test_line_of_a_crontab_gives_the_variables_and_speaks_only_when_somebody_has_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, secrets = tmp_path / "the 100% shop's", tmp_path / "shop's.env"
    folder.mkdir()
    secrets.write_text("SHOP_DB='postgresql://there'\n")
    fine, late = jobs.SEALED, jobs.REQUESTS
    (tmp_path / "belofte").write_text(f'#!/bin/sh\necho "$SHOP_DB $*"\ncase "$*" in *"{late.verb}"*) exit 2; esac\n')
    (tmp_path / "belofte").chmod(0o755)
    (tmp_path / "python").touch()
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    said = {}
    for line in crontab_of([fine, late], folder, secrets).splitlines():
        if not line.startswith("#"):
            command = line.split(" ", 5)[5].replace("\\%", "%")  # as cron hands it to the shell
            assert "%" not in line.replace("\\%", "")
            done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
            said[line.split(" ", 1)[0]] = (done.returncode, done.stdout)
    assert said == {
        str(fine.when.minute): (0, ""),
        str(late.when.minute): (1, f"postgresql://there {late.verb} -C {folder}\n"),
    }


def test_units_start_once_at_their_time_and_name_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    texts = dict(units("shop", [jobs.AUDITED], Path('/srv/the 100% "shop"'), Path("/etc/belofte/shop.env")))
    service = texts["belofte-shop-audited.service"].splitlines()
    assert 'ExecStart=belofte audit -C "/srv/the 100%% \\"shop\\""' in service
    assert "EnvironmentFile=/etc/belofte/shop.env" in service
    assert "OnCalendar=Mon *-*-* 05:00:00" in texts["belofte-shop-audited.timer"].splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here: nobody reads the units")
def test_systemd_reads_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    (tmp_path / "belofte").write_text("#!/bin/sh\n")
    (tmp_path / "belofte").chmod(0o755)
    here = company(tmp_path / "the 100% shop", "enforce")
    assert run(["jobs", "-C", str(here), "--systemd", str(tmp_path / "units")]) == 0
    files = sorted((tmp_path / "units").iterdir())
    assert len(files) == 2 * len(jobs_of(Company.at(here)))
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_folder_that_holds_something_is_left_as_it_is(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    here = company(tmp_path / "shop", "act")
    assert run(["jobs", "-C", str(here), "--systemd", str(here)]) == 3
    assert "is not empty" in capfd.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == ["policy", "stores"]


def test_both_forms_at_once_are_refused_and_json_is_one_document(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    here = company(tmp_path / "shop", "act")
    assert run(["jobs", "-C", str(here), "--crontab", "--systemd", str(tmp_path / "units")]) == 3
    assert run(["jobs", "-C", str(here), "--crontab", "--json"]) == 3
    capfd.readouterr()
    assert run(["jobs", "-C", str(here), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert {"name": "swept", "command": "belofte sweep --rest 1", "when": "30 2 * * *"}.items() <= found[1].items()
