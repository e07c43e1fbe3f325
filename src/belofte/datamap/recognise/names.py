# ruff: noqa: E501 (word lists read best as words)
"""What a column's name says that it holds: words in nl, fr, en and de for each element.

`weight` is how far the name alone convinces. `needs` says what the table must be for an ambiguous word to count:
`person` (its rows are people or about them) or `place` (people, or a table with a street in it).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from belofte.datamap.recognise.words import stems, subject, words

Needs = Literal["", "person", "place"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of one language that names an element."""

    element: str
    language: str
    phrase: tuple[str, ...]
    weight: float
    needs: Needs


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A column's name matched: the element, the words that matched, their language, how far that convinces."""

    element: str
    phrase: str
    language: str
    weight: float
    needs: Needs
    position: int = 0


_LEXICON = """
identity.name 0.9 -
 en: first name;given name;last name;family name;surname;full name;maiden name;middle name;nickname;forename;fname;lname;card name;firstname;lastname;fullname;contact name;contact person;customer name;employee name;user name full;patient name;initials;cardholder;card holder;payment holder;ordered by;account holder;beneficiary name;recipient name;billing name;shipping name;attention of;attn;person name;display name
 nl: voornaam;achternaam;familienaam;naam contact;contactpersoon;volledige naam;meisjesnaam;roepnaam;tussenvoegsel;voorletters;klantnaam;ter attentie van;tav;rekeninghouder;kaarthouder;naam klant
 fr: prenom;nom de famille;nom complet;nom de naissance;nom usuel;nom client;interlocuteur;titulaire
 de: vorname;nachname;familienname;zuname;geburtsname;ansprechpartner;kontoinhaber;karteninhaber;rufname
identity.name 0.6 person
 en: name;contact;ship name;names
 nl: naam
 fr: nom
 de: name kunde;bezeichnung person
identity.title 0.7 person
 en: salutation;courtesy;title of courtesy;name prefix;honorific
 nl: aanspreking;aanhef;aanspreektitel
 fr: civilite
 de: anrede
identity.email 0.92 -
 en: email;e mail;mail address;mailaddress;emailaddress;email addr;mailbox
 nl: emailadres;e mailadres;mailadres
 fr: courriel;adresse mail;adresse electronique;mel
 de: emailadresse;mailadresse
identity.email 0.6 person
 en: mail
identity.mobile 0.88 -
 en: mobile;cell phone;cellphone;mobile phone;gsm;whatsapp;mobile number
 nl: mobiel;gsm nummer;gsmnummer;mobiele
 fr: portable;tel portable;mobile
 de: handy;mobilnummer;mobiltelefon;handynummer
identity.phone 0.85 -
 en: phone;telephone;phone number;tel;telno;phone no;fixed line;landline;home phone;work phone;direct line;telnr
 nl: telefoon;telefoonnummer;telnr;tel nr;vaste lijn
 fr: tel;numero de telephone;fixe
 de: telefon;telefonnummer;rufnummer;festnetz
identity.phone 0.6 person
 en: extension
 nl: toestel
 de: durchwahl
identity.fax 0.8 -
 en: fax;fax number;telefax
identity.address 0.88 -
 en: street;street name;postal address;home address;billing address;shipping address;mailing address;delivery address;address line;house number;house no;addressline;billing street;shipping street;ship address
 nl: straat;huisnummer;huisnr;straatnaam;postadres;thuisadres;leveradres;factuuradres;woonplaats;busnummer;woonadres
 fr: rue;adresse postale;code postal domicile;domicile;adresse de livraison;adresse de facturation
 de: strasse;str;hausnummer;anschrift;lieferadresse;rechnungsadresse;wohnort
identity.address 0.75 place
 en: address;zip;zipcode;zip code;postal code;postalcode;postcode;city;town;state;province;county;country;region;district;house;house nr;municipality;country code;suburb;apartment;postal;ship city;ship region;ship country;billing city;billing country;billing state;state code
 nl: adres;postcode;stad;gemeente;provincie;land;plaats;bus;landcode;deelgemeente
 fr: adresse;code postal;ville;commune;pays;departement;cp;localite
 de: adresse;plz;postleitzahl;ort;stadt;bundesland;wohnung
identity.national_number 0.9 -
 en: national number;national id;ssn;social security;social security number;national insurance;nino;personal number;national register;identity card;id card;idcard;id card number;national identification;citizen number
 nl: rijksregister;rijksregisternummer;rrn;insz;bsn;burgerservicenummer;identiteitskaart;sofinummer;rijksregisternr
 fr: numero national;registre national;niss;nir;numero de securite sociale;secu;carte d identite;carte identite
 de: steueridentifikationsnummer;sozialversicherungsnummer;personalausweis;ausweisnummer;svnr;steuerid
identity.passport 0.9 -
 en: passport;passport number;passport no;driving licence;drivers license;driver license;licence number driver
 nl: paspoort;paspoortnummer;rijbewijs
 fr: passeport;permis de conduire
 de: reisepass;fuhrerschein;passnummer
identity.number 0.6 person
 en: customer number;customer no;client number;member number;employee number;employee no;badge;badge number;loyalty number;card number loyalty;payroll number
 nl: klantnummer;klantnr;lidnummer;personeelsnummer;stamnummer;badgenummer
 fr: numero client;numero de client;matricule;numero adherent
 de: kundennummer;mitgliedsnummer;personalnummer;kundennr
identity.tax_number 0.6 person
 en: vat;vat number;vat no;tax id;tax number;company number;enterprise number;tin
 nl: btw;btw nummer;btwnummer;ondernemingsnummer;kbo;kbo nummer
 fr: tva;numero tva;numero d entreprise;bce;siret;siren
 de: ustid;umsatzsteuer id;steuernummer;ust id
identity.picture 0.6 person
 en: photo;picture;avatar;portrait;profile image;photo path;photo url;selfie;headshot;mugshot;profile pic;image
 nl: foto;pasfoto;profielfoto
 fr: photographie;photo d identite
 de: lichtbild;passbild;bild
identity.signature 0.7 person
 en: signature
 nl: handtekening
 de: unterschrift
identity.social_media 0.8 -
 en: linkedin;twitter;facebook;instagram;twitter handle;facebook id;linkedin url;social handle;skype;tiktok;snapchat
identity.licence_plate 0.85 -
 en: licence plate;license plate;plate number;number plate;registration plate
 nl: nummerplaat;kenteken
 fr: plaque d immatriculation;immatriculation
 de: kennzeichen;kfz kennzeichen
demographics.birth_date 0.93 -
 en: birth date;date of birth;dob;birthday;birthdate;born;birth year;year of birth;born on
 nl: geboortedatum;geb datum;gebdatum;geboortejaar;verjaardag;geboren
 fr: date de naissance;naissance;date naissance;ddn;anniversaire;annee de naissance
 de: geburtsdatum;geburtstag;geb dat;gebdat;geburtsjahr
demographics.birth_place 0.9 -
 en: birth place;birthplace;place of birth;birth country;birth city;country of birth
 nl: geboorteplaats;geboorteland
 fr: lieu de naissance;pays de naissance
 de: geburtsort;geburtsland
demographics.age 0.7 person
 en: age;age group;age range;age band
 nl: leeftijd
 de: alter
demographics.gender 0.85 -
 en: gender
 nl: geslacht
 fr: genre sexe
 de: geschlecht
demographics.gender 0.75 person
 en: sex
 fr: sexe
demographics.nationality 0.88 -
 en: nationality;citizenship
 nl: nationaliteit
 fr: nationalite
 de: nationalitat;staatsangehorigkeit
demographics.language 0.6 person
 en: language;preferred language;locale;mother tongue;lang
 nl: taal;voorkeurstaal;moedertaal
 fr: langue
 de: sprache;muttersprache
demographics.marital_status 0.88 -
 en: marital status;civil status;marital
 nl: burgerlijke staat;burgerlijke stand
 fr: etat civil;situation familiale
 de: familienstand
demographics.family 0.75 -
 en: spouse;spouse name;number of children;children count;dependents;next of kin;emergency contact;partner name;mothers name;father name;mother name;household size;household
 nl: echtgenoot;echtgenote;partner naam;aantal kinderen;noodcontact;gezinssituatie;gezinsleden
 fr: conjoint;nombre d enfants;personne a charge;contact urgence
 de: ehepartner;anzahl kinder;notfallkontakt
demographics.body 0.7 person
 en: height;weight;jacket;trousers;shoes;fit;chest size;waist;waist size;shoe size;inseam;hip size;collar size;body size;chest;clothing size;size
 nl: lengte;gewicht;borstomtrek;taille;heupomtrek;schoenmaat;kledingmaat;maat
 fr: poids;tour de poitrine;tour de taille;pointure;taille vetement
 de: grosse;gewicht;brustumfang;taillenumfang;schuhgrosse;konfektionsgrosse
professional.job 0.8 -
 en: job title;jobtitle;job function;occupation;profession;contact title;job position;employee role
 nl: functietitel;beroep;jobtitel
 fr: poste occupe;metier;intitule du poste
 de: beruf;berufsbezeichnung;stellenbezeichnung
professional.job 0.6 person
 en: title;position;job;function;role title
 nl: functie
 fr: fonction;poste
 de: funktion;titel
professional.employer 0.7 person
 en: employer;company;company name;workplace;works for
 nl: werkgever;bedrijf;bedrijfsnaam;firma
 fr: employeur;societe;entreprise
 de: arbeitgeber;unternehmen
professional.employment 0.8 person
 en: hire date;left on;hired;hired on;date of hire;employment date;employment start;employment end;termination date;start of employment;seniority;contract type;leave reason
 nl: datum in dienst;indiensttreding;in dienst;uit dienst;datum uit dienst;ancienniteit;aanwerving
 fr: date embauche;date d embauche;date d entree;date entree;date de sortie;anciennete
 de: eintrittsdatum;austrittsdatum;einstellungsdatum
professional.salary 0.85 -
 en: salary;wage;gross pay;net pay;payroll amount;bonus amount;annual income;income;hourly wage
 nl: salaris;loon;brutoloon;nettoloon;bezoldiging;wedde;inkomen;uurloon
 fr: salaire;remuneration;traitement brut;revenu
 de: gehalt;lohn;bruttolohn;einkommen
professional.education 0.75 person
 en: education;degree;diploma;school;university;cv;resume;qualification
 nl: opleiding;school;studies;rijbewijzen
 fr: formation;diplome;ecole;etudes
 de: ausbildung;abschluss;lebenslauf
professional.evaluation 0.75 person
 en: evaluation;appraisal;performance rating;performance review;assessment;interview notes
 nl: evaluatie;beoordeling;functioneringsgesprek
 fr: evaluation;appreciation
 de: beurteilung;leistungsbewertung
payment.account 0.92 -
 en: iban;bank account;account number bank;bank account number;bank acct;bankaccount
 nl: rekeningnummer;bankrekening;rekeningnr;bankrekeningnummer;bank rekening
 fr: compte bancaire;numero de compte;rib
 de: kontonummer;bankverbindung;bankkonto
payment.account 0.6 person
 en: bic;swift;sort code;account number
 de: blz
payment.card 0.92 -
 en: card number;credit card;credit card number;ccn;cc number;cardnumber;creditcard;pan;card pan;debit card;cc num;cardno;card no
 nl: kaartnummer;kredietkaart;creditcardnummer
 fr: numero de carte;carte de credit;carte bancaire
 de: kreditkarte;kartennummer;kreditkartennummer
payment.card_code 0.9 -
 en: cvv;cvc;cvv2;security code;card code;card verification
payment.card_expiry 0.85 -
 en: card expiry;expiry month;expiry year;card expiration;exp month;exp year;cc expiry;card valid
 nl: vervaldatum kaart
payment.credit 0.8 -
 en: credit score;credit rating;creditworthiness;credit limit
 nl: kredietwaardigheid;kredietlimiet
 fr: cote de credit;solvabilite
 de: bonitat;kreditlimit
account.username 0.85 -
 en: username;user name;login name;user login;screen name;userid name;loginname;samaccountname;upn
 nl: gebruikersnaam;inlognaam
 fr: nom d utilisateur;identifiant de connexion;pseudo;nom utilisateur
 de: benutzername;anmeldename;nutzername
account.username 0.6 person
 en: login;handle
 fr: identifiant
account.password 0.93 -
 en: password;passwd;pwd;password hash;passwordhash;pass hash;hashed password;passphrase;pin code;pincode
 nl: wachtwoord;paswoord
 fr: mot de passe;mdp;motdepasse
 de: passwort;kennwort
account.secret 0.75 person
 en: secret question;security question;security answer;reset token;api token;session token;access token;refresh token;mfa secret;totp;otp secret;remember token;auth token
 nl: geheime vraag
behaviour.ip_address 0.92 -
 en: ip;ip address;ipaddress;ipaddr;client ip;remote addr;remote address;ipv4;ipv6;source ip;login ip;last ip
 nl: ip adres;ipadres
 fr: adresse ip
 de: ip adresse;ipadresse
behaviour.device 0.85 -
 en: device id;mac address;imei;device fingerprint;browser fingerprint;advertising id;idfa;cookie id;device token;push token;visitor id;macaddress;imsi
 nl: toestel id;mac adres
behaviour.user_agent 0.9 -
 en: user agent;useragent;browser agent
behaviour.location 0.6 person
 en: latitude;longitude;lat;lng;lon;gps;geolocation;coordinates;geo point;last location;lat lng
 nl: breedtegraad;lengtegraad;coordinaten
 de: breitengrad;langengrad
behaviour.activity 0.75 -
 en: last login;last seen;last visit;login time;logged in at;last login at;last active;visited at;last activity;last sign in;clicked at;opened at;checkin time;clock in;clock out
 nl: laatste login;laatste bezoek;laatst gezien;laatste aanmelding;inkloktijd;uitkloktijd
 fr: derniere connexion;derniere visite
 de: letzte anmeldung;letzter besuch;letzter login
behaviour.browsing 0.75 person
 en: referrer;referer;page url;visited url;clicked url;search term;search query;page view;landing page
 nl: zoekterm
preference.interest 0.75 person
 en: interest;interests;hobby;hobbies;preferences;favourite;favorite;likes
 nl: interesse;interesses;hobbys;voorkeuren;voorkeur
 fr: centres d interet;loisirs;interets
 de: interessen;vorlieben
preference.privacy 0.75 -
 en: opt in;optin;opt out;optout;newsletter;marketing consent;consent;do not call;do not contact;mailing consent;gdpr consent;unsubscribed;no mail
 nl: toestemming;nieuwsbrief;niet bellen;geen mailing
 fr: consentement;accepte newsletter;desinscrit;infolettre
 de: einwilligung;werbeerlaubnis;newsletter abo;abgemeldet
dealings.text 0.6 person
 en: note;notes;comment;comments;remark;remarks;memo;free text;message;body;message body;feedback;transcript;conversation;description;subject;complaint text;review text;motivation;summary;content;text;reason;desc
 nl: opmerking;opmerkingen;notitie;notities;nota;bericht;vrije tekst;commentaar;omschrijving;beschrijving;verslag;inhoud;onderwerp;motivatie;reden;toelichting;klacht
 fr: remarque;remarques;commentaire;commentaires;observation;observations;texte libre;contenu;objet;motif;corps;memo client
 de: bemerkung;bemerkungen;notiz;notizen;kommentar;freitext;nachricht;inhalt;betreff;begrundung;beschreibung
"""

