"""plan, apply, extract and check on the command line: the marketer sees her, she withdraws, the next query does not."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from psycopg import sql
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.cli import app


class Typed:
    """The command line in the shop's folder."""

    def __init__(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shop, self.folder = shop, shop.folder
        self.write()
        monkeypatch.setenv("CRM_URL", shop.url)
        monkeypatch.setenv("BELOFTE_DATABASE", shop.own)

    def write(self) -> None:
        """Write the policy and the map as they are now."""
        for place, stated in (("policy/all.yaml", self.shop.policy), ("stores/crm.yaml", self.shop.map)):
            file = self.folder / place
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(stated))

    def __call__(self, *words: str) -> tuple[int, str]:
        """Type a command; return how it ended and what it said."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = app.run([*words, "-C", str(self.folder)])
        return code, said.getvalue()


@pytest.fixture
def belofte(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """The command line."""
    return Typed(shop, monkeypatch)


def test_a_plan_is_shown_signed_off_applied_and_empty(belofte: Typed, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    code, said = belofte("plan", "--out", str(file))
    assert code == 2
    assert "+ view for_mailing.contact" in said
    assert "past the views: postgres (superuser" in said
    assert belofte("apply", str(file))[0] == 0
    assert belofte("plan")[0] == 0
    assert len(shop.sees("service", "contact")) == 3
    code, said = belofte("apply", str(file))
    assert (code, "changed since the plan was made" in said) == (2, True)


def test_a_table_of_another_owner_is_named_by_plan_and_by_an_apply_that_stops(
    belofte: Typed, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.crm() as crm:
        crm.execute("CREATE ROLE reader_owner LOGIN CREATEROLE")
        crm.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO reader_owner").format(sql.Identifier(crm.info.dbname)))
        crm.execute("ALTER TABLE contact OWNER TO reader_owner; ALTER TABLE orders OWNER TO reader_owner")
        crm.execute("GRANT CREATE ON SCHEMA public TO reader_owner; GRANT SELECT ON message TO reader_owner")
    monkeypatch.setenv("CRM_URL", shop.url.replace("postgres@", "reader_owner@"))
    file = tmp_path / "plan.json"
    named = "the account may not do this, at `reads message` (the account in the store's address has to own"
    code, said = belofte("plan")
    said = " ".join(said.split())
    assert (code, named in said, "in `mode: enforce`" in said) == (4, True, False)
    assert belofte("plan", "--no-counts", "--out", str(file))[0] == 2
    code, said = belofte("apply", str(file))
    said = " ".join(said.split())
    assert (code, named in said, "belofte apply --resume" in said) == (4, True, True)
    with shop.crm() as crm:
        crm.execute("ALTER TABLE message OWNER TO reader_owner")
    assert belofte("apply", "--resume")[0] == 0
    assert len(shop.sees("service", "message")) == 2


def test_check_fails_when_somebody_changed_a_view(belofte: Typed, shop: Shop, tmp_path: Path) -> None:
    shop.apply()
    before = belofte("check")
    assert "drifted" not in before[1]
    with shop.crm() as crm:
        crm.execute("ALTER VIEW for_mailing.contact RESET (security_barrier)")
    code, said = belofte("check")
    assert "view for_mailing.contact: somebody changed it" in said
    assert code == max(before[0], 2)


def test_an_extract_needs_a_recipient_of_the_policy(belofte: Typed, shop: Shop, tmp_path: Path) -> None:
    asked = ("extract", "--purpose", "books", "--table", "orders", "--to")
    code, said = belofte(*asked, str(tmp_path / "a.csv"), "--recipient", "nobody")
    assert (code, "it has: labeller, printer" in said) == (3, True)
    code, said = belofte(*asked, str(tmp_path / "a.csv"), "--recipient", "printer")
    assert (code, said.startswith("2 rows of orders for books, of 2 people")) == (0, True)
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "id,contact_id,what"
    refused = belofte(*asked, str(tmp_path / "b.csv"), "--recipient", "printer", "--column", "placed")
    assert (refused[0], "`printer` does not need `orders.placed`" in refused[1]) == (3, True)
    shop.policy["recipients"]["printer"]["role"] = "authority"
    belofte.write()
    refused = belofte(*asked, str(tmp_path / "b.csv"), "--recipient", "printer")
    assert (refused[0], "on an order or a request in the form of the law" in refused[1]) == (3, True)
    assert not (tmp_path / "b.csv").exists()
    ordered = ("--recipient", "printer", "--order", "letter 7", "--ground", "WIB92 art. 315")
    assert belofte(*asked, str(tmp_path / "b.csv"), *ordered)[0] == 0
    found = shop.db.connection.execute("SELECT ground, reference FROM belofte.disclosure ORDER BY id").fetchall()
    assert found == [
        ("art. 28: C-1; extract of orders: 2 rows", None),
        ("WIB92 art. 315; extract of orders: 2 rows", "letter 7"),
    ]


def test_the_store_is_told_anew_by_a_schedule(belofte: Typed, shop: Shop) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    assert belofte("apply", "--retry")[0] == 0


def test_a_consent_opens_the_view_a_withdrawal_closes_it_and_service_still_sees_her(
    belofte: Typed, shop: Shop, tmp_path: Path
) -> None:
    shop.policy["version"] = {"id": "v1", "from": "2026-01-01"}
    belofte.write()
    plan, words = tmp_path / "plan.json", tmp_path / "words.txt"
    words.write_text("Yes, write to me.")
    belofte("plan", "--out", str(plan))
    belofte("apply", str(plan))
    asked = ("--purpose", "mailing", "--act", "click", "--notice", "v1", "--text", f"@{words}", "--in", "en")
    alice = ("--person", "email=alice@example.com")
    code, said = belofte("choices", "grant", *asked, "--how", "web-form", "--where", "/sign-up", *alice)
    assert code == 0, said
    assert [row[0] for row in shop.sees("mailing", "contact")] == [1]
    assert belofte("choices", "withdraw", "--purpose", "mailing", *alice)[0] == 0
    assert shop.sees("mailing", "contact") == []
    assert len(shop.sees("service", "contact")) == 3


def test_a_withdrawal_that_a_store_was_not_told_of_is_recorded_and_does_not_end_as_done(
    belofte: Typed, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    monkeypatch.setenv("CRM_URL", shop.url.replace("host=", "host=/nowhere"))
    code, said = belofte("choices", "withdraw", "--purpose", "mailing", "--person", "email=alice@example.com")
    assert (code, "recorded: consent:withdrawn mailing" in said, "was not told" in said) == (2, True, True)


def test_consents_that_are_brought_in_open_the_view_at_once(belofte: Typed, shop: Shop, tmp_path: Path) -> None:
    shop.policy["version"] = {"id": "v1", "from": "2026-01-01"}
    belofte.write()
    shop.apply()
    rows = tmp_path / "consents.csv"
    rows.write_text(
        "kind,value,purpose,channel,at,how,notice,language,text\n"
        f"email,alice@example.com,mailing,,2026-01-02,click,v1,en,sha256:{'0' * 64}\n"
    )
    code, said = belofte("choices", "import", str(rows), "--origin", "the fair of 2026")
    assert code == 0, said
    assert [row[0] for row in shop.sees("mailing", "contact")] == [1]
