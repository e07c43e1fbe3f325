"""A version that was published and whose policy says something else since: reported, and not taken any further."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.examples.folders import EXAMPLES
from tests.servers import Postgres

from belofte.choices.policies import of_version, remember
from belofte.cli.app import run
from belofte.database.open import Database, open_database
from belofte.notices.mended import RULE, mended
from belofte.notices.publishing import NotPublished, publish
from belofte.policy.load import load
from belofte.policy.model import Policy


@pytest.fixture
def own(postgres_running: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Belofte's own database, empty."""
    name = postgres_running.fresh()
    address = f"postgresql://postgres@/{name}?host={postgres_running.socket}"
    monkeypatch.setenv("BELOFTE_DATABASE", address)
    yield address
    postgres_running.drop(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The policy of an example, in a folder of its own, without stores."""
    shutil.copytree(EXAMPLES / "selligent" / "policy", tmp_path / "company" / "policy")
    return tmp_path / "company"


def of(folder: Path) -> Policy:
    files = {path.name: path.read_bytes() for path in sorted((folder / "policy").glob("*.yaml"))}
    return load(files).policy


def change(folder: Path, old: str, new: str, file: str = "processing.yaml") -> Policy:
    """The folder's policy with other words in a file."""
    path = folder / "policy" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return of(folder)


def put_out(db: Database, policy: Policy) -> None:
    remember(db, policy)
    publish(db, policy, ["en"], lambda language, form: f"{language} {form}".encode(), datetime.now(UTC))


def test_a_published_version_is_held_to_what_it_said(own: str, folder: Path) -> None:
    first = of(folder)
    with open_database(own) as db:
        assert mended(db, first, {}) is None
        put_out(db, first)
        assert mended(db, first, {}) is None
        longer = change(folder, "keep: P2Y", "keep: P3Y")
        found = mended(db, longer, {})
        assert found is not None
        assert (found.languages, [one.kind for one in found.changes]) == (("nl", "fr", "en"), ["term-longer"])
        assert "`purposes." in found.says
        with pytest.raises(NotPublished, match="changed what people are to be told"):
            put_out(db, longer)
        assert of_version(db, "2026-1") == first
        renamed = longer.model_copy(update={"version": longer.version.model_copy(update={"id": "2027-1"})})  # type: ignore[union-attr]
        assert mended(db, renamed, {}) is None


def test_what_people_do_not_read_may_change_under_a_published_name(own: str, folder: Path) -> None:
    first = of(folder)
    with open_database(own) as db:
        put_out(db, first)
        assert mended(db, first.model_copy(update={"promises": []}), {}) is not None
        careful = first.limits.model_copy(update={"told_within": 12})
        assert mended(db, first.model_copy(update={"limits": careful}), {}) is None


def test_check_and_announcing_refuse_it_and_a_new_version_mends_it(
    own: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["-C", str(folder)]
    with open_database(own) as db:
        put_out(db, of(folder))
    change(folder, "keep: P2Y", "keep: P3Y")

    def rules() -> tuple[int, set[str]]:
        code = run(["check", *here, "--json"])
        return code, {
            one["id"] for one in json.loads(capsys.readouterr().out)["findings"] if one["severity"] == "error"
        }

    assert rules() == (3, {RULE})
    assert run(["check", *here, "--offline"]) == 0
    assert run(["compare", "2026-1", *here, "--announce", str(tmp_path / "mailing")]) == 3
    assert "both are version `2026-1`" in capsys.readouterr().err
    (tmp_path / "plan").write_text("{}")
    assert run(["apply", str(tmp_path / "plan"), *here]) == 3
    assert "was published on" in capsys.readouterr().err
    run(["plan", *here])
    assert "`belofte apply` refuses this policy" in capsys.readouterr().err
    change(folder, "2026-1", "2027-1", "who.yaml")
    assert rules()[1] == set()


def test_check_cannot_tell_where_its_database_is_silent(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BELOFTE_DATABASE", f"postgresql://nobody@/none?host={tmp_path}")
    assert run(["check", "-C", str(folder)]) == 4
    assert "cannot tell whether this version was published" in capsys.readouterr().err
