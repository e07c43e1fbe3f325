"""Codes in words: legal bases, sources, grounds of transfer, rights, choices, articles. Each says what it means for a
person, plainly; the article stands beside it where the law wants it named.
"""

from __future__ import annotations

from belofte.notices.words import mark

BASIS = {
    "consent": mark("Only with your consent"),
    "contract": mark("We need it for a contract with you"),
    "legal-obligation": mark("A law obliges us"),
    "vital-interests": mark("It protects someone’s life"),
    "public-task": mark("It is part of a task in the public interest"),
    "legitimate-interest": mark("We have a legitimate interest"),
}
SOURCE = {
    "provided": mark("You gave it to us"),
    "observed": mark("We recorded it when you dealt with us"),
    "inferred": mark("We worked it out from other data"),
    "third-party": mark("We got it from someone else"),
}
ROLE = {
    "processor": mark("works for us, on our instructions"),
    "joint-controller": mark("decides together with us"),
    "controller": mark("decides for itself"),
    "authority": mark("authority"),
    "group": mark("company of our group"),
    "court": mark("court"),
    "professional": mark("professional bound to secrecy"),
}
GROUND = {
    "adequacy": mark("The European Commission has decided that this country protects data well enough"),
    "scc": mark("Standard contract clauses of the European Commission"),
    "bcr": mark("Binding rules within the group, approved by the authorities"),
    "ad-hoc": mark("A contract approved by the supervisory authority"),
    "certification": mark("An approved certificate or code of conduct"),
    "art49-1-a": mark("Your explicit consent, after we told you the risks"),
    "art49-1-b": mark("Needed for a contract with you"),
    "art49-1-c": mark("Needed for a contract in your interest"),
    "art49-1-d": mark("Important reasons of public interest"),
    "art49-1-e": mark("Needed for legal claims"),
    "art49-1-f": mark("Needed to protect someone’s life"),
    "art49-1-g": mark("It comes from a public register"),
    "art49-2": mark("A compelling interest, in a single case of which we told the authority"),
}
TECHNIQUE = {
    "cookie": mark("cookie"),
    "local-storage": mark("storage of the browser"),
    "pixel": mark("invisible picture"),
    "link": mark("marked link"),
    "sdk": mark("part of an app"),
    "fingerprint": mark("traits of the device"),
    "embed": mark("part of another site"),
}
RIGHT = {
    "rectification": mark("Have mistakes corrected, or incomplete data completed"),
    "erasure": mark("Have data erased"),
    "restriction": mark("Have the use of data paused, for example while we look into a mistake"),
    "portability": mark("Get the data that you gave us in a file that other programs can read"),
    "objection": mark("Object to our use of your data, for reasons of your own"),
    "marketing-objection": mark("Object to direct marketing: then we always stop, and you need no reason"),
    "withdrawal": mark("Withdraw your consent; what we did before stays lawful"),
    "human": mark("Ask that a person looks at an automated decision, give your view and contest it"),
}
ARTICLE_OF_RIGHT = {
    "access": "15",
    "rectification": "16",
    "erasure": "17",
    "restriction": "18",
    "portability": "20",
    "objection": "21(1)",
    "marketing-objection": "21(2)",
    "withdrawal": "7(3)",
    "human": "22(3)",
    "complaint": "77",
}
CHANNEL = {"email": mark("E-mail"), "post": mark("Post"), "phone": mark("Telephone"), "sms": "SMS"}
"""A channel is the company's own word; these have words in every language."""

