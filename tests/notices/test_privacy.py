"""The privacy notice: whole, in three languages, for everyone, in every form; what is missing, named at its place."""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files
from itertools import pairwise

import pytest
from pyld import jsonld
from pypdf import PdfReader
from rdflib import Graph, URIRef
from tests import shared_data
from tests.notices.privacy import BOTH, COMPANIES, LANGUAGES, ON, company, notice
from tests.notices.test_page import Outline

from belofte.law.notice import due
from belofte.notices.document import Bullets, Document, Facts, Link, Paragraph, Section, Table
from belofte.notices.linked import linked
from belofte.notices.markdown import markdown
from belofte.notices.page import document_page
from belofte.notices.pdf import pdf
from belofte.notices.privacy import privacy_notice
from belofte.notices.unsaid import LOOKS, situation, unsaid
from belofte.policy.model import Policy

SAID_IN = {
    "N01": "who", "N02": "officer", "N03": "purposes", "N04": "purposes", "N05": "data", "N06": "recipients",
    "N07": "abroad", "N08": "purposes", "N09": "rights", "N10": "withdrawal", "N11": "complaint", "N12": "required",
    "N13": "automated", "N14": "data", "N15": "data", "N17": "version", "N18": "objection", "N19": "joint",
}  # fmt: skip
"""The section that says each item of the checklist."""


def changed(name: str, **parts: object) -> Policy:
    """The policy of an example with some of its parts in another form."""
    whole = company(name).policy.policy.model_dump(mode="json", by_alias=True)
    for path, value in parts.items():
        *way, last = path.split("__")
        here = whole
        for step in way:
            here = here[step.replace("_", "-") if step.replace("_", "-") in here else step]
        here[last] = value
    return Policy.model_validate(whole)


def text(document: Document) -> str:
    return Outline(document_page(document)).text


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_every_item_that_is_due_is_said(name: str, language: str):
    policy = company(name).policy.policy
    assert unsaid(policy, [language], on=ON) == []
    sections = {section.id: section for section in notice(name, language).everything()}
    for item in due(situation(policy, {})):
        section = sections[SAID_IN[item.code]]
        assert section.blocks or section.parts, item.code


def test_every_item_of_the_checklist_that_can_be_due_is_looked_for():
    assert set(LOOKS) == set(SAID_IN)


@pytest.mark.parametrize(
    ("parts", "code", "path"),
    [
        ({"organisation__address": None}, "N01", "organisation"),
        ({"organisation__company_number": None}, "N01", "organisation"),
        ({"organisation__officer": None}, "N02", "organisation"),
        ({"purposes__tax__basis": {}}, "N03", "purposes.tax"),
        ({"purposes__tax__law": None}, "N03", "purposes.tax"),
        ({"purposes__claims__interest": None}, "N04", "purposes.claims"),
        ({"categories__identity__elements__name__title": None}, "N05", "categories.identity"),
        ({"recipients__printer__purposes": [], "purposes__marketing-post__recipients": []}, "N06", "recipients.printer"),  # noqa: E501
        ({"recipients__printer__location": "US"}, "N07", "recipients.printer"),
        ({"transfers__us": {"country": "US", "ground": "scc"}}, "N07", "transfers.us"),
        ({"purposes__orders__while": None}, "N08", "purposes.orders"),
        ({"facts": {}}, "N08", "purposes.tax.after"),
        ({"trackers__visits__lasts": None}, "N08", "trackers.visits"),
        ({"rights__url": None, "organisation__contact": {"phone": "+32 55 23 71 99"}}, "N09", "rights"),
        ({"organisation__authority": "be-none"}, "N11", "organisation.authority"),
        ({"purposes__basket__required": None}, "N12", "purposes.basket"),
        ({"purposes__assessment__automated__logic": None}, "N13", "purposes.assessment.automated"),
        ({"categories__wearing__origin": None}, "N14", "categories.wearing"),
        ({"version": None}, "N17", ""),
        ({"version__changes": None}, "N17", "version"),
        ({"categories__identity__title": {"nl": "wie u bent"}}, "N17", "categories.identity.title"),
        ({"recipients__printer__role": "joint-controller"}, "N19", "recipients.printer"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_the_place_to_write_it(parts: dict[str, object], code: str, path: str):
    found = unsaid(changed("alsico", **parts), ["nl", "fr", "en"], on=ON)
    assert (code, path) in {(one.code, one.path) for one in found}


def test_a_policy_that_says_nothing_of_computers_is_told_so():
    silent = {f"purposes__{name}__automated": None for name in company("alsico").policy.policy.purposes}
    assert "N13" in {one.code for one in unsaid(changed("alsico", **silent), ["en"], on=ON)}


def test_a_store_outside_europe_is_told_and_needs_a_ground():
    policy = company("alsico").policy.policy
    abroad = {"crm": company("alsico").maps["crm"].map.model_copy(update={"location": "US"})}
    assert ("N07", "transfers") in {(one.code, one.path) for one in unsaid(policy, ["en"], abroad, on=ON)}
    told = text(privacy_notice(policy, "en", abroad, on=ON))
    assert "We store your data in: United States." in told
    assert "Your data stays in the European Economic Area." not in told


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_notice_says_what_the_policy_says(name: str, language: str):
    policy = company(name).policy.policy
    said = text(notice(name, language))
    assert policy.organisation.company_number in said
    for part in (*policy.purposes.values(), *policy.categories.values(), *policy.safeguards.values()):
        assert part.title.of(language) in said
    for recipient in policy.recipients.values():
        assert recipient.name in said
    for purpose in policy.purposes.values():
        assert not purpose.interest or purpose.interest.of(language) in said
        assert not purpose.law or purpose.law in said
    for site in policy.links.values():
        assert site.title.of(language) in said
    assert policy.version.changes.of(language) in said


def test_a_transfer_names_its_decision_and_day():
    said = text(notice("selligent", "en"))
    assert "United Kingdom (Nightdesk Ltd)" in said
    assert "decision (EU) 2021/1772 of 28 June 2021, until 27 December 2031" in said


def test_the_right_to_refuse_advertising_stands_apart_in_both_layers():
    for layer in ("summary", "full"):
        made = privacy_notice(company("alsico").policy.policy, "en", on=ON, layer=layer)
        first = made.sections[0]
        assert first.apart
        assert "You may say no to advertising at any time." in str(first.blocks)
        assert all(section.apart is (section is first) for section in made.sections)


def test_the_short_layer_is_short_and_leads_to_the_rights():
    short = privacy_notice(company("alsico").policy.policy, "en", on=ON, layer="summary")
    assert [section.id for section in short.everything()] == ["short", "objection"]
    assert "https://www.alsicohightech.com/privacy" in document_page(short)


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_page_is_for_everyone(name: str, language: str):
    page = document_page(notice(name, language))
    outline = Outline(page)
    assert outline.all("html") == [{"lang": language}]
    assert len(outline.all("h1")) == len(outline.all("main")) == len(outline.all("header")) == 1
    assert outline.tags[[tag for tag, _ in outline.tags].index("body") + 1][1]["href"] == "#content"
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(outline.all("table")) == len(outline.all("caption")) >= 4
    assert {head["scope"] for head in outline.all("th")} == {"col", "row"}
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = re.findall(r"<a [^>]*href=\"([^\"]+)\"[^>]*>([^<]*)</a>", page)
    assert len(links) == len(outline.all("a"))
    for target, words in links:
        assert words.strip()
        assert target[1:] in ids if target.startswith("#") else target.split(":")[0] in ("https", "mailto", "tel")
    named = [attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes]
    assert set(named) <= set(ids)


def test_the_page_loads_nothing_and_may_be_found():
    page = document_page(notice("alsico", "nl"))
    outline = Outline(page)
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "link", "form", "object", "base"}
    assert "url(" not in page
    assert "noindex" not in page


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    found = colour.lstrip("#")
    digits = "".join(2 * one for one in found) if len(found) == 3 else found
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_words_stands_out_from_what_is_behind_it():
    style = files("belofte.notices").joinpath("templates", "page.css").read_text(encoding="utf-8")
    palettes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block)) for block in style.split(":root {")[1:]]
    assert len(palettes) == 3, "by day, by night, on paper"
    for palette in palettes:
        for ground in ("paper", "card", "head"):
            for ink in ("ink", "muted", "link"):
                assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground, palette)


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_markdown_has_every_heading_and_table(name: str, language: str):
    document = notice(name, language)
    written = markdown(document)
    assert written.startswith("# ")
    heads = [line for line in written.splitlines() if re.match(r"#{2,4} ", line)]
    assert len(heads) == len(list(document.everything()))
    assert written.count("\n| ---") == sum(isinstance(b, Table) for s in document.everything() for b in s.blocks)


