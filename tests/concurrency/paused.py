"""A command in a process of its own that stops at a step until it is let go: two at once, in an order that is known."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from tests.requests.company import Company

from belofte.cli import sweep as sweeping
from belofte.cli.request import erasing

PATIENCE = 60.0
"""Seconds after which a test gives up; nothing waits for them where all is well."""


class Paused:
    """The process, standing at its step."""

    def __init__(self, pid: int, reached: int, go: int) -> None:
        self.pid, self.reached, self.go, self.over = pid, reached, go, False

    def stands(self) -> bool:
        """Wait until it stands at its step; False where it ended without coming there."""
        return os.read(self.reached, 1) == b"x"

    def finished(self) -> int:
        """Let it go, and return its exit code."""
        with suppress(BrokenPipeError):  # it ended by itself
            os.write(self.go, b"x")
        self.over = True
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def killed(self) -> None:
        """Let nothing of it be left after a test that failed."""
        if not self.over:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def started(company: Company, at: str, *arguments: str, stdin: str = "", group: str = "request") -> Paused:
    """Start a command in a child process that stops when it first comes to the step `at`."""
    reached, telling = os.pipe()
    waiting, go = os.pipe()
    child = os.fork()
    if child:
        os.close(telling)
        os.close(waiting)
        return Paused(child, reached, go)
    left = [at]

    def witness(step: str) -> None:
        if step in left:
            left.clear()
            os.write(telling, b"x")
            os.read(waiting, 1)

    try:
        erasing.WITNESS = sweeping.WITNESS = witness
        ran = company.run(*arguments, stdin=stdin, group=group)
        os.write(2, (ran.out + ran.err).encode())
        os._exit(ran.code)
    finally:
        os._exit(99)


@contextmanager
def standing(company: Company, at: str, *arguments: str, stdin: str = "", group: str = "request") -> Iterator[Paused]:
    """Give a command that stands at a step."""
    one = started(company, at, *arguments, stdin=stdin, group=group)
    try:
        assert one.stands(), f"it never came to `{at}`"
        yield one
    finally:
        one.killed()


def until_waiting(company: Company, number: int = 1) -> None:
    """Wait until so many sessions of Belofte wait for somebody's lock in the CRM."""
    with company.crm() as crm:
        wait_until(lambda: waiting(crm) >= number)


def waiting(crm: psycopg.Connection[tuple[int]]) -> int:
    """Return how many sessions wait for a lock."""
    found = crm.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    assert found is not None
    return found[0]


def wait_until(true: Callable[[], bool]) -> None:
    """Return as soon as something is true."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.005)
