"""What a column probably holds: by its name in four languages, by its values, by the table around it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.scan.catalogue import element, proposed, scan, table

from belofte.datamap.recognise.vocabulary import CATEGORIES, ELEMENTS
from belofte.policy.terms import mistake


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("voornaam", "identity.name"),
        ("Familienaam", "identity.name"),
        ("prenom", "identity.name"),
        ("nom_de_famille", "identity.name"),
        ("Vorname", "identity.name"),
        ("last_name", "identity.name"),
        ("courriel", "identity.email"),
        ("e_mailadres", "identity.email"),
        ("gsmNummer", "identity.mobile"),
        ("Handynummer", "identity.mobile"),
        ("telefoon", "identity.phone"),
        ("numero_de_telephone", "identity.phone"),
        ("rijksregisternummer", "identity.national_number"),
        ("NISS", "identity.national_number"),
        ("BSN", "identity.national_number"),
        ("geboortedatum", "demographics.birth_date"),
        ("date_de_naissance", "demographics.birth_date"),
        ("Geburtsdatum", "demographics.birth_date"),
        ("huisnummer", "identity.address"),
        ("Straße", "identity.address"),
        ("postleitzahl", "identity.address"),
        ("code_postal", "identity.address"),
        ("rekeningnummer", "payment.account"),
        ("kaartnummer", "payment.card"),
        ("wachtwoord", "account.password"),
        ("mot_de_passe", "account.password"),
        ("adresse_ip", "behaviour.ip_address"),
        ("nationaliteit", "demographics.nationality"),
        ("Familienstand", "demographics.marital_status"),
        ("brutoloon", "professional.salary"),
        ("kenteken", "identity.licence_plate"),
        ("bloedgroep", "health.condition"),
        ("arret_maladie", "health.condition"),
        ("Schwerbehindert", "health.condition"),
        ("godsdienst", "belief.religion"),
        ("Konfession", "belief.religion"),
        ("vakbondslid", "belief.union"),
        ("parti_politique", "belief.politics"),
        ("etnische_afkomst", "origin.ethnicity"),
        ("orientation_sexuelle", "sexuality.orientation"),
        ("vingerafdruk", "biometrics.template"),
        ("casier_judiciaire", "offences.record"),
        ("dna_profiel", "genetics.profile"),
    ],
)
def test_name_in_four_languages(column: str, wanted: str | None):
    found = scan(table("klant", f"id:int {column}"))
    assert element(found, f"klant.{column}") == wanted


@pytest.mark.parametrize(
    ("name", "columns", "trap"),
    [
        ("product", "id:int name description", "name"),
        ("product", "id:int name description", "description"),
        ("city", "id:int name country_id:int", "name"),
        ("company", "id:int name", "name"),
        ("film", "id:int title", "title"),
        ("orders", "id:int status state code", "state"),
        ("orders", "id:int delivery_address state", "state"),
        ("orders", "id:int status state code", "code"),
        ("customer", "id:int email created_at:ts status code", "created_at"),
        ("customer", "id:int email created_at:ts status code", "status"),
        ("customer", "id:int email created_at:ts status code", "code"),
        ("customer", "id:int email email_verified:bool", "email_verified"),
        ("customer", "id:int email email_count:int", "email_count"),
        ("customer", "id:int email city_id:int", "city_id"),
        ("customer", "id:int product_name", "product_name"),
        ("mail_template", "id:int email_subject name", "name"),
        ("country", "id:int country code", "country"),
        ("bank", "id:int name", "name"),
        ("currency", "id:int code name", "name"),
    ],
)
def test_trap_is_not_personal(name: str, columns: str, trap: str):
    assert element(scan(table(name, columns)), f"{name}.{trap}") is None


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["alice@voorbeeld.be", "bob@voorbeeld.be", "charlie@example.org"], "identity.email"),
        (["BE68539007547034", "BE71096123456769", "NL91ABNA0417164300"], "payment.account"),
        (["4111111111111111", "5500005555555559", "4012888888881881"], "payment.card"),
        (["85.07.30-033.28", "85073003328", "17.07.30-033.84"], "identity.national_number"),
        (["192.0.2.7", "2001:db8::1", "198.51.100.20"], "behaviour.ip_address"),
        (["+32 55 23 71 99", "+31 20 624 1111", "+33 1 42 68 53 00"], "identity.phone"),
        (["Alice Peeters", "Bob Janssens", "Charlie Maes"], "identity.name"),
        (["Kerkstraat 12", "12 rue Haute", "Hauptstraße 5"], "identity.address"),
        (["Mozilla/5.0 (X11)", "Mozilla/5.0 (Macintosh)", "curl/8.0"], "behaviour.user_agent"),
        (["$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=1$x", "$2y$10$zzzzzzzzzz"], "account.password"),
        (["rood", "groen", "blauw"], None),
        (["4111111111111112", "5500005555555550", "4012888888881882"], None),
        (["1.2.3", "1.2.4", "2.0.0"], None),
    ],
)
def test_values_speak_where_the_name_is_silent(values: list[object], wanted: str | None):
    assert element(scan(table("x1", "id:int veld"), values={"x1.veld": values}), "x1.veld") == wanted


def test_evidence_names_counts_and_never_a_value():
    values: list[object] = ["alice@voorbeeld.be", "bob@voorbeeld.be", "geen"]
    one = proposed(scan(table("klant", "id:int emailadres"), values={"klant.emailadres": values}), "klant.emailadres")
    assert one is not None
    assert one.reasons == (
        "name matched `emailadres` (nl)",
        "2 of 3 sampled values are valid e-mail addresses",
    )
    assert not any("voorbeeld" in reason for reason in one.reasons)


def test_mailbox_without_one_address_is_doubted():
    values: list[object] = ["ja", "nee", "misschien", "soms", "nooit", "altijd"]
    assert element(scan(table("klant", "id:int email"), values={"klant.email": values}), "klant.email") is None


def test_hire_date_is_no_birth_date():
    found = scan(
        table("employee", "id:int birth_date:date hire_date:date"),
        values={"employee.birth_date": [date(1970, 1, 5)] * 6, "employee.hire_date": [date(2020, 1, 5)] * 6},
    )
    assert element(found, "employee.birth_date") == "demographics.birth_date"
    assert element(found, "employee.hire_date") == "professional.employment"


def test_special_words_in_notes_are_counted_and_named_by_category_only():
    notes: list[object] = [
        "Klant was ziek en belt volgende week terug.",
        "Mevrouw is zwanger, levering uitstellen tot mei.",
        "Cliente musulmane, pas de livraison le vendredi.",
        "Is lid van de vakbond en vraagt een attest.",
        "Wil graag een offerte voor twintig broeken.",
        "Heeft een moskee als leveringsadres opgegeven.",
    ]
    found = scan(
        table("klant", "id:int naam email"),
        table("gesprek", "id:int klant_id:int notitie", "klant_id>klant.id"),
        values={"gesprek.notitie": notes},
    )
    one = proposed(found, "gesprek.notitie")
    assert one is not None
    assert one.element == "dealings.text"
    assert set(one.inside) == {"health.condition", "belief.religion", "belief.union"}
    assert "2 of 6 sampled texts have words of health" in one.reasons
    assert not any(word in reason for reason in one.reasons for word in ("zwanger", "ziek", "moskee"))


def test_health_words_in_product_texts_are_no_finding():
    texts: list[object] = [
        "Broek voor in het ziekenhuis, hoog wasbaar.",
        "Helpt bij allergie en astma, zacht katoen.",
    ] * 4
    found = scan(table("product", "id:int omschrijving"), values={"product.omschrijving": texts})
    assert found.proposals == ()


def test_street_makes_its_neighbours_an_address():
    found = scan(table("levering", "id:int straat stad land"), table("land", "id:int land"))
    assert {p.column for p in found.of("levering")} == {"straat", "stad", "land"}
    assert found.of("land") == []


def test_bare_columns_of_a_card_are_completed_by_the_table():
    found = scan(table("payment_card", "id:int name number code:int"))
    assert [(p.column, p.element) for p in found.proposals] == [
        ("name", "identity.name"),
        ("number", "payment.card"),
        ("code", "payment.card_code"),
    ]


def test_every_term_of_the_vocabulary_exists_and_special_ones_say_so():
    wrong = [mistake(term, "personal data") for starter in CATEGORIES.values() for term in starter.elements.values()]
    assert not any(wrong)
    assert {"health.condition", "belief.union", "offences.record"} <= ELEMENTS
    assert CATEGORIES["health"].special == "health"
