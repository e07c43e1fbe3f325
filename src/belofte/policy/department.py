"""Departments of the company and the purposes that their people work for (GDPR art. 5(1)(b), 25(2), 32(4)).

Who reads for a department in a database stands in the map of that store, for accounts are the store's own.
"""

from __future__ import annotations

from pydantic import Field

from belofte.policy.forms import Id, Node, Text


class Department(Node):
    """A department: what it is called, and the purposes for which its people may look at data."""

    title: Text = Field(description="what people read")
    purposes: list[Id] = Field([], description="the purposes that its people work for")
