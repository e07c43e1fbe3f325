"""On MariaDB too, a row that becomes somebody else's while its owner is erased stays with that other."""

from __future__ import annotations

import pytest

from belofte.stores.connect import SQLSTATES, connect
from belofte.stores.isolation import TRIES, alone, only_one, tried
from belofte.stores.session import Failed, session


def test_a_row_that_changed_after_the_picture_was_taken_is_not_removed(mariadb) -> None:
    store = connect(mariadb(), read_only=False)
    with session(store) as filling:
        filling.execute("CREATE TABLE note (id integer PRIMARY KEY, owner integer) ENGINE=InnoDB")
        filling.execute("INSERT INTO note VALUES (1, 1)")
        filling.commit()
    judged: list[int] = []

    def change() -> int:
        with session(store) as changing:
            alone(changing)
            judged.append(changing.execute("SELECT owner FROM note WHERE id = 1")[0][0])
            if judged == [1]:
                with session(store) as other:
                    other.execute("UPDATE note SET owner = 2 WHERE id = 1")
                    other.commit()
            if judged[-1] == 1:
                changing.execute("DELETE FROM note WHERE id = 1")
            changing.commit()
            return judged[-1]

    assert tried(change) == 2
    assert judged == [1, 2]
    with session(store) as reading:
        assert reading.execute("SELECT * FROM note") == [(1, 2)]
    store.close()


def test_what_never_passes_is_tried_no_more_than_it_should(mariadb) -> None:
    store, count = connect(mariadb(), read_only=False), []

    def change() -> None:
        count.append(1)
        raise Failed("crm", SQLSTATES["40"])

    with pytest.raises(Failed):
        tried(change)
    assert len(count) == TRIES
    with only_one(store) as first, only_one(store) as second:
        assert (first, second) == (True, False)
    with only_one(store) as again:
        assert again
    store.close()
