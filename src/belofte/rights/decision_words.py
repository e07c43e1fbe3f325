"""What a person reads about each reason of a decision, in Dutch, French and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from belofte.law.erasure_words import WORDS as LADDER
from belofte.law.source import Words
from belofte.policy.model import Policy, Text

REMEDY = Words(
    "U kunt klacht indienen bij de toezichthoudende autoriteit of naar de rechter gaan.",
    "Vous pouvez introduire une réclamation auprès de l'autorité de contrôle ou saisir le juge.",
    "You may complain to the supervisory authority or go to court.",
)
"""What every refusal says (art. 12(4))."""


CONSENT_ENDED = Words("Uw toestemming is ingetrokken.", "Votre consentement est retiré.", "Your consent is withdrawn.")
"""What comes first where one of several bases has ended."""


def _refused(nl: str, fr: str, en: str) -> Words:
    return Words(f"{nl} {REMEDY.nl}", f"{fr} {REMEDY.fr}", f"{en} {REMEDY.en}")


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "withdrawn": Words(
            "U trok uw toestemming in. Vanaf nu gebruiken we uw gegevens hier niet meer voor.",
            "Vous avez retiré votre consentement. Nous n'utilisons plus vos données à cette fin.",
            "You withdrew your consent. From now on we no longer use your data for this.",
        ),
        "not-on-consent": _refused(
            "Dit doel steunt niet op uw toestemming; er valt hier niets in te trekken.",
            "Cette finalité ne repose pas sur votre consentement ; il n'y a rien à retirer ici.",
            "This purpose does not rest on your consent; there is nothing to withdraw here.",
        ),
        "may-object": _refused(
            "Dit doel steunt niet op uw toestemming, maar u kunt er bezwaar tegen maken.",
            "Cette finalité ne repose pas sur votre consentement, mais vous pouvez vous y opposer.",
            "This purpose does not rest on your consent, but you may object to it.",
        ),
        "direct-marketing": Words(
            "U krijgt van ons geen reclame meer. Daarvoor is geen reden nodig.",
            "Vous ne recevrez plus de publicité de notre part. Aucun motif n'est requis.",
            "You will get no more advertising from us. No reason is needed for that.",
        ),
        "upheld": Words(
            "Uw bezwaar is gegrond. We stoppen met dit gebruik van uw gegevens.",
            "Votre opposition est fondée. Nous cessons cette utilisation de vos données.",
            "Your objection is upheld. We stop using your data for this.",
        ),
        "overruled": Words(
            "Wij hebben dwingende redenen die zwaarder wegen dan uw bezwaar. Uw gegevens blijven alleen hiervoor.",
            "Des motifs impérieux l'emportent sur votre opposition. Vos données restent à cette seule fin.",
            "We have compelling grounds that outweigh your objection. Your data stays for this only.",
        ),
        "weighing": Words(
            "We wegen uw bezwaar af. Tot u ons antwoord hebt, bewaren we de gegevens en gebruiken we ze niet.",
            "Nous examinons votre opposition. Jusqu'à notre réponse, nous conservons les données sans les utiliser.",
            "We are weighing your objection. Until you have our answer we keep the data and do not use it.",
        ),
        "legal-obligation": Words(
            "De wet verplicht ons tot dit gebruik. Bezwaar is hier niet mogelijk.",
            "La loi nous impose cette utilisation. Une opposition n'est pas possible ici.",
            "The law obliges us to this use. An objection is not possible here.",
        ),
        "contract": Words(
            "Dit gebruik is nodig voor het contract met u. Bezwaar is hier niet mogelijk.",
            "Cette utilisation est nécessaire au contrat avec vous. Une opposition n'est pas possible ici.",
            "This use is needed for the contract with you. An objection is not possible here.",
        ),
        "vital-interests": Words(
            "Dit gebruik beschermt iemands leven of gezondheid. Bezwaar is hier niet mogelijk.",
            "Cette utilisation protège la vie ou la santé de quelqu'un. Une opposition n'est pas possible ici.",
            "This use protects somebody's life or health. An objection is not possible here.",
        ),
        "kind-unknown": Words(
            "We weten nog niet in welke hoedanigheid wij u kennen. Uw verzoek blijft hiervoor open.",
            "Nous ignorons encore à quel titre nous vous connaissons. Votre demande reste ouverte sur ce point.",
            "We do not know yet in what capacity we know you. Your request stays open on this point.",
        ),
        "no-data": Words(
            "Wij gebruiken uw gegevens hier niet voor.",
            "Nous n'utilisons pas vos données à cette fin.",
            "We do not use your data for this.",
        ),
        "access": Words(
            "U krijgt een kopie, met wat wij ermee doen.",
            "Vous recevez une copie, avec l'usage que nous en faisons.",
            "You get a copy, with what we do with it.",
        ),
        "portable": Words(
            "U krijgt deze gegevens in een vorm die een computer kan lezen en die u elders kunt gebruiken.",
            "Vous recevez ces données sous une forme lisible par machine, réutilisable ailleurs.",
            "You get this data in a machine-readable form that you can use elsewhere.",
        ),
        "other-basis": _refused(
            "Dit doel steunt niet op uw toestemming of op een contract met u; overdraagbaarheid geldt hier niet. "
            "Een kopie kunt u wel vragen (inzage).",
            "Cette finalité ne repose ni sur votre consentement ni sur un contrat avec vous ; la portabilité ne "
            "s'applique pas. Une copie reste possible (accès).",
            "This purpose rests neither on your consent nor on a contract with you; portability does not apply. "
            "You may ask for a copy instead (access).",
        ),
        "inferred": _refused(
            "Dit leidden wij zelf af; u gaf het ons niet. Een kopie kunt u wel vragen (inzage).",
            "Nous l'avons déduit nous-mêmes ; vous ne l'avez pas fourni. Une copie reste possible (accès).",
            "We inferred this ourselves; you did not provide it. You may ask for a copy instead (access).",
        ),
        "third-party": _refused(
            "Dit kregen wij van anderen; u gaf het ons niet. Een kopie kunt u wel vragen (inzage).",
            "Nous le tenons de tiers ; vous ne l'avez pas fourni. Une copie reste possible (accès).",
            "We had this from others; you did not provide it. You may ask for a copy instead (access).",
        ),
        "not-automated": _refused(
            "Dit staat alleen op papier; overdraagbaarheid geldt voor wat een computer verwerkt. "
            "Een kopie kunt u wel vragen (inzage).",
            "Ceci n'existe que sur papier ; la portabilité vise les traitements automatisés. "
            "Une copie reste possible (accès).",
            "This exists on paper only; portability is for what a computer processes. "
            "You may ask for a copy instead (access).",
        ),
        "automation-unknown": Words(
            "We zoeken nog uit of een computer dit verwerkt. Uw verzoek blijft hiervoor open.",
            "Nous vérifions encore si ceci fait l'objet d'un traitement automatisé. Votre demande reste ouverte.",
            "We are still finding out whether a computer processes this. Your request stays open on this point.",
        ),
        "restricted": Words(
            "We bewaren deze gegevens en gebruiken ze niet, behalve met uw toestemming, voor een rechtsvordering of om "
            "iemands rechten te beschermen. We verwittigen u voor we dat opheffen.",
            "Nous conservons ces données sans les utiliser, sauf avec votre consentement, pour une action en justice "
            "ou pour protéger les droits d'autrui. Nous vous avertirons avant de lever cette limitation.",
            "We keep this data and do not use it, save with your consent, for a legal claim or to protect somebody's "
            "rights. We will tell you before that ends.",
        ),
        "ground-absent": _refused(
            "De reden die de wet voor een beperking vraagt, is er niet.",
            "Le motif que la loi exige pour une limitation n'est pas présent.",
            "The ground that the law asks for a restriction is not there.",
        ),
        "ground-unknown": Words(
            "We gaan nog na of de reden voor een beperking er is. Uw verzoek blijft open.",
            "Nous vérifions encore si le motif d'une limitation est présent. Votre demande reste ouverte.",
            "We are still finding out whether the ground for a restriction is there. Your request stays open.",
        ),
        "lifted": Words(
            "De beperking is opgeheven, zoals we u vooraf hebben gezegd.",
            "La limitation est levée, comme nous vous l'avions annoncé.",
            "The restriction has ended, as we told you beforehand.",
        ),
        "not-told": Words(
            "De beperking blijft: we moeten u eerst verwittigen voor we ze opheffen.",
            "La limitation demeure : nous devons d'abord vous avertir avant de la lever.",
            "The restriction stays: we have to tell you before we end it.",
        ),
        "corrected": Words(
            "Het gegeven was onjuist. We verbeteren het overal waar wij het bewaren.",
            "La donnée était inexacte. Nous la corrigeons partout où nous la conservons.",
            "The item was inaccurate. We correct it wherever we hold it.",
        ),
        "completed": Words(
            "Het gegeven was onvolledig. We vullen het aan.",
            "La donnée était incomplète. Nous la complétons.",
            "The item was incomplete. We complete it.",
        ),
        "statutory-record": _refused(
            "De wet verplicht ons dit stuk te bewaren zoals het is opgemaakt. We voegen uw verbetering als nota toe.",
            "La loi nous impose de conserver cette pièce telle qu'établie. Nous y joignons votre correction en note.",
            "The law obliges us to keep this record as it was made. We add your correction to it as a note.",
        ),
        "disputed": Words(
            "We gaan na of het gegeven juist is. Tot dan bewaren we het en gebruiken we het niet.",
            "Nous vérifions si la donnée est exacte. D'ici là, nous la conservons sans l'utiliser.",
            "We are checking whether the item is accurate. Until then we keep it and do not use it.",
        ),
        "accurate": _refused(
            "Het gegeven is juist bevonden. We voegen uw verklaring eraan toe als u dat wilt.",
            "La donnée s'est révélée exacte. Nous y joignons votre déclaration si vous le souhaitez.",
            "The item was found to be accurate. We add your statement to it if you wish.",
        ),
    }
)

ERASED: Mapping[str, Words] = MappingProxyType(
    {
        "withdrawn": LADDER["E4"],
        "direct-marketing": LADDER["E5"],
        "upheld": LADDER["E6"],
        "weighing": LADDER["E6w"],
        "legal-obligation": LADDER["E2"],
        "contract": Words(
            "Deze gegevens zijn nodig voor het contract met u. We wissen ze daarom nog niet.",
            "Ces données sont nécessaires au contrat avec vous. Nous ne les effaçons donc pas encore.",
            "This data is needed for the contract with you, so we do not erase it yet.",
        ),
        "vital-interests": Words(
            "Deze gegevens beschermen iemands leven of gezondheid. We wissen ze daarom nog niet.",
            "Ces données protègent la vie ou la santé de quelqu'un. Nous ne les effaçons donc pas encore.",
            "This data protects somebody's life or health, so we do not erase it yet.",
        ),
    }
)
"""The words of a reason where the request is an erasure."""


def joined(*parts: Words) -> Words:
    """Return sentences one after the other, in each language."""
    return Words(*(" ".join(said) for said in zip(*parts, strict=True)))


def grounds_words(compelling: Text | None, officer: str | None) -> Words:
    """Return the grounds of a refusal: the officer's in this case, else the policy's; one of them is given."""
    if officer is not None:
        return Words(*[officer.strip()] * 3)
    assert compelling is not None
    return Words(*(compelling.of(language) for language in Words._fields))


_UNITS: Mapping[str, tuple[Words, Words]] = {
    "years": (Words("jaar", "an", "year"), Words("jaar", "ans", "years")),
    "months": (Words("maand", "mois", "month"), Words("maanden", "mois", "months")),
    "weeks": (Words("week", "semaine", "week"), Words("weken", "semaines", "weeks")),
    "days": (Words("dag", "jour", "day"), Words("dagen", "jours", "days")),
}
_AND = Words("en", "et", "and")


def term_words(policy: Policy, name: str) -> Words:
    """Return how long a purpose keeps data: its term and trigger, or the condition it lives on."""
    return Words(*(_term(policy, name, language) for language in Words._fields))


def _term(policy: Policy, name: str, language: str) -> str:
    purpose = policy.purposes[name]
    condition = _fact(policy, purpose.while_, language)
    if purpose.keep is None:
        said = Words(
            f"We bewaren ze zolang dit geldt: {condition}." if condition else "We bewaren ze zolang dit doel loopt.",
            f"Conservation tant que : {condition}." if condition else "Conservation tant que dure cette finalité.",
            f"We keep it while this holds: {condition}." if condition else "We keep it while this purpose runs.",
        )
        return said.of(language)
    period = _period(policy, name, language)
    trigger = _fact(policy, purpose.after, language)
    said = Words(
        f"Bewaartermijn: {period}, te rekenen vanaf {trigger or 'de verzameling'}.",
        f"Durée de conservation : {period}, à compter de {trigger or 'la collecte'}.",
        f"Kept for {period}, counted from {trigger or 'its collection'}.",
    )
    return said.of(language)


def _fact(policy: Policy, fact: str | None, language: str) -> str | None:
    if fact is None:
        return None
    found = policy.facts.get(fact)
    return found.of(language) if found is not None else f"`{fact}`"


def _period(policy: Policy, name: str, language: str) -> str:
    keep = policy.purposes[name].keep
    assert keep is not None
    parts = []
    for unit, (one, many) in _UNITS.items():
        count: int = getattr(keep, unit)
        if count:
            parts.append(f"{count} {(one if count == 1 else many).of(language)}")
    return f" {_AND.of(language)} ".join(parts)
