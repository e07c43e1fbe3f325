"""A privacy notice in the forms in which it goes out: a page, a PDF, Markdown, JSON-LD. Bytes, the same each time."""

from __future__ import annotations

import json
from datetime import date
from typing import Literal

from belofte.notices.document import Document
from belofte.notices.linked import linked
from belofte.notices.markdown import markdown
from belofte.notices.page import document_page
from belofte.policy.model import Policy

Form = Literal["html", "pdf", "md", "jsonld"]
FORMS: tuple[Form, ...] = ("html", "pdf", "md", "jsonld")


def rendition(policy: Policy, document: Document, form: Form) -> bytes:
    """Return a notice of this policy in one form. A PDF says that it was made on the day of the policy's version."""
    if form == "html":
        return document_page(document).encode()
    if form == "md":
        return markdown(document).encode()
    if form == "jsonld":
        return (json.dumps(linked(policy, document.language), ensure_ascii=False, indent=2) + "\n").encode()
    from belofte.notices.pdf import pdf  # the typesetter takes longer to load than a page to write

    return pdf(document, policy.version.from_ if policy.version else date(1970, 1, 1))
