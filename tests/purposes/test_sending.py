"""Sending an announcement: a message a person, in her language, recorded before and after, and none sent twice."""

from __future__ import annotations

import csv
import json
import ssl
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.purposes.mail import Mail, mail_server
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.choices.policies import remember
from belofte.cli import mailing as verb
from belofte.cli.announcing import announce
from belofte.cli.ending import Ending
from belofte.database import announcements, requests
from belofte.database.acts import Act, latest
from belofte.datamap.model import DataMap
from belofte.notices.sending import NoServer, Server, Smtp, server
from belofte.policy.compare import compare
from belofte.policy.model import Policy
from belofte.rights.desk import StoreSpec

ALICE, BOB, CHARLIE = "Alice@example.com", "bob@example.com", "charlie@example.com"


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    with mail_server() as running:
        monkeypatch.setenv(verb.SERVER, running.url)
        yield running


@pytest.fixture
def prepared(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mailing that says how long the books are kept, in two languages; bob speaks Dutch."""
    shop.map["mode"] = "observe"
    shop.policy["organisation"]["contact"] = {"email": "privacy@shop.example"}
    shop.policy["languages"] = ["en", "nl"]
    with shop.crm() as crm:
        crm.execute("ALTER TABLE contact ADD language text")
        crm.execute("UPDATE contact SET language = 'nl' WHERE id = 2")
    shop.map["people"]["customer"]["language"] = "language"
    shop.others["paper"] = StoreSpec(DataMap.model_validate({"store": "paper", "kind": "manual"}), lambda: "")
    monkeypatch.setattr(verb, "desk_of", lambda _: shop.desk())
    return prepare(shop, tmp_path / "mailing", "P10Y")


def prepare(shop: Shop, to: Path, keep: str) -> Path:
    before = Policy.model_validate(deepcopy(shop.policy))
    shop.policy["purposes"]["books"]["keep"] = keep
    with shop.desk() as desk:
        remember(desk.db, before)
        announce(desk, before, compare(before, desk.policy), to, None, "alice")
    return to


def approve(shop: Shop) -> None:
    one = announcements.every(shop.db)[-1]
    requests.approve(shop.db, "charlie", one.digest, run=one.short)


def told(capsys: pytest.CaptureFixture[str], folder: Path, **more: object) -> dict[str, object]:
    """What the verb says of an announcement."""
    capsys.readouterr()
    with suppress(Ending):
        verb.run_announce(folder, by="bob", as_json=True, **more)  # type: ignore[arg-type]
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def came(mail: Mail) -> dict[str, int]:
    return {address: len(messages) for address, messages in mail.came.items()}


def test_each_gets_one_message_in_her_language_and_is_recorded_without_her_address(shop, mail, prepared, capsys):
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing", channel="email")
    assert told(capsys, prepared)["waiting"] == 3
    with pytest.raises(Ending, match="nobody but `bob` approved exactly this"):
        verb.run_announce(prepared, do_send=True, by="bob")
    assert came(mail) == {}
    approve(shop)
    with pytest.raises(Ending, match="nobody but `charlie` approved"):
        verb.run_announce(prepared, do_send=True, by="charlie")
    found = told(capsys, prepared, do_send=True, rate=100_000)
    assert (found["told"], found["waiting"], found["told_by_hand"]) == (3, 0, ["paper"])
    assert came(mail) == {ALICE: 1, BOB: 1, CHARLIE: 1}
    (bobs,), (alices,) = mail.came[BOB], mail.came[ALICE]
    assert (bobs["Content-Language"], alices["Content-Language"]) == ("nl", "en")
    assert bobs["From"] == "Shop <privacy@shop.example>"
    assert [part.get_content_type() for part in bobs.walk()][1:] == ["text/plain", "text/html"]
    acts = latest(shop.db, [Act.TELLING_ATTEMPTED, Act.TELLING_TOLD])
    assert len(acts) == 6
    assert not any("example" in (act.content or "").lower() for act in acts)
    assert len({act.about for act in acts if act.about is not None}) == 1  # alice is known, by the same digest
    told(capsys, prepared, do_send=True, rate=100_000)
    assert came(mail) == {ALICE: 1, BOB: 1, CHARLIE: 1}
    with pytest.raises(Ending, match="what shows that they were told"):
        verb.run_announce(prepared, store="paper")
    verb.run_announce(prepared, store="paper", evidence="letters, binder 3")  # ends well: everyone was told


def test_who_is_refused_is_named_and_who_may_be_told_later_is_told_later(shop, mail, prepared, capsys):
    approve(shop)
    mail.codes = {ALICE: 550, BOB: 451}
    found = told(capsys, prepared, do_send=True, rate=100_000)
    assert (found["told"], found["waiting"]) == (1, 1)
    assert [one["reason"] for one in found["failed"]] == ["refused: code 550"]  # type: ignore[attr-defined]
    mail.codes = {}
    found = told(capsys, prepared, do_send=True, rate=100_000)
    assert (found["told"], found["waiting"]) == (2, 0)
    assert came(mail) == {BOB: 1, CHARLIE: 1}
    with (prepared / "people.csv").open(newline="") as file:
        (alice,) = [row["recipient"] for row in csv.DictReader(file) if row["email"] == ALICE]
    letter = prepared.parent / "letters.csv"
    letter.write_text(f"recipient,state,reason\n{alice},told,letter\n{'0' * 64},told,\n")
    with pytest.raises(Ending, match="1 lines name nobody of the list"):
        verb.run_announce(prepared, sent=letter)
    letter.write_text(f"recipient,state,reason\n{alice},failed,550 5.1.1 <{ALICE}>: user unknown\n")
    (failed,) = told(capsys, prepared, sent=letter)["failed"]  # type: ignore[misc]
    assert failed["reason"] == "550 5.1.1 … user unknown"  # it stays when she is erased
    letter.write_text(f"recipient,state,reason\n{alice},told,letter\n")
    assert told(capsys, prepared, sent=letter)["told"] == 3


def test_a_message_that_may_have_come_is_sent_again_by_nobodys_accident(shop, mail, prepared, capsys):
    approve(shop)
    mail.goes_at = CHARLIE
    found = told(capsys, prepared, do_send=True, rate=100_000)
    assert (found["told"], found["waiting"], len(found["unsure"])) == (1, 1, 1)  # type: ignore[arg-type]
    mail.goes_at = None
    found = told(capsys, prepared, do_send=True, rate=100_000)
    assert (found["told"], found["waiting"], len(found["unsure"])) == (2, 0, 1)  # type: ignore[arg-type]
    assert came(mail) == {ALICE: 1, BOB: 1}
    assert told(capsys, prepared, do_send=True, rate=100_000, again=True)["told"] == 3
    assert came(mail) == {ALICE: 1, BOB: 1, CHARLIE: 1}


def test_a_server_that_does_not_answer_leaves_everyone_waiting(shop, mail, prepared, capsys, monkeypatch):
    approve(shop)
    monkeypatch.setenv(verb.SERVER, "smtp://127.0.0.1:9?tls=none")
    found = told(capsys, prepared, do_send=True)
    assert (found["told"], found["waiting"], found["unsure"]) == (0, 3, [])


def test_a_list_made_anew_sends_nobody_the_same_twice(shop, mail, prepared, capsys, tmp_path):
    approve(shop)
    told(capsys, prepared, do_send=True, rate=100_000)
    with shop.crm() as crm:
        crm.execute("INSERT INTO contact VALUES (4, 'Dave', 'dave@example.com', 41)")
    shop.policy["purposes"]["books"]["keep"] = "P7Y"
    shop.now += timedelta(minutes=1)
    second = prepare(shop, tmp_path / "second", "P10Y")
    approve(shop)
    assert told(capsys, second)["told"] == 3
    assert told(capsys, second, do_send=True, rate=100_000)["told"] == 4
    assert came(mail) == {ALICE: 1, BOB: 1, CHARLIE: 1, "dave@example.com": 1}


def test_what_was_prepared_is_what_is_sent_or_nothing_is(shop, mail, prepared):
    with pytest.raises(Ending, match="not approved yet") as shown:
        verb.run_approve(prepared, by="charlie")
    with pytest.raises(Ending, match="`alice` prepared it"):
        verb.run_approve(prepared, by="alice", digest=shown.value.advice.split()[-1].rstrip("`"))
    verb.run_approve(prepared, by="charlie", digest=shown.value.advice.split()[-1].rstrip("`"))
    whole = (prepared / "en.txt").read_text()
    (prepared / "en.txt").write_text("something else")
    with pytest.raises(Ending, match="is not as it was prepared"):
        verb.run_announce(prepared, do_send=True, by="bob")
    (prepared / "en.txt").write_text(whole)
    shop.policy["purposes"]["books"]["keep"] = "P11Y"
    with pytest.raises(Ending, match="the policy changed since"):
        verb.run_announce(prepared, do_send=True, by="bob")
    assert came(mail) == {}
    with (prepared / "people.csv").open(newline="") as file:
        (alice, *_) = (row["recipient"] for row in csv.DictReader(file))
    back = prepared.parent / "back.csv"
    back.write_text(f"recipient,state,reason\n{alice},failed,came back\n")
    with pytest.raises(Ending, match="3 people are still to be told"):  # what came back late is recorded all the same
        verb.run_announce(prepared, sent=back)


def test_a_password_goes_over_tls_only():
    assert server("smtps://me:s%40y@mail.example") == Server("mail.example", 465, "tls", "me", "s@y")
    assert server("smtp://mail.example").security == "starttls"
    assert server("smtp://localhost:25?tls=none").security == "none"
    for url in ("smtp://me:secret@mail.example?tls=none", "http://mail.example", "", "smtp://mail.example:no"):
        with pytest.raises(NoServer) as refused:
            server(url)
        assert "secret" not in str(refused.value)


def test_a_server_whose_certificate_nobody_trusts_gets_nothing(tmp_path):
    files = certificate(tmp_path)
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    offered.load_cert_chain(*files)
    made = EmailMessage()
    made.set_content("hello")
    with mail_server(offered) as mail:
        where = server(f"smtps://localhost:{mail.port}")
        with pytest.raises(NoServer, match="no certificate that can be trusted"), Smtp(where, "a@shop.example"):
            pass
        with Smtp(where, "a@shop.example", ssl.create_default_context(cafile=files[0])) as courier:
            courier.deliver(made, ALICE)
        assert came(mail) == {ALICE: 1}


def test_a_server_elsewhere_that_offers_no_tls_gets_nothing(mail):
    with pytest.raises(NoServer, match="offers no TLS"), Smtp(server(mail.url.partition("?")[0]), "a@shop.example"):
        pass


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that `localhost` signed itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder / "cert.pem", folder / "key.pem"
