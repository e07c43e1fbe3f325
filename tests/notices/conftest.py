"""Belofte's own database, for these tests."""

from tests.database.fixtures import db, migrated

__all__ = ["db", "migrated"]
