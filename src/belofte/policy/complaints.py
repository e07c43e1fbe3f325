"""Complaints to the company itself: within which term they are answered, and how long they are kept."""

from __future__ import annotations

from pydantic import Field

from belofte.policy.forms import Node, Period, PeriodField


class Complaints(Node):
    """What is promised of complaints to the company. One that asks for a right is a request (art. 12(3))."""

    within: PeriodField = Field(
        Period(months=1), description="the term of an answer, from the day on which the complaint came"
    )
    keep: PeriodField = Field(
        Period(years=5), description="how long it is kept, from that day; never before its answer"
    )
