# ruff: noqa: E501 (word lists read best as words)
"""Personal data inside free text: identifiers, and words of the special categories of GDPR art. 9 and 10.

Word lists in nl, fr, en, de. What comes out is how many texts have such a word: neither the text nor the word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from belofte.datamap.recognise.values import Count, is_iban, is_national_number, is_phone, plain

_LISTS: Mapping[str, str] = {
    "health.condition": """
        ziek ziekte ziekteverlof kanker diabetes suikerziekte depressie burn-out burnout zwanger zwangerschap allergie
        allergisch operatie ziekenhuis medicatie rugklachten handicap epilepsie hartinfarct psycholoog psychiater
        arbeidsongeval arbeidsongeschikt hernia astma dokter huisarts
        malade maladie diabete depression enceinte grossesse allergie allergique hopital medicament medicaments cancer
        handicape epilepsie infarctus psychologue psychiatre asthme invalidite
        sick illness disease cancer diabetic depression pregnant pregnancy allergic allergy surgery hospital hospitalised
        hospitalized medication disability disabled epilepsy psychiatrist psychologist chemotherapy asthma hiv autism
        krank krankheit krebs diabetes depressionen schwanger schwangerschaft allergisch krankenhaus medikamente
        behinderung schwerbehindert herzinfarkt psychiater""",
    "belief.religion": """
        moslim moslima katholiek protestant joods jood hindoe boeddhist ramadan hoofddoek moskee kerkganger halal kosher
        koosjer musulman musulmane catholique juif juive bouddhiste mosquee voile muslim catholic jewish buddhist mosque
        hijab synagogue muslimisch katholisch evangelisch judisch moschee kopftuch""",
    "belief.union": """
        vakbond vakbondsafgevaardigde syndicaat syndicalist abvv acv aclvb syndicat syndicaliste fgtb csc cgt
        cfdt delegue-syndical unionist union-rep shop-steward gewerkschaft gewerkschafter verdi betriebsrat""",
    "belief.politics": """
        n-va vlaams-belang cd&v groen-lid pvda partijlid gemeenteraadslid socialist communist partijkaart
        militant-politique socialiste communiste ecolo republican democrat tory labour-member parteimitglied sozialist
        kommunist afd spd cdu""",
    "origin.ethnicity": """
        allochtoon marokkaan marokkaanse afkomst roma-zigeuner zigeuner huidskleur marocain maghrebin gitan
        noir-africain ethnie african-american caucasian hispanic ethnicity gypsy auslander hautfarbe sinti""",
    "sexuality.orientation": """
        homo homoseksueel lesbisch lesbienne biseksueel transgender homosexuel homosexuelle bisexuel gay lesbian
        homosexual bisexual transsexual schwul lesbisch homosexuell bisexuell""",
    "genetics.profile": "dna-test gentest brca erfelijke-aandoening adn test-genetique genetic-test erbkrankheit",
    "biometrics.template": "vingerafdruk vingerafdrukken gezichtsherkenning irisscan empreinte-digitale fingerprint "
    "fingerprints fingerabdruck gesichtserkennung",
    "offences.record": """
        strafblad veroordeeld diefstal gevangenis gearresteerd fraudeur condamne prison vol-avere casier-judiciaire
        garde-a-vue convicted prison jail arrested criminal-record vorbestraft verurteilt gefangnis verhaftet""",
}
_WORDS: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _LISTS.items()}
_TOKEN = re.compile(r"[a-z][a-z&-]*")
_EMAIL_IN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_DIGITS_IN = re.compile(r"\+?\(?\d[\d ./()-]{7,20}\d")
_IBAN_IN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


def special_words(texts: Sequence[str]) -> dict[str, Count]:
    """Return, per special element, how many texts have a word of its lists."""
    found: dict[str, int] = {}
    for text in texts:
        tokens = set(_TOKEN.findall(plain(text)))
        for token in [*tokens]:
            tokens.update(token.split("-"))
        for element, listed in _WORDS.items():
            if tokens & listed:
                found[element] = found.get(element, 0) + 1
    return {element: Count(hits, len(texts)) for element, hits in found.items()}


def identifiers_in(texts: Sequence[str]) -> dict[str, Count]:
    """Return how many texts have an e-mail address, telephone number, account or national number among other words."""
    found: dict[str, int] = {}
    for text in texts:
        numbers = _DIGITS_IN.findall(text)
        present = {
            "e-mail addresses": bool(_EMAIL_IN.search(text)),
            "telephone numbers": any(is_phone(number) for number in numbers),
            "account numbers": any(is_iban(number) for number in _IBAN_IN.findall(text)),
            "national numbers": any(is_national_number(number) for number in numbers),
        }
        for name, there in present.items():
            if there:
                found[name] = found.get(name, 0) + 1
    return {name: Count(hits, len(texts)) for name, hits in found.items()}