CHOICE = {
    "consent": mark("You gave consent"),
    "taken-over": mark("We took over a consent that you gave elsewhere"),
    "released": mark("We asked nothing more of a consent from elsewhere"),
    "refusal": mark("You refused consent"),
    "withdrawal": mark("You withdrew consent"),
    "objection": mark("You objected"),
    "objection-withdrawn": mark("You took your objection back"),
    "restriction": mark("You asked us to pause the use of your data"),
    "lifting": mark("The pause was lifted"),
    "erasure": mark("You asked us to erase your data"),
    "sale": mark("You bought from us, and could object to messages about it"),
    "hold": mark("We keep your data for a dispute"),
    "hold-lifted": mark("We keep your data for a dispute no longer"),
    "death": mark("We were told that this person died"),
    "death-corrected": mark("That this person died was a mistake"),
}
CHOICE_STATE = {
    "in-force": mark("holds now"),
    "ended": mark("no longer holds"),
    "pending": mark("being looked into; meanwhile we do not use the data"),
    "refused": mark("refused; we told you why"),
}
RECORD = {
    "complaint": mark("You complained to us."),
    "announcement": mark("We sent you a message about a change of our privacy policy."),
    "breach": mark("Your data is in an incident that we look into."),
    "recognition": mark("We keep a coded fingerprint of these, so that we know you again and keep to what you chose."),
}
"""What a register of ours holds of a person; of a request, what she asked for (`ASKED`)."""
RECORD_STATE = {
    "open": mark("being handled"),
    "answered": mark("answered"),
    "refused": mark("refused; we told you why"),
    "requested": mark("treated as a request"),
    "told": mark("sent"),
    "attempted": mark("sent; we do not know whether it arrived"),
    "failed": mark("could not be delivered"),
    "kept": mark("kept"),
}
SAID = {
    "words": mark("What you wrote: %(text)s"),
    "answer": mark("What we answered: %(text)s"),
    "outcome": "%(text)s",
    "about": mark("About: %(text)s"),
    "identity": mark("How we knew that it was you: %(text)s"),
    "extension": mark("Why it took longer: %(text)s"),
    "note": mark("Note in our register: %(text)s"),
    "identifiers": "%(text)s",
    "nature": "%(text)s",
    "consequences": "%(text)s",
    "measures": "%(text)s",
    "advice": "%(text)s",
    "withheld": mark("This may be of somebody else. We show what it says once we know that it is yours."),
}
STORE_STATE = {
    "done": mark("done"),
    "pending": mark("not yet done"),
    "failed": mark("did not work; we will try again"),
    "unreachable": mark("the system did not answer; we will try again"),
    "undetermined": mark("a person still has to decide"),
}
LEVEL = {
    "deleted": mark(
        "Nothing shows what was erased here any more. Traces can stay in the files of the database until it cleans "
        "them up."
    ),
    "vacuumed": mark("What was erased here is gone from the files of the database too."),
}
"""How far what was erased in a system is gone."""
GAP = {
    "manual": mark("This is not in a database. Someone looks through it by hand."),
    "backup": mark("Your data may still be in backup copies. We do not search those; they are overwritten in turn."),
    "unreachable": mark("This system did not answer. We will try again and tell you."),
    "failed": mark("Something went wrong in this system. We will try again and tell you."),
    "undetermined": mark("A person still has to decide about this."),
    "processor": mark("We hold this for another company. We passed your request on to it."),
}
KEPT = {
    "17(3)(a)": mark("It is needed for freedom of expression and information."),
    "17(3)(b)": mark("A law obliges us to keep it."),
    "17(3)(c)": mark("It is needed for public health."),
    "17(3)(d)": mark("It is needed for archives in the public interest, research or statistics."),
    "17(3)(e)": mark("It is needed for legal claims. We use it for nothing else."),
    "18": mark("The use of this data is paused at your request, so we may not erase it now."),
    "17(1)": mark("We still need it for a purpose for which the law lets us keep it."),
    "21(1)": mark("We have compelling reasons that weigh more than your objection."),
    "17(3)": mark("Other records that must stay refer to it. Your own data in it is gone, as far as nothing keeps it."),
    "15(4)": mark("It is about someone else too. It stays with them; what pointed to you is gone."),
    "11(1)": mark("Nothing in this record points to you any more."),
    "4(1)": mark("It is about an organisation, not about you."),
    "4(5)": mark("Your data in it is now a code. With our key we can still link it to you, so it stays yours."),
}
ASKED = {
    "access": mark("You asked us which data we have about you."),
    "rectification": mark("You asked us to correct your data."),
    "erasure": mark("You asked us to erase your data."),
    "restriction": mark("You asked us to pause the use of your data."),
    "portability": mark("You asked us for the data that you gave us, in a form that you can use elsewhere."),
    "objection": mark("You objected to our use of your data."),
    "withdrawal": mark("You withdrew your consent."),
}
REFUSED = {
    "12(5)": mark("The request is clearly unfounded or excessive."),
    "12(6)": mark("We have good reason to doubt who asked, and did not get what we needed to be sure."),
    "11(2)": mark("We cannot tell which data is about you."),
    "15(4)": mark("It would harm the rights of other people."),
    "16": mark("As far as we can tell, the data is correct."),
    "20": mark("This right covers only data that you gave us yourself, under your consent or a contract."),
    "21(1)": mark("We have compelling reasons that weigh more than your objection."),
    **KEPT,
    "18": mark("None of the situations in which the law pauses the use of data applies."),
}

DONE_WITH: dict[str, str] = {
    "erasure": mark("A person asked us to erase her data, and we did (GDPR, art. 17 and 19)."),
    "rectification": mark("A person asked us to correct her data, and we did (GDPR, art. 16 and 19)."),
    "restriction": mark("A person asked us to restrict the use of her data, and we did (GDPR, art. 18 and 19)."),
}
"""What a recipient is told was done, per right."""
