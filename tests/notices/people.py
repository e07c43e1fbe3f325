"""Alice, a sole trader who orders workwear, and the policy of the company that she asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from belofte.notices.answer import (
    AccessAnswer,
    ChoicePart,
    ColumnPart,
    DatumClass,
    Disclosure,
    Gap,
    Hidden,
    RecordPart,
    Row,
    SaidPart,
    StoreAnswer,
    TableAnswer,
)
from belofte.notices.frame import answer_frame, element_title
from belofte.notices.report import ErasureReport, Kept, Residue, StoreErasure, TableErasure, Undetermined
from belofte.policy.model import Policy

RECEIVED, ANSWERED = date(2026, 3, 5), date(2026, 3, 12)


def _said(nl: str, fr: str, en: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en}


POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "version": {"id": "2026-1", "from": "2026-01-01"},
        "organisation": {
            "name": "Werkgoed NV",
            "country": "BE",
            "address": "Kaai 12, 9000 Gent",
            "company_number": "0417.497.106",
            "contact": {"email": "privacy@werkgoed.example", "phone": "+32 9 123 45 67"},
            "authority": "be-apd",
            "officer": {"name": "Charlie Maes", "contact": {"email": "dpo@werkgoed.example"}},
        },
        "languages": ["nl", "fr", "en"],
        "people": ["sole_trader", "customer_contact", "applicant"],
        "categories": {
            "identity": {
                "title": _said("Wie u bent", "Qui vous êtes", "Who you are"),
                "elements": {
                    "name": {"term": "pd:Name", "title": _said("Naam", "Nom", "Name")},
                    "email": {"term": "pd:EmailAddress", "title": _said("E-mailadres", "Adresse e-mail", "E-mail")},
                    "phone": {"term": "pd:TelephoneNumber", "title": _said("Telefoon", "Téléphone", "Telephone")},
                },
            },
            "payment": {
                "title": _said("Bestellingen en betalingen", "Commandes et paiements", "Orders and payments"),
                "source": "observed",
                "elements": {
                    "amount": {"term": "pd:Transactional", "title": _said("Bedrag", "Montant", "Amount")},
                    "date": {"term": "pd:Transactional", "title": _said("Datum", "Date", "Date")},
                    "article": {"term": "pd:PurchasesAndSpendingHabit", "title": _said("Artikel", "Article", "Item")},
                },
            },
            "dealings": {
                "title": _said("Contacten met ons", "Contacts avec nous", "Dealings with us"),
                "source": "observed",
                "elements": {
                    "note": {"term": "pd:Communication", "title": _said("Nota", "Note", "Note")},
                },
            },
            "preference": {
                "title": _said("Wat u kan interesseren", "Ce qui peut vous intéresser", "What may interest you"),
                "source": "inferred",
                "elements": {
                    "interest": {"term": "pd:Interest", "title": _said("Interesse", "Intérêt", "Interest")},
                },
            },
        },
        "facts": {
            "invoice.issued_at": _said("de datum van de factuur", "la date de la facture", "the date of the invoice"),
            "contract.active": _said("u hebt een contract", "vous avez un contrat", "you have a contract with us"),
            "last_contact.at": _said("ons laatste contact", "notre dernier contact", "our last contact"),
        },
        "purposes": {
            "orders": {
                "title": _said("Bestellingen uitvoeren", "Exécuter vos commandes", "Carrying out your orders"),
                "basis": {"contract": ["sole_trader"], "legitimate-interest": ["customer_contact"]},
                "interest": _said("uw bedrijf leveren", "livrer votre entreprise", "delivering to your company"),
                "while": "contract.active",
                "uses": ["identity", "payment"],
                "recipients": ["carrier"],
            },
            "accounting": {
                "title": _said("Boekhouding", "Comptabilité", "Accounting"),
                "basis": "legal-obligation",
                "law": "WER III.86",
                "uses": ["identity.name", "payment"],
                "keep": "P7Y",
                "after": "invoice.issued_at",
            },
            "marketing": {
                "title": _said("Nieuws en aanbiedingen per e-mail", "Nouvelles et offres", "News and offers by e-mail"),
                "basis": "consent",
                "uses": ["identity.email", "preference"],
                "channels": {"email": "identity.email"},
                "direct_marketing": True,
                "keep": "P3Y",
                "after": "last_contact.at",
                "recipients": ["mailer"],
                "automated": {
                    "profiling": True,
                    "logic": _said("wat u kocht", "ce que vous avez acheté", "what you bought before"),
                    "consequences": _said("andere mails", "d'autres mails", "you get other mails than others do"),
                },
            },
            "hiring": {
                "title": _said("Aanwerving", "Recrutement", "Hiring"),
                "basis": {"consent": ["applicant"]},
                "uses": ["identity"],
                "keep": "P1Y6M",
            },
        },
        "recipients": {
            "carrier": {
                "title": _said("Vervoerder", "Transporteur", "Carrier"),
                "role": "controller",
                "location": "BE",
            },
            "mailer": {
                "title": _said("Mailverzender", "Service d'envoi", "Mail sender"),
                "name": "Postduif Inc.",
                "role": "processor",
                "transfer": "us",
            },
        },
        "transfers": {"us": {"country": "US", "ground": "scc", "copy_at": "https://werkgoed.example/scc"}},
    }
)

CLASSES = (
    DatumClass(keep=("orders", "accounting"), use=("orders", "accounting")),
    DatumClass(keep=("orders", "marketing"), use=("orders", "marketing")),
    DatumClass(keep=("accounting",), use=()),
    DatumClass(),
    DatumClass(keep=("accounting",), hold=True),
    DatumClass(keep=("orders",), restricted=True),
    DatumClass(undetermined=True),
)


def column(name: str, element: str | None, language: str) -> ColumnPart:
    return ColumnPart(name, element_title(POLICY, language, element) if element else name, element)


def table(name: str, columns: list[tuple[str, str | None]], rows: Iterator[Row], language: str = "en") -> TableAnswer:
    return TableAnswer(name, tuple(column(key, element, language) for key, element in columns), rows, CLASSES)


def contact(language: str = "en", name: str = "Alice Peeters") -> TableAnswer:
    columns: list[tuple[str, str | None]] = [
        ("id", None),
        ("name", "identity.name"),
        ("email", "identity.email"),
        ("phone", "identity.phone"),
        ("interest", "preference.interest"),
    ]
    row = Row((17, name, "alice@peeters.example", None, "rain gear"), (-1, 0, 1, 5, 3))
    return table("contact", columns, iter([row]), language)


def invoices(count: int, language: str = "en") -> TableAnswer:
    columns: list[tuple[str, str | None]] = [
        ("id", None),
        ("issued_at", "payment.date"),
        ("article", "payment.article"),
        ("amount", "payment.amount"),
        ("attention_of", "identity.name"),
    ]
    rows = (
        Row(
            (n, date(2026 - n % 9, 1 + n % 12, 1 + n % 28), "Safety shoes", Decimal("89.90"), Hidden.OTHER_PERSON),
            (-1, 2 if n % 9 > 4 else 0, 0, 0, 4),
        )
        for n in range(1, count + 1)
    )
    return table("invoice", columns, rows, language)


def calls(language: str = "en") -> TableAnswer:
    columns: list[tuple[str, str | None]] = [("at", None), ("note", "dealings.note"), ("recording", "dealings.note")]
    at = datetime(2025, 11, 3, 14, 5)
    rows = iter(
        [
            Row((at, "Asked for a larger size.\nWill call back on Monday.", b"\x00\x01"), (-1, 6, 6)),
            Row((at, "=HYPERLINK(1)", None), (-1, 0, 0)),
        ]
    )
    return table("call", columns, rows, language)


def alice(language: str = "en", invoice_count: int = 40) -> AccessAnswer:
    """Everything that the company has about Alice."""
    frame = answer_frame(
        POLICY, language, request="2026-0042", received=RECEIVED, answered=ANSWERED, kinds=["sole_trader"]
    )
    return replace(
        frame,
        disclosures=(Disclosure("Postduif Inc.", date(2026, 2, 1), "e-mail", "marketing", "US"),),
        choices=(
            ChoicePart("consent", ("marketing",), date(2024, 5, 2), "web", date(2027, 5, 2), "ended"),
            ChoicePart("withdrawal", ("marketing",), date(2026, 3, 1)),
        ),
        records=(
            RecordPart(
                "request",
                "AB12-CD34",
                "answered",
                date(2025, 1, 6),
                "access",
                (SaidPart("identity", "a session"),),
                date(2025, 1, 20),
                ("accounting",),
                date(2030, 1, 20),
            ),
            RecordPart("complaint", "K-AB12C", "open", date(2026, 2, 1), said=(SaidPart("words", "<b>Too much"),)),
            RecordPart("complaint", "K-AB12D", "open", date(2026, 2, 2), said=(SaidPart("withheld", "K-AB12D"),)),
            RecordPart("announcement", "N-AB12C", "told", date(2026, 1, 2)),
            RecordPart("breach", "B-AB12C", "open", date(2026, 2, 3)),
            RecordPart("recognition", "", "kept", date(2024, 1, 1), said=(SaidPart("identifiers", "email, phone"),)),
        ),
        gaps=(
            Gap("manual", "archive", due=date(2026, 4, 1)),
            Gap("backup", "crm", words="30 d"),
            Gap("unreachable", "shop"),
        ),
        stores=(
            StoreAnswer("crm", (contact(language), invoices(invoice_count, language)), country="BE"),
            StoreAnswer("support", (calls(language),), title="Support"),
            StoreAnswer("shop", (), "unreachable"),
        ),
    )


def erased(language: str = "en", *, open_: bool = True) -> ErasureReport:
    """What was erased of Alice; `open_`: and what is not done yet."""
    case = alice(language).case
    kept = Kept("17(3)(b)", 12, POLICY.purposes["accounting"].title.of(language), date(2033, 1, 31))
    crm = StoreErasure(
        "crm",
        "done",
        (
            TableErasure("contact", erased=1, kept=1, reasons=(replace(kept, rows=1),)),
            TableErasure("invoice", deleted=28, kept=12, reasons=(kept,)),
            TableErasure("message", unlinked=3),
        ),
        ("sha256:5f2c0d0e9a61f0a9c7c7a8c1e2d94ae6a4c4bd4db2ad40e3f1f6f45a4f3a1b2c",),
        level="deleted" if open_ else "vacuumed",
    )
    if not open_:
        return ErasureReport(case, (crm,), gaps=(Gap("backup", "crm"),), told=("Postduif Inc.",))
    return ErasureReport(
        case,
        (crm, StoreErasure("shop", "unreachable")),
        (Undetermined("crm", "complaint", "the end of the contract is not recorded"),),
        (Residue("crm", "call", "note", 2),),
        (Gap("manual", "archive", due=date(2026, 4, 1)), Gap("backup", "crm")),
        ("Postduif Inc.",),
    )
