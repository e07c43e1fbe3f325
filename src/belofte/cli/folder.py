"""A new folder of files, for nobody else to read, and whole or not there at all (`notices/package.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from belofte.cli.ending import Code, Ending
from belofte.notices.package import PackageError, package
from belofte.policy.problems import quoted


def written(to: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Write files to a new or empty folder and return where they are; what cannot be written ends the verb."""
    try:
        with package(to) as box:
            for name, content in files.items():
                box.put(name, [content.encode() if isinstance(content, str) else content])
    except PackageError as error:
        raise refused(error, Code.INVALID) from None
    except OSError as wrong:
        reason = (wrong.strerror or "it cannot be written").lower()
        raise Ending(
            Code.COULD_NOT_RUN, f"cannot write to {quoted(str(to))}: {reason}", "name a folder that can be written"
        ) from None
    return [str(to / name) for name in files]


def refused(error: PackageError, code: Code) -> Ending:
    """Return how a verb ends whose folder is refused, in the words of the refusal."""
    summary, _, advice = str(error).partition("\n")
    return Ending(code, summary, advice.strip())
