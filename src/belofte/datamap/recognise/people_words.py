# ruff: noqa: SIM905, E501 (word lists read best as words)
"""Words by which values are recognised: given names, street words, courtesy titles, role mailboxes (nl, fr, en, de)."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    jan piet peter pieter jef jozef josef joseph koen bart dirk luc luk marc mark tom thomas wim johan erik eric geert
    kris chris stijn bram daan sem lucas noah liam milan finn levi luuk jesse tim ruben lars sven joris kobe wout mathias
    matthias arne jelle robbe senne jonas emiel victor arthur louis jules adam mohamed mohammed ahmed youssef ibrahim
    mehmet ali omar hassan said karim rachid mustafa maria anna an ann anne els elke katrien sofie sophie lies liesbeth
    griet greet hilde inge ingrid ilse karen karin kristel leen marleen martine monique nathalie nele petra ria rita sara
    sarah saskia tine veerle eva emma louise marie elise julie charlotte camille lea manon chloe ines lina mila olivia
    nora fleur julia tess zoe lotte femke sanne anouk roos maud isabelle isabel isabella dominique christine christina
    francoise catherine veronique sandrine valerie stephanie celine aurelie emilie laura caroline patricia sylvie brigitte
    nicole jacqueline martina jean pierre michel philippe alain bernard jacques patrick daniel christian claude francois
    nicolas olivier laurent stephane david frederic sebastien vincent julien guillaume alexandre antoine maxime hugo paul
    andre rene robert roger marcel georges henri gilles didier thierry pascal benoit xavier yves serge guy hans klaus
    jurgen wolfgang dieter manfred helmut gerhard stefan andreas michael martin frank thorsten markus uwe ralf bernd
    joachim heinz werner karl friedrich otto fritz franz ludwig max leon elias felix paulina ursula monika sabine renate
    helga gisela heike susanne andrea claudia birgit katja anja silke ute hannelore lena lisa lena hannah mia johanna
    clara ida greta frieda john james william george charles edward henry richard joe jack harry oliver oscar leo
    alfie jacob archie ethan logan mason elijah benjamin samuel matthew anthony donald steven steve stephen andrew kenneth
    joshua kevin brian timothy ronald jason jeffrey ryan gary jonathan larry justin scott brandon raymond gregory alexander
    dennis jerry tyler aaron jose adam nathan henry douglas zachary kyle walter mary patricia jennifer linda elizabeth
    barbara susan jessica margaret lisa betty dorothy sandra ashley kimberly emily donna michelle carol amanda melissa
    deborah rebecca sharon cynthia kathleen amy angela shirley brenda pamela samantha katherine helen debra rachel carolyn
    janet catherine heather diane ruth joyce virginia victoria kelly lauren christina joan evelyn judith megan alice bob
    charlie jill jane judy grace rose amber nancy robert fernando luis carlos juan pedro antonio manuel francisco javier
    miguel paula lucia carmen pilar ana marta elena giovanni giuseppe marco luca matteo paolo roberto mario sergio
    alessandro francesca giulia chiara valentina bjorn astrid helena frantisek johannes cornelis hendrik gerrit willem
    jeroen jasper thijs niels maarten marieke willemijn annelies hanne ellen joke katleen goedele godelieve lieve
    agnes yvonne simone simonne denise paulette jeannine gilbert albert roland raf rik filip gert gunther kurt danny eddy
    freddy rudy ronny willy tony johnny sandy wendy cindy kelly kim sam alex robin dominik yasmine fatima khadija aicha
    naima leila samira aya yasmina sofia elif zeynep emre murat agnieszka katarzyna piotr krzysztof tomasz ewa vladimir
    sergei dmitri olga natalia irina svetlana bogdan mihai ioana elena andrei penelope nick ed johnny bette gwen julianne
    """.split()
)

PARTICLES = frozenset(
    "van de der den het ten ter te la le du des von zu zum el al bin da dos di du st mc o d l".split()
)

COURTESY = frozenset(
    "mr mrs ms miss mx dr dhr mevr mw heer mevrouw meneer m mme mlle monsieur madame mademoiselle herr frau fraulein prof "
    "ir ing me maitre dame sir de".split()
)

STREETS = (
    "straat", "laan", "weg", "plein", "steenweg", "dreef", "kaai", "markt", "lei", "dijk", "singel", "gracht", "hof",
    "strasse", "straße", "str.", "platz", "allee", "gasse", "ufer", "damm",
)  # fmt: skip
"""Ends of street names in nl and de; fr and en write the word apart."""

STREET_WORDS = frozenset(
    "street st avenue ave av road rd lane ln drive dr boulevard blvd bd court ct square sq place way parkway pkwy highway "
    "hwy terrace crescent close rue chaussee chemin allee impasse quai place cours sentier clos route via calle plaza "
    "manor loop box bus bte".split()
)

ROLE_MAILBOXES = frozenset(
    "info sales contact office admin administrator administration support help helpdesk service noreply no-reply hello "
    "mail post boekhouding comptabilite accounting invoices facturen factuur facturatie facturation billing hr jobs "
    "secretariaat secretariat onthaal reception webmaster postmaster marketing newsletter team directie direction "
    "verkoop vente ventes aankoop achats inkoop kundenservice buchhaltung order orders bestellingen planning magazijn "
    "klantendienst privacy dpo gdpr legal finance account accounts admin-account".split()
)
"""Left sides of addresses that belong to a function and not to a person."""