_SPECIAL = """
health.condition 0.85 -
 en: health;medical;diagnosis;disease;illness;allergy;allergies;medication;disability;blood type;blood group;pregnant;is pregnant;sick leave;sickness;medical history;prescription;vaccination;treatment medical;mental health;therapy;health status;disabled;dietary;dietary requirements;symptom;symptoms;medical certificate
 nl: gezondheid;ziekte;diagnose;allergie;allergieen;medicatie;handicap;bloedgroep;zwanger;ziekteverlof;arbeidsongeschiktheid;arbeidsongeval;medisch;ziektebriefje;invaliditeit;dieet;medisch attest
 fr: sante;maladie;diagnostic;allergies;medicament;medicaments;groupe sanguin;enceinte;arret maladie;incapacite;medical;invalidite;certificat medical;regime alimentaire
 de: gesundheit;krankheit;diagnose;allergie;medikament;medikamente;behinderung;blutgruppe;schwanger;krankmeldung;schwerbehindert;krankenstand;krankengeschichte
belief.religion 0.9 -
 en: religion;religious;faith;church;denomination;religious belief;church tax
 nl: godsdienst;religie;geloof;kerk;geloofsovertuiging;levensbeschouwing
 fr: confession;culte;croyance;religieux
 de: konfession;glaube;religionszugehorigkeit;kirchensteuer;kirche
belief.politics 0.9 -
 en: political;political party;political opinion;party membership;political affiliation;voting intention
 nl: politiek;politieke partij;politieke voorkeur;partijlidmaatschap
 fr: politique;parti politique;opinion politique;appartenance politique
 de: politisch;parteimitgliedschaft;politische meinung;parteizugehorigkeit
belief.union 0.9 -
 en: trade union;union member;union membership;labor union;labour union;union dues
 nl: vakbond;vakbondslid;syndicaat;vakbondslidmaatschap;syndicale premie
 fr: syndicat;syndique;affiliation syndicale;prime syndicale
 de: gewerkschaft;gewerkschaftsmitglied
origin.ethnicity 0.9 -
 en: ethnicity;ethnic;race;ethnic origin;racial origin;skin colour;skin color;tribe
 nl: etniciteit;etnische afkomst;ras;huidskleur;etnisch;afkomst
 fr: ethnie;origine ethnique;couleur de peau
 de: ethnie;ethnische herkunft;hautfarbe;rasse
sexuality.orientation 0.9 -
 en: sexual orientation;sexual preference;sexuality;gender identity;sex life
 nl: seksuele geaardheid;seksuele voorkeur;geaardheid;seksuele gerichtheid
 fr: orientation sexuelle;preference sexuelle
 de: sexuelle orientierung
biometrics.template 0.88 -
 en: fingerprint;biometric;biometrics;face template;retina;iris scan;voice print;voiceprint;faceprint;face embedding;palm scan
 nl: vingerafdruk;biometrie;gezichtsscan;irisscan;biometrisch
 fr: empreinte digitale;biometrique;empreinte vocale;empreintes
 de: fingerabdruck;biometrie;gesichtserkennung;biometrisch
genetics.profile 0.9 -
 en: genetic;dna;genome;genotype;dna profile;gene test
 nl: genetisch;dna profiel;erfelijk;erfelijkheid
 fr: genetique;adn
 de: genetisch;erbgut;dns profil
offences.record 0.88 -
 en: criminal record;conviction;convictions;criminal offence;criminal;offence;police record;arrest
 nl: strafblad;veroordeling;veroordelingen;strafregister;strafrechtelijk;uittreksel strafregister
 fr: casier judiciaire;condamnation;condamnations;infraction penale
 de: vorstrafe;vorstrafen;strafregister;fuhrungszeugnis;verurteilung
"""


