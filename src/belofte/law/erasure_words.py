"""What a person reads about each rung of the erasure ladder, in Dutch, French and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from belofte.law.source import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "E1": Words(
            "We bewaren dit gegeven zolang een rechtsvordering het nodig heeft. We gebruiken het voor niets anders.",
            "Nous conservons cette donnée aussi longtemps qu'une action en justice l'exige, et pour rien d'autre.",
            "We keep this item for as long as a legal claim needs it, and use it for nothing else.",
        ),
        "E2": Words(
            "De wet verplicht ons dit gegeven nog te bewaren. We bewaren het alleen daarvoor.",
            "La loi nous oblige à conserver encore cette donnée. Nous la conservons uniquement à cette fin.",
            "The law obliges us to keep this item for now. We keep it for that purpose only.",
        ),
        "E3": Words(
            "De wet laat toe dit gegeven te bewaren in het algemeen belang of voor de vrije meningsuiting.",
            "La loi permet de conserver cette donnée dans l'intérêt général ou pour la liberté d'expression.",
            "The law allows this item to be kept in the public interest or for freedom of expression.",
        ),
        "R18": Words(
            "Het gebruik van dit gegeven is beperkt. Zolang dat duurt, bewaren we het en gebruiken we het niet.",
            "L'utilisation de cette donnée est limitée. Tant que cela dure, nous la conservons sans l'utiliser.",
            "The use of this item is restricted. While that lasts we keep it and do not use it.",
        ),
        "E4": Words(
            "U trok uw toestemming in en er is geen andere rechtsgrond. We wissen het gegeven.",
            "Vous avez retiré votre consentement et il n'y a pas d'autre base juridique. Nous effaçons la donnée.",
            "You withdrew your consent and there is no other legal basis. We erase the item.",
        ),
        "E5": Words(
            "U maakte bezwaar tegen direct marketing. We wissen het gegeven daarvoor en onthouden alleen uw bezwaar.",
            "Vous vous êtes opposé au marketing direct. Nous effaçons la donnée à cette fin et ne retenons que votre "
            "opposition.",
            "You objected to direct marketing. We erase the item for it and remember only your objection.",
        ),
        "E6": Words(
            "Uw bezwaar is gegrond: wij hebben geen redenen die zwaarder wegen. We wissen het gegeven.",
            "Votre opposition est fondée : nous n'avons pas de motifs plus impérieux. Nous effaçons la donnée.",
            "Your objection is upheld: we have no grounds that outweigh it. We erase the item.",
        ),
        "E6w": Words(
            "We wegen uw bezwaar af. Tot u ons antwoord hebt, bewaren we het gegeven en gebruiken we het niet.",
            "Nous examinons votre opposition. Jusqu'à notre réponse, nous conservons la donnée sans l'utiliser.",
            "We are weighing your objection. Until you have our answer we keep the item and do not use it.",
        ),
        "E7": Words(
            "Het gegeven is niet langer nodig of de bewaartermijn is voorbij. We wissen het.",
            "La donnée n'est plus nécessaire ou sa durée de conservation est écoulée. Nous l'effaçons.",
            "The item is no longer needed, or its retention period is over. We erase it.",
        ),
        "E8": Words(
            "Voor dit gegeven was er geen geldige rechtsgrond. We wissen het.",
            "Il n'y avait pas de base juridique valable pour cette donnée. Nous l'effaçons.",
            "There was no valid legal basis for this item. We erase it.",
        ),
        "E8r": Words(
            "Voor dit gegeven was er geen geldige rechtsgrond. Op uw vraag wissen we het niet, maar beperken we het "
            "gebruik.",
            "Il n'y avait pas de base juridique valable. À votre demande, nous limitons l'utilisation au lieu "
            "d'effacer.",
            "There was no valid legal basis for this item. As you asked, we restrict its use instead of erasing it.",
        ),
        "E9": Words(
            "De wet schrijft voor dat we dit gegeven wissen.",
            "La loi nous impose d'effacer cette donnée.",
            "The law requires us to erase this item.",
        ),
        "E10a": Words(
            "U gaf toestemming voor dit doel en trok ze niet in. Het gegeven blijft.",
            "Vous avez donné votre consentement pour cette finalité et ne l'avez pas retiré. La donnée reste.",
            "You consented to this purpose and have not withdrawn. The item stays.",
        ),
        "E10": Words(
            "Dit doel loopt nog en heeft een rechtsgrond. We wissen het gegeven daarom niet. U kunt klacht indienen "
            "bij de toezichthoudende autoriteit of naar de rechter gaan.",
            "Cette finalité est en cours et repose sur une base juridique. Nous n'effaçons donc pas la donnée. Vous "
            "pouvez "
            "introduire une réclamation auprès de l'autorité de contrôle ou saisir le juge.",
            "This purpose still runs and has a legal basis, so we do not erase the item. You may complain to the "
            "supervisory authority or go to court.",
        ),
        "E?": Words(
            "We weten nog niet genoeg om te beslissen. Uw verzoek blijft open.",
            "Nous n'en savons pas encore assez pour décider. Votre demande reste ouverte.",
            "We do not know enough yet to decide. Your request stays open.",
        ),
    }
)
