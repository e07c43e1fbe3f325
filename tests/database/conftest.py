"""Belofte's own database, for these tests."""

from tests.database.fixtures import db, key, migrated

__all__ = ["db", "key", "migrated"]