def _read(source: str) -> list[Entry]:
    entries: list[Entry] = []
    element, weight, needs = "", 0.0, ""
    for line in source.strip().splitlines():
        if not line.startswith(" "):
            element, number, needs = line.split()
            weight = float(number)
            continue
        language, _, phrases = line.strip().partition(": ")
        kept: Needs = "person" if needs == "person" else "place" if needs == "place" else ""
        entries += [Entry(element, language, tuple(p.split()), weight, kept) for p in phrases.split(";")]
    return entries


LEXICON: tuple[Entry, ...] = tuple(_read(_LEXICON) + _read(_SPECIAL))

_HEADS = frozenset({"card", "passport", "kaart", "carte", "payment", "rekening", "compte", "device", "token"})
"""Words of tables that complete the bare names of their columns: a card's number, code and name."""

_BY_FIRST: dict[str, list[Entry]] = {}
for _entry in LEXICON:
    _BY_FIRST.setdefault(_entry.phrase[0], []).append(_entry)
    if len(_entry.phrase) > 1:
        _joined = Entry(_entry.element, _entry.language, ("".join(_entry.phrase),), _entry.weight, _entry.needs)
        _BY_FIRST.setdefault(_joined.phrase[0], []).append(_joined)


@lru_cache(maxsize=8192)
def matches_within(table: str, column: str) -> tuple[NameMatch, ...]:
    """Return what the column's name matches with its table's word before it: `number` in `payment_card`."""
    head = subject(table)[-1:]
    if not head:
        return ()
    found = words(column)
    own = next((stem for stem in sorted(stems(head[0])) if stem in _HEADS), None)
    if own is None or own in found:
        return ()
    return tuple(
        NameMatch(hit.element, hit.phrase, hit.language, hit.weight * 0.9, "", hit.position - 1)
        for hit in matches("_".join((own, *found)))
        if hit.position - len(hit.phrase.split()) == 0 and " " in hit.phrase
    )


@lru_cache(maxsize=8192)
def matches(column: str) -> tuple[NameMatch, ...]:
    """Return what the column's name matches: the longest phrases first, then those nearest to its end."""
    found = words(column)
    hits: list[NameMatch] = []
    for at, word in enumerate(found):
        for entry in _BY_FIRST.get(word, ()):
            size = len(entry.phrase)
            if found[at : at + size] != entry.phrase:
                continue
            rest = [w for w in found if not w.isdigit()]
            share = size / max(1, len(rest))
            weight = entry.weight if share >= 0.5 else entry.weight * 0.85
            hits.append(
                NameMatch(entry.element, " ".join(entry.phrase), entry.language, weight, entry.needs, at + size)
            )
    return tuple(sorted(hits, key=lambda hit: (-len(hit.phrase.split()), -hit.position, -hit.weight)))
