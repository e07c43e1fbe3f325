"""The privacy notices of the two example companies, made once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tests.examples.folders import EXAMPLES

from belofte.cli.company import Company
from belofte.notices.document import Document
from belofte.notices.privacy import privacy_notice

COMPANIES = ("alsico", "selligent")
LANGUAGES = ("nl", "fr", "en")
ON = date(2026, 3, 1)
BOTH = [(company, language) for company in COMPANIES for language in LANGUAGES]


@lru_cache
def company(name: str) -> Company:
    return Company.at(EXAMPLES / name)


@lru_cache
def notice(name: str, language: str) -> Document:
    found = company(name)
    return privacy_notice(found.policy.policy, language, {n: one.map for n, one in found.maps.items()}, on=ON)
