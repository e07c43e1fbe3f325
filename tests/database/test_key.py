"""The company's key: made once, readable by its owner only, never shown."""

import os
import stat
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belofte.database.errors import KeyUnusable
from belofte.database.key import CompanyKey, company_key

KEY = CompanyKey(bytes(range(32)))


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    first = company_key(tmp_path, {})
    assert company_key(tmp_path, {}) == first
    assert len(first.secret) == 32
    assert [path.name for path in (tmp_path / ".belofte").iterdir()] == ["key"]
    assert stat.S_IMODE((tmp_path / ".belofte" / "key").stat().st_mode) == 0o600


def test_the_environment_wins(tmp_path):
    assert company_key(tmp_path, {"BELOFTE_KEY": "ab" * 32}).secret == bytes.fromhex("ab" * 32)
    assert not (tmp_path / ".belofte").exists()


def test_a_key_that_others_may_read_is_refused(tmp_path):
    company_key(tmp_path, {})
    (tmp_path / ".belofte" / "key").chmod(0o640)
    with pytest.raises(KeyUnusable, match="can be read by others: run `chmod 600"):
        company_key(tmp_path, {})


@pytest.mark.parametrize("written", ["", "zz", "ab" * 31, "\xff"])
def test_what_is_no_key_is_refused_and_not_replaced(tmp_path, written):
    company_key(tmp_path, {})
    path = tmp_path / ".belofte" / "key"
    path.write_text(written, encoding="latin-1")
    with pytest.raises(KeyUnusable, match="64 hexadecimal digits"):
        company_key(tmp_path, {})
    assert path.read_text(encoding="latin-1") == written


def test_a_bad_key_in_the_environment_is_not_repeated(tmp_path):
    with pytest.raises(KeyUnusable) as refused:
        company_key(tmp_path, {"BELOFTE_KEY": "s3cret"})
    assert "s3cret" not in str(refused.value)


def test_the_secret_is_never_shown():
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)


def test_a_number_and_its_text_are_one_key_and_other_values_are_not():
    assert KEY.row("crm", "customer", 42) == KEY.row("crm", "customer", "42") == KEY.row("crm", "customer", (42,))
    assert KEY.row("crm", "customer", (4, 2)) != KEY.row("crm", "customer", 42)
    assert KEY.row("crm", "customer", 42) != KEY.row("shop", "customer", 42)
    assert KEY.row("crm", "customer", UUID(int=1)) == KEY.row("crm", "customer", str(UUID(int=1)))
    assert KEY.row("crm", "customer", b"\x01") == KEY.row("crm", "customer", "01")


def test_one_value_has_unrelated_digests_in_each_domain():
    digests = {KEY.identifier("email", "x"), KEY.identity("x"), KEY.row("email", "x", "x"), KEY.sealing(b"x")}
    assert len(digests) == 4


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_only_equal_keys_have_equal_digests(one, two):
    assert (KEY.row("crm", "customer", one) == KEY.row("crm", "customer", two)) == (one == two)


def test_a_folder_that_may_not_be_written_says_so(tmp_path):
    if os.geteuid() == 0:
        (tmp_path / ".belofte").write_text("a file where the folder goes")
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(KeyUnusable, match="cannot be read"):
        company_key(tmp_path, {})
