"""Shapes on PostgreSQL, MariaDB and SQLite in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ownership.shape import Shapes


@pytest.fixture
def shape(store_url: str) -> Iterator[Shapes]:
    """What makes a shape of ownership, once on each of the three databases."""
    made = Shapes(store_url)
    yield made
    for one in made.made:
        one.store.close()


@pytest.fixture
def postgres_shape(request: pytest.FixtureRequest) -> Iterator[Shapes]:
    """What makes a shape that only PostgreSQL has."""
    made = Shapes(request.getfixturevalue("postgres")())
    yield made
    for one in made.made:
        one.store.close()
