"""A breach in hand: what is entered is judged by the rules of the register, and kept in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from belofte.incidents.allowed import refusals
from belofte.incidents.breach import Breach, Entered
from belofte.incidents.entry import Affected, Facts, Said

AWARE = datetime(2026, 4, 3, 14, 20, tzinfo=UTC)
"""A Friday afternoon before Easter."""
NOW = AWARE + timedelta(hours=2)

LAPTOP = Facts(
    title="laptop lost", facts="bob left his laptop on a train; its disk is encrypted", aware=AWARE,
    kinds=("confidentiality", "availability"), found_by="bob himself", happened_from=AWARE - timedelta(hours=1),
)  # fmt: skip
TWO_PEOPLE = Affected(store="crm", state="counted", people=2, records=5)


class Desk:
    """One breach: `enter` what may be, `refused` says what stands against it."""

    def __init__(self, *said: Said, at: datetime = NOW) -> None:
        self.breach = Breach("B-TEST2", at)
        for one in said:
            self.enter(one, at)

    def refused(self, said: Said, at: datetime = NOW) -> str:
        """Everything that stands against an entry, one reason a line."""
        return "\n".join(one.why for one in refusals(self.breach, said, at))

    def enter(self, said: Said, at: datetime = NOW) -> Breach:
        """Enter something that nothing stands against."""
        assert self.refused(said, at) == ""
        number = len(self.breach.entered) + 1
        entered = (*self.breach.entered, Entered(number, said, "charlie", at))
        self.breach = Breach(self.breach.short, self.breach.recorded_at, entered)
        return self.breach
