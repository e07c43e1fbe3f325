"""`shop("sakila", "postgres")`: a fresh copy of a shared set, opened as a company."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.others import cookies
from tests.others.sets import Open, Shop, folder, opened


@pytest.fixture
def shop(shared: Callable[[str, str], str], tmp_path: Path) -> Iterator[Open]:
    """What opens a set; `duty=False` leaves out the purposes that the law orders, so that nothing keeps."""
    with ExitStack() as stack:

        def made(name: str, dialect: str, *, duty: bool = False) -> Shop:
            url = shared(name, dialect)
            if (name, dialect) == ("fides_sample", "mariadb"):
                cookies.fill(url)
            return stack.enter_context(opened(folder(tmp_path, name, dialect, duty=duty), dialect, url))

        yield made
