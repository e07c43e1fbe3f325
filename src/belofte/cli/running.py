"""Which verb runs, for whoever records what was done."""

from __future__ import annotations

from contextvars import ContextVar

verb: ContextVar[str] = ContextVar("verb", default="")
"""The words of the verb; empty where none was named."""
