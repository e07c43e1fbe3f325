"""What a company writes where `belofte init` left a gap."""

from __future__ import annotations

import re
from pathlib import Path

ANSWERS = {
    "from": "2026-01-01",
    "name": "Voorbeeld NV",
    "country": "BE",
    "address": "Kerkstraat 1, 9000 Gent",
    "company_number": '"0887.984.223"',
    "email": "privacy@voorbeeld.be",
    "authority": "be-apd",
    "law": '"WER III.86"',
    "keep": "P7Y",
    "nl": "Omdat wij u anders niet kunnen leveren.",
    "fr": "Sans cela nous ne pouvons pas vous livrer.",
    "en": "Because we cannot deliver to you otherwise.",
}


def fill(directory: Path) -> None:
    """Fill every gap in the policy with the answer for its key; a gap without one fails."""
    for path in directory.glob("policy/*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(\w+): FILL-IN", lambda gap: f"{gap[1]}: {ANSWERS[gap[1]]}", text), encoding="utf-8")