def test_markdown_reads_nothing_as_markup():
    hostile = "<b>*|`[x](y)_#"
    section = Section("a", hostile, (
        Paragraph(("1. no list ", Link(hostile, "https://a.example/(b)"))), Bullets((("- x",),)),
        Facts((("Name", ("1. a",)),)), Table(hostile, ("a|b",), ((((hostile,), ("second",)),),)),
    ))  # fmt: skip
    written = markdown(Document("en", "s", hostile, "about", (section,)))
    assert "<b>" not in written
    assert written.count("\\|") == 6
    assert "\n1\\. no list [" in written
    assert "](<https://a.example/(b)>)" in written
    assert "- \\- x" in written
    assert "<br>second" in written


def test_the_pdf_is_tagged_titled_and_the_same_each_time():
    document = notice("selligent", "fr")
    made = pdf(document, ON)
    read = PdfReader(io.BytesIO(made))
    assert read.metadata.title == document.title
    assert read.trailer["/Root"]["/Lang"] == "fr"
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Qui nous sommes" in read.pages[1].extract_text() + read.pages[0].extract_text()
    assert pdf(document, ON) == made


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    """Everything that the pinned vocabulary defines."""
    data = shared_data.folder()
    if data is None:
        pytest.skip("the vocabulary is not here (../shared/data, or BELOFTE_SHARED)")
    graph = Graph()
    for file in ("dpv", "pd", "eu-gdpr", "legal-be"):
        graph.parse(data / "dpv" / f"{file}.ttl")
    return {str(one) for one in graph.subjects() if isinstance(one, URIRef)}


@pytest.mark.parametrize("name", COMPANIES)
def test_json_ld_expands_to_terms_that_exist(name: str, vocabulary: set[str]):
    whole = linked(company(name).policy.policy, "nl")
    (expanded,) = jsonld.expand(json.loads(json.dumps(whole)))
    written = set(re.findall(r'"(https://w3id\.org/dpv[^"]*)"', json.dumps(expanded)))
    assert len(written) > 30
    assert written <= vocabulary
    assert len(expanded["https://w3id.org/dpv#hasProcess"]) == len(company(name).policy.policy.purposes)
    unexpanded = [key for key in re.findall(r'"([\w-]+:[\w-]+)":', json.dumps(expanded)) if not key.startswith("http")]
    assert unexpanded == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_periods_of_days_have_words(language: str):
    assert {"nl": "30 dagen", "fr": "30 jours", "en": "30 days"}[language] in text(notice("alsico", language)).replace(
        "\xa0", " "
    )
